"""Values that lessons ask for: from the layer table, a pass of a photo, or a run's curves.

facts = Facts()
facts.shape("cifar10-fast", "block1.pool")  # (96, 27, 27)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch

from alexnet_viz.architecture import Layer, layer_table
from alexnet_viz.checkpoints import available_checkpoints, best_checkpoint, load_checkpoint
from alexnet_viz.errors import AnswerError, CheckpointError, ImageError, StageError, require_unit
from alexnet_viz.images import GALLERY, read_image
from alexnet_viz.inference import Trace, trace
from alexnet_viz.language import said
from alexnet_viz.lessons.schema import Fact
from alexnet_viz.model import AlexNet
from alexnet_viz.runs.metrics import read_metrics
from alexnet_viz.training.shipped_runs import shipped_runs

_TRACES_KEPT = 4  # 8 MB each
ALL = "all"


@dataclass(frozen=True)
class Pass:
    """A photo's pass through a network, and how the network calls its classes."""

    result: Trace
    classes: tuple[str, ...]


def table_of(checkpoint: str) -> tuple[Layer, ...]:
    """Return the layer table of a checkpoint; raises CheckpointError."""
    entry = next((each for each in available_checkpoints() if each.name == checkpoint), None)
    if entry is None:
        raise CheckpointError(checkpoint, said("is no checkpoint here; `alexnet-viz checkpoints` lists what there is"))
    with torch.device("meta"):  # only shapes are needed
        return layer_table(AlexNet(len(entry.classes), 3, entry.variant))


def pass_of(checkpoint: str, photo: str) -> Pass:
    """Return what a checkpoint computes for a photo of the gallery; raises CheckpointError, ImageError."""
    shown = next((each for each in GALLERY if each.name == photo), None)
    if shown is None:
        names = ", ".join(each.name for each in GALLERY)
        raise ImageError(f"'{photo}'", said("is no photo of the gallery; choose {names}", names=names))
    loaded = load_checkpoint(checkpoint)
    return Pass(trace(loaded, read_image(shown.path)), loaded.classes)


