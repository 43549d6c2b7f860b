"""Files of AlexNet as people publish it: each computes what its own definition does, or is refused in plain words."""

import warnings
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn

from alexnet_viz.checkpoints import Choice, load_checkpoint, resolve_checkpoint, save_described
from alexnet_viz.errors import CheckpointError
from alexnet_viz.inference import trace
from tests.checkpoints.public_definitions import (
    HALF,
    ONE_WEIRD_TRICK,
    State,
    as_type,
    called,
    published,
    under,
    with_numbers,
)
from tests.support.model_files import saved

pytestmark = pytest.mark.slow  # networks of full size, written and read

PAPERS_NORM = partial(nn.LocalResponseNorm, 5, k=2.0)
LIGHTNING = {"pytorch-lightning_version": "2.4.0", "epoch": 9, "global_step": 900, "callbacks": {}, "lr_schedulers": []}
SPOKEN = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc1", "fc2", "fc3"]
CAFFE = [*SPOKEN[:5], "fc6", "fc7", "fc8"]
BLOCKS = [f"block{number}.conv_layer" for number in range(1, 6)] + ["fc1", "fc2", "classification_layer"]
LAYERS = ["layer1.0", "layer2.0", "layer3.0", "layer4.0", "layer5.0", "fc.1", "fc1.1", "fc2.0"]
CONVS = [f"conv_layers.{number}.0" for number in range(5)] + ["linear_1", "linear_2", "out"]
NESTED = [f"backbone.stage{number}.conv" for number in range(5)] + ["head.dense_a", "head.dense_b", "head.out"]


def in_parallel(state: State) -> State:
    """Return a state of which the convolutions alone are on several devices, as torchvision's example has it."""
    return OrderedDict((name.replace("features.", "features.module."), tensor) for name, tensor in state.items())


def in_one(state: State) -> State:
    """Return a state whose convolutions are "net.0 …"."""
    return OrderedDict((name.replace("features.", "net."), tensor) for name, tensor in state.items())


def with_momentum(state: State) -> dict[str, object]:
    """Return what torchvision's example of training saves, the optimiser's state beside the weights."""
    buffers = {number: {"momentum_buffer": tensor} for number, tensor in enumerate(state.values())}
    groups = [{"lr": 0.01, "momentum": 0.9, "params": list(buffers)}]
    optimiser = {"state": buffers, "param_groups": groups}
    notes = {"epoch": 90, "arch": "alexnet", "best_acc1": torch.tensor(56.5), "scheduler": {"_last_lr": [0.01]}}
    return {**notes, "state_dict": in_parallel(state), "optimizer": optimiser}


def of_lightning(state: State) -> dict[str, object]:
    """Return a module's file that holds its loss's weights as well."""
    return {**LIGHTNING, "state_dict": {**under(state, "model."), "criterion.weight": torch.ones(10)}}


def rowwise(state: State) -> State:
    """Return a state whose convolutions lie in memory as channels_last."""
    last = torch.channels_last
    return OrderedDict((n, t.contiguous(memory_format=last) if t.dim() == 4 else t) for n, t in state.items())


def with_adam(state: State) -> dict[str, object]:
    """Return what a loop of one's own saves: epoch, loss and Adam's two moments of every number."""
    moments = {n: {"step": torch.tensor(9.0), "exp_avg": t, "exp_avg_sq": t} for n, t in enumerate(state.values())}
    optimiser = {"state": moments, "param_groups": [{"lr": 1e-4, "betas": (0.9, 0.999), "params": list(moments)}]}
    return {"epoch": 5, "loss": 0.31, "model_state_dict": state, "optimizer_state_dict": optimiser}


def in_one_chain_of_lightning(state: State) -> dict[str, object]:
    return {**LIGHTNING, "state_dict": under(state, "net."), "hyper_parameters": {"in_channels": 1, "lr": 1e-3}}


def averaged(state: State) -> State:
    return OrderedDict({"n_averaged": torch.tensor(7), **under(state, "module.")})


