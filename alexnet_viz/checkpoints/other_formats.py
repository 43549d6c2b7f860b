"""Files that are mistaken for model files, recognised by their first bytes or contents, with advice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alexnet_viz.language import said

START_BYTES = 4096  # that are looked at
_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd")
_EXPORTED = ("archive_format", "serialized_exported_program.json", "models/model.json")
_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_ONNX = re.compile(rb"\x08[\x01-\x20](?:\x12.[\x20-\x7e]+|:)", re.DOTALL)  # a version, then who wrote it, or the graph

_NO_MODEL = said(
    "is not a model file (safetensors, or .pt of a state dict), or is cut short; save model.state_dict() with "
    "torch.save"
)
_OTHER_ARCHIVE = said("is an archive, but not one that torch.save wrote; unpack it and give the file inside")


def why_no_model(start: bytes) -> str:
    """Return what a file is that begins so, where it is known and neither safetensors nor an archive of torch.save."""
    text = start.lstrip()
    if text.startswith(b"<"):
        return said("is not a model file but a web page: the link led to a page about it; download the file itself")
    if text.startswith(b"version https://git-lfs"):
        return said("is not a model file but a pointer of Git LFS to one; get the file itself with git lfs pull")
    if start.startswith(_COMPRESSED):
        return said("is not a model file but a compressed one; unpack it and give the file inside")
    if start.startswith(b"\x89HDF"):
        return said(
            "is not a model file of PyTorch but HDF5, as Keras writes it; convert the network to PyTorch and save "
            "model.state_dict()"
        )
    if _PICKLE.match(start):
        return said(
            "is not a model file but a plain pickle, and opening that could run code; save model.state_dict() with "
            "torch.save"
        )
    if text.startswith(b"{"):
        return said(
            "is not a model file but a text in JSON, as the list of a model's parts is; save model.state_dict() in one "
            "file"
        )
    if _ONNX.match(start):
        return said("is not a model file but a program in ONNX, which is written here and not read; give a state dict")
    return _OTHER_ARCHIVE if start[257:262] == b"ustar" else _NO_MODEL  # tar's mark


def why_other_archive(names: Sequence[str]) -> str:
    """Return what an archive is that holds files of these names, where torch.save wrote none of them."""
    if all(name.endswith(".npy") for name in names):
        return said("holds NumPy arrays (.npz); make tensors of them and save them with torch.save as a state dict")
    if any(name.endswith(_EXPORTED) for name in names):
        return said("holds a whole program (torch.export); save model.state_dict() alone")
    return _OTHER_ARCHIVE
