"""The app from its wheel, started in an empty folder, as after `pip install`."""

import json
import sys
import urllib.request
import zipfile
from pathlib import Path

from tests.support.real_app import running_app


def test_an_empty_folder_is_enough(wheel: Path, tmp_path: Path) -> None:
    installed, empty, log = tmp_path / "installed", tmp_path / "empty", tmp_path / "log.txt"
    with zipfile.ZipFile(wheel) as content:
        content.extractall(installed)
    empty.mkdir()

    # What the command `alexnet-viz` does: it calls `main` of this module.
    start = [sys.executable, "-c", "from alexnet_viz.cli import main; main()", "--port"]
    with running_app(start, folder=empty, log=log, PYTHONPATH=str(installed)) as app:
        with urllib.request.urlopen(f"{app.address}/api/start", timeout=60) as answer:
            told = json.load(answer)
        with urllib.request.urlopen(f"{app.address}/", timeout=60) as answer:
            page = answer.read().decode()
    assert {"untrained", "cifar10-fast", "cifar10-photographs"} <= {entry["name"] for entry in told["checkpoints"]}
    assert "chelsea" in {photo["id"] for photo in told["photos"]}
    assert "/app.js" in page
    assert "Traceback" not in log.read_text("utf-8")
    assert list(empty.iterdir()) == []
