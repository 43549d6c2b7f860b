"""Files that people take for model files: each is said to be what it is, and what to do instead."""

import gzip
import io
import json
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.checkpoints.formats import opened
from alexnet_viz.errors import CheckpointError
from alexnet_viz.model import AlexNet
from tests.support.model_files import article_shapes, safetensors_header, write_safetensors

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 244408911\n"
INDEX = json.dumps({"metadata": {"total_size": 5}, "weight_map": {"fc1.weight": "model-00001-of-00002.safetensors"}})


def _npz() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, a=np.zeros(2), b=np.zeros(2))
    return stream.getvalue()


def _zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><html>", "is not a model file but a web page.*download the file itself"),
        (b"\n  <html>", "is not a model file but a web page"),
        (POINTER, "is not a model file but a pointer of Git LFS.*git lfs pull"),
        (gzip.compress(b"x" * 100), "is not a model file but a compressed one; unpack it"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), r"HDF5, as Keras writes it; .*save model\.state_dict\(\)"),
        (pickle.dumps({"a": 1}, 2), r"a plain pickle, .*could run code; save model\.state_dict\(\) with torch\.save"),
        (pickle.dumps({"a": 1}, 5), "a plain pickle"),
        (INDEX.encode(), "a text in JSON, as the list of a model's parts"),
        (b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:" + bytes(50), "a program in ONNX"),
        (_npz(), r"holds NumPy arrays \(\.npz\); make tensors"),
        (_zip("m/archive_format", "m/models/model.json"), r"holds a whole program \(torch\.export\); save"),
        (_zip("model.pth", "readme.txt"), "an archive, but not one that torch.save wrote; unpack it and give the file"),
        (_zip("model.pth"), "an archive, but not one that torch.save wrote; unpack it and give the file"),
        (bytes(257) + b"ustar\x0000" + bytes(300), "an archive, but not one that torch.save wrote; unpack it"),
        (b"Buy milk.\n" * 100, r"\(safetensors, or \.pt of a state dict\), or is cut short; save model\.state_dict"),
    ],
    ids=[
        "doctype",
        "html",
        "lfs",
        "gzip",
        "hdf5",
        "pickle-2",
        "pickle-5",
        "index",
        "onnx",
        "npz",
        "exported",
        "zip",
        "zip-alone",
        "tar",
        "text",
    ],
)
def test_it_is_said_what_a_file_is(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=rf"^a\.pt .*{words}"):
        load_checkpoint(path)


def test_our_own_onnx_is_said_to_be_one(tmp_path: Path) -> None:
    from alexnet_viz.checkpoints.onnx_file import write_onnx

    write_onnx(tmp_path / "a.onnx", AlexNet(2).eval(), {})
    with pytest.raises(CheckpointError, match="a program in ONNX, which is written here and not read"):
        load_checkpoint(tmp_path / "a.onnx")


def test_safetensors_without_tensors_hold_none(tmp_path: Path) -> None:
    save_file({}, tmp_path / "a.safetensors")
    with pytest.raises(CheckpointError, match="holds no tensors"):
        load_checkpoint(tmp_path / "a.safetensors")


def test_a_file_that_is_cut_while_it_is_open_ends_no_process(tmp_path: Path) -> None:
    header, size = safetensors_header(article_shapes(3))
    path = write_safetensors(tmp_path / "a.safetensors", header, size)
    with opened(path) as file:
        assert file.read(["fc1.bias"])["fc1.bias"].shape == (4096,)
        os.truncate(path, 100_000)
        with pytest.raises(CheckpointError, match=r"^a\.safetensors is incomplete: the end of the file is missing"):
            file.read(["fc2.weight"])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_numbers_come_as_they_were_written(tmp_path: Path, dtype: torch.dtype) -> None:
    state = {"b.1": torch.arange(24).reshape(2, 3, 4).to(dtype), "a": torch.tensor([1.5]).to(dtype)}
    state |= {"none": torch.zeros(0, 3, dtype=dtype), "one": torch.tensor(7.0).to(dtype)}
    save_file(state, tmp_path / "a.safetensors")
    with opened(tmp_path / "a.safetensors") as file:
        read = file.read(["a", "b.1", "none", "one"])
    assert all(torch.equal(read[name], tensor) for name, tensor in state.items())