class Facts:
    """Values computed by networks, cached.

    Args:
        tables: The layer table by checkpoint.
        passes: A pass by checkpoint and photo.
    """

    def __init__(
        self,
        tables: Callable[[str], tuple[Layer, ...]] = table_of,
        passes: Callable[[str, str], Pass] = pass_of,
    ) -> None:
        self._tables = lru_cache(tables)
        self._passes = lru_cache(_TRACES_KEPT)(passes)

    def layer(self, checkpoint: str, stage: str) -> Layer:
        """Return a stage's row of the table; raises StageError."""
        table = self._tables(checkpoint)
        row = next((each for each in table if each.name == stage), None)
        if row is None:
            raise StageError(stage, tuple(each.name for each in table))
        return row

    def total(self, checkpoint: str, stage: str, column: str) -> int:
        """Return a stage's parameters ("params") or multiply-adds ("macs"), or those of all stages."""
        rows = self._tables(checkpoint) if stage == ALL else (self.layer(checkpoint, stage),)
        return sum(getattr(row, column) for row in rows)

    def strongest_place(self, checkpoint: str, photo: str, stage: str, channel: int) -> tuple[int, int]:
        """Return row and column of a map's largest value; raises AnswerError where there is no such place."""
        values = self._channel(checkpoint, photo, stage, channel)
        if values.ndim != 2:
            raise AnswerError(said("{stage} has no maps, so no place on one; choose a stage of a block.", stage=stage))
        if float(values.max()) == float(values.min()):
            raise AnswerError(
                said(
                    "all values of {stage}'s channel {channel} are the same: no place is the strongest.",
                    stage=stage,
                    channel=str(channel),
                )
            )
        row, column = divmod(int(values.argmax()), values.shape[1])
        return row, column

    def loss(self, run: str, epoch: int) -> float:
        """Return a shipped run's loss on held-out pictures after an epoch; raises AnswerError."""
        found = next((each for each in shipped_runs() if each.name == run), None)
        if found is None:
            names = ", ".join(each.name for each in shipped_runs())
            raise AnswerError(said("'{run}' is no run that came with the app; choose {names}.", run=run, names=names))
        losses = {row["epoch"]: row["val_loss"] for row in read_metrics(found.metrics) if row["kind"] == "epoch"}
        if not isinstance(losses.get(epoch), float):
            raise AnswerError(
                said("{run} has no epoch {epoch}; choose one from 1 to {n}.", run=run, epoch=str(epoch), n=len(losses))
            )
        return float(losses[epoch])  # type: ignore[arg-type]

    def of(self, fact: Fact, view: dict[str, str]) -> float | str:
        """Return a fact's value; what it leaves out is taken from the view.

        Raises:
            AnswerError: The network has no such thing.
            CheckpointError, ImageError, StageError, UnitError: There is none of that name.
        """
        stage = fact.stage or view.get("stage", "block1.relu")
        checkpoint = fact.checkpoint or view.get("checkpoint") or best_checkpoint().name
        if fact.fact in _OF_TABLES:
            return _OF_TABLES[fact.fact](self, checkpoint, stage)
        if fact.fact == "loss":
            return self.loss(view.get("run", checkpoint), fact.epoch or 0)
        photo = fact.photo or view.get("photo", GALLERY[0].name)
        if fact.fact in ("class", "probability"):
            return self._prediction(fact, checkpoint, photo)
        if fact.fact in ("value", "largest"):
            return self._value(fact, checkpoint, photo, stage, view)
        strongest = self._output(checkpoint, photo, stage).flatten(1).amax(1)
        return int((strongest <= 0).sum()) if fact.fact == "silent-channels" else int(strongest.argmax())

    def _prediction(self, fact: Fact, checkpoint: str, photo: str) -> float | str:
        done = self._passes(checkpoint, photo)
        if not done.result.has_answer:
            raise AnswerError(
                said(
                    "{checkpoint} gives no answer to {photo}: its outputs are not numbers.",
                    checkpoint=checkpoint,
                    photo=photo,
                )
            )
        best = done.classes[int(done.result.probabilities.argmax())]
        if fact.fact == "class":
            return best
        asked = fact.class_ or best
        if asked not in done.classes:
            raise AnswerError(
                said(
                    "{checkpoint} has no class '{asked}'; choose {names}.",
                    checkpoint=checkpoint,
                    asked=asked,
                    names=", ".join(done.classes),
                )
            )
        return 100 * float(done.result.probabilities[done.classes.index(asked)])

    def _value(self, fact: Fact, checkpoint: str, photo: str, stage: str, view: dict[str, str]) -> float:
        values = self._channel(checkpoint, photo, stage, _whole(fact.channel, view.get("channel"), "channel"))
        if fact.fact == "largest":
            return float(values.max())
        place = view.get("place", "").split(",")
        if values.ndim != 2 or len(place) != 2:
            raise AnswerError(said("a value needs the view's place, \"row,column\"; write place: '10,42'."))
        row, column = (_whole(None, part, "place") for part in place)
        for what, given, count in (("row", row, values.shape[0]), ("column", column, values.shape[1])):
            require_unit(what, given, stage, count)
        return float(values[row, column])

    def _channel(self, checkpoint: str, photo: str, stage: str, channel: int) -> torch.Tensor:
        output = self._output(checkpoint, photo, stage)
        require_unit("channel", channel, stage, len(output))
        return output[channel]

    def _output(self, checkpoint: str, photo: str, stage: str) -> torch.Tensor:
        stages = self._passes(checkpoint, photo).result.stages
        if stage not in stages:
            raise StageError(stage, tuple(stages))
        output = stages[stage]
        if not bool(output.isfinite().all()):
            raise AnswerError(
                said(
                    "{checkpoint} gives no answer to {photo}: its outputs are not numbers.",
                    checkpoint=checkpoint,
                    photo=photo,
                )
            )
        return output if output.ndim == 3 else output[:, None]


_OF_TABLES: dict[str, Callable[[Facts, str, str], float]] = {
    "width": lambda facts, checkpoint, stage: (*facts.layer(checkpoint, stage).output_shape, 1)[1],
    "channels": lambda facts, checkpoint, stage: facts.layer(checkpoint, stage).output_shape[0],
    "receptive-field": lambda facts, checkpoint, stage: facts.layer(checkpoint, stage).receptive_field,
    "parameters": lambda facts, checkpoint, stage: facts.total(checkpoint, stage, "params"),
    "multiply-adds": lambda facts, checkpoint, stage: facts.total(checkpoint, stage, "macs"),
}


def _whole(given: int | None, text: str | None, what: str) -> int:
    if given is not None:
        return given
    if text is None or not text.strip().isdecimal():
        raise AnswerError(said("the view needs a {what}, a whole number; it has '{text}'.", what=what, text=text or ""))
    return int(text)
