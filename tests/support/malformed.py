"""Malformed files, generated: pictures, model files, zips and run folders, with what must come of each.

`try_…` returns "read" or "refused"; whatever else comes of a file, a traceback or a payload that runs, is an exception.
"""

import io
import itertools
import json
import os
import pickle
import shutil
import struct
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from PIL import Image

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.errors import CheckpointError, DatasetError, ImageError
from alexnet_viz.images.decoding import read_image
from alexnet_viz.runs import list_runs
from alexnet_viz.training.datasets.folder import inspect_folder
from alexnet_viz.ui.train.runs import TrainingService
from tests.images.test_decoding_fuzz import sound_files, with_new_checksums
from tests.support.model_files import article_shapes, safetensors_header, saved, tiny, write_safetensors
from tests.support.pictures import saved as saved_picture

NUMBERS = st.sampled_from([0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]) | st.integers(
    0, 2**32 - 1
)
SOUND = sound_files()
Edit = tuple[str, int, int, bytes]
EDITS: SearchStrategy[list[Edit]] = st.lists(
    st.tuples(
        st.sampled_from(["put", "cut", "remove", "insert", "repeat", "number"]),
        st.integers(0, 10_000),
        NUMBERS,
        st.binary(max_size=24),
    ),
    min_size=1,
    max_size=4,
)


def edited(sound: bytes, edits: list[Edit]) -> bytes:
    """Return a file with changes made to it, one after the other; places count modulo its length."""
    data = bytearray(sound)
    for kind, where, number, piece in edits:
        place = where % max(1, len(data))
        if kind == "put":
            data[place : place + len(piece)] = piece
        elif kind == "cut":
            del data[place:]
        elif kind == "remove":
            del data[place : place + 1 + number % 100]
        elif kind == "insert":
            data[place:place] = piece
        elif kind == "repeat":
            data[place:place] = data[place : place + 64] * (1 + number % 40)
        else:
            packed = struct.pack("<I" if number % 2 else ">I", number)
            data[place % 200 : place % 200 + 4] = packed
    return bytes(data)


def sentence(words: str, beginning: str) -> str:
    assert words.startswith(beginning)
    assert not [each for each in words if unicodedata.category(each) in ("Cc", "Cf", "Cs")]
    return "refused"


# ---------------------------------------------------------------- pictures


@st.composite
def pictures(draw: Any) -> bytes:
    content = edited(SOUND[draw(st.sampled_from(sorted(SOUND)))], draw(EDITS))
    if content.startswith(b"\x89PNG") and draw(st.booleans()):
        return with_new_checksums(content)  # so that the damage gets past them
    return content


def try_picture(content: bytes, _folder: Path) -> str:
    try:
        image = read_image(content, name="a.jpg")
    except ImageError as error:
        return sentence(str(error), "a.jpg ")
    assert image.mode == "RGB"
    assert 0 not in image.size
    return "read"


# ---------------------------------------------------------------- model files


class Payload:
    """Runs code where a file of it is unpickled."""

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, tuple[str, ...]]:
        return os.mkdir, (self.marker,)


ODD: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def model_files(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(["pickle", "archive", "header", "shapes", "payload", "noise"]))
    return {
        "kind": kind,
        "edits": draw(EDITS),
        "key": draw(st.sampled_from([*article_shapes(), "__metadata__", "more"])),
        "odd": draw(ODD),
        "noise": draw(st.binary(max_size=300)),
    }


def write_model_file(spec: dict[str, Any], folder: Path) -> Path:
    path, kind = folder / "model.pt", spec["kind"]
    if kind in ("header", "shapes"):
        header, size = safetensors_header(article_shapes(), {"format": "alexnet_viz/1", "epoch": "1"})
        header[spec["key"]] = spec["odd"]
        text = json.dumps(header).encode()
        return write_safetensors(
            path.with_suffix(".safetensors"), edited(text, spec["edits"]) if kind == "header" else text, size
        )
    if kind == "noise":
        path.write_bytes(spec["noise"])
        return path
    if kind == "payload":
        state = {**tiny(article_shapes()), spec["key"]: Payload(str(folder / "payload-ran"))}
        if len(spec["noise"]) % 2:
            path.write_bytes(pickle.dumps(state["more"] if "more" in state else list(state.values())[-1]))
            return path
        return saved(state, path)
    whole = saved(tiny(article_shapes()), path).read_bytes()
    if kind == "archive":
        path.write_bytes(edited(whole, spec["edits"]))
        return path
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        records = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in records.items():
            archive.writestr(name, edited(content, spec["edits"]) if name.endswith("data.pkl") else content)
    return path


