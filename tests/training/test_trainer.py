import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from alexnet_viz.errors import TrainingError
from alexnet_viz.model import AlexNet
from alexnet_viz.training import batch_source as inputs_module
from alexnet_viz.training import verdict as verdict_module
from alexnet_viz.training.datasets.dataset import Dataset, Split
from alexnet_viz.training.datasets.shapes import shapes
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.train_network import make_optimiser, training_logits
from alexnet_viz.training.trainer import EpochDone, State, StepDone, Trainer, Working

CPU = torch.device("cpu")
# 67 pixels are the fewest that leave the last pooling one pixel: 67 -> 15 -> 7 -> 3 -> 1.
QUICK = Recipe(small_size=67, small_share=1.0, batch_size=8, epochs=2, warm_up_images=0, precision="fp32")


@pytest.fixture(scope="module")
def data() -> Dataset:
    return shapes(0, train=20, held_out=12)


def run(trainer: Trainer, steps: int | None = None) -> list[float | None]:
    """Train, until so many steps are done where given; return every loss from the first step on."""
    losses: list[float | None] = []
    for event in trainer.events():
        if isinstance(event, StepDone):
            losses.append(event.loss)
        elif isinstance(event, EpochDone) and event.epoch > 0:
            losses += [event.train_loss, event.train_accuracy, event.val_loss, event.val_accuracy]
        if steps is not None and trainer.progress.step >= steps:
            break
    return losses


def make(model: AlexNet, data: Dataset, recipe: Recipe = QUICK, state: State | None = None) -> Trainer:
    return Trainer(model, data, recipe, device=CPU, precision=recipe.precision, state=state)


