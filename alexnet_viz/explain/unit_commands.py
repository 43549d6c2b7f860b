"""The commands about one unit. Imports are inside the functions, because torch takes seconds to import."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexnet_viz.atomic import replacing
from alexnet_viz.checkpoint_options import add_checkpoint_options, asked_checkpoint, assumed_record
from alexnet_viz.cli_output import (
    Bar,
    add_command,
    file_to_write,
    print_json,
    print_line,
    print_notes,
    print_table,
    so_many,
    whole_number,
)
from alexnet_viz.number_words import number as number_words
from alexnet_viz.number_words import numbers
from alexnet_viz.training.command_options import add_data, add_data_options, data_folder, limit_of

if TYPE_CHECKING:
    from torch import Tensor

    from alexnet_viz.checkpoints import Checkpoint
    from alexnet_viz.explain.arithmetic import Number
    from alexnet_viz.explain.image_parts import StageParts
    from alexnet_viz.training.datasets.labelled import LabelledPictures

_MOST_TERMS = 12  # for people; --json holds all


def register(commands: Any) -> None:
    """Add the commands to a parser's subparsers; each sets `run`, which takes the options, returns the exit code."""
    number = add_command(commands, "number", _number, "how one value of one stage came about, term by term")
    number.add_argument("image", metavar="IMAGE")
    _add_unit(number)
    number.add_argument("--row", type=int, metavar="R", help="default: where the channel is strongest")
    number.add_argument("--column", type=int, metavar="L")
    top = add_command(commands, "top", _top, "the parts of a data set's pictures that excite a stage's channels most")
    _add_unit(top, channel_required=False)
    add_data(top)
    top.add_argument(
        "--count", type=whole_number(1, 9), default=9, metavar="N", help="parts of each channel, 1 to 9; default 9"
    )
    visualise = add_command(commands, "visualise", _visualise, "make a picture that excites a channel, or inhibits it")
    _add_unit(visualise)
    visualise.add_argument("--steps", type=whole_number(0, 100_000), default=256, metavar="N", help="default 256")
    visualise.add_argument("--seed", type=whole_number(0, 100_000), default=0, metavar="S", help="default 0")
    visualise.add_argument("--negative", action="store_true", help="inhibit, before the ReLU")
    visualise.add_argument("--contrast", choices=("photo", "full"), default="photo", help="default photo")
    visualise.add_argument("--dataset", metavar="D", help="compare with the best part of these pictures")
    add_data_options(visualise)
    visualise.add_argument("--out", required=True, type=file_to_write, metavar="F.png")
    tuning = add_command(commands, "tuning", _tuning, "how a channel responds while the photo is turned, scaled, …")
    tuning.add_argument("image", metavar="IMAGE")
    _add_unit(tuning)
    tuning.add_argument(
        "--by",
        required=True,
        metavar="CHANGE",
        help="rotation, scale, hue, contrast, blur, or of a grating: orientation, frequency",
    )


def _add_unit(parser: argparse.ArgumentParser, *, channel_required: bool = True) -> None:
    parser.add_argument("--stage", required=True, metavar="S", help="block1.conv … logits; `layers` lists them")
    parser.add_argument("--channel", required=channel_required, type=int, metavar="K", help="from 0")
    add_checkpoint_options(parser)


# ---------------------------------------------------------------- number


def _number(options: argparse.Namespace) -> int:
    from alexnet_viz.explain.arithmetic import Place, number, softmax
    from alexnet_viz.images import read_image
    from alexnet_viz.inference import trace

    checkpoint = asked_checkpoint(options)
    result = trace(checkpoint, read_image(options.image))
    place = Place(options.stage, options.channel, options.row, options.column)
    found = number(checkpoint.model, result.stages, result.input, place)
    record = found.to_record()
    if options.stage == "logits":
        record["softmax"] = softmax(result.logits, checkpoint.classes, options.channel)
    if options.json:
        print_json({**record, **assumed_record(checkpoint)})
    else:
        _print_number(found)
    return 0


def _print_number(found: Number) -> None:
    where, parts = found.place, found.parts
    place = "" if where.row is None else f", row {where.row}, column {where.column}"
    print_line(f"{where.stage}, channel {where.channel}{place}: {numbers([found.value])[0]}, made of {found.before}")
    if "terms" in parts:
        _print_terms(parts)
    elif "neighbours" in parts:
        words = numbers([each["value"] for each in parts["neighbours"]])
        rows = [(str(each["channel"]), value) for each, value in zip(parts["neighbours"], words, strict=True)]
        print_table(("channel", "value"), rows, right=(0, 1))
        print_line(f"{numbers([parts['before']])[0]} ÷ {number_words(parts['denominator'], 4)}")
    elif "window" in parts:
        words = numbers([value for row in parts["window"] for value in row])
        side = len(parts["window"][0])
        print_table((), [words[start : start + side] for start in range(0, len(words), side)], right=range(side))
        print_line("the largest, from row {}, column {}".format(*parts["winner"]))
    else:
        print_line(f"{found.kind} of {numbers([parts['before']])[0]}")