def try_model_file(spec: dict[str, Any], folder: Path) -> str:
    path = write_model_file(spec, folder)
    try:
        checkpoint = load_checkpoint(path, "cpu")
    except CheckpointError as error:
        return sentence(str(error), f"{path.name} ")
    finally:
        assert not (folder / "payload-ran").exists()
        path.unlink()
    json.dumps(checkpoint.metadata, allow_nan=False)
    return "read"


# ---------------------------------------------------------------- zips of pictures

KNOWN_NAMES = ("train/a/3.jpg", "val/b/4.jpg", "../../5.jpg", "/etc/6.jpg", "a\\7.jpg", "a/", "1.jpg")
NAMES = st.sampled_from(KNOWN_NAMES) | st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
# All different: of the same picture twice, a training takes one.
_PICTURES = [saved_picture(Image.new("RGB", (40, 40), (90, 10 * number, 0)), "PNG") for number in range(24)]


@st.composite
def zips(draw: Any) -> bytes:
    stream = io.BytesIO()
    names = draw(st.lists(NAMES, max_size=8, unique=True))
    with zipfile.ZipFile(stream, "w", draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))) as pack:
        for number, picture in enumerate(_PICTURES):
            pack.writestr(f"{'ab'[number % 2]}/{number}.png", picture)
        for name in names:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = draw(st.sampled_from([0, 0o120777 << 16, 0o040755 << 16]))  # a link, a folder
            pack.writestr(entry, draw(pictures() | st.sampled_from(_PICTURES)))
    return edited(stream.getvalue(), draw(EDITS)) if draw(st.booleans()) else stream.getvalue()


def try_zip(content: bytes, folder: Path) -> str:
    path = folder / "class.zip"
    path.write_bytes(content)
    try:
        inspect_folder(path)
    except DatasetError:
        return "refused"
    finally:
        path.unlink()
        assert not any(folder.iterdir()), "something was unpacked"
    return "read"


# ---------------------------------------------------------------- run folders

FILES = ("config.json", "status.json", "metrics.jsonl", "note.txt", "ending.json", "checksums.json")
PARTS = (*FILES, "stop", "trainer.lock", "checkpoints")
JSON_TEXTS = st.sampled_from(["", "{", "null", "[" * 3000, '{"pid": NaN}', '{"epoch": 1e999}', '{"name": "\\ud800"}'])
RECORD = {"name": "odd", "recipe": {}, "dataset": "shapes", "created": 1.0, "epoch": 1, "step": 2, "state": "stopped"}


@st.composite
def run_folders(draw: Any) -> dict[str, Any]:
    odd = draw(st.dictionaries(st.sampled_from([*RECORD, "pid", "loss", "kind"]), ODD, max_size=3))
    chosen = draw(st.dictionaries(st.sampled_from(PARTS), JSON_TEXTS | st.binary(max_size=60) | st.none(), max_size=4))
    return {"record": {**RECORD, **odd}, "parts": chosen}


_seconds = itertools.count()
# One for all folders, as a server has one: what it keeps of those that are gone shows in its memory.
_page = TrainingService(clock=lambda: next(_seconds))


def try_run_folder(spec: dict[str, Any], folder: Path) -> str:
    """Have the page and the command line list a folder with one odd run in it."""
    run = folder / f"odd-{next(_seconds)}"
    (run / "checkpoints").mkdir(parents=True)
    text = json.dumps(spec["record"])
    for part in FILES:
        (run / part).write_text(text + "\n", "utf-8", errors="surrogatepass")
    for part, content in spec["parts"].items():
        shutil.rmtree(run / part, ignore_errors=True)
        (run / part).unlink(missing_ok=True)
        if content is None:
            (run / part).mkdir()
        else:
            (run / part).write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        rows = [row for row in _page.listing()["runs"] if row["state"] != "shipped"]
        json.dumps(rows, allow_nan=False, ensure_ascii=False).encode()
        summaries = [each.summary() for each in list_runs(folder)]
        json.dumps(summaries, allow_nan=False)
        assert len(rows) == len(summaries)
        return "read" if rows and not str(rows[0]["message"]) else "refused"
    finally:
        shutil.rmtree(run)
