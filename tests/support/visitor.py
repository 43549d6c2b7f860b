"""A browser's way with the running app, without a browser: its cookie, its websocket, what its page asks for.

    with Visitor(app, 3) as visitor:
        answer = visitor.show(7)

Every photo is marked with who shows it and which of theirs it is, so that an answer that belongs to another is noticed.
"""

import http.client
import io
import json
from contextlib import ExitStack
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

import numpy as np
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks.uploads import read_array, read_header
from tests.support.real_app import App

STAGES = ("block1.relu", "block3.relu", "block5.pool", "fc1")
_SIDE, _SQUARES = 256, 4  # of a photo, and of its mark
_BITS = _SQUARES * _SQUARES
_MOST_MESSAGES = 200


def marked(number: int) -> bytes:
    """Return a photo that carries a number below 65,536 as black and white squares, one a bit."""
    bits = [(number >> bit) & 1 for bit in range(_BITS)]
    squares = np.array(bits, np.uint8).reshape(_SQUARES, _SQUARES) * 200 + 25
    pixels = np.kron(squares, np.ones((_SIDE // _SQUARES,) * 2, np.uint8))
    pixels = pixels + np.random.default_rng(number).integers(0, 25, pixels.shape, dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(np.stack([pixels] * 3, axis=-1)).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def mark_of(seen: np.ndarray[Any, Any]) -> int:
    """Return the number that a photo carries, as the network saw it: (S, S, 3)."""
    step, found = seen.shape[0] // _SQUARES, 0
    for bit in range(_BITS):
        row, column = (step // 2 + step * place for place in divmod(bit, _SQUARES))
        found |= int(seen[row - 4 : row + 4, column - 4 : column + 4].mean() > 128) << bit
    return found


@dataclass
class Visitor:
    """One browser with one tab.

    Args:
        app: The app.
        number: Which visitor.
    Attributes:
        mixed_up: How many answers were of another photo.
        answers: How many were looked at for that.
    """

    app: App
    number: int
    mixed_up: int = 0
    answers: int = 0

    def __post_init__(self) -> None:
        self._host = urlsplit(self.app.address).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=300)
        self._headers: dict[str, str] = {}
        self._open = ExitStack()
        self._open.callback(self._connection.close)

    def __enter__(self) -> "Visitor":
        """Open the page: its text and cookie, its websocket until Streamlit's script has run, its first numbers."""
        self._connection.request("GET", "/")
        answer = self._connection.getresponse()
        answer.read()
        cookies = SimpleCookie(answer.headers.get("set-cookie", ""))
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
        self._headers = {"Cookie": cookie}
        socket = self._open.enter_context(
            connect(
                f"ws://{self._host}/_stcore/stream",
                subprotocols=[Subprotocol("streamlit")],
                additional_headers=self._headers,
                origin=Origin(self.app.address),
                open_timeout=120,
                max_size=None,
            )
        )
        self._run_script(socket)
        self.checkpoint = str(self.json("start")["checkpoint"])
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._open.close()

    def _run_script(self, socket: ClientConnection) -> None:
        wish = BackMsg()
        wish.rerun_script.query_string = ""
        socket.send(wish.SerializeToString())
        for _ in range(_MOST_MESSAGES):
            message = ForwardMsg.FromString(socket.recv(timeout=120))
            if message.WhichOneof("type") == "script_finished":
                return
        raise RuntimeError("Streamlit's script did not finish")

    # ------------------------------------------------------------------ asking

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Return an answer's body; raises RuntimeError where it is no answer."""
        answer = self._answer(method, path, body)
        content = answer.read()
        if answer.status != 200 or content.startswith(b'{"error"'):
            raise RuntimeError(f"{path}: {answer.status} {content[:200]!r}")
        return content

    def _answer(self, method: str, path: str, body: bytes | None) -> http.client.HTTPResponse:
        """Return an answer; asks again, as a browser does, where the server has closed a connection that stood idle."""
        try:
            self._connection.request(method, path, body, self._headers)
            return self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._connection.close()
            self._connection.request(method, path, body, self._headers)
            return self._connection.getresponse()

    def get(self, path: str, **query: str) -> bytes:
        return self.ask("GET", f"/api/{path}?{urlencode(query)}")

    def json(self, path: str, **query: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.get(path, **query))
        return answer

    def post(self, path: str, asked: dict[str, object]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.ask("POST", f"/api/{path}", json.dumps(asked).encode()))
        return answer

    # ------------------------------------------------------------------ what a person does

    def show(self, photo: int) -> dict[str, str]:
        """Upload a marked photo of one's own and wait for the network's answer; return what to ask for its stages."""
        mark = self.number * 256 + photo % 256
        sent = json.loads(self.ask("POST", f"/api/photos?name={mark}.jpg", marked(mark)))
        subject = {"photo": str(sent["id"]), "checkpoint": self.checkpoint, "resize": ""}
        message = self.get("trace", **subject)
        self._note(mark_of(read_array(message, "seen")) == mark and sent["title"] == f"{mark}.jpg")
        self._stages = {stage["name"]: stage["maximum"] for stage in read_header(message)["stages"]}
        return subject

    def switch(self, subject: dict[str, str], stage: str) -> None:
        """Look at another stage of the photo that was shown last."""
        values = read_array(self.get(f"stages/{stage}", **subject), "values")
        self._note(bool(np.isclose(float(values.max()), self._stages[stage], rtol=2e-3, atol=1e-4)))

    def follow(self, run: str) -> None:
        """Ask once what the Train page asks every second while a run trains."""
        self.get("runs")
        if run:
            self.get(f"runs/{run}/curves")

    def _note(self, is_own: bool) -> None:
        self.answers += 1
        self.mixed_up += not is_own
