"""The command line: starts the app, and has the commands that need no browser.

`run(["predict", "cat.jpg", "--json"])` prints and returns the exit code: 0, 2 for unusable input (one line on standard
error), 1 for anything else. With --json, standard output holds one JSON document and nothing else.

torch takes seconds to import, so each command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import errno
import os
import runpy
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from alexnet_viz import __version__
from alexnet_viz.atomic import replacing
from alexnet_viz.checkpoint_options import add_checkpoint_options, asked_checkpoint, assumed_record
from alexnet_viz.classroom.commands import register as register_class
from alexnet_viz.cli_output import (
    Bar,
    add_command,
    file_to_write,
    one_line,
    print_json,
    print_note,
    print_table,
    whole_number,
)
from alexnet_viz.compare.commands import register as register_compare
from alexnet_viz.errors import AlexNetVizError, StageError
from alexnet_viz.explain.unit_commands import register as register_units
from alexnet_viz.explain.why_commands import register as register_why
from alexnet_viz.lessons.commands import register as register_lessons
from alexnet_viz.memory import NOT_ENOUGH, is_out_of_memory
from alexnet_viz.number_words import number, percent, top_percents
from alexnet_viz.shipped import APP
from alexnet_viz.training.commands import register as register_training

if TYPE_CHECKING:
    from PIL import Image

    from alexnet_viz.checkpoints import Checkpoint
    from alexnet_viz.inference import Trace

_UNUSABLE = 2
_OTHER = 1
_COUNT = whole_number(1, 10_000)
_EXPORTS = ("safetensors", "state-dict", "torchvision", "onnx")  # as `EXPORT_FORMATS`, for which torch is imported


class UsageError(AlexNetVizError):
    """Unusable arguments, or a file that cannot be written."""


def main() -> None:
    """Run the command line of this process and end it."""
    _open_closed_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command and return the exit code; the argument parser may raise SystemExit."""
    _escape_unknown_letters()
    if not _is_somewhere():
        return _refuse("the folder that this was started in is gone; change to another one and try again")
    try:
        options = _parser().parse_args(arguments)
        code: int = options.run(options)
        print(end="", flush=True)
        return code
    except AlexNetVizError as error:
        return _refuse(str(error))
    except BrokenPipeError:  # the reader has seen enough: head, less
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit
        return _OTHER
    except KeyboardInterrupt:
        return _OTHER
    except OSError as error:  # a folder that is gone, read-only or full
        code = _refuse(f"{error.filename or 'a file'}: {error.strerror or error}; nothing else was changed")
        return code if error.errno in (errno.ENAMETOOLONG, errno.ELOOP) else _OTHER  # no file can be called so
    except (MemoryError, RuntimeError) as error:  # torch has no class of its own for it on a CPU
        if not is_out_of_memory(error):
            raise
        _refuse(NOT_ENOUGH)
        return _OTHER


def _open_closed_streams() -> None:
    """Open closed standard streams as null devices: otherwise the next files opened would get their descriptors."""
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
            setattr(sys, name, open(descriptor, "w" if descriptor else "r", encoding="utf-8"))  # noqa: SIM115 - for good


def _is_somewhere() -> bool:
    """Return whether the current folder exists; torch ends the process where it does not."""
    try:
        return bool(os.getcwd())
    except FileNotFoundError:
        return False


def _escape_unknown_letters() -> None:
    """Print an escape in place of characters such as "×" that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _refuse(sentence: str) -> int:
    print(f"alexnet_viz: {one_line(sentence)}", file=sys.stderr)
    return _UNUSABLE


class _Parser(argparse.ArgumentParser):
    """An argument parser that reports wrong arguments in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(_UNUSABLE, f"{self.prog}: {one_line(message)}; {self.prog} --help lists what there is\n")