TORCHVISION = partial(published, widths=ONE_WEIRD_TRICK, padding=2)
HALF_OF_IT = partial(published, widths=HALF, padding=2, units=2048)
PAPER = partial(published, norm=PAPERS_NORM)
Make = Callable[[], nn.Module]
Wrap = Callable[[State], object]
# What it is · the definition · how its state is saved · the file · the side of its pictures · variant · what is chosen
PUBLISHED: dict[str, tuple[Make, Wrap, str, int, str, Choice]] = {
    "torchvision": (partial(TORCHVISION, classes=1000), dict, "a.pth", 224, "torchvision", Choice()),
    "an example of training": (TORCHVISION, with_momentum, "model_best.pth.tar", 224, "torchvision", Choice()),
    "a Lightning module": (TORCHVISION, of_lightning, "last.ckpt", 224, "torchvision", Choice()),
    "without dropout": (partial(TORCHVISION, dropout=False), dict, "a.pth", 224, "torchvision", Choice()),
    "compiled and parallel": (
        partial(published, padding=2),
        lambda state: under(state, "module._orig_mod."),
        *("a.pth", 224, "torchvision-wide", Choice()),
    ),
    "half of it": (
        partial(published, widths=HALF, padding=2, units=2048, classes=5),
        dict,
        "a.pth",
        224,
        "half",
        Choice(),
    ),
    "the paper in one chain": (PAPER, in_one, "a.pkl", 227, "paper", Choice()),
    "Caffe's names, in groups": (
        partial(PAPER, groups=2, classes=1000),
        lambda state: called(state, CAFFE),
        *("caffe.pt", 227, "paper-groups", Choice()),
    ),
    "PyTorch's LRN": (
        partial(published, norm=partial(nn.LocalResponseNorm, 5)),
        in_one,
        *("a.pt", 227, "paper-k1", Choice("paper-k1")),
    ),
    "the paper for 224 pixels": (
        partial(PAPER, padding=2),
        lambda state: {"net": in_one(state), "acc": 81.5, "epoch": 40},
        *("ckpt.pth", 224, "paper-padded", Choice("paper-padded")),
    ),
    "no LRN, 227 pixels": (
        published,
        lambda state: called(state, SPOKEN),
        *("a.pt", 227, "paper-no-lrn", Choice("paper-no-lrn")),
    ),
    "layers in sequences": (
        published,
        lambda state: {"model": called(state, LAYERS), "model_ema": called(state, LAYERS)},
        *("a.pth", 227, "paper-no-lrn", Choice("paper-no-lrn")),
    ),
    "nested, no ReLU in the head": (
        partial(published, fc_activation=False),
        lambda state: {"ema": under(called(state, NESTED), "encoder.")},
        *("a.pth", 227, "seed-no-lrn", Choice("seed-no-lrn")),
    ),
    "Adam's state beside it": (HALF_OF_IT, with_adam, "checkpoint.pth.tar", 224, "half", Choice()),
    "the class of a course": (
        partial(published, widths=HALF, padding=2, units=2048),
        lambda state: {"weights": under(called(state, CONVS), "module.")},
        *("best.ckpt", 224, "half", Choice()),
    ),
    "under model and state_dict": (
        HALF_OF_IT,
        lambda state: {"model": {"state_dict": under(state, "_orig_mod.")}, "args": {"lr": 0.1}},
        *("weights.bin", 224, "half", Choice()),
    ),
    "blocks with their own names": (
        PAPER,
        lambda state: {"model_state": called(state, BLOCKS)},
        *("epoch_12.pt", 227, "paper", Choice("paper")),
    ),
    "an average of weights of a compiled one": (
        HALF_OF_IT,
        lambda state: averaged(under(state, "_orig_mod.")),
        *("swa.pth", 224, "half", Choice()),
    ),
    "grey": (
        partial(published, padding=2, channels=1),
        in_one_chain_of_lightning,
        *("grey.ckpt", 224, "torchvision-wide", Choice()),
    ),
    "half of it, grey": (partial(HALF_OF_IT, channels=1), dict, "mnist.pt", 224, "half", Choice()),
    "Caffe's AlexNet": (
        partial(published, norm=partial(nn.LocalResponseNorm, 5), groups=2, classes=1000),
        lambda state: called(state, CAFFE),
        *("caffe_alexnet.pth", 227, "caffe-alexnet", Choice("caffe-alexnet")),
    ),
    "CaffeNet": (
        partial(published, norm=partial(nn.LocalResponseNorm, 5), groups=2, classes=1000, pool_first=True),
        lambda state: {"state_dict": called(state, CAFFE)},
        *("caffenet.pth", 227, "caffenet", Choice("caffenet")),
    ),
    "pooled first": (
        partial(published, norm=partial(nn.LocalResponseNorm, 5), pool_first=True),
        in_one,
        *("a.pt", 227, "paper-pool-first", Choice("paper-pool-first")),
    ),
    "averaged": (partial(published, padding=2), averaged, "swa.pt", 224, "torchvision-wide", Choice()),
    "channels last": (TORCHVISION, rowwise, "a.pth", 224, "torchvision", Choice()),
}


