import json
import logging
import os
import zipfile
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from alexnet_viz.checkpoints import (
    Checkpoint,
    available_checkpoints,
    find_checkpoint,
    identify,
    load_checkpoint,
    save_checkpoint,
)
from alexnet_viz.checkpoints.assumptions import CIFAR10_CLASSES
from alexnet_viz.errors import AlexNetVizError, CheckpointError, DeviceError
from alexnet_viz.images import InputRule
from tests.support.model_files import (
    TORCHVISION,
    article_shapes,
    described,
    safetensors_header,
    saved,
    tiny,
    write_safetensors,
)

pytestmark = pytest.mark.slow  # networks of full size, written and read

# ---------------------------------------------------------------- what is accepted


def test_untrained_is_always_there(untrained: Checkpoint) -> None:
    assert available_checkpoints()[0].name == "untrained"
    assert untrained.classes == CIFAR10_CLASSES
    assert untrained.variant == "seed"
    assert not untrained.trained
    assert untrained.input_rule == InputRule()
    assert not any(module.training for module in untrained.model.modules())
    assert not any(parameter.requires_grad for parameter in untrained.model.parameters())


def test_untrained_is_the_same_network_every_time(untrained: Checkpoint) -> None:
    assert load_checkpoint("untrained", "cpu").digest == untrained.digest


def test_state_dict_of_the_article(tmp_path: Path, untrained: Checkpoint) -> None:
    path = saved(untrained.model.state_dict(), tmp_path / "article.pt")
    checkpoint = load_checkpoint(path, "cpu")
    assert checkpoint.variant == "seed"
    assert checkpoint.classes == CIFAR10_CLASSES
    assert "CIFAR-10" in str(checkpoint.metadata["source"])
    assert checkpoint.trained  # nothing says that it is not
    assert checkpoint.path == path
    assert checkpoint.digest == untrained.digest  # the content's, whatever the file


@pytest.mark.parametrize("key", ["state_dict", "model_state_dict", "model"])
def test_state_dict_within_a_training_scripts_file(tmp_path: Path, key: str) -> None:
    state = {f"module.{name}": tensor for name, tensor in tiny(article_shapes(7), torch.float16).items()}
    optimiser = {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 0.1, "params": [0, 1]}]}
    path = saved({"epoch": 3, key: state, "optimizer_state_dict": optimiser, "note": None}, tmp_path / "last.pth")
    checkpoint = load_checkpoint(path, "cpu")
    assert checkpoint.classes == tuple(f"class {number}" for number in range(7))
    assert {tensor.dtype for tensor in checkpoint.model.state_dict().values()} == {torch.float32}
    assert checkpoint.model.get_parameter("classification_layer.bias").tolist() == [16.0] * 7  # the last of 16


@pytest.mark.parametrize("prefix", ["model.", "net.", "module.", "module.model.", "_orig_mod."])
def test_a_wrappers_prefix_is_stripped_and_said(tmp_path: Path, prefix: str) -> None:
    state = {f"{prefix}{name}": tensor for name, tensor in tiny(article_shapes(7), torch.bfloat16).items()}
    checkpoint = load_checkpoint(saved(state, tmp_path / "a.pt"), "cpu")
    assert checkpoint.model.get_parameter("classification_layer.bias").tolist() == [16.0] * 7
    source = str(checkpoint.metadata["source"])
    assert f"names are read without their '{prefix}'; bfloat16 converted to float32" in source


def test_a_lightning_file(tmp_path: Path) -> None:
    """As Lightning 2 lays it out: its own entries beside "state_dict", whose names begin with the attribute's."""
    state = OrderedDict((f"net.{name}", tensor) for name, tensor in tiny(article_shapes(3)).items())
    monitor = {"monitor": "val_loss", "best_model_score": torch.tensor(0.5), "best_k_models": {}, "dirpath": "x"}
    file = {
        "epoch": 4,
        "global_step": 500,
        "pytorch-lightning_version": "2.5.0",
        "state_dict": state,
        "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 5, "completed": 4}}}},
        "callbacks": {"ModelCheckpoint{'monitor': 'val_loss'}": monitor},
        "optimizer_states": [{"state": {0: {"momentum_buffer": None}}, "param_groups": [{"lr": 0.1, "params": [0]}]}],
        "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": {"lr": 0.1, "name": "x", "nesterov": True},
    }
    checkpoint = load_checkpoint(saved(file, tmp_path / "epoch=4.ckpt"), "cpu")
    assert checkpoint.model.get_parameter("classification_layer.bias").tolist() == [16.0] * 3
    assert "names are read without their 'net.'" in str(checkpoint.metadata["source"])


def test_a_file_with_the_names_twice_is_not_guessed_at(tmp_path: Path) -> None:
    plain = tiny(article_shapes(3))
    both = plain | {f"model.{name}": tensor for name, tensor in plain.items()}
    with pytest.raises(CheckpointError, match=r"holds model\.block1.* and 13 more besides"):
        load_checkpoint(saved(both, tmp_path / "a.pt"), "cpu")
    ends_alike = plain | {"my_classification_layer.weight": torch.zeros(1)}
    with pytest.raises(CheckpointError, match=r"holds my_classification_layer\.weight besides"):
        load_checkpoint(saved(ends_alike, tmp_path / "b.pt"), "cpu")


