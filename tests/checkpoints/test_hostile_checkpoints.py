"""Files that are not what they should be: each is refused in one sentence, at no cost, and none runs code."""

import json
import os
import pickle
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from tests.support.model_files import article_shapes, described, safetensors_header, saved, tiny, write_safetensors

# ---------------------------------------------------------------- what is refused, and in which words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello", "is not a model file"),
        (b"{}", "is not a model file"),
        (bytes(7), "is not a model file"),
        ((2**63).to_bytes(8, "little") + b"{}", "is not a model file"),
        ((2).to_bytes(8, "little") + b"{}", "holds no tensors"),
        ((2).to_bytes(8, "little") + b"{x", "is damaged"),
        (b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", "was not written by torch.save"),
        (b"PK\x03\x04" + bytes(100), "is incomplete"),
    ],
)
def test_content_that_is_no_model(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "cat.pt"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=rf"^cat\.pt .*{words}"):
        load_checkpoint(path)


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "a.safetensors", {}, 1_000_300_000)
    with pytest.raises(CheckpointError, match=r"is 1,000\.4 MB, the limit is 1,000 MB"):
        load_checkpoint(path)


def test_a_header_too_large_is_not_read(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "a.safetensors", b"{" + b" " * 10_350_000 + b"}")
    with pytest.raises(CheckpointError, match=r"has a header of 10\.4 MB, the limit is 10 MB"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fc1.weight": None}, "lacks fc1.weight, so it is no AlexNet"),
        ({"fc1.weight": None, "fc2.bias": None}, "lacks fc1.weight, fc2.bias, so it is no AlexNet"),
        (dict.fromkeys(list(article_shapes())[:7]), r"lacks block1\S+, block1\S+, block2\S+ and 4 more, so it is no"),
        (
            {"fc1.weight": None, "head.weight": (2, 2)},
            r"lacks fc1.weight, .* \(it holds head.weight besides\); save the",
        ),
        ({f"x{number}": (1,) for number in range(9)}, "holds x0, x1, x2 and 6 more besides"),
        ({f"{number}{'x' * 9000}": (1,) for number in range(9)}, r"holds 0x{59}…, 1x{59}…, 2x{59}… and 6 more besides"),
        ({"classification_layer.weight": None}, "has no classification_layer.weight"),
        ({"fc3.weight": (2, 2)}, "holds fc3.weight besides what AlexNet"),
        ({"block1.conv_layer.weight": (96, 4, 11, 11)}, "takes pictures of 4 channels, this"),
        (
            {"block1.conv_layer.weight": (96, 3, 7, 7)},
            r"of 96 × 3 × 7 × 7, AlexNet \(variant seed\) has 96 × 3 × 11 × 11",
        ),
        ({"classification_layer.weight": (0, 4096), "classification_layer.bias": (0,)}, "has 0 classes"),
        (
            {"classification_layer.weight": (2_000_000, 4096), "classification_layer.bias": (2_000_000,)},
            "2,000,000 classes; a network may have 1 to 10,000",
        ),
        ({"classification_layer.bias": (11,)}, "has classification_layer.bias of 11, .* has 10"),
    ],
)
def test_other_tensors_than_alexnets(tmp_path: Path, change: dict[str, tuple[int, ...] | None], words: str) -> None:
    shapes = {name: shape for name, shape in (article_shapes() | change).items() if shape is not None}
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(saved(tiny(shapes), tmp_path / "a.pt"))


@pytest.mark.parametrize("dtype", [torch.int64, torch.int8, torch.bool, torch.complex64])
def test_other_numbers_than_floating_point(tmp_path: Path, dtype: torch.dtype) -> None:
    state = tiny(article_shapes()) | {"fc1.bias": torch.zeros(1, dtype=dtype).expand(4096)}
    with pytest.raises(CheckpointError, match=f"holds fc1.bias as {str(dtype)[6:]}; weights are one of float16"):
        load_checkpoint(saved(state, tmp_path / "a.pt"))


