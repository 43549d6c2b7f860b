"""The training loop. It knows neither files nor pages: it yields events, and the caller decides what to do.

    trainer = Trainer(model, data, recipe, device=device, precision="fp32")
    for event in trainer.events():
        if isinstance(event, EpochDone):
            print(event.val_accuracy)

To stop, stop iterating; `trainer.state()` then holds what a later trainer needs to continue bit for bit.
"""

import time
from collections.abc import Callable, Generator, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_viz.answers import answers
from alexnet_viz.model import AlexNet
from alexnet_viz.training.augmentation import epoch_order, prepare, step_seed
from alexnet_viz.training.batch_source import BATCH, make_inputs
from alexnet_viz.training.chance import chance_of
from alexnet_viz.training.datasets.dataset import Dataset
from alexnet_viz.training.layer_health import Doctor, LayerHealth
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.schedule import Schedule
from alexnet_viz.training.train_network import make_optimiser, prepare_model, training_stages
from alexnet_viz.training.verdict import check_epoch, check_step, verdict

JUDGED = ("train_loss", "val_loss", "val_accuracy", "val_images")
FIRST_LOOK = BATCH  # held-out pictures before the first step: a second on two cores, all of them may be a minute


@dataclass(frozen=True)
class StepDone:
    """One batch was learnt from.

    Attributes:
        step: Counts from 1.
        loss: The batch's mean before the step, without label smoothing.
        size: Side of its pictures.
    """

    step: int
    epoch: int
    loss: float
    learning_rate: float
    images_per_second: float
    size: int


@dataclass(frozen=True)
class EpochDone:
    """One pass over the training pictures is complete and the held-out pictures were looked at.

    Attributes:
        epoch: Counts from 1; 0 for the look at the network before its first step.
        train_loss, train_accuracy: Means over the epoch, as its batches were met, augmented and with dropout, of
            whatever size the schedule gave them; None at epoch 0.
        val_loss, val_accuracy: On `val_images` held-out pictures, always at full size: that is how the network will be
            used, and epochs can be compared. NaN as loss where the network gives no number for one of them.
        val_images: All that there are; at epoch 0 the first `FIRST_LOOK` of them at most.
        seconds: Since the epoch began, or since the resume where it was interrupted.
        size: Side of the pictures that were validated on: the network's input.
        doctor: Health of each layer with weights.
    """

    epoch: int
    step: int
    train_loss: float | None
    train_accuracy: float | None
    val_loss: float
    val_accuracy: float
    val_images: int
    seconds: float
    size: int
    doctor: tuple[LayerHealth, ...]


@dataclass(frozen=True)
class Working:
    """Some pictures were looked at, but not learnt from; nothing to report, but a good moment to stop."""

    done: int


Event = StepDone | EpochDone | Working


@dataclass
class Progress:
    """Where a training is, besides weights and optimiser; plain numbers, so that they fit into a file's metadata."""

    step: int = 0
    epochs_reported: int = 0
    epoch_loss: float = 0.0
    epoch_correct: int = 0
    epoch_images: int = 0
    has_looked: bool = False  # at the held-out pictures, before the first step
    update_ratio: dict[str, float] = field(default_factory=dict)  # of each layer, at the end of the last whole epoch
    gradient_norm: dict[str, float] = field(default_factory=dict)
    last_epoch: dict[str, float] = field(default_factory=dict)  # what the verdict needs of it, `JUDGED`


@dataclass
class State:
    """The state to resume from: tensors by name, and numbers."""

    tensors: dict[str, Tensor] = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)