def computed(model: nn.Module, size: int) -> Tensor:
    channels = next(model.parameters()).shape[1]
    x = torch.randn(1, channels, size, size, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        return model(x)


@pytest.mark.parametrize("kind", PUBLISHED)
def test_it_computes_what_its_own_definition_does(tmp_path: Path, kind: str) -> None:
    make, wrap, name, size, variant, choice = PUBLISHED[kind]
    theirs = make()
    path = saved(wrap(OrderedDict(theirs.state_dict())), tmp_path / name)
    ours = load_checkpoint(resolve_checkpoint(path, choice=choice), "cpu")
    assert (ours.variant, ours.input_rule.size) == (variant, size)
    expected = computed(theirs, size)
    assert expected.std() > 0.1
    torch.testing.assert_close(computed(ours.model, size), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions(tmp_path: Path, dtype: torch.dtype) -> None:
    theirs = TORCHVISION()
    state = as_type(OrderedDict(theirs.state_dict()), dtype)
    theirs.load_state_dict(as_type(state, torch.float32), assign=True)
    ours = load_checkpoint(saved(under(state, "alexnet."), tmp_path / "pytorch_model.bin"), "cpu")
    torch.testing.assert_close(computed(ours.model, 224), computed(theirs, 224), rtol=1e-3, atol=1e-4)


def test_safetensors_of_another_program(tmp_path: Path) -> None:
    theirs = HALF_OF_IT()
    state = {f"alexnet.{name}": tensor.half().contiguous() for name, tensor in theirs.state_dict().items()}
    save_file(state, tmp_path / "model.safetensors", {"format": "pt"})
    halves = {name.removeprefix("alexnet."): tensor.float() for name, tensor in state.items()}
    theirs.load_state_dict(halves, assign=True)
    ours = load_checkpoint(tmp_path / "model.safetensors", "cpu")
    assert ours.variant == "half"
    torch.testing.assert_close(computed(ours.model, 224), computed(theirs, 224), rtol=1e-3, atol=1e-4)


def test_a_file_from_a_gpu(tmp_path: Path) -> None:
    theirs = TORCHVISION()
    source = saved(OrderedDict(theirs.state_dict()), tmp_path / "cpu.pth")
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(tmp_path / "cuda.pth", "w") as moved:
        for record in archive.namelist():
            content = archive.read(record)
            if record.endswith("data.pkl"):  # the place of a storage, as a text with its length before it
                content = content.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
            moved.writestr(record, content)
    ours = load_checkpoint(tmp_path / "cuda.pth", "cpu")
    torch.testing.assert_close(computed(ours.model, 224), computed(theirs, 224), rtol=1e-3, atol=1e-4)


def test_what_does_not_belong_to_the_network_is_left_out_and_said(tmp_path: Path) -> None:
    path = saved(of_lightning(OrderedDict(TORCHVISION().state_dict())), tmp_path / "last.ckpt")
    assert any("criterion.weight" in sentence for sentence in load_checkpoint(path, "cpu").assumed)


def small_pictures() -> nn.Module:
    """Return an AlexNet for CIFAR-10's own 32 × 32 pixels."""
    layers: list[nn.Module] = []
    for before, width in zip((3, 64, 192, 384, 256), (64, 192, 384, 256, 256), strict=True):
        layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU()]
    head = nn.Sequential(nn.Linear(1024, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 10))
    return nn.ModuleDict({"features": nn.Sequential(*layers), "classifier": head})


def normalised_in_batches() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 96, 11, 4), nn.BatchNorm2d(96), nn.ReLU(), nn.MaxPool2d(3, 2))


