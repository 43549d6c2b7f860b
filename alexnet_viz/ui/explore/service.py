"""The work behind the Explore page: one per server process, and nothing about HTTP in it."""

import io
import itertools
import re
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
import torch

from alexnet_viz.architecture import layer_table, table_record
from alexnet_viz.checkpoints import (
    UNTRAINED,
    Checkpoint,
    CheckpointRef,
    Choice,
    available_checkpoints,
    best_checkpoint,
    keep_choice,
    kept_folder,
    named_files,
    save_described,
    usual_normalisations,
)
from alexnet_viz.checkpoints.export import EXPORT_FORMATS, export_checkpoint
from alexnet_viz.errors import CheckpointError, StageError, VariantError, require_unit
from alexnet_viz.explain.ablation import changes_of, check_changes
from alexnet_viz.feature_maps import encode, encode_stage
from alexnet_viz.first_filters import first_filters
from alexnet_viz.images import InputRule
from alexnet_viz.images.decoding import shown_name
from alexnet_viz.inference import Engine, Trace
from alexnet_viz.language import current_language, said
from alexnet_viz.model import VARIANTS, AlexNet
from alexnet_viz.runs import find_run_checkpoint, runs_folder
from alexnet_viz.ui.class_gate import served_file
from alexnet_viz.ui.csv_table import csv_text
from alexnet_viz.ui.explore.altered_trace import AlteredTraces, alterations_of
from alexnet_viz.ui.explore.listing import listed, own_record, title_of
from alexnet_viz.ui.explore.payload import encode_trace
from alexnet_viz.ui.photos import Photo, PhotoStore
from alexnet_viz.ui.uploaded_checkpoints import OwnCheckpoints
from alexnet_viz.variants import LISTED_VARIANTS, find_variant
from alexnet_viz.view_code import View, view_code

_MOST_KEPT_BYTES = 4_000_000_000
_COLUMNS = [
    *("name", "kind", "window", "output_shape", "params", "params_spelled", "macs", "macs_spelled"),
    *("receptive_field", "jump", "variant", "checkpoint", "photo", "altered"),
]


@dataclass(frozen=True)
class Subject:
    """A request: which photo, checkpoint and alteration.

    Attributes:
        photo, checkpoint: By name.
        resize: In place of the checkpoint's own rule, "" for that.
        altered: What is done to the network's channels, as `changes_of` reads it; "" for nothing.
    """

    photo: str
    checkpoint: str
    resize: str = ""
    altered: str = ""


