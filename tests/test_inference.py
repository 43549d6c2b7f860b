import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from alexnet_viz import inference
from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.errors import AlexNetVizError, CheckpointError, ImageError
from alexnet_viz.images import InputRule, to_tensor
from alexnet_viz.inference import Engine, Photo, Trace, trace
from tests.support.model_files import article_shapes, saved, tiny

pytestmark = pytest.mark.usefixtures("untrained_once")


def picture(seed: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize((300, 240), Image.Resampling.BICUBIC)


def photo(seed: int) -> Photo:
    return Photo(f"{seed}.jpg", picture(seed), f"digest {seed}")


# ---------------------------------------------------------------- trace


def test_stages_follow_from_each_other(untrained: Checkpoint) -> None:
    result = trace(untrained, picture(1))
    stages = result.stages
    assert tuple(stages) == untrained.model.stage_names
    assert [tuple(stages[name].shape) for name in ("block1.conv", "block5.pool", "fc1", "logits")] == [
        (96, 55, 55), (256, 6, 6), (4096,), (10,),
    ]  # fmt: skip
    for name, output in stages.items():
        assert output.dtype == torch.float32, name
        assert output.is_contiguous(), name
    block = untrained.model.get_submodule("block1.conv_layer")
    assert isinstance(block, torch.nn.Conv2d)
    convolved = F.conv2d(result.input[None], block.weight, block.bias, stride=4)[0]
    torch.testing.assert_close(stages["block1.conv"], convolved)
    torch.testing.assert_close(stages["block1.relu"], convolved.clamp(min=0))
    normed = F.local_response_norm(convolved.clamp(min=0)[None], 5, 1e-4, 0.75, 2.0)
    torch.testing.assert_close(stages["block1.norm"], normed[0])
    torch.testing.assert_close(stages["block1.pool"], F.max_pool2d(normed, 3, 2)[0])
    torch.testing.assert_close(result.probabilities, torch.exp(result.logits) / torch.exp(result.logits).sum())
    assert result.logits is stages["logits"]
    assert result.seconds > 0
    assert result.device.startswith("CPU, ")
    assert result.memory_bytes > 240_000_000  # the network alone


def test_a_picture_is_preprocessed_by_the_checkpoints_own_rule(untrained: Checkpoint) -> None:
    rule = InputRule(227, (0.1, 0.2, 0.3), (1.0, 2.0, 3.0), "squash")
    checkpoint = replace(untrained, metadata={**untrained.metadata, "input": rule.to_record()})
    torch.testing.assert_close(trace(checkpoint, picture(1)).input, to_tensor(picture(1), rule))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1", "I;16", "LA"])
def test_pictures_of_every_mode(untrained: Checkpoint, mode: str) -> None:
    image = picture(1).convert("L").convert("I;16") if mode == "I;16" else picture(1).convert(mode)
    assert trace(untrained, image).logits.isfinite().all()


def test_a_tensor_is_taken_as_it_is(untrained: Checkpoint) -> None:
    pixels = torch.randn(3, 227, 227, generator=torch.Generator().manual_seed(1))
    result = trace(untrained, pixels)
    torch.testing.assert_close(result.input, pixels)
    torch.testing.assert_close(trace(untrained, pixels.double()).logits, result.logits)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (torch.zeros(1, 3, 227, 227), "a tensor of 1 × 3 × 227 × 227 does not fit; this network takes 3 × 227 × 227"),
        (torch.zeros(3, 224, 224), "this network takes 3 × 227 × 227"),
        (torch.zeros(()), "a tensor of a single number does not fit"),
        (torch.zeros(3, 227, 227, dtype=torch.uint8), "a tensor of uint8 is not normalised"),
        (torch.zeros(3, 227, 227, dtype=torch.complex64), "a tensor of complex64 is not normalised"),
        (torch.full((3, 227, 227), float("nan")), "holds NaN or infinity"),
        (torch.full((3, 227, 227), 1e300, dtype=torch.float64), "holds NaN or infinity"),
        (Image.new("RGB", (0, 5)), "has no pixels"),
        (np.zeros((3, 227, 227)), "a ndarray is not a picture; give a PIL image"),
        ("cat.jpg", "a str is not a picture"),
        (None, "a NoneType is not a picture"),
    ],
)
def test_what_no_network_can_take(untrained: Checkpoint, given: Tensor, words: str) -> None:
    with pytest.raises(ImageError, match=words):
        trace(untrained, given)


