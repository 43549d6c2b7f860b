"""The memory of the server does not grow with uploads, once what it remembers is full; see benchmarks/uploads.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import usual_environment

ROOT = Path(__file__).parents[1]
# In a process of its own: memory that other tests have given back would be taken without being seen.
UPLOADING = """
import asyncio, io, json, sys
import numpy as np, psutil
from PIL import Image
from starlette.applications import Starlette
from alexnet_viz.ui.explore.routes import EXPLORE_ROUTES

app = Starlette(routes=EXPLORE_ROUTES)

async def ask(method, path, query="", body=b""):
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
    sent = []
    async def receive():
        return {"type": "http.request", "body": body}
    async def send(message):
        sent.append(message)
    await app(scope, receive, send)
    assert sent[0]["status"] == 200, sent
    return b"".join(message.get("body", b"") for message in sent[1:])

async def main():
    resident = []
    for number in range(80):
        pixels = np.random.default_rng(number).integers(0, 256, (800, 1000, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG", compress_level=1)  # 2.4 MB: noise does not shrink
        photo = json.loads(await ask("POST", "/api/photos", f"name={number}.png", file.getvalue()))["id"]
        await ask("GET", "/api/trace", f"photo={photo}&checkpoint=untrained")
        await ask("GET", "/api/stages/block1.relu", f"photo={photo}&checkpoint=untrained")
        resident.append(psutil.Process().memory_info().rss)
    print(json.dumps(resident))

asyncio.run(main())
"""


@pytest.mark.slow
def test_memory_is_flat_after_fifty_uploads() -> None:
    command, given = [sys.executable, "-c", UPLOADING], usual_environment()
    answer = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=280)
    assert answer.returncode == 0, answer.stderr[-2000:]
    resident = json.loads(answer.stdout)
    # 30 uploads lie between the two: 72 MB of files, 72 MB of pixels, 250 MB of traces, if one of them were kept. What
    # the allocator keeps back differs by some MB, so the least of five readings is compared.
    grown = (min(resident[-5:]) - min(resident[45:50])) / 1e6
    assert grown < 36, [round(size / 1e6) for size in resident]