def on_meta(make: Make) -> nn.Module:
    with torch.device("meta"):
        model = make()
    return model if any(True for _ in model.buffers()) else with_numbers(model)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (partial(published, channels=4, padding=2), r"takes pictures of 4 channels, this program shows networks for 3"),
        (small_pictures, r"begins with windows of 3 × 3 \(features\.0\.weight\), AlexNet's are 11 × 11"),
        (partial(published, padding=1, pooled=5), r"6,400 = 256 × 5 × 5 numbers, where AlexNet's first .* 256 × 6 × 6"),
        (partial(published, widths=(32, 64, 96, 96, 64)), r"has features\.0\.weight of 32 × 3 × 11 × 11, AlexNet"),
        (partial(published, units=1024), r"has classifier\.1\.weight of 1024|no variant known here"),
    ],
)
def test_others_are_refused_plainly(tmp_path: Path, make: Make, words: str) -> None:
    path = saved(OrderedDict(on_meta(make).state_dict()), tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(path, "cpu")


def turned(state: State) -> State:
    """Return a state with the inputs of the fully connected layers first."""
    return OrderedDict((name, tensor.t() if tensor.dim() == 2 else tensor) for name, tensor in state.items())


def of_keras(state: State) -> State:
    """Return a state in TensorFlow's order, with Keras's names."""
    last = {n: t.permute(2, 3, 1, 0) if t.dim() == 4 else t for n, t in turned(state).items()}
    return OrderedDict((f"layers/{n.replace('weight', 'kernel')}", tensor) for n, tensor in last.items())


def in_two_factors(state: State) -> State:
    """Return a state as weight normalisation has it, a length and a direction for each weight."""
    lengths = {f"{n}_g": t.reshape(t.shape[0], -1)[:, :1] for n, t in state.items() if n.endswith("weight")}
    return OrderedDict((n.replace("weight", "weight_v"), tensor) for n, tensor in state.items()) | lengths


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            turned,
            r"has classifier\.1\.weight of 4608 × 2048, its inputs first, .*; turn .* with \.t\(\) and save",
        ),
        (of_keras, r"has layers/features\.0\.kernel of 11 × 11 × 3 × 48, which is the order of TensorFlow and Keras"),
        (in_two_factors, r"keeps its weights in parts \(features\.0\.weight_g, .*; remove that from the network"),
    ],
)
def test_other_layouts_say_how_to_save_it(tmp_path: Path, change: Callable[[State], State], words: str) -> None:
    state = change(OrderedDict(HALF_OF_IT().state_dict()))
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(saved(state, tmp_path / "a.pth"), "cpu")


@pytest.mark.parametrize(
    "notes",
    [{"epoch": 5, "acc": 0.8, "arch": "alexnet", "best": None}, {"num_batches_tracked": torch.tensor(3)}],
)
def test_notes_among_the_weights_are_passed_over(tmp_path: Path, notes: dict[str, object]) -> None:
    state = dict(HALF_OF_IT().state_dict())
    assert load_checkpoint(saved({**state, **notes}, tmp_path / "a.pth"), "cpu").variant == "half"


def test_of_two_networks_the_first_is_shown_and_it_is_said(tmp_path: Path) -> None:
    theirs = HALF_OF_IT()
    state = OrderedDict(theirs.state_dict())
    other = OrderedDict((name, tensor * 2) for name, tensor in state.items())
    path = saved({"state_dict": {**under(state, "model."), **under(other, "ema_model.")}}, tmp_path / "a.ckpt")
    ours = load_checkpoint(path, "cpu")
    torch.testing.assert_close(computed(ours.model, 224), computed(theirs, 224), rtol=1e-3, atol=1e-4)
    assert any("It holds ema_model.features.0.weight" in sentence for sentence in ours.assumed)