class Service:
    """The engine, with the photos and checkpoints that browsers may use.

    Args:
        is_alive: Whether a browser's session lasts; with it go the model files that it has sent.
        clock: Seconds.
    """

    def __init__(
        self,
        is_alive: Callable[[str], bool] = lambda session: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = Engine(clock=clock)
        self._altered = AlteredTraces(self.engine, clock)
        self.photos = PhotoStore(in_memory=served_file() is not None, clock=clock)
        self._own = OwnCheckpoints(is_alive)
        self._encoding = threading.Lock()
        # As long as the engine remembers a trace, so is what browsers are told of it, under the names it has for them,
        # in each language.
        self._messages: weakref.WeakKeyDictionary[Trace, dict[str, tuple[object, bytes]]] = weakref.WeakKeyDictionary()

    def forget_photos(self) -> None:
        """Remove all uploaded photos, and what was computed for them."""
        self.photos.forget()
        self.engine.forget()

    def let_go(self) -> bool:
        """Remove expired results and decoded photos; return whether there were any.

        What stays are the last networks, and people's own files on the disk.
        """
        return any([self.engine.let_go(), self._altered.let_go(), self.photos.let_go()])

    def start(self) -> dict[str, object]:
        """Return what a page needs before it can ask for anything: photos, checkpoints, each variant's shapes."""
        entries = available_checkpoints()
        return {
            "photos": [photo.record() for photo in self.photos.gallery()],
            "checkpoints": listed(entries),
            "checkpoint": best_checkpoint(entries).name,
            "variants": [
                {"name": each.name, "title": each.title, "summary": each.summary, "input_size": each.input_size}
                for each in map(find_variant, LISTED_VARIANTS)
            ],
            "normalisations": [{"name": name, "title": title} for name, title in usual_normalisations().items()],
            "shapes": {
                variant: {layer.name: list(layer.output_shape) for layer in layer_table(_sketch(variant, 10))}
                for variant in sorted({entry.variant for entry in entries})
            },
        }

    def add_checkpoint(self, file: Path, name: str, session: str) -> dict[str, object]:
        """Check a model file that a person has sent, and keep it for their session under an unguessable name.

        Raises:
            CheckpointError: It is no checkpoint, or there is no room for it.
        """
        try:
            checkpoint = self.engine.checkpoint(str(file))
        except CheckpointError as error:
            raise CheckpointError(name, error.reason) from error
        return own_record(self._own.add(file, name, session), name, checkpoint)

    def own_checkpoint(self, name: str, session: str) -> dict[str, object]:
        """Return the record of an uploaded model file, and keep it as long as this session.

        Raises:
            CheckpointError: It is no longer here.
        """
        title = self._own.adopt(name, session)
        return own_record(name, title, self.checkpoint(name)[0])

    def describe_checkpoint(self, name: str, title: str, choice: Choice) -> dict[str, object]:
        """Set the title of a person's model file and the choices about it; their own file then has a new name.

        What is chosen of a file in the folders of checkpoints is kept beside it and holds for everybody.

        Raises:
            CheckpointError: It is no longer here, it cannot be what is chosen, or that cannot be kept.
        """
        found = self.resolve(name)
        own = self._own.find(name) is not None
        if found.path is None or not (own or name in named_files()):
            raise CheckpointError(found.title, said("says itself what it is; nothing is left to choose"))
        checkpoint = self.engine.checkpoint(found)
        if not own:
            choice = choice.only(checkpoint.undecided)
        chosen = choice.over(found.choice)
        self.engine.checkpoint(CheckpointRef.of(found.name, found.path, found.title, chosen))  # or it says why not
        keep_choice(found.path, chosen)
        renamed, shown = name, found.title
        if own:
            shown = shown_name(title) or found.title
            renamed = self._own.rename(name, shown)
        return own_record(renamed, shown, self.checkpoint(renamed)[0])

    def keep_checkpoint(self, name: str) -> dict[str, object]:
        """Copy a person's model file to the folder of saved checkpoints, where the app finds it after a restart.

        Raises:
            CheckpointError: It is no longer here, there is no room for it, or it cannot be written.
        """
        title = self._own.title(name)
        checkpoint = self.checkpoint(name)[0]
        path = _unused_path(_room_to_keep(title), title)
        save_described(path, checkpoint)
        return {**own_record(path.stem, path.stem, checkpoint), "path": str(path)}

    def new_file(self, suffix: str) -> Path:
        """Return a path for a new upload."""
        return self._own.new_file(suffix)

    def checkpoint(self, name: str) -> tuple[Checkpoint, str]:
        """Return a checkpoint that a browser may use, and its title; paths of this machine are not accepted.

        Raises:
            CheckpointError: There is none of that name.
        """
        found = self.resolve(name)
        return self.engine.checkpoint(found), found.title

    def resolve(self, name: str) -> CheckpointRef:
        """Return the checkpoint that a browser's name means; paths of this machine are not accepted.

        Raises:
            CheckpointError: There is none of that name.
        """
        own = self._own.find(name)
        if own is not None:
            return CheckpointRef.of(str(own[0]), own[0], own[1])
        path = find_run_checkpoint(name, runs_folder())
        if path is not None:
            return CheckpointRef.of(name, path, title_of(name))
        files = named_files()
        if name == UNTRAINED or name in files:
            return CheckpointRef.of(name, files.get(name), title_of(name, files.get(name)))
        shown = ", ".join([entry.name for entry in available_checkpoints()][:8])
        reason = said("is not in this app's memory; choose {names}, or open its file again.", names=shown)
        raise CheckpointError(said("This checkpoint"), reason)

    def trace_message(self, subject: Subject) -> bytes:
        """Return everything but the maps of one photo's pass through one network; waits its turn."""
        photo, checkpoint, title, rule, trace = self._traced(subject)
        called = (subject.checkpoint, title)
        with self._encoding:  # a class that opens the same photo at once: one encodes, the others get the same
            messages = self._messages.setdefault(trace, {})
            known = messages.get(current_language())
            if known is None or known[0] != (photo, called):
                seen = self.photos.seen(photo, rule).image
                known = ((photo, called), encode_trace(photo, seen, checkpoint, called, rule, trace))
                messages[current_language()] = known
        return known[1]

    def stage_message(self, subject: Subject, stage: str) -> bytes:
        """Return all values of one stage.

        Raises:
            StageError: The network has no such stage.
        """
        trace = self._traced(subject)[-1]
        if stage not in trace.stages:
            raise StageError(stage, tuple(trace.stages))
        return encode_stage(stage, trace.stages[stage])

    def filters_message(self, name: str) -> bytes:
        """Return the filters of the first convolution, (C, 3, k, k), and what pictures excite of them."""
        found = first_filters(self.checkpoint(name)[0])
        arrays = {"values": found.stored.numpy()}
        if found.excited is not None:
            arrays["excited"] = found.excited.numpy()
        header = {"shape": list(found.stored.shape), "share": found.share, "is_readable": found.is_readable}
        return encode(header, arrays)

    def activations_file(self, subject: Subject, stages: tuple[str, ...]) -> bytes:
        """Return float32 arrays by stage as an .npz file, with "input" and, as texts, what they are of."""
        photo, checkpoint, title, rule, trace = self._traced(subject)
        for stage in stages:
            if stage not in trace.stages:
                raise StageError(stage, tuple(trace.stages))
        about = {"photo": photo.title, "checkpoint": title, "variant": checkpoint.variant, "resize": rule.resize}
        about |= {"altered": subject.altered} if subject.altered else {}
        arrays: dict[str, Any] = {name: trace.stages[name].numpy() for name in stages or trace.stages}
        arrays |= {"input": trace.input.numpy(), **about}
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        return stream.getvalue()

    def code(self, subject: Subject, stage: str, channel: int) -> str:
        """Return a view as a script that prints the same values.

        Raises:
            StageError, UnitError, ExplanationError: The network has no such stage or channel, or none such to alter.
        """
        photo, checkpoint, title, rule, trace = self._traced(replace(subject, altered=""))
        channels = len(trace.stages[stage]) if stage in trace.stages else 1  # the whole view has no stage
        require_unit("channel", channel, stage, channels)
        own = self._own.find(subject.checkpoint) is not None
        name = photo.gallery.name if photo.gallery else photo.title
        called = title if own else subject.checkpoint
        alterations = alterations_of(trace, subject.altered)
        view = View(name, photo.gallery is not None, called, rule, stage, channel, subject.altered, alterations)
        return view_code(checkpoint, view)

    def exported(self, name: str, form: str) -> BinaryIO:
        """Return an open file with a checkpoint for other programs; it is deleted when closed.

        Raises:
            CheckpointError: There is none of that name, its variant cannot have this form, or there is no room for it.
        """
        checkpoint, title = self.checkpoint(name)
        if form not in EXPORT_FORMATS:
            raise CheckpointError(
                title,
                said("cannot be saved as '{form}'; choose {forms}", form=form[:40], forms=", ".join(EXPORT_FORMATS)),
            )
        with tempfile.TemporaryDirectory(prefix="alexnet_viz-export-", ignore_cleanup_errors=True) as folder:
            path = Path(folder, f"checkpoint{EXPORT_FORMATS[form]}")
            export_checkpoint(path, checkpoint, form)
            return path.open("rb")

    def trace(self, subject: Subject) -> Trace:
        """Return one photo's pass through one network; waits its turn."""
        return self._traced(subject)[-1]

    def subject(self, subject: Subject) -> tuple[Checkpoint, str, InputRule, Trace]:
        """Return the checkpoint, its title, how the photo became the input, and the pass; waits its turn."""
        return self._traced(subject)[1:]

    def layers(self, checkpoint: str = "", variant: str = "seed", classes: int = 10) -> dict[str, object]:
        """Return the layer table of a checkpoint, or of a variant with a number of classes."""
        return table_record(self.checkpoint(checkpoint)[0].model if checkpoint else _sketch(variant, classes))

    def layers_file(self, checkpoint: str, photo: str, variant: str, classes: int, altered: str = "") -> str:
        """Return the layer table as CSV; each row says which photo, checkpoint, variant and alteration it belongs to.

        Raises:
            StageError, ExplanationError: There is no such stage or channel to alter.
        """
        if checkpoint:
            loaded, title = self.checkpoint(checkpoint)
            model = loaded.model
        else:
            model, title = _sketch(variant, classes), ""
        shown = self.photos.find(photo).title if photo else ""
        table = layer_table(model)
        if altered:
            check_changes({layer.name: range(layer.output_shape[0]) for layer in table}, changes_of(altered))
        rows: list[list[object]] = [[*_COLUMNS]]
        for layer in table:
            row = {**asdict(layer), "output_shape": " × ".join(map(str, layer.output_shape))}
            rows.append([*(row[key] for key in _COLUMNS[:-4]), model.variant.name, title, shown, altered])
        return csv_text(rows)

    def _traced(self, subject: Subject) -> tuple[Photo, Checkpoint, str, InputRule, Trace]:
        photo = self.photos.find(subject.photo)
        found = self.resolve(subject.checkpoint)
        checkpoint = self.engine.checkpoint(found)
        resize: Literal["crop", "squash"] = "squash" if subject.resize == "squash" else "crop"
        rule = replace(checkpoint.input_rule, resize=resize) if subject.resize else checkpoint.input_rule
        whole = replace(rule, short_side=rule.size)  # of a picture that is cut already, the network sees all
        trace = self.engine.trace(self.photos.seen(photo, rule), found, whole)
        if subject.altered:
            trace = self._altered.find(checkpoint, trace, subject.altered)
        return photo, checkpoint, found.title, rule, trace


def _room_to_keep(title: str) -> Path:
    """Return the folder of kept files, if it is there and not full."""
    folder = kept_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = sum(path.stat().st_size for path in folder.iterdir())
    except OSError as error:
        raise CheckpointError(
            title, said("cannot be kept in {folder}: {problem}", folder=str(folder), problem=error.strerror)
        ) from error
    if taken > _MOST_KEPT_BYTES:
        raise CheckpointError(
            title, said("cannot be kept: {folder} holds more than 4 GB; remove files there first", folder=str(folder))
        )
    return folder


def _unused_path(folder: Path, title: str) -> Path:
    """Return where a file of this title can be written under a name that no checkpoint has."""
    stem = re.sub(r"[^\w.+-]+", "-", Path(title).stem).strip("-.") or "checkpoint"
    taken = {entry.name for entry in available_checkpoints()}
    numbered = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    return folder / f"{next(name for name in numbered if name not in taken)}.safetensors"


@lru_cache(maxsize=32)
def _sketch(variant: str, classes: int) -> AlexNet:
    """Return a network on the meta device, for its table."""
    if variant not in VARIANTS:
        raise VariantError(variant, tuple(VARIANTS))
    with torch.device("meta"):
        return AlexNet(min(max(classes, 1), 10_000), 3, variant)