def test_integers_in_safetensors(tmp_path: Path) -> None:
    header, size = safetensors_header(article_shapes(), dtype="I8", item=1)
    with pytest.raises(CheckpointError, match=r"holds block1\.conv_layer\.\w+ as I8"):
        load_checkpoint(write_safetensors(tmp_path / "a.safetensors", header, size))


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.eye(2).to_sparse(),
        lambda: torch.zeros(2, device="meta"),
        lambda: torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8),
    ],
    ids=["sparse", "meta", "quantised"],
)
def test_tensors_of_other_kinds(tmp_path: Path, make: Callable[[], Tensor]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, while it makes the file
        path = saved(tiny(article_shapes()) | {"fc1.bias": make()}, tmp_path / "a.pt")
    with pytest.raises(
        CheckpointError, match=r"holds quantised, sparse or other tensors \(torch\._utils\._rebuild_\w+\)"
    ):
        load_checkpoint(path)


def test_truncated_and_overlapping_safetensors(tmp_path: Path) -> None:
    header, size = safetensors_header(article_shapes())
    with pytest.raises(CheckpointError, match="is damaged"):
        load_checkpoint(write_safetensors(tmp_path / "short.safetensors", header, size - 1))
    entry = header["fc2.bias"]
    assert isinstance(entry, dict)
    entry["data_offsets"] = [0, 16384]
    with pytest.raises(CheckpointError, match="is damaged"):
        load_checkpoint(write_safetensors(tmp_path / "overlap.safetensors", header, size))


def test_a_name_twice_in_safetensors(tmp_path: Path) -> None:
    header, size = safetensors_header(article_shapes())
    again = json.dumps({"fc2.bias": {"dtype": "F32", "shape": [4096], "data_offsets": [size, size + 16384]}})[1:]
    text = json.dumps(header)[:-1] + ", " + again
    with pytest.raises(CheckpointError, match="is damaged"):
        load_checkpoint(write_safetensors(tmp_path / "twice.safetensors", text.encode(), size + 16384))


def test_far_too_many_tensors(tmp_path: Path) -> None:
    header = {f"t{number}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for number in range(20_000)}
    with pytest.raises(CheckpointError, match="holds 20,000 tensors, AlexNet has 16"):
        load_checkpoint(write_safetensors(tmp_path / "a.safetensors", header))


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"format": "alexnet_viz/2"}, "has the format 'alexnet_viz/2', this version reads alexnet_viz/1"),
        ({"variant": "vgg"}, "is of the variant 'vgg', this version knows seed, paper, paper-groups, torchvision"),
        ({"variant": "torchvision"}, r"AlexNet \(variant torchvision\) has 64 × 3 × 11 × 11"),
        ({"classes": "cat, dog"}, "'classes' is not JSON"),
        ({"classes": '"cat"'}, "'classes' should be a list of 1 to 10,000 names"),
        ({"classes": '["cat", "dog"]'}, "has 10 classes, but its metadata name 2"),
        ({"classes": json.dumps([1] * 10)}, "'classes' should be"),
        ({"classes": json.dumps(["a" * 101] * 10)}, "'classes' should be"),
        ({"classes": json.dumps(["\x1b[31m"] * 10)}, "'classes' should be"),
        ({"classes": json.dumps(["\u202etac"] * 10)}, "'classes' should be"),
        ({"classes": json.dumps(["\ud800"] * 10)}, "'classes' should be"),
        ({"classes": json.dumps([""] * 10)}, "'classes' should be"),
        ({"classes": "[" * 100_000}, "'classes' is not JSON"),
        ({"epoch": "1.5"}, "'epoch' should be a whole number from 0"),
        ({"epoch": "-1"}, "'epoch' should be"),
        ({"epoch": "true"}, "'epoch' should be"),
        ({"epoch": "9" * 5000}, "'epoch' is not JSON"),
        ({"metrics": "[]"}, "'metrics' should be an object of numbers"),
        ({"recipe": '{"a":' * 50 + "1" + "}" * 50}, "'recipe' is nested too deeply"),
        ({"seed": '"x"'}, "'seed' should be a whole number"),
        ({"source": "two\nlines"}, "'source' should be one line"),
        ({"input": "{}"}, "input rule has no size, mean, std, resize"),
        ({"input": json.dumps(InputRule(224).to_record())}, "input rule for 224 pixels, variant seed takes 227"),
        ({"packing": "low-rank"}, "is packed as 'low-rank', which this version cannot unpack"),
    ],
)
def test_metadata_that_cannot_be(tmp_path: Path, metadata: dict[str, str], words: str) -> None:
    with pytest.raises(CheckpointError, match=words) as caught:
        load_checkpoint(described(tmp_path, **metadata))
    assert str(caught.value).startswith("epoch-004.safetensors ")
    assert str(caught.value).isprintable()


