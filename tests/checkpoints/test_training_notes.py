"""What a training notes beside its weights is passed over, whatever it is; what could do something is refused."""

import argparse
import collections
import datetime
import decimal
import fractions
import importlib
import io
import operator
import os
import pickle
import random
import socket
import subprocess
import sys
import types
import uuid
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.checkpoints.formats import opened
from alexnet_viz.errors import CheckpointError
from tests.support.model_files import article_shapes, saved, tiny


def _schedule() -> object:
    return torch.optim.lr_scheduler.MultiStepLR(torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1), [1, 2])


NOTES: dict[str, Callable[[], Any]] = {
    "losses": lambda: [0.1 * number for number in range(150_000)],
    "losses as tensors": lambda: [torch.tensor(float(number)) for number in range(1200)],
    "arrays": lambda: {"matrix": np.eye(3), "names": np.array(["a", "b"]), "one": np.float32(1), "type": np.int64},
    "random states": lambda: [random.getstate(), np.random.get_state(), torch.get_rng_state()],
    "generators": lambda: [np.random.default_rng(1), np.random.RandomState(1)],
    "times": lambda: [
        datetime.date(2026, 1, 2),
        datetime.timedelta(hours=1),
        datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
    ],
    "sets": lambda: [frozenset({1, 2}), {1, 2}, 1 + 2j, range(3), slice(1, 2), b"bytes", collections.deque([1])],
    "numbers": lambda: [decimal.Decimal("0.1"), fractions.Fraction(1, 3), uuid.UUID(int=5), 10**100, -1],
    "records": lambda: [types.SimpleNamespace(a=1), argparse.Namespace(b=Path("x"))],
    "keys": lambda: {0.5: 1, None: 2, True: 3, (1, 2): 4, ("a", ("b",)): {(3,): 5}},
    "loss": lambda: {"loss": nn.CrossEntropyLoss(label_smoothing=0.1)},
    "schedule": _schedule,
    "classifier": lambda: nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.LogSoftmax(dim=1)),
    "version": lambda: torch.__version__,
    "default": lambda: collections.defaultdict(int, {"a": 1}),
}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("kind", NOTES)
def test_notes_are_passed_over(tmp_path: Path, kind: str, protocol: int) -> None:
    path = tmp_path / "a.pth"
    torch.save({"notes": NOTES[kind](), "state_dict": tiny(article_shapes(3))}, path, pickle_protocol=protocol)
    with opened(path) as file:
        assert {name: tensor.shape for name, tensor in file.tensors.items()} == article_shapes(3)
        read = file.read(["fc1.bias", "fc2.bias"])
    assert [float(each[0]) for each in read.values()] == [12, 14]


def test_the_notes_of_the_old_format(tmp_path: Path) -> None:
    notes = {kind: make() for kind, make in NOTES.items() if kind not in ("losses", "losses as tensors")}
    path = tmp_path / "a.pth"
    torch.save({"state_dict": tiny(article_shapes(3)), **notes}, path, _use_new_zipfile_serialization=False)
    assert len(load_checkpoint(path, "cpu").classes) == 3


class Call:
    """Pickles as the call of a function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.function, self.arguments


HARMFUL = [
    *(os.system, os.mkdir, os.getcwd, eval, exec, getattr, __import__, compile, open, bytearray, vars, globals),
    *(subprocess.run, importlib.import_module, sys.exit, socket.create_connection, partial, operator.attrgetter),
    *(np.load, np.fromfile, np.save, np.frompyfunc, torch.jit.load, torch.hub.load, nn.init.zeros_),
    *(pickle.loads, collections.namedtuple, Path.read_text),
]


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("function", HARMFUL, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_names_that_could_do_something_are_refused(tmp_path: Path, function: object, protocol: int) -> None:
    for notes in (Call(function, "x"), {"deep": [Call(function)]}):
        path = tmp_path / "a.pth"
        torch.save({"state_dict": tiny(article_shapes(3)), "notes": notes}, path, pickle_protocol=protocol)
        with pytest.raises(
            CheckpointError, match=r"holds more than plain tensors \(.*save model\.state_dict\(\) alone"
        ):
            load_checkpoint(path, "cpu")


@pytest.mark.parametrize(
    "name",
    [
        *("torch.nn.modules.os.system", "torch.optim.os.system", "lightning.os", "omegaconf.eval", "torch.optim"),
        *("torch.nn.modules.module.Module.__call__", "pytorch_lightning..X", "omegaconf.A\nB", "builtins.Eval"),
    ],
)
def test_names_that_only_begin_as_harmless_ones_are_refused(tmp_path: Path, name: str) -> None:
    module, _, function = name.rpartition(".")
    program = b"\x80\x04" + b"".join(b"\x8c" + bytes([len(each)]) + each.encode() for each in (module, function))
    path = tmp_path / "a.pth"
    path.write_bytes(_archive(program + b"\x93."))
    with pytest.raises(CheckpointError, match="holds more than plain tensors"):
        load_checkpoint(path, "cpu")


def _archive(program: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a/data.pkl", program)
    return stream.getvalue()


@pytest.mark.parametrize(
    "held",
    [
        lambda: nn.Sequential(nn.Conv2d(3, 4, 3)),
        lambda: {"model": nn.Sequential(nn.Conv2d(3, 4, 3)), "epoch": 3},
        lambda: {"epoch": 3, "net": nn.Linear(2, 2)},
    ],
    ids=["alone", "among notes", "without convolutions"],
)
def test_a_network_saved_whole_is_refused_with_what_to_save(tmp_path: Path, held: Callable[[], object]) -> None:
    with pytest.raises(
        CheckpointError, match=r"plain tensors \(torch\.nn\.modules\..*save model\.state_dict\(\) alone"
    ):
        load_checkpoint(saved(held(), tmp_path / "a.pth"), "cpu")


@pytest.mark.filterwarnings("ignore")  # torch's own, of its quantised tensors' age
@pytest.mark.parametrize(
    "tensor",
    [
        lambda: torch.quantize_per_tensor(torch.ones(2, 2), 0.1, 0, torch.qint8),
        lambda: torch.eye(2).to_sparse(),
        lambda: torch.ones(2).to(torch.float8_e4m3fn),
        lambda: torch.qint8,
    ],
    ids=["quantised", "sparse", "8 bits", "a type"],
)
def test_tensors_of_another_kind_are_called_so(tmp_path: Path, tensor: Callable[[], object]) -> None:
    path = saved({**tiny(article_shapes(3)), "fc2.weight": tensor()}, tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match=r"quantised, sparse or other tensors \(torch\..*, in float32") as refused:
        load_checkpoint(path, "cpu")
    assert "run code" not in str(refused.value)


def test_a_program_without_end_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    for program in (b"\x80\x02" + b"N" * 1_100_000 + b".", b"\x80\x02" + b" " * 20_100_000):
        path.write_bytes(_archive(program))
        with pytest.raises(CheckpointError, match="describes far more than AlexNet's tensors"):
            load_checkpoint(path, "cpu")