def test_a_program_of_torchscript_says_what_it_is(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, of TorchScript's age
        torch.jit.script(nn.Sequential(nn.Conv2d(3, 4, 3))).save(tmp_path / "a.pt")
    with pytest.raises(
        CheckpointError, match=r"holds a whole program \(TorchScript\); save model\.state_dict\(\) alone"
    ):
        load_checkpoint(tmp_path / "a.pt", "cpu")


def test_batch_normalisation_is_refused_plainly(tmp_path: Path) -> None:
    path = saved(normalised_in_batches().state_dict(), tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match=r"has batch normalisation \(1\.running_mean\), which"):
        load_checkpoint(path, "cpu")


def test_what_a_network_computes_with_besides_is_not_told_to_be_left_out(tmp_path: Path) -> None:
    state = OrderedDict(HALF_OF_IT().state_dict())
    batches = {f"bn1.{part}": torch.zeros(48) for part in ("weight", "bias", "running_mean", "running_var")}
    with pytest.raises(
        CheckpointError, match=r"has batch normalisation \(bn1\.running_mean\), which no AlexNet here has"
    ):
        load_checkpoint(saved({**state, **batches}, tmp_path / "a.pth"), "cpu")
    own = {"mean": torch.zeros(1, 3, 1, 1), "std": torch.ones(1, 3, 1, 1)}
    with pytest.raises(
        CheckpointError, match=r"holds mean, std besides .* if it computes with that, it cannot be shown"
    ):
        load_checkpoint(saved({**state, **own}, tmp_path / "a.pth"), "cpu")


@pytest.mark.parametrize(
    ("without", "words"),
    [
        (("conv", "fc"), "None of its layers has a bias: 0 is taken for each, which computes the same."),
        (("conv",), "Its convolutions have no biases: 0 is taken for each, which computes the same."),
        (("fc",), "Its fully connected layers have no biases: 0 is taken for each, which computes the same."),
    ],
)
def test_layers_without_biases(tmp_path: Path, without: tuple[str, ...], words: str) -> None:
    theirs = HALF_OF_IT()
    state = called(OrderedDict(theirs.state_dict()), SPOKEN)
    bare = [name for name in state if name.endswith("bias") and name.startswith(without)]
    for name, tensor in zip(state, theirs.state_dict().values(), strict=True):
        if name in bare:
            tensor.zero_()  # as a definition with bias=False computes
    path = saved({name: tensor for name, tensor in state.items() if name not in bare}, tmp_path / "a.pth")
    ours = load_checkpoint(path, "cpu")
    assert words in ours.assumed
    torch.testing.assert_close(computed(ours.model, 224), computed(theirs, 224), rtol=1e-3, atol=1e-4)
    save_described(tmp_path / "kept.safetensors", ours)
    kept = load_checkpoint(tmp_path / "kept.safetensors", "cpu")
    assert words in kept.assumed
    assert kept.digest == ours.digest


def test_one_bias_alone_is_missing(tmp_path: Path) -> None:
    state = called(OrderedDict(HALF_OF_IT().state_dict()), SPOKEN)
    del state["conv2.bias"]
    with pytest.raises(CheckpointError, match=r"has no bias beside conv2\.weight, and has some for others; save the"):
        load_checkpoint(saved(state, tmp_path / "a.pt"))


def test_a_whole_module_says_how_to_save_it(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"save model\.state_dict\(\)"):
        load_checkpoint(saved(nn.Sequential(nn.Conv2d(3, 4, 3)), tmp_path / "whole.pth"), "cpu")


@pytest.mark.parametrize(
    ("wrap", "protocol"),
    [(dict, 3), (with_momentum, 5), (of_lightning, 4), (lambda state: (state, {"lr": 0.1}, 9), 2)],
)
def test_the_old_format_of_pytorch(tmp_path: Path, wrap: Wrap, protocol: int) -> None:
    theirs = HALF_OF_IT()
    path = tmp_path / "old.pth"
    state = wrap(OrderedDict(theirs.state_dict()))
    torch.save(state, path, _use_new_zipfile_serialization=False, pickle_protocol=protocol)
    ours = load_checkpoint(path, "cpu")
    assert ours.variant == "half"
    torch.testing.assert_close(computed(ours.model, 224), computed(theirs, 224), rtol=1e-3, atol=1e-4)


def picture() -> Image.Image:
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 256, (300, 320, 3), dtype=np.uint8))