def test_a_file_saved_on_cuda_is_read_without_it(tmp_path: Path) -> None:
    path = saved(tiny(article_shapes(3)), tmp_path / "a.pt")
    other = tmp_path / "cuda.pt"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("data.pkl"):  # each storage's place, a text of three characters, becomes one of six
                assert content.count(b"X\x03\x00\x00\x00cpu") > 0
                content = content.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
            new.writestr(name, content)
    checkpoint = load_checkpoint(other, "cpu")
    assert checkpoint.model.get_parameter("classification_layer.bias").tolist() == [16.0] * 3


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_float32(tmp_path: Path, dtype: torch.dtype) -> None:
    checkpoint = load_checkpoint(saved(tiny(article_shapes(3), dtype), tmp_path / "a.pt"), "cpu")
    assert {tensor.dtype for tensor in checkpoint.model.state_dict().values()} == {torch.float32}
    assert checkpoint.model.get_parameter("fc1.weight")[5, 7].item() == 11


def test_torchvisions_state_dict(tmp_path: Path) -> None:
    shapes = {
        f"{name}.{kind}": shape if kind == "weight" else shape[:1]
        for name, shape in TORCHVISION.items()
        for kind in ("weight", "bias")
    }
    checkpoint = load_checkpoint(saved(tiny(shapes), tmp_path / "alexnet-owt.pth"), "cpu")
    assert checkpoint.variant == "torchvision"
    assert checkpoint.model.get_parameter("block2.conv_layer.weight")[0, 0, 0, 0].item() == 3  # features.3.weight
    assert checkpoint.input_rule == InputRule(224, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), short_side=256)
    assert checkpoint.classes[:2] == ("tench", "goldfish")
    assert len(checkpoint.classes) == 1000
    assert "ImageNet" in str(checkpoint.metadata["source"])
    assert str(checkpoint.metadata["source"]).endswith("torchvision's names are translated")


def test_paper_with_groups_is_told_by_its_shapes(tmp_path: Path) -> None:
    shapes = article_shapes(5) | {
        "block2.conv_layer.weight": (256, 48, 5, 5),
        "block4.conv_layer.weight": (384, 192, 3, 3),
        "block5.conv_layer.weight": (256, 192, 3, 3),
    }
    assert load_checkpoint(saved(tiny(shapes), tmp_path / "a.pt"), "cpu").variant == "paper-groups"


def test_a_weight_that_is_not_a_number_is_loaded(tmp_path: Path) -> None:
    state = tiny(article_shapes(2))
    state["fc2.bias"] = torch.full((4096,), float("nan"))
    checkpoint = load_checkpoint(saved(state, tmp_path / "diverged.pt"), "cpu")
    assert checkpoint.model.get_parameter("fc2.bias").isnan().all()
    assert str(checkpoint.metadata["source"]).endswith("4,096 of its numbers are not finite, the first in fc2.bias")


def test_weights_do_not_keep_the_file_or_a_shared_storage(tmp_path: Path) -> None:
    path = saved(tiny(article_shapes(2)), tmp_path / "a.pt")
    parameters = dict(load_checkpoint(path, "cpu").model.named_parameters())
    path.unlink()
    assert len({parameter.data_ptr() for parameter in parameters.values()}) == 16
    assert all(parameter.untyped_storage().nbytes() == parameter.nbytes for parameter in parameters.values())


def test_saved_file_comes_back(tmp_path: Path, untrained: Checkpoint) -> None:
    path = tmp_path / "epoch-003.safetensors"
    rule = InputRule(227, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6), "squash")
    save_checkpoint(
        path,
        untrained.model,
        classes=[*CIFAR10_CLASSES[:9], "Lastwagen 🚚"],
        input_rule=rule,
        epoch=3,
        step=120,
        metrics={"val_accuracy": 0.5, "val_loss": float("nan")},
        recipe={"lr": 0.01, "layers": ["fc1"]},
        seed=7,
        source="trained in a test",
    )
    checkpoint = load_checkpoint(path, "cpu")
    assert checkpoint.classes[9] == "Lastwagen 🚚"
    assert checkpoint.input_rule == rule
    assert checkpoint.trained
    assert checkpoint.metadata["metrics"] == {"val_accuracy": 0.5, "val_loss": None}
    assert [checkpoint.metadata[key] for key in ("epoch", "step", "seed", "recipe")] == [
        3, 120, 7, {"lr": 0.01, "layers": ["fc1"]},
    ]  # fmt: skip
    with safe_open(path, framework="pt") as file:
        assert set(file.keys()) == set(article_shapes())
        assert file.metadata()["format"] == "alexnet_viz/1"
        assert file.metadata()["variant"] == "seed"
        assert json.loads(file.metadata()["classes"])[0] == "airplane"
    assert list(tmp_path.iterdir()) == [path]  # nothing half-written beside it


def test_epoch_zero_is_untrained(tmp_path: Path) -> None:
    assert not load_checkpoint(described(tmp_path, epoch="0", step="0"), "cpu").trained
    assert load_checkpoint(described(tmp_path, epoch="0", step="12"), "cpu").trained


