"""Model files changed at random, always by the same seeds: whatever comes of it, it is one sentence or a network.

Tens of thousands of such files were tried with other seeds while the reading was written; these stay as an alarm.
"""

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.checkpoints.contents import describe
from alexnet_viz.checkpoints.metadata import encode_metadata
from alexnet_viz.checkpoints.shapes import StoredTensor
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from tests.support.model_files import article_shapes, safetensors_header, saved, tiny, write_safetensors

pytestmark = pytest.mark.slow  # networks of full size, written and read

ODD_VALUES: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        2**31,
        2**63,
        10**40,
        1.5,
        float("nan"),
        float("inf"),
        "",
        "x" * 3000,
        "\x00\x1b[31m",
        "\ud800",
    ),
    *([], {}, [[]], {"a": {}}, "F16", "alexnet_viz/2", "[" * 2000, "NaN", "9" * 5000, '"\\ud800"'),
]
ODD_CODE = [
    *(b"cos\nsystem\n(X\x04\x00\x00\x00truetR", b"cbuiltins\nbytearray\n(J\xff\xff\xff\x7ftR", b"ctorch\nTensor\n"),
    *(b"\x85" * 5000, b"(" * 5000, b"r\xff\xff\xff\x7f", b"B\xff\xff\xff\x7f", b"X\xff\xff\xff\xff", b".", b"c\\x\n\n"),
]


def metadata() -> dict[str, str]:
    values = {"variant": "seed", "classes": list("abcdefghij"), "input": InputRule().to_record(), "epoch": 1, "step": 2}
    return encode_metadata({**values, "metrics": {"loss": 1.0}, "recipe": {"lr": 0.1}, "seed": 0, "source": "a test"})


def mutated(value: Any, chance: random.Random) -> Any:
    """Return `value` changed in one place, however deep, texts that hold JSON included."""
    if isinstance(value, str) and value[:1] in "[{" and chance.random() < 0.7:
        return json.dumps(mutated(json.loads(value), chance)) if value.endswith(("]", "}")) else value
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return chance.choice(ODD_VALUES) if not isinstance(value, int) or chance.random() < 0.5 else value * 2 + 1
    key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
    if chance.random() < 0.1:
        value.pop(key)
    else:
        value[key] = mutated(value[key], chance)
    return value


def shaken(content: bytes, chance: random.Random, pieces: list[bytes]) -> bytes:
    """Return `content` with a few bytes changed, dropped or added."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5])):
        place = chance.randrange(len(changed) or 1)
        end = place + chance.choice([0, 1, 1, 3])
        changed[place:end] = chance.choice([bytes([chance.randrange(256)]), b"", chance.choice(pieces)])
    return bytes(changed)


def assert_sentence(error: CheckpointError, name: str) -> None:
    assert str(error).startswith(f"{name} ")
    assert str(error).isprintable()
    assert len(str(error)) < 400


def assert_sentence_or_network(path: Path) -> None:
    try:
        checkpoint = load_checkpoint(path, "cpu")
    except CheckpointError as error:
        assert_sentence(error, path.name)
        return
    json.dumps(checkpoint.metadata, allow_nan=False)
    assert len(checkpoint.classes) == checkpoint.model.num_classes


@pytest.mark.parametrize("seed", range(4))
def test_pickles(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    source = saved(tiny(article_shapes()), tmp_path / "source.pt")
    with zipfile.ZipFile(source) as archive:
        records = {name: archive.read(name) for name in archive.namelist()}
    path = tmp_path / "changed.pt"
    for _ in range(40):
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in records.items():
                changes = name.endswith("data.pkl") or chance.random() < 0.02
                archive.writestr(name, shaken(content, chance, ODD_CODE) if changes else content)
        assert_sentence_or_network(path)


def test_archives(tmp_path: Path) -> None:
    chance = random.Random(5)
    content = saved(tiny(article_shapes()), tmp_path / "source.pt").read_bytes()
    path = tmp_path / "changed.pt"
    for _ in range(60):
        path.write_bytes(shaken(content, chance, [b"PK\x03\x04", b"PK\x05\x06", bytes(8), b"\xff" * 8]))
        assert_sentence_or_network(path)


def test_the_old_format(tmp_path: Path) -> None:
    chance = random.Random(8)
    path = tmp_path / "changed.pt"
    torch.save(tiny(article_shapes()), path, _use_new_zipfile_serialization=False)
    content = path.read_bytes()
    for _ in range(40):
        path.write_bytes(shaken(content, chance, ODD_CODE))
        assert_sentence_or_network(path)


def test_safetensors_headers(tmp_path: Path) -> None:
    chance = random.Random(6)
    for _ in range(150):
        header, size = safetensors_header(article_shapes(), metadata())
        text = json.dumps(mutated(header, chance)).encode()
        if chance.random() < 0.3:
            text = shaken(text, chance, [b'"', b"{", b"9" * 30])
        path = write_safetensors(tmp_path / "changed.safetensors", text, size + chance.choice([0, 0, 0, -1, 1]))
        if chance.random() < 0.2:
            length = chance.choice([0, 1, 2**31, 2**63, 2**64 - 1, len(text) + 1, len(text) - 1])
            path.write_bytes(length.to_bytes(8, "little") + text)
        assert_sentence_or_network(path)


def test_metadata_and_shapes() -> None:
    chance = random.Random(7)
    for _ in range(3000):
        tensors = {name: StoredTensor(shape, "float32") for name, shape in article_shapes().items()}
        if chance.random() < 0.3:
            shape = tuple(chance.choice([0, 1, 3, 10, 96, 2**62, 10**30]) for _ in range(chance.randrange(6)))
            tensors[chance.choice([*tensors, "features.0.weight", "\x1b" * 300])] = StoredTensor(shape, "int8\n")
        stored = metadata()
        key = chance.choice([key for key in stored if key != "format"])
        changed = mutated(stored[key], chance)
        stored[key] = changed if isinstance(changed, str) else json.dumps(changed)
        try:
            contents = describe(tensors, stored, "changed.pt")
        except CheckpointError as error:
            assert_sentence(error, "changed.pt")
        else:
            json.dumps([contents.metadata, contents.classes], allow_nan=False)
            "".join(contents.classes).encode()