def test_a_grey_network_is_given_the_picture_made_grey(tmp_path: Path) -> None:
    theirs = published(widths=HALF, padding=2, units=2048, channels=1)
    ours = load_checkpoint(saved(OrderedDict(theirs.state_dict()), tmp_path / "mnist.pt"), "cpu")
    assert "made grey, 0.299 red + 0.587 green + 0.114 blue" in " ".join(ours.assumed)
    assert (ours.model.in_channels, ours.input_rule.mean, ours.input_rule.std) == (1, (0.5,), (0.5,))
    seen = picture().resize((224, 224), Image.Resampling.BILINEAR, box=(10, 0, 310, 300)).convert("L")
    x = (torch.from_numpy(np.asarray(seen, np.float32))[None, None] / 255 - 0.5) / 0.5
    found = trace(ours, picture())
    with torch.no_grad():
        torch.testing.assert_close(found.logits, theirs(x)[0], rtol=1e-3, atol=1e-4)
    chosen = Choice(normalisation="0.1307/0.3081", classes=tuple(map(str, range(10))))
    again = load_checkpoint(resolve_checkpoint(tmp_path / "mnist.pt", choice=chosen), "cpu")
    assert (again.input_rule.mean, again.input_rule.std) == ((0.1307,), (0.3081,))
    assert again.normalisation == "0.1307/0.3081"
    blue = load_checkpoint(resolve_checkpoint(tmp_path / "mnist.pt", choice=Choice(normalisation="caffe")), "cpu")
    assert not any("takes blue" in each for each in blue.chosen)  # grey has no order
    assert torch.equal(blue.model.state_dict()["fc1.weight"], ours.model.state_dict()["fc1.weight"])
    save_described(tmp_path / "kept.safetensors", again)
    kept = load_checkpoint(tmp_path / "kept.safetensors", "cpu")
    torch.testing.assert_close(trace(kept, picture()).logits, trace(again, picture()).logits)


@pytest.mark.parametrize(
    ("normalisation", "mean", "std", "scale"),  # of blue, green and red
    [
        ("caffe", (104, 117, 123), (1, 1, 1), 1),
        ("imagenet/bgr", (0.406, 0.456, 0.485), (0.225, 0.224, 0.229), 255),
        ("0.1,0.2,0.3/0.4,0.5,0.6/bgr", (0.1, 0.2, 0.3), (0.4, 0.5, 0.6), 255),
    ],
)
def test_blue_first(
    tmp_path: Path,
    normalisation: str,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    scale: int,
) -> None:
    theirs = published(widths=HALF, padding=2, units=2048)
    path = saved(OrderedDict(theirs.state_dict()), tmp_path / "theirs.pth")
    ours = load_checkpoint(resolve_checkpoint(path, choice=Choice(normalisation=normalisation)), "cpu")
    assert "takes blue, green, red" in " ".join(ours.chosen)
    assert ours.normalisation == normalisation
    rule = ours.input_rule
    side = 300 * 224 / rule.short_side
    box = (160 - side / 2, 150 - side / 2, 160 + side / 2, 150 + side / 2)
    seen = picture().resize((224, 224), Image.Resampling.BILINEAR, box=box)
    blue_first = torch.from_numpy(np.asarray(seen, np.float32)[:, :, ::-1].copy()) / scale
    x = ((blue_first - torch.tensor(mean)) / torch.tensor(std)).permute(2, 0, 1)[None]
    with torch.no_grad():
        torch.testing.assert_close(trace(ours, picture()).logits, theirs(x)[0], rtol=1e-3, atol=1e-3)
    stored, turned = (
        each.model.state_dict()["block1.conv_layer.weight"] for each in (load_checkpoint(path, "cpu"), ours)
    )
    assert torch.equal(stored.flip(1), turned)
    save_described(tmp_path / "kept.safetensors", ours)  # red first: there is no more to choose
    kept = load_checkpoint(tmp_path / "kept.safetensors", "cpu")
    assert kept.undecided == ("variant", "classes")
    torch.testing.assert_close(trace(kept, picture()).logits, trace(ours, picture()).logits)


def test_what_caffes_names_say(tmp_path: Path) -> None:
    make = partial(published, norm=partial(nn.LocalResponseNorm, 5), groups=2, classes=1000)
    path = saved(called(OrderedDict(make().state_dict()), CAFFE), tmp_path / "caffe.pth")
    said = " ".join(load_checkpoint(path, "cpu").assumed)
    assert "Taken for paper-groups, but caffe-alexnet, caffenet have the same shapes" in said
    assert "Its layers are named as Caffe's" in said