def _parser() -> argparse.ArgumentParser:
    prog = "alexnet-viz" if Path(sys.argv[0]).stem == "alexnet-viz" else "python -m alexnet_viz"
    summary = "Look inside AlexNet: without a COMMAND, in the browser."
    parser = _Parser(prog=prog, description=summary, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"alexnet_viz {__version__}")
    parser.add_argument("--port", type=whole_number(1, 65_535), default=8501, help="of the app; default 8501")
    parser.set_defaults(run=_app)
    commands = parser.add_subparsers(metavar="COMMAND")

    layers = add_command(commands, "layers", _layers, "shapes, parameters, multiply-adds and receptive fields")
    layers.add_argument("--variant", default="seed", help="seed (default), paper, paper-groups or torchvision")
    layers.add_argument("--classes", type=_COUNT, default=1000, metavar="N", help="1 to 10000; default 1000")

    add_command(commands, "checkpoints", _checkpoints, "what can be given as --checkpoint")

    get = add_command(commands, "get", _get, "ImageNet's AlexNet (233 MB from pytorch.org, BSD-3) as a checkpoint")
    get.add_argument("what", choices=["imagenet"], help="what is fetched")
    get.add_argument("--from", dest="file", type=Path, metavar="FILE", help="the file itself, where it is here already")

    predict = add_command(commands, "predict", _predict, "the most probable classes of pictures")
    _add_images(predict)
    predict.add_argument("--top", type=_COUNT, default=5, metavar="K", help="how many classes; default 5")

    activations = add_command(commands, "activations", _activations, "every stage's output as .npz")
    _add_images(activations)
    activations.add_argument(
        "--out", required=True, type=Path, metavar="PATH", help="the .npz to write; for several pictures a folder"
    )
    activations.add_argument("--stages", metavar="A,B", help="only these stages; default all")
    export = add_command(commands, "export", _export, "a checkpoint as a file for other programs")
    add_checkpoint_options(export, required=True)
    export.add_argument("--format", required=True, choices=_EXPORTS, help="the last: an ONNX graph with its weights")
    export.add_argument("--out", required=True, type=file_to_write, metavar="F", help="the file to write")
    register_training(commands)
    register_compare(commands)
    register_units(commands)
    register_why(commands)
    register_lessons(commands)
    register_class(commands)
    return parser