def test_unknown_metadata_are_passed_over(tmp_path: Path) -> None:
    checkpoint = load_checkpoint(described(tmp_path, colour="blue", metrics='{"loss": NaN, "top": Infinity}'), "cpu")
    assert "colour" not in checkpoint.metadata
    assert checkpoint.metadata["metrics"] == {"loss": None, "top": None}


# ---------------------------------------------------------------- .pt files made to harm


class Call:
    """Pickles as the call of a function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.function, self.arguments


def repacked(tmp_path: Path, change: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    """Write the article's tiny .pt with some records replaced or added."""
    source = saved(tiny(article_shapes()), tmp_path / "source.pt")
    path = tmp_path / "hostile.pt"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", compression) as new:
        records = {name.removeprefix("source/"): old.read(name) for name in old.namelist()}
        for name, content in (records | change).items():
            new.writestr(f"source/{name}", content)
    return path


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_never_runs_code(tmp_path: Path, protocol: int) -> None:
    mark = tmp_path / "ran"
    for function in (os.system, os.mkdir, eval):
        argument = (
            f"open({str(mark)!r}, 'w')" if function is eval else str(mark) if function is os.mkdir else f"touch {mark}"
        )
        program = pickle.dumps({"state_dict": Call(function, argument)}, protocol)
        plain = tmp_path / "plain.pt"
        plain.write_bytes(program)
        for path in (plain, repacked(tmp_path, {"data.pkl": program})):
            with pytest.raises(CheckpointError):
                load_checkpoint(path)
    assert not mark.exists()


def test_a_whole_pickled_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(
        CheckpointError,
        match=r"holds more than plain tensors \(torch.nn.modules.linear.Linear\).*save model.state_dict\(\)",
    ):
        load_checkpoint(saved(torch.nn.Linear(1, 1), tmp_path / "a.pt"))


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (pickle.dumps(Call(bytearray, 2**40), 2), r"plain tensors \((__builtin__|builtins).bytearray\)"),
        (b"\x80\x02}(" + b")" + b"\x85" * 200_000 + b"K\x01u.", "holds more than a state dict"),  # hashed: stack ends
        (b"\x80\x02X\xff\xff\xff\x7fabc.", "is damaged"),
        (b"\x80\x02]r\xff\xff\xff\xff.", "holds no tensors"),
        (b"\x80\x02K\x01.", "does not hold a state dict"),
        (b"\x80\x02}.", "holds no tensors"),
        (b"\x80\x02}X\x01\x00\x00\x00aK\x01s.", "holds no tensors"),
        (b"\x80\x02}X\x01\x00\x00\x00a]s.", "holds 'a', which is not a tensor"),
        (b"\x80\x04}.", "holds no tensors"),
        (b"\x80\x06}.", "pickle_protocol that is not one of 2 to 5"),
        (b"", "was not written by torch.save"),
        (b"N" * 1_100_000, "describes far more than AlexNet's tensors"),
    ],
)
def test_programs_that_ask_for_too_much(tmp_path: Path, program: bytes, words: str) -> None:
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(repacked(tmp_path, {"data.pkl": program}))