class Trainer:
    """Trains one network on one data set.

    Args:
        model: Its parameters are changed.
        data: Moved to the device as bytes, or as features where the convolutions are frozen.
        recipe: How.
        device: Where.
        precision: "fp32" or "bf16" (autocast).
        state: Of an earlier trainer of the same recipe and data, to go on from; the model must hold its weights.
        clock: Seconds, for rates only.
    """

    def __init__(
        self,
        model: AlexNet,
        data: Dataset,
        recipe: Recipe,
        *,
        device: torch.device,
        precision: str,
        state: State | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.recipe = recipe
        self.device = device
        self.precision = precision
        self.model = prepare_model(model, recipe, device)
        self.data = data
        self.schedule = Schedule(recipe, len(data.train), model.variant.input_size)
        self._inputs = make_inputs(data, recipe, device)
        self._labels, self._held_out_labels = data.train.labels.to(device), data.held_out.labels.to(device)
        self.progress = Progress() if state is None else state.progress
        self._clock = clock
        self._doctor = Doctor(self.model, self.progress.update_ratio, self.progress.gradient_norm)
        # What is told is that of all the run's pictures; what is judged, that of the pictures it is judged on.
        classes = len(data.classes)
        self.chance = chance_of(torch.cat([data.train.labels, data.held_out.labels]), classes)
        self._train_chance = chance_of(data.train.labels, classes)
        self._held_out_chance = chance_of(data.held_out.labels, classes)
        self._parameters = {name: p for name, p in self.model.named_parameters() if p.requires_grad}
        self._optimiser = make_optimiser(recipe, list(self._parameters.values()))
        if state is not None:
            self._load_optimiser(state.tensors)

    @property
    def epoch(self) -> int:
        """Epochs that are complete."""
        return self.progress.epochs_reported

    def events(self) -> Iterator[Event]:
        """Train to the end of the last epoch, yielding what happens.

        Raises:
            TrainingError: The loss is no number any more, runs away, or stays at chance.
        """
        yield from map(Working, self._inputs.compute(self.model, self._autocast()))
        if self.progress.step == 0 and not self.progress.has_looked:
            yield from self._look_before_the_first_step()
        while self.progress.epochs_reported < self.recipe.epochs:
            started = self._clock()
            end = (self.progress.epochs_reported + 1) * self.schedule.steps_per_epoch
            if self.progress.step < end:
                order = epoch_order(len(self._labels), self.recipe.seed, self.progress.epochs_reported)
                while self.progress.step < end:
                    yield self._learn(order)
            yield from self._finish_epoch(started)
        self._check_last_epoch()  # again, as a trainer may have been ended between saving the last one and this

    def verdict(self) -> str:
        """Return a sentence on a network that did not learn; "" where it did, or there is no epoch."""
        last = self.progress.last_epoch
        if not last:
            return ""
        return verdict(
            last["val_accuracy"],
            last["val_loss"],
            round(last["val_images"]),
            self._held_out_chance,
            len(self.data.classes),
            self.recipe,
        )

    def state(self) -> State:
        """Return the optimiser's tensors by name, on the CPU, and the progress."""
        tensors = {}
        for name, parameter in self._parameters.items():
            for key, value in self._optimiser.state[parameter].items():
                if isinstance(value, Tensor):
                    tensors[f"{key}/{name}"] = value.detach().cpu().contiguous()
        return State(tensors, deepcopy(self.progress))

    def _learn(self, order: Tensor) -> StepDone:
        started, step = self._clock(), self.progress.step
        inputs, labels = self._batch(order, step)
        rate = self.schedule.rate(step)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        torch.manual_seed(step_seed(self.recipe.seed, step))
        self.model.train()
        with self._autocast():
            logits = self._inputs.logits(self.model, inputs)
            loss = F.cross_entropy(logits.float(), labels, label_smoothing=self.recipe.label_smoothing)
        loss.backward()  # type: ignore[no-untyped-call]
        self._update(step)
        # Told without label smoothing, as the validation loss is: the two stand on one axis.
        value = float(F.cross_entropy(logits.detach().float(), labels))
        check_step(value, step, self.model.num_classes, self.recipe)
        self.progress.step += 1
        self.progress.epoch_loss += value * len(labels)
        self.progress.epoch_correct += int((answers(logits.detach()) == labels).sum())
        self.progress.epoch_images += len(labels)
        speed = len(labels) / max(1e-9, self._clock() - started)
        epoch, size = self.progress.epochs_reported + 1, self.schedule.size(step)
        return StepDone(self.progress.step, epoch, value, rate, speed, size)

    def _update(self, step: int) -> None:
        parameters = list(self._parameters.values())
        last_of_epoch = (step + 1) % self.schedule.steps_per_epoch == 0
        if last_of_epoch:
            self._doctor.before_update()
        if self.recipe.clip_norm:
            nn.utils.clip_grad_norm_(parameters, self.recipe.clip_norm, foreach=True)
        self._optimiser.step()
        if last_of_epoch:
            self._doctor.after_update()
        self._optimiser.zero_grad(set_to_none=True)

    def _batch(self, order: Tensor, step: int) -> tuple[Tensor, Tensor]:
        first = step % self.schedule.steps_per_epoch * self.recipe.batch_size
        chosen = order[first : first + self.recipe.batch_size].to(self.device)
        return self._inputs.batch(chosen, step, self.schedule.size(step)), self._labels[chosen]

    def _look_before_the_first_step(self) -> Iterator[Event]:
        event = yield from self._epoch_done(self._clock(), min(FIRST_LOOK, len(self._held_out_labels)))
        self.progress.has_looked = True
        yield event

    def _finish_epoch(self, started: float) -> Iterator[Event]:
        progress = self.progress
        event = yield from self._epoch_done(started, len(self._held_out_labels))
        train_loss = progress.epoch_loss / max(1, progress.epoch_images)
        train_accuracy = progress.epoch_correct / max(1, progress.epoch_images)
        progress.epochs_reported += 1
        progress.epoch_loss, progress.epoch_correct, progress.epoch_images = 0.0, 0, 0
        done = replace(event, epoch=progress.epochs_reported, train_loss=train_loss, train_accuracy=train_accuracy)
        progress.last_epoch = {name: float(getattr(done, name)) for name in JUDGED}
        yield done
        self._check_last_epoch()

    def _check_last_epoch(self) -> None:
        if last := self.progress.last_epoch:
            seen = self.progress.step * self.recipe.batch_size
            check_epoch(seen, last["train_loss"], last["val_loss"], self._train_chance, self.recipe)

    def _epoch_done(self, started: float, count: int) -> Generator[Event, None, EpochDone]:
        """Look at the first `count` held-out pictures; return the result without what the training pictures gave."""
        size = self.model.variant.input_size
        loss, correct = 0.0, 0
        for done, (batch_loss, batch_correct) in enumerate(self._validate(size, count), start=1):
            loss, correct = loss + batch_loss, correct + batch_correct
            yield Working(done)
        return EpochDone(
            epoch=self.progress.epochs_reported,
            step=self.progress.step,
            train_loss=None,
            train_accuracy=None,
            val_loss=loss / count,
            val_accuracy=correct / count,
            val_images=count,
            seconds=self._clock() - started,
            size=size,
            doctor=self._doctor.report(self._probe_inputs(size), training_stages),
        )

    def _validate(self, size: int, count: int) -> Iterator[tuple[float, int]]:
        """Yield (sum of losses, number of right answers) of each batch of the first `count` held-out pictures."""
        for first in range(0, count, BATCH):
            labels = self._held_out_labels[first : first + BATCH]
            self.model.eval()
            with torch.no_grad(), self._autocast():
                logits = self._inputs.logits(self.model, self._inputs.held_out_batch(first, size)).float()
            loss = F.cross_entropy(logits, labels, reduction="sum")
            yield float(loss), int((answers(logits) == labels).sum())

    def _probe_inputs(self, size: int) -> Tensor:
        images = self.data.held_out.images[:32].to(self.device)
        return prepare(images, size, self.data.mean, self.data.std)

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16")

    def _load_optimiser(self, tensors: dict[str, Tensor]) -> None:
        for name, parameter in self._parameters.items():
            for key in ("momentum_buffer", "exp_avg", "exp_avg_sq", "step"):
                if (value := tensors.get(f"{key}/{name}")) is not None:
                    layout = torch.preserve_format if value.dim() != 4 else torch.channels_last
                    where = torch.device("cpu") if key == "step" and self.device.type == "cpu" else self.device
                    self._optimiser.state[parameter][key] = value.to(where).contiguous(memory_format=layout)