def test_a_file_that_is_cut_short_is_found_when_it_is_decoded(untrained: Checkpoint, tmp_path: Path) -> None:
    picture(1).save(tmp_path / "a.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "a.png").read_bytes()[:5000])
    with Image.open(tmp_path / "half.png") as image, pytest.raises(ImageError, match="cannot be decoded"):
        trace(untrained, image)


def test_dropout_is_off_whatever_was_done_to_the_model(untrained: Checkpoint) -> None:
    first = trace(untrained, picture(1)).logits
    untrained.model.train()
    torch.testing.assert_close(trace(untrained, picture(1)).logits, first, rtol=0, atol=0)
    assert not any(module.training for module in untrained.model.modules())


def test_no_gradient_is_kept_and_results_can_take_part_in_one(untrained: Checkpoint) -> None:
    untrained.model.requires_grad_(True)
    try:
        result = trace(untrained, picture(1))
    finally:
        untrained.model.requires_grad_(False)
    for tensor in (*result.stages.values(), result.probabilities, result.input):
        assert not tensor.requires_grad
        assert tensor.grad_fn is None
        assert not tensor.is_inference()
    fc1 = result.stages["fc1"].clone().requires_grad_(True)
    (fc1 * result.stages["fc1"]).sum().backward()  # saved for backward, which inference tensors refuse
    assert fc1.grad is not None
    torch.testing.assert_close(fc1.grad, result.stages["fc1"])


@pytest.mark.slow
def test_weights_that_are_not_numbers_give_maps_that_are_not(tmp_path: Path) -> None:
    state = tiny(article_shapes(2))
    state["block5.conv_layer.bias"] = torch.full((256,), float("nan"))
    result = trace(load_checkpoint(saved(state, tmp_path / "nan.pt"), "cpu"), picture(1))
    assert result.stages["block5.conv"].isnan().all()
    assert result.probabilities.isnan().all()


@pytest.mark.slow
def test_24_captures_on_8_threads_each_get_their_own(untrained: Checkpoint) -> None:
    alone = {seed: trace(untrained, picture(seed)).stages["block3.relu"] for seed in range(6)}
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: trace(untrained, picture(n % 6)), range(24)))
    for n, result in enumerate(results):
        torch.testing.assert_close(result.stages["block3.relu"], alone[n % 6])


# ---------------------------------------------------------------- engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine("cpu")
    yield made
    made.close()