def _add_images(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("images", nargs="+", metavar="IMAGE")
    add_checkpoint_options(parser)


# ---------------------------------------------------------------- commands


def _app(options: argparse.Namespace) -> int:
    """Become Streamlit's own command line, which serves the app until it is stopped."""
    sys.argv = ["streamlit", "run", str(APP), "--server.port", str(options.port)]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    return 0


def _layers(options: argparse.Namespace) -> int:
    import torch

    from alexnet_viz.architecture import layer_table, table_record
    from alexnet_viz.model import AlexNet

    with torch.device("meta"):  # only shapes are needed
        model = AlexNet(options.classes, 3, options.variant)
    if options.json:
        print_json(table_record(model))
        return 0
    rows = [
        (
            layer.name,
            layer.window,
            _shape(layer.output_shape),
            f"{layer.params:,}",
            f"{layer.macs:,}",
            f"{layer.receptive_field}",
            f"{layer.jump}" if layer.jump else "",
        )
        for layer in layer_table(model)
    ]
    total = table_record(model)
    rows.append(("total", "", "", f"{total['total_params']:,}", f"{total['total_macs']:,}", "", ""))
    head = ("stage", "window", "output", "parameters", "multiply-adds", "receptive field", "jump")
    print_table(head, rows, right=range(2, 7))
    return 0


def _checkpoints(options: argparse.Namespace) -> int:
    from alexnet_viz.checkpoints import available_checkpoints

    entries = available_checkpoints()
    if options.json:
        records = [{**vars(entry), "path": str(entry.path) if entry.path else None} for entry in entries]
        print_json(records)
        return 0
    rows = [
        (
            entry.name,
            entry.variant,
            f"{len(entry.classes)}",
            "" if entry.epoch is None else f"{entry.epoch}",
            ", ".join(f"{name} {_metric(name, value)}" for name, value in entry.metrics.items()),
            entry.source,
        )
        for entry in entries
    ]
    print_table(("name", "variant", "classes", "epoch", "metrics", "source"), rows, right=(2, 3))
    for entry in entries:
        if entry.chosen or entry.assumed:
            print(f"\n{one_line(entry.name)}: {one_line(' '.join((*entry.chosen, *entry.assumed)))}")
    return 0


def _metric(name: str, value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return percent(value, 2) if name.endswith(("accuracy", "accuracy_unpacked", "kept")) else number(value)


def _get(options: argparse.Namespace) -> int:
    from alexnet_viz.checkpoints import find_imagenet, imagenet

    bar, size = Bar(options.json), imagenet.SOURCE.size
    here = find_imagenet()
    try:
        if options.file is not None:
            path = imagenet.take(options.file)
        elif here is not None:
            path = imagenet.verify(here)
        else:
            path = imagenet.fetch(lambda count: bar.draw(count / size, imagenet.megabytes(count)))
    except KeyboardInterrupt:
        bar.clear()
        if kept := imagenet.kept_bytes():
            print_note(
                f"interrupted; the {imagenet.megabytes(kept)} that have come are kept for a day; get it again to go on"
            )
        raise
    finally:
        bar.clear()
    source = str(options.file) if options.file is not None else imagenet.SOURCE.url
    record = {"name": imagenet.NAME, "path": str(path), "bytes": size, "licence": imagenet.LICENCE, "source": source}
    if options.json:
        print_json(record)
        return 0
    print(f"{imagenet.TITLE}, is at {one_line(str(path))}: give it as --checkpoint {imagenet.NAME}.")
    return 0


def _predict(options: argparse.Namespace) -> int:
    checkpoint = asked_checkpoint(options)
    answers = [_prediction(checkpoint, image, options.top) for image in options.images]
    if options.json:
        print_json([{**answer, **assumed_record(checkpoint)} for answer in answers])
    else:
        for answer in answers:
            _print_prediction(answer, len(checkpoint.classes))
        if options.checkpoint is None and checkpoint.trained:
            print(f"Answered by {one_line(checkpoint.name)}; --checkpoint names another.")
        if not checkpoint.trained:
            print("This checkpoint has not been trained: its answers are chance.")
    return _exit_code(answers)


def _read_image(path: str) -> Image.Image:
    """Read one image, without libtiff's own messages on standard error."""
    from alexnet_viz.images import read_image

    ours, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)  # C libraries write there, past sys.stderr
        return read_image(path)
    finally:
        os.dup2(ours, 2)
        os.close(ours)
        os.close(nowhere)


def _prediction(checkpoint: Checkpoint, path: str, top: int) -> dict[str, Any]:
    """Return one image's entry: its size and most probable classes, or its error."""
    from alexnet_viz.images import full_size
    from alexnet_viz.inference import trace

    try:
        image = _read_image(path)
        found = trace(checkpoint, image)
    except AlexNetVizError as error:
        return {"image": path, "error": str(error)}
    width, height = full_size(image)
    size: dict[str, Any] = {"width": width, "height": height}
    if image.size != (width, height):
        size["read_at"] = list(image.size)
    if not found.has_answer:
        reason = f"the checkpoint {checkpoint.name} gives no answer: its outputs are not numbers; choose another"
        return {"image": path, **size, "error": reason}
    best = found.probabilities.argsort(descending=True, stable=True)[:top].tolist()
    predictions = [{"class": checkpoint.classes[k], "probability": float(found.probabilities[k])} for k in best]
    return {"image": path, **size, "predictions": predictions}


def _print_prediction(answer: dict[str, Any], classes: int) -> None:
    if "error" in answer:
        print(f"{one_line(answer['image'])}: {one_line(answer['error'])}\n")
        return
    smaller = f", read at {' × '.join(map(str, answer['read_at']))}" if "read_at" in answer else ""
    print(f"{one_line(answer['image'])}, {answer['width']} × {answer['height']} pixels{smaller}")
    best = answer["predictions"]
    shares = top_percents([row["probability"] for row in best], classes, 1)
    rows = [(f"  {row['class']}", share) for row, share in zip(best, shares, strict=True)]
    print_table((), rows, right=(1,))
    print()


def _activations(options: argparse.Namespace) -> int:
    from alexnet_viz.architecture import layer_table

    checkpoint = asked_checkpoint(options)
    stages = _chosen_stages(options.stages, checkpoint)
    targets = _targets(options.images, options.out)
    answers = [_write_activations(checkpoint, image, path, stages) for image, path in targets]
    if len(answers) == 1 and "error" in answers[0]:
        return _exit_code(answers)
    shapes = {layer.name: list(layer.output_shape) for layer in layer_table(checkpoint.model) if layer.name in stages}
    if options.json:
        files = {"files": answers} if len(answers) > 1 else {}
        print_json({"stages": shapes, **files, **assumed_record(checkpoint)})
        return _exit_code(answers)
    for answer in answers:
        print(f"{one_line(answer['image'])}: {one_line(answer.get('file') or answer['error'])}")
    print_table(("stage", "shape"), [(name, _shape(shape)) for name, shape in shapes.items()], right=(1,))
    return _exit_code(answers)


def _chosen_stages(wanted: str | None, checkpoint: Checkpoint) -> tuple[str, ...]:
    accepted = checkpoint.model.stage_names
    chosen = accepted if wanted is None else tuple(name.strip() for name in wanted.split(","))
    for name in chosen:
        if name not in accepted:
            raise StageError(name, accepted)
    return chosen


def _targets(images: list[str], out: Path) -> list[tuple[str, Path]]:
    """Return each image with the file for its activations: `out` itself, or one file each in the folder `out`."""
    if len(images) == 1 and not out.is_dir():
        return [(images[0], out)]
    targets: dict[Path, str] = {}
    for image in images:
        stem = Path(image).stem
        numbered = [out / f"{stem}.npz", *(out / f"{stem}-{n}.npz" for n in range(2, len(images) + 2))]
        targets[next(path for path in numbered if path not in targets)] = image
    return [(image, path) for path, image in targets.items()]


def _write_activations(checkpoint: Checkpoint, image: str, path: Path, stages: Iterable[str]) -> dict[str, str]:
    """Write one image's .npz and return its entry: the file, or the error."""
    from alexnet_viz.inference import trace

    try:
        result = trace(checkpoint, _read_image(image))
    except AlexNetVizError as error:
        return {"image": image, "error": str(error)}
    _save_npz(result, stages, path)
    return {"image": image, "file": str(path)}


def _save_npz(result: Trace, stages: Iterable[str], path: Path) -> None:
    import numpy as np

    arrays: dict[str, Any] = {name: result.stages[name].numpy() for name in stages}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as partial, partial.open("wb") as stream:
            np.savez(stream, input=result.input.numpy(), **arrays)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}; choose another --out") from error


def _export(options: argparse.Namespace) -> int:
    from alexnet_viz.checkpoints.export import export_checkpoint

    checkpoint = asked_checkpoint(options, device="cpu")
    record = export_checkpoint(options.out, checkpoint, options.format)
    if options.json:
        print_json({**record, **assumed_record(checkpoint)})
        return 0
    opset = f", opset {record['opset']}" if "opset" in record else ""
    size = options.out.stat().st_size / 1e6
    print(f"{one_line(str(options.out))}: {options.format}{opset}, {size:.1f} MB")
    return 0


# ---------------------------------------------------------------- printing


def _exit_code(answers: Sequence[dict[str, Any]]) -> int:
    """Return 0, or 2 after one line on standard error when some images could not be used."""
    errors = [answer["error"] for answer in answers if "error" in answer]
    if not errors:
        return 0
    if len(answers) == 1:
        return _refuse(errors[0])
    return _refuse(f"{len(errors)} of {len(answers)} images cannot be answered; the first: {errors[0]}")


def _shape(sides: Iterable[int]) -> str:
    return " × ".join(map(str, sides))