def test_a_file_that_cannot_be_written(tmp_path: Path, untrained: Checkpoint) -> None:
    def save(path: Path, classes: tuple[str, ...] = CIFAR10_CLASSES) -> None:
        save_checkpoint(
            path,
            untrained.model,
            classes=classes,
            input_rule=InputRule(),
            epoch=0,
            step=0,
            metrics={},
            recipe={},
            seed=0,
            source="",
        )

    with pytest.raises(CheckpointError, match=r"a\.safetensors cannot be written"):
        save(tmp_path / "missing" / "a.safetensors")
    with pytest.raises(ValueError, match="9 names for 10 classes"):
        save(tmp_path / "a.safetensors", CIFAR10_CLASSES[:9])
    assert list(tmp_path.iterdir()) == []


def test_plain_safetensors_without_a_description(tmp_path: Path) -> None:
    header, size = safetensors_header(article_shapes(4), {"format": "pt"})
    checkpoint = load_checkpoint(write_safetensors(tmp_path / "a.safetensors", header, size), "cpu")
    assert checkpoint.classes == ("class 0", "class 1", "class 2", "class 3")


def test_digest_changes_with_any_weight_and_any_name(tmp_path: Path) -> None:
    state = tiny(article_shapes(10))
    first = load_checkpoint(saved(state, tmp_path / "a.pt"), "cpu").digest
    bias = state["block3.conv_layer.bias"].clone()
    bias[200] += 1
    other_weight = load_checkpoint(saved(state | {"block3.conv_layer.bias": bias}, tmp_path / "b.pt"), "cpu").digest
    header_digest = load_checkpoint(described(tmp_path), "cpu").digest
    names = json.dumps([f"{number}" for number in range(10)])
    other_names = load_checkpoint(described(tmp_path, classes=names), "cpu").digest
    assert len({first, other_weight, header_digest, other_names}) == 4


# ---------------------------------------------------------------- names


def test_names_come_from_the_folder_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    saved(tiny(article_shapes(7)), tmp_path / "seven.pt")
    described(
        tmp_path, classes=json.dumps(list("abcdefghij")), epoch="4", metrics='{"val_accuracy": 0.5}', source="a test"
    )
    (tmp_path / "broken.safetensors").write_bytes(b"no")
    (tmp_path / "notes.txt").write_text("no")
    saved(tiny(article_shapes(2)), tmp_path / "untrained.pt")  # cannot take the name that is always there
    with caplog.at_level(logging.WARNING):
        entries = {entry.name: entry for entry in available_checkpoints()}
    assert "broken.safetensors is not a model file" in caplog.text
    assert {"untrained", "seven", "epoch-004", str(tmp_path / "untrained.pt")} <= set(entries)
    assert not {"broken", "notes"} & set(entries)
    assert entries["untrained"].path is None
    assert entries["epoch-004"].epoch == 4
    assert entries["epoch-004"].metrics == {"val_accuracy": 0.5}
    assert entries["epoch-004"].source == "a test"
    assert entries["seven"].epoch is None
    assert load_checkpoint("seven", "cpu").path == tmp_path / "seven.pt"
    assert find_checkpoint("untrained") is None


def test_a_missing_folder_holds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path / "missing"))
    assert available_checkpoints()[0].name == "untrained"


def test_identity_changes_when_the_file_is_replaced(tmp_path: Path) -> None:
    path = saved(tiny(article_shapes(2)), tmp_path / "a.pt")
    before = identify(path)
    assert identify(path) == before
    os.utime(path, ns=(0, 0))
    assert identify(path) != before


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.pt").symlink_to(saved(tiny(article_shapes(2)), tmp_path / "a.pt"))
    assert len(load_checkpoint(tmp_path / "link.pt", "cpu").classes) == 2


@pytest.mark.parametrize("name", ["nope", "nope.pt", "a\0b", "x" * 5000])
def test_neither_a_name_nor_a_file(name: str) -> None:
    with pytest.raises(CheckpointError, match=r"neither a checkpoint \(untrained.* nor a file"):
        load_checkpoint(name)


def test_folders_and_pipes_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pt")
    with pytest.raises(CheckpointError, match="not an ordinary file"):
        load_checkpoint(tmp_path / "pipe.pt")
    with pytest.raises(CheckpointError, match="is a folder"):
        load_checkpoint(tmp_path)


def test_unknown_device_is_named() -> None:
    with pytest.raises(DeviceError, match="'abacus' is not available"):
        load_checkpoint("untrained", "abacus")
    with pytest.raises(AlexNetVizError, match="'meta'"):
        load_checkpoint("untrained", "meta")


def test_saving_with_the_library_alone_loads(tmp_path: Path) -> None:
    state = {name: tensor.half().clone() for name, tensor in tiny(article_shapes(3)).items()}
    save_file(state, tmp_path / "a.safetensors")
    checkpoint = load_checkpoint(tmp_path / "a.safetensors", "cpu")
    assert checkpoint.model.get_parameter("fc1.bias")[0].item() == 12