class SlowPass:
    """Stands in for the forward pass: notes whose turn it is, and waits to be let through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.order: list[float] = []
        self.started = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        monkeypatch.setattr(inference, "_forward", self)

    def __call__(self, checkpoint: Checkpoint, pixels: Tensor) -> Trace:
        self.order.append(float(pixels.mean()))
        self.started.release()
        assert self.go_on.acquire(timeout=60)
        return Trace({"logits": pixels[0, 0, :10]}, pixels[0, 0, :10], pixels[0, 0, :10], pixels, 0.0, "CPU", 0)


def wait_until_waiting(engine: Engine, count: int) -> None:
    turn = threading.Event()
    for _ in range(6000):
        if engine.waiting == count:
            return
        turn.wait(0.01)
    pytest.fail(f"{engine.waiting} requests are waiting, not {count}")


def test_the_engine_knows_when_it_computed_last_and_how_long_that_took(engine: Engine) -> None:
    assert engine.last_answer is None
    before = time.time()
    engine.trace(photo(7), "untrained")
    computed = engine.last_answer
    assert computed is not None
    assert before <= computed[0] - computed[1] <= computed[0] <= time.time()
    engine.trace(photo(7), "untrained")  # remembered: nothing was computed
    assert engine.last_answer == computed


def test_the_same_request_is_computed_once(engine: Engine) -> None:
    first = engine.trace(photo(1), "untrained")
    assert engine.trace(photo(1), "untrained") is first
    assert engine.trace(photo(2), "untrained") is not first
    assert engine.trace(photo(1), "untrained", InputRule(resize="squash")) is not first
    torch.testing.assert_close(
        engine.trace(photo(1), "untrained", InputRule(resize="squash")).input,
        to_tensor(picture(1), InputRule(resize="squash")),
    )


def test_requests_are_answered_in_turn_and_equal_ones_together(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowPass(monkeypatch)
    means = [float(to_tensor(picture(seed), InputRule()).mean()) for seed in range(8)]
    with ThreadPoolExecutor(12) as pool:
        answers = []
        for seed in range(8):  # eight sessions
            answers.append(pool.submit(engine.trace, photo(seed), "untrained"))
            wait_until_waiting(engine, seed + 1)
        again = [pool.submit(engine.trace, photo(seed), "untrained") for seed in (0, 7)]  # two who ask the same
        assert slow.started.acquire(timeout=60)
        assert engine.waiting == 8
        slow.go_on.release(8)
        results = [answer.result(timeout=60) for answer in answers]
        assert slow.order == means
        assert [float(result.input.mean()) for result in results] == means
        assert again[0].result(timeout=60) is results[0]
        assert again[1].result(timeout=60) is results[7]
    assert engine.waiting == 0


def test_a_failure_is_raised_to_its_own_caller_and_forgotten(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Photo("bad.jpg", Image.new("RGB", (0, 0)), "digest bad")
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(engine.trace, each, "untrained") for each in (photo(1), bad, photo(2))]
    with pytest.raises(ImageError, match="has no pixels"):
        answers[1].result()
    assert answers[0].result().logits.isfinite().all()
    assert answers[2].result().logits.isfinite().all()
    with pytest.raises(CheckpointError, match="neither a checkpoint"):
        engine.trace(photo(1), "nope")

    def fail(checkpoint: Checkpoint, pixels: Tensor) -> Trace:
        raise MemoryError

    monkeypatch.setattr(inference, "_forward", fail)
    with pytest.raises(MemoryError):
        engine.trace(photo(3), "untrained")
    monkeypatch.undo()
    assert engine.trace(photo(3), "untrained").logits.isfinite().all()
    assert engine.waiting == 0


@pytest.mark.slow
def test_one_model_for_all_and_the_least_used_is_released(tmp_path: Path) -> None:
    names = [str(saved(tiny(article_shapes(count)), tmp_path / f"{count}.pt")) for count in (2, 3, 4)]
    engine = Engine("cpu", most_models=2)
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(engine.checkpoint, [names[0]] * 4))
    assert len({id(checkpoint) for checkpoint in loaded}) == 1
    first = weakref.ref(loaded[0].model)
    second = weakref.ref(engine.checkpoint(names[1]).model)
    engine.checkpoint(names[0])  # used again, so that the other one goes
    del loaded
    engine.checkpoint(names[2])
    gc.collect()
    assert second() is None
    assert first() is not None
    assert len(engine.checkpoint(names[1]).classes) == 3  # and comes back when it is asked for
    engine.close()


def test_a_replaced_file_is_loaded_anew(engine: Engine, tmp_path: Path) -> None:
    path = saved(tiny(article_shapes(2)), tmp_path / "last.pt")
    assert len(engine.trace(photo(1), str(path)).logits) == 2
    saved(tiny(article_shapes(3)), path)
    assert len(engine.trace(photo(1), str(path)).logits) == 3
    assert len(engine.checkpoint(str(path)).classes) == 3


def test_remembered_traces_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[float] = []
    monkeypatch.setattr(
        inference, "_forward", lambda _, pixels: computed.append(0) or Trace({}, pixels, pixels, pixels, 0.0, "", 0)
    )
    size = 2 * 3 * 227 * 227 * 4  # of such a trace: input and "probabilities"
    engine = Engine("cpu", most_trace_bytes=2 * size)
    for seed in (1, 2, 1, 3, 1, 2):  # 3 drives out 2, the one unused longest
        engine.trace(photo(seed), "untrained")
    assert len(computed) == 4
    tight = Engine("cpu", most_trace_bytes=size - 1)  # room for none: computed each time, and answered
    assert tight.trace(photo(1), "untrained").nbytes == size
    assert tight.trace(photo(1), "untrained").nbytes == size
    assert len(computed) == 6
    engine.close()
    tight.close()


def test_a_trace_of_all_stages_takes_8_megabytes(engine: Engine) -> None:
    # conv, relu, norm: 96·55² three times, 256·27² three times, 384·13² four times, 256·13² three times;
    # pooled: 96·27², 256·13², 256·6²; 4096 twice, 10 logits, 10 probabilities, 3·227² inputs.
    numbers = 3 * 96 * 55**2 + 3 * 256 * 27**2 + 4 * 384 * 13**2 + 3 * 256 * 13**2
    numbers += 96 * 27**2 + 256 * 13**2 + 256 * 6**2 + 2 * 4096 + 10 + 10 + 3 * 227**2
    assert engine.trace(photo(1), "untrained").nbytes == 4 * numbers == 8_422_844


def test_a_photo_is_named_by_its_content(tmp_path: Path) -> None:
    picture(1).save(tmp_path / "a.png")
    content = (tmp_path / "a.png").read_bytes()
    assert Photo.read(content, "a.png").digest == Photo.read(content, "b.png").digest
    with pytest.raises(AlexNetVizError, match=r"a\.png"):
        Photo.read(b"hello", "a.png")


# ---------------------------------------------------------------- long work in turns


def test_long_work_lets_those_who_wait_go_first_each_in_turn() -> None:
    engine = Engine("cpu")
    order: list[str] = []

    def other(pass_on: Callable[[], None]) -> None:
        for _ in range(3):
            order.append("b")
            pass_on()

    with ThreadPoolExecutor(1) as pool:

        def mine(pass_on: Callable[[], None]) -> None:
            pool.submit(engine.in_turns, other)
            wait_until_waiting(engine, 2)
            for _ in range(3):
                order.append("a")
                pass_on()

        engine.in_turns(mine)
    assert order == ["a", "b", "a", "b", "a", "b"]
    engine.close()
    assert engine.waiting == 0


def test_long_work_that_fails_gives_its_turn_back() -> None:
    engine = Engine("cpu")

    def fail(_pass_on: Callable[[], None]) -> None:
        raise ValueError("cancelled")

    with pytest.raises(ValueError, match="cancelled"):
        engine.in_turns(fail)
    assert engine.in_turns(lambda _pass_on: 3) == 3
    assert engine.trace(photo(1), "untrained").logits.shape == (10,)
    engine.close()