def test_an_untrained_network_starts_at_chance(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    assert run(make(tiny_network(), data), steps=1)[0] == pytest.approx(math.log(10), abs=0.1)


def test_the_same_seed_gives_the_same_losses_to_the_last_digit(
    tiny_network: Callable[..., AlexNet], data: Dataset
) -> None:
    first, second = run(make(tiny_network(), data)), run(make(tiny_network(), data))
    other = run(make(tiny_network(), data, replace(QUICK, seed=1)))
    assert first == second
    assert len(first) == 2 * (3 + 4)  # 20 pictures are 3 steps of 8; four numbers an epoch
    assert first != other


@pytest.mark.parametrize("stop", [1, 3, 4])  # inside the first epoch, before its validation, inside the second
@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_resumed_equals_uninterrupted_bit_for_bit(
    tiny_network: Callable[..., AlexNet], data: Dataset, stop: int, optimiser: str, precision: str
) -> None:
    recipe = replace(QUICK, optimiser=optimiser, precision=precision, learning_rate=0.001, full_every=3)
    whole = make(tiny_network(), data, recipe)
    expected = run(whole)
    first = make(tiny_network(), data, recipe)
    before = run(first, steps=stop)
    copied = tiny_network(seed=9)
    copied.load_state_dict({key: value.contiguous() for key, value in first.model.state_dict().items()})
    second = make(copied, data, recipe, first.state())
    assert before + run(second) == expected
    for name, parameter in whole.model.state_dict().items():
        assert torch.equal(parameter, second.model.state_dict()[name]), name


def test_presets_of_one_seed_see_the_same_batches(
    tiny_network: Callable[..., AlexNet], data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def batches(recipe: Recipe) -> list[list[int]]:
        seen: list[list[int]] = []
        original = inputs_module.training_logits

        def spy(model: AlexNet, x: torch.Tensor) -> torch.Tensor:
            if model.training:
                seen.append((x.sum(dim=(1, 2, 3)) * 100).round().int().tolist())
            return original(model, x)

        monkeypatch.setattr(inputs_module, "training_logits", spy)
        run(make(tiny_network(), data, recipe), steps=3)
        monkeypatch.setattr(inputs_module, "training_logits", original)
        return seen

    assert batches(QUICK) == batches(replace(QUICK, dropout=0.0, learning_rate=0.001, optimiser="adam"))


def test_an_epoch_reports_what_its_steps_were(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    _, before, *events = list(make(tiny_network(), data, replace(QUICK, epochs=1)).events())
    assert isinstance(before, EpochDone)
    losses = [event.loss for event in events if isinstance(event, StepDone)]
    epoch = events[-1]
    assert isinstance(epoch, EpochDone)
    assert [type(event) for event in events] == [StepDone] * 3 + [Working, EpochDone]
    assert epoch.train_loss == pytest.approx((8 * losses[0] + 8 * losses[1] + 4 * losses[2]) / 20)
    assert (epoch.epoch, epoch.step, epoch.size) == (1, 3, 227)  # at full size, though all steps were small
    assert epoch.val_images == 12
    assert [layer.layer for layer in epoch.doctor][:2] == ["block1.conv", "block2.conv"]


def test_an_untrained_network_is_looked_at_once_before_the_first_step(
    tiny_network: Callable[..., AlexNet], data: Dataset
) -> None:
    many = replace(data, held_out=data.held_out.chosen(torch.arange(len(data.held_out)).repeat(20)))
    model = tiny_network()
    with torch.no_grad():
        model.classification_layer.weight.zero_()
        model.classification_layer.bias.copy_(torch.arange(10.0) == 3)  # it always answers class 3
    trainer = make(model, many)
    look = next(event for event in trainer.events() if isinstance(event, EpochDone))
    labels = many.held_out.labels[:100]  # of 240
    # ln(9 + e) is the logarithm of the sum of exponentials; the right answer's logit is 1 for class 3, else 0.
    share = float((labels == 3).float().mean())
    assert (look.epoch, look.step, look.val_images, look.size) == (0, 0, 100, 227)
    assert look.val_accuracy == pytest.approx(share)
    assert look.val_loss == pytest.approx(math.log(9 + math.e) - share, abs=1e-4)
    assert look.train_loss is None
    assert [layer.gradient_norm for layer in look.doctor] == [None] * len(look.doctor)
    again = make(tiny_network(), many, state=trainer.state())
    assert isinstance(next(again.events()), StepDone)


def test_a_look_that_was_stopped_is_taken_at_the_resume(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    trainer = make(tiny_network(), data)
    assert isinstance(next(trainer.events()), Working)
    again = make(tiny_network(), data, state=trainer.state())
    assert [type(event) for event, _ in zip(again.events(), range(3), strict=False)] == [Working, EpochDone, StepDone]


def test_held_out_pictures_are_never_learnt_from(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    other = replace(data, held_out=Split.of_stored(255 - data.held_out.images, data.held_out.labels))
    first, second = make(tiny_network(), data), make(tiny_network(), other)
    run(first), run(second)
    for a, b in zip(first.model.parameters(), second.model.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.slow
def test_a_network_learns(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    recipe = replace(QUICK, epochs=30, learning_rate=0.02, dropout=0.0, augmentation="none", schedule="constant")
    losses = run(make(tiny_network(), data, recipe))[3::7]  # of each epoch, behind the losses of its three steps
    assert losses[-1] < losses[0] - 0.3


def test_a_loss_that_is_no_number_ends_it_in_words(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    model = tiny_network()
    with torch.no_grad():
        model.classification_layer.bias[0] = float("nan")
    with pytest.raises(TrainingError, match=r"no number any more at step 1: the learning rate 0\.01 is too high"):
        run(make(model, data))


def test_a_loss_that_runs_away_ends_it_in_words(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    recipe = replace(QUICK, learning_rate=9.0, clip_norm=0.0, schedule="constant", epochs=20)
    with pytest.raises(TrainingError, match=r"ran away|no number any more"):
        run(make(tiny_network(), data, recipe))


def test_a_training_that_stays_at_chance_ends_in_words(
    tiny_network: Callable[..., AlexNet], data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdict_module, "STUCK_AFTER_IMAGES", 24)
    model = tiny_network()
    torch.nn.init.zeros_(model.classification_layer.weight)
    with pytest.raises(TrainingError, match=r"nothing was learnt from 24 images: .*guessing has \d\.\d+"):
        run(make(model, data, replace(QUICK, learning_rate=0.0)))


def test_what_is_wrong_at_the_end_is_said_again_by_a_trainer_that_only_finishes(
    tiny_network: Callable[..., AlexNet], data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Saved after the last epoch, and ended before a word was said of it: the next one learns nothing more.
    first = make(tiny_network(), data)
    run(first)
    again = make(first.model, data, state=first.state())
    assert run(again) == []
    assert again.verdict() == first.verdict() != ""
    monkeypatch.setattr(verdict_module, "STUCK_AFTER_IMAGES", 24)
    stuck = State(progress=replace(first.progress, last_epoch={**first.progress.last_epoch, "train_loss": 9.0}))
    with pytest.raises(TrainingError, match="nothing was learnt"):
        run(make(first.model, data, state=stuck))
    stuck.progress.last_epoch["val_loss"] = math.nan
    with pytest.raises(TrainingError, match="gives no number"):
        run(make(first.model, data, state=stuck))


def test_a_stop_between_the_last_step_and_the_validation_keeps_what_was_measured(
    tiny_network: Callable[..., AlexNet], data: Dataset
) -> None:
    trainer = make(tiny_network(), data)
    run(trainer, steps=3)  # all steps of the first epoch
    again = make(trainer.model, data, state=trainer.state())
    epoch = next(event for event in again.events() if isinstance(event, EpochDone))
    assert epoch.epoch == 1
    assert all(layer.gradient_norm and layer.update_ratio for layer in epoch.doctor)


def test_the_loss_is_told_without_label_smoothing(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    """Both curves stand on one axis, and the validation has none."""
    plain = replace(QUICK, dropout=0.0)
    smoothed = replace(plain, label_smoothing=0.5)
    first, other = (run(make(tiny_network(), data, recipe), steps=1)[0] for recipe in (plain, smoothed))
    assert first == pytest.approx(other)


def test_a_validation_that_is_no_number_is_no_answer_and_ends_it(
    tiny_network: Callable[..., AlexNet], data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = make(tiny_network(), data)
    logits = trainer._inputs.logits
    monkeypatch.setattr(  # as an overflow that only the larger pictures of the validation meet
        trainer._inputs, "logits", lambda model, x: logits(model, x) if model.training else logits(model, x) * math.nan
    )
    seen: list[object] = []
    with pytest.raises(TrainingError, match="no number for the held-out images"):
        seen.extend(trainer.events())
    last = [event for event in seen if isinstance(event, EpochDone)][-1]
    assert (last.epoch, last.val_accuracy) == (1, 0.0)  # NaN is never right


def test_frozen_convolutions_stay_as_they_are(tiny_network: Callable[..., AlexNet], data: Dataset) -> None:
    trainer = make(tiny_network(), data, replace(QUICK, freeze="convolutions"))
    before = {name: value.clone() for name, value in trainer.model.state_dict().items()}
    run(trainer, steps=2)
    changed = {name for name, value in trainer.model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {
        f"{layer}.{kind}" for layer in ("fc1", "fc2", "classification_layer") for kind in ("weight", "bias")
    }


def test_maps_of_small_pictures_are_repeated_to_what_fc1_takes(tiny_network: Callable[..., AlexNet]) -> None:
    model = tiny_network().eval()
    generator = torch.Generator().manual_seed(0)
    small, full = (torch.randn((1, 3, side, side), generator=generator) for side in (131, 227))
    with torch.no_grad():
        maps = dict(model.walk(full))
        assert torch.equal(training_logits(model, full), maps["logits"])
        x = small
        for number in range(1, 6):
            x = model.get_submodule(f"block{number}")(x)
        assert x.shape == (1, 8, 3, 3)
        by_hand = torch.zeros(1, 8, 6, 6)
        for row in range(6):
            for column in range(6):
                by_hand[:, :, row, column] = x[:, :, row // 2, column // 2]
        expected = model.classification_layer(model.fc2(model.fc1(by_hand.flatten(1))))
        assert torch.allclose(training_logits(model, small), expected, atol=1e-6)


@pytest.mark.parametrize("stop", [1, 4])
@pytest.mark.slow
def test_kept_features_are_what_the_frozen_convolutions_make(
    tiny_network: Callable[..., AlexNet], data: Dataset, stop: int
) -> None:
    recipe = replace(QUICK, freeze="convolutions", augmentation="none", small_share=0.0, dropout=0.0)
    kept = make(tiny_network(), data, recipe)
    losses = run(kept, steps=stop)
    plain = make(tiny_network(), data, replace(recipe, freeze="nothing"))
    for name, parameter in plain.model.named_parameters():
        parameter.requires_grad_(not name.startswith("block"))
    plain._parameters = {name: p for name, p in plain.model.named_parameters() if p.requires_grad}
    plain._optimiser = make_optimiser(recipe, list(plain._parameters.values()))
    assert losses == pytest.approx(run(plain, steps=stop), abs=1e-5)
