"""A server on loopback that serves one file, as the test wants it: whole, in parts, held back, or broken off."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch

from alexnet_viz import shipped


@dataclass
class FileServer:
    """What is served, and what was asked.

    Attributes:
        content: The file.
        url: Its address.
        takes_ranges: Whether a Range is obeyed.
        sends: How many bytes an answer has before it breaks off; None for all.
        held_after: After how many bytes an answer waits for `go_on`; None for not at all.
        status: Of the answer, 404 to refuse.
        part_status: Of an answer to a Range that is obeyed, 416 to refuse it.
        ranges: The Range of each request, "" where it had none.
    """

    content: bytes
    url: str = ""
    takes_ranges: bool = True
    sends: int | None = None
    held_after: int | None = None
    status: int = 200
    part_status: int = 206
    go_on: threading.Event = field(default_factory=threading.Event)
    ranges: list[str] = field(default_factory=list)


def empty_download_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hide this machine's downloads, checkpoints and proxies; return where torch would keep its downloads."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path / "kept"))
    monkeypatch.setattr(shipped, "CHECKPOINTS", tmp_path / "shipped")
    monkeypatch.delenv("ALEXNET_VIZ_FETCH", raising=False)
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "torch" / "hub" / "checkpoints"


@contextmanager
def serving(content: bytes, name: str) -> Iterator[FileServer]:
    """Serve `content` as the file `name` until the block is left."""
    served = FileServer(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            served.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and served.takes_ranges else 0
            status = served.part_status if start and served.status == 200 else served.status
            self.send_response(status)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            if status in (200, 206):
                self.send(content[start : served.sends])

        def send(self, body: bytes) -> None:
            held = len(body) if served.held_after is None else served.held_after
            try:
                self.wfile.write(body[:held])
                self.wfile.flush()
                if held < len(body):
                    served.go_on.wait(60)
                    self.wfile.write(body[held:])
            except OSError:  # whoever asked has gone
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_port}/{name}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