def test_archives_that_claim_too_much(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="is a compressed archive"):
        load_checkpoint(repacked(tmp_path, {"data/99": bytes(50_000_000)}, zipfile.ZIP_DEFLATED))
    with pytest.raises(CheckpointError, match="describes numbers that it does not hold"):
        load_checkpoint(repacked(tmp_path, {"data/0": b""}))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/model.pt", b"hello")
    with pytest.raises(CheckpointError, match=r"not one that torch\.save wrote"):
        load_checkpoint(tmp_path / "a.zip")
    with pytest.raises(CheckpointError, match="TorchScript"):
        load_checkpoint(repacked(tmp_path, {"constants.pkl": b""}))
    with pytest.raises(CheckpointError, match=r"holds 10,0\d\d records"):
        load_checkpoint(repacked(tmp_path, {f"data/x{number}": b"" for number in range(10_000)}))
    with pytest.raises(CheckpointError, match="doubled or stray names"):
        load_checkpoint(repacked(tmp_path, {"DATA.PKL": b""}))


def test_a_tensor_beyond_its_storage(tmp_path: Path) -> None:
    path = repacked(tmp_path, {})
    with zipfile.ZipFile(path) as archive:
        program = archive.read("source/data.pkl")
    # The first tensor's strides (0, 0, 0, 0), written as MARK, four times BININT1 0, TUPLE, become ones.
    assert program.count(b"(K\x00K\x00K\x00K\x00t") == 5
    program = program.replace(b"(K\x00K\x00K\x00K\x00t", b"(K\x01K\x01K\x01K\x01t", 1)
    with pytest.raises(CheckpointError, match="describes numbers that it does not hold"):
        load_checkpoint(repacked(tmp_path, {"data.pkl": program}))


# ---------------------------------------------------------------- the same in PyTorch's old format


def old(tmp_path: Path, change: Callable[[bytes], bytes] = bytes) -> Path:
    """Write the article's tiny tensors as PyTorch did before 1.6, with the file's bytes changed."""
    path = tmp_path / "hostile.pt"
    torch.save(tiny(article_shapes()), path, _use_new_zipfile_serialization=False)
    path.write_bytes(change(path.read_bytes()))
    return path


def with_program(program: bytes) -> Callable[[bytes], bytes]:
    """Return what puts another program into a file of the old format, behind the pickle that tells the machine."""
    return lambda content: content[: content.index(b"uu.", content.index(b"little_endian")) + 3] + program


def test_the_old_format_runs_no_code_either(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    path = tmp_path / "a.pt"
    torch.save({"state_dict": Call(os.mkdir, str(mark))}, path, _use_new_zipfile_serialization=False)
    with pytest.raises(CheckpointError, match=r"holds more than plain tensors \((posix|nt)\.mkdir\)"):
        load_checkpoint(path)
    torch.save(torch.nn.Linear(1, 1), path, _use_new_zipfile_serialization=False)
    with pytest.raises(CheckpointError, match=r"holds more than plain tensors \(torch\.nn\."):
        load_checkpoint(path)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content[:-1], "is incomplete: the end of the file is missing"),
        (lambda content: content[:255], "is damaged"),
        (lambda content: content.replace(b"little_endianq\x02\x88", b"little_endianq\x02\x89"), "of another kind"),
        # The first tensor's strides (0, 0, 0, 0) become ones, so that it reaches beyond its one number.
        (lambda content: content.replace(b"(K\x00K\x00K\x00K\x00t", b"(K\x01K\x01K\x01K\x01t", 1), "does not hold"),
        (with_program(b"\x80\x02" + b"N" * 1_100_000), "describes far more than AlexNet's tensors"),
        (with_program(b"\x80\x02}.\x80\x02](" + b"X\x01\x00\x00\x00a" * 11_000 + b"e."), "holds 11,000 records"),
        (with_program(b"\x80\x02}.\x80\x02]."), "holds no tensors"),
    ],
)
def test_the_old_format_damaged(tmp_path: Path, change: Callable[[bytes], bytes], words: str) -> None:
    with pytest.raises(CheckpointError, match=rf"^hostile\.pt .*{words}"):
        load_checkpoint(old(tmp_path, change))


def test_a_count_that_is_not_the_programs(tmp_path: Path) -> None:
    def miscounted(content: bytes) -> bytes:
        """Return it with 2 for the last storage's count of one number."""
        return content[:-12] + (2).to_bytes(8, "little") + content[-4:]

    with pytest.raises(CheckpointError, match="describes numbers that it does not hold"):
        load_checkpoint(old(tmp_path, miscounted))