def _print_terms(parts: dict[str, Any]) -> None:
    terms = parts["terms"]
    name = next(iter(terms[0]))
    shown, others = terms[:_MOST_TERMS], terms[_MOST_TERMS:]
    rows = [(f"{name} {term[name]}", term["sum"]) for term in shown]
    if others:
        rows.append((so_many(len(others), "other"), sum(term["sum"] for term in others)))
    rows.append(("bias", parts["bias"]))
    words = numbers([value for _, value in rows])
    print_table((), [(what, value) for (what, _), value in zip(rows, words, strict=True)], right=(1,))


# ---------------------------------------------------------------- top


def _parts(options: argparse.Namespace, checkpoint: Checkpoint) -> tuple[StageParts, LabelledPictures]:
    """Return the parts of the chosen pictures for the chosen stage, and the pictures."""
    from alexnet_viz.explain.image_parts import find_parts
    from alexnet_viz.training.datasets.labelled import labelled_pictures

    pictures = labelled_pictures(options.dataset, data_folder(options), *checkpoint.input_rule.stored)
    print_notes(pictures.notes)
    split = pictures.split.first(limit_of(options))
    total, bar = len(split), Bar(options.json)
    found = find_parts(
        checkpoint,
        split,
        pictures.classes,
        stages=(options.stage,),
        progress=lambda done: bar.draw(done / total, f"{done:,} of {total:,} pictures"),
    )
    bar.clear()
    return found[options.stage], pictures


def _top(options: argparse.Namespace) -> int:
    from alexnet_viz.explain.field_response import FieldResponse

    checkpoint = asked_checkpoint(options)
    if options.channel is not None:
        FieldResponse(checkpoint, options.stage, options.channel)  # what there is not is refused before the search
    parts, pictures = _parts(options, checkpoint)
    shown = range(parts.layer.output_shape[0]) if options.channel is None else (options.channel,)
    records = [_channel_record(parts, channel, options.count, pictures) for channel in shown]
    if options.json:
        said = assumed_record(checkpoint)
        print_json({"stage": options.stage, "images": parts.image_count, "channels": records, **said})
        return 0
    rows = [(str(each["channel"]), _strongest_words(each["strongest"])) for each in records]
    print_table(("channel", "strongest parts"), rows, right=(0,))
    return 0


def _strongest_words(strongest: list[dict[str, Any]]) -> str:
    words = numbers([part["value"] for part in strongest])
    told = ", ".join(
        f"{value} in {part.get('file', part['image'])}" for value, part in zip(words, strongest, strict=True)
    )
    return told or "no response is a number"


def _channel_record(parts: StageParts, channel: int, count: int, pictures: LabelledPictures) -> dict[str, Any]:
    found = parts.parts(channel, parts.strongest)[:count]
    strongest = [{**vars(part), **pictures.file_of(part.image)} for part in found]
    means, spread = parts.class_means[channel].tolist(), parts.class_deviations[channel].tolist()
    return {
        "channel": channel,
        "strongest": strongest,
        "class_means": dict(zip(pictures.classes, means, strict=True)),
        "class_deviations": dict(zip(pictures.classes, spread, strict=True)),
        "selectivity": float(parts.selectivity[channel]),
    }


# ---------------------------------------------------------------- visualise, tuning


def _visualise(options: argparse.Namespace) -> int:
    from alexnet_viz.explain.visualise import Goal, is_behind_relu, make_picture

    checkpoint, bar = asked_checkpoint(options), Bar(options.json)
    goal = Goal(
        options.stage, options.channel, options.negative, options.steps, options.seed, contrast=options.contrast
    )
    steps = max(1, options.steps)
    made = make_picture(checkpoint, goal, lambda now: bar.draw(now.step / steps, f"step {now.step} of {options.steps}"))
    bar.clear()
    best = None
    if options.dataset is not None:
        parts, _ = _parts(options, checkpoint)
        found = parts.parts(options.channel, parts.strongest)
        best = found[0].value if found else None
    _write_picture(made.picture, options.out)
    record = {"response": made.response, "best_part": best, "steps": options.steps, "seed": options.seed}
    if options.json:
        print_json({**record, "contrast": options.contrast, "path": str(options.out), **assumed_record(checkpoint)})
        return 0
    reached, part = numbers([made.response, best])
    compared = "" if best is None else f"; the best image part {part}"
    sign = " before the ReLU" if options.negative and is_behind_relu(options.stage) else ""
    print_line(f"{options.out}: {reached}{sign}{compared}")
    return 0


def _write_picture(picture: Tensor, path: Path) -> None:
    from PIL import Image

    from alexnet_viz.errors import ExplanationError

    try:
        with replacing(path) as partial:
            Image.fromarray(picture.numpy()).save(partial, "PNG")
    except OSError as error:
        raise ExplanationError(f"{path} cannot be written: {error.strerror or error}; choose another --out") from error


def _tuning(options: argparse.Namespace) -> int:
    from alexnet_viz.explain.tuning import tuning
    from alexnet_viz.images import read_image

    checkpoint = asked_checkpoint(options)
    found = tuning(checkpoint, read_image(options.image), options.stage, options.channel, options.by)
    if options.json:
        print_json({**vars(found), **assumed_record(checkpoint)})
        return 0
    responses = numbers(found.response)
    rows = [(number_words(x), response) for x, response in zip(found.x, responses, strict=True)]
    print_table((f"{found.by}, {found.unit}", "response"), rows, right=(0, 1))
    return 0
