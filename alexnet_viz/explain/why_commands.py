"""The commands explain and ablate. Imports are inside the functions, because torch takes seconds to import."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexnet_viz.atomic import replacing
from alexnet_viz.checkpoint_options import add_checkpoint_options, asked_checkpoint, assumed_record
from alexnet_viz.cli_output import add_command, file_to_write, one_line, print_json, print_line, print_table
from alexnet_viz.errors import ExplanationError
from alexnet_viz.number_words import numbers, percents, similarities, similarity

if TYPE_CHECKING:
    from torch import Tensor

    from alexnet_viz.checkpoints import Checkpoint
    from alexnet_viz.explain.ablation import Change
    from alexnet_viz.explain.attribution import Attribution
    from alexnet_viz.inference import Trace

_METHODS = "grad-cam, occlusion, integrated-gradients, saliency, smoothgrad, guided-backprop or deconvolution"


def register(commands: Any) -> None:
    """Add the commands to a parser's subparsers; each sets `run`, which takes the options, returns the exit code."""
    explain = add_command(
        commands, "explain", _explain, "what in a picture speaks for a class, and whether to believe it"
    )
    _add_picture(explain)
    explain.add_argument("--method", required=True, metavar="M", help=_METHODS)
    explain.add_argument("--target", metavar="CLASS", help="the class that is asked about; default the predicted one")
    explain.add_argument("--versus", metavar="CLASS", help="rather than which class; default none")
    explain.add_argument("--stage", default="", metavar="S", help="of Grad-CAM; default the last ReLU of maps")
    out = "holds `attribution`, (S, S) float32"
    explain.add_argument("--out", required=True, type=file_to_write, metavar="F.npz", help=out)

    ablate = add_command(commands, "ablate", _ablate, "the prediction with some channels off, held or multiplied")
    _add_picture(ablate)
    ablate.add_argument(
        "--set",
        dest="changes",
        required=True,
        nargs="+",
        action="extend",
        metavar="STAGE:CHANNEL=FACTOR",
        help="0 switches off, 1 changes nothing, 2 doubles; `held` sets it to its mean on this picture; "
        "or all of them as Explore's address writes them, STAGE:CHANNEL=FACTOR,CHANNEL=FACTOR",
    )


def _add_picture(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE")
    add_checkpoint_options(parser)


def _traced(options: argparse.Namespace) -> tuple[Checkpoint, Trace]:
    """Return the checkpoint that was asked for, and what it computes; raises ExplanationError without an answer."""
    from alexnet_viz.images import read_image
    from alexnet_viz.inference import trace

    checkpoint = asked_checkpoint(options)
    found = trace(checkpoint, read_image(options.image))
    if not found.has_answer:
        reason = f"the checkpoint {checkpoint.name} gives no answer: its outputs are not numbers; choose another"
        raise ExplanationError(reason)
    return checkpoint, found


# ---------------------------------------------------------------- explain


def _explain(options: argparse.Namespace) -> int:
    from alexnet_viz.explain.attribution import Question, attribute

    checkpoint, found = _traced(options)
    best = checkpoint.classes[int(found.probabilities.argmax())]
    target = class_number(best if options.target is None else options.target, checkpoint.classes)
    versus = None if options.versus is None else class_number(options.versus, checkpoint.classes)
    if versus == target:
        raise ExplanationError(f"--versus is {checkpoint.classes[target]}, as the target; choose another class")
    question = Question(options.method, target, versus, options.stage)
    result = attribute(checkpoint.model, found.input, question)
    record = {
        "image": options.image,
        "method": options.method,
        "target": checkpoint.classes[target],
        "versus": None if versus is None else checkpoint.classes[versus],
        "stage": result.stage or None,
        "checkpoint": checkpoint.name,
        "minimum": float(result.values.min()),
        "maximum": float(result.values.max()),
        "computed_at": list(result.computed_at),
        **_belief(checkpoint, found, question, result),
    }
    _write(options.out, result.values, record)
    if options.json:
        print_json({**record, **assumed_record(checkpoint)})
    else:
        _print_explanation(record)
    return 0


def class_number(name: str, classes: tuple[str, ...]) -> int:
    """Return the place of a class; raises ExplanationError naming those that there are."""
    if name in classes:
        return classes.index(name)
    shown = ", ".join(map(one_line, classes[:10])) + (f" … {len(classes) - 10} more" if len(classes) > 10 else "")
    raise ExplanationError(f"no class '{one_line(name)[:60]}'; this network has {shown}")


def _belief(checkpoint: Checkpoint, found: Trace, question: Any, result: Attribution) -> dict[str, Any]:
    from alexnet_viz.explain.attribution import attribute, last_maps, squares_of
    from alexnet_viz.explain.belief import in_order, judge, likeness, random_rounds, untrained_like

    model, pixels = checkpoint.model, found.input
    squares = squares_of(model, last_maps(model))
    rounds = random_rounds(model, pixels, squares)
    verdict = judge(in_order(model, pixels, squares, result.values), rounds, question.target)
    untrained = attribute(untrained_like(model), pixels, question)
    return {
        "deletion": verdict.deletion,
        "insertion": verdict.insertion,
        "random_deletion": verdict.random_deletion[0],
        "random_insertion": verdict.random_insertion[0],
        "random_deletion_deviation": verdict.random_deletion[1],
        "random_insertion_deviation": verdict.random_insertion[1],
        "like_untrained": likeness(squares, result.values, untrained.values),
        "verdict": verdict.words,
    }


def _write(path: Path, values: Tensor, record: dict[str, Any]) -> None:
    """Write the map with all that is known of it, as texts and numbers beside it."""
    import numpy as np

    about: dict[str, Any] = {key: "" if value is None else value for key, value in record.items()}
    try:
        with replacing(path) as partial, partial.open("wb") as stream:
            np.savez(stream, attribution=values.numpy(), **about)
    except OSError as error:
        raise ExplanationError(f"{path} cannot be written: {error.strerror or error}; choose another --out") from error


def _print_explanation(record: dict[str, Any]) -> None:
    rather = f" rather than {record['versus']}" if record["versus"] else ""
    at = " × ".join(map(str, record["computed_at"]))
    stage = f" at {record['stage']}" if record["stage"] else ""
    print_line(f"Why {one_line(record['target'])}{one_line(rather)}: {record['method']}{stage}, computed at {at}.")
    low, high = numbers([record["minimum"], record["maximum"]])
    if record["minimum"] == record["maximum"]:
        print_line(f"Every value of the map is {low}: it has no order, so that nothing is told of it.")
        return
    print_line(f"From {low} to {high}. This map tells {record['verdict']}.")
    rows = [
        ("covering, low is good", *similarities([record["deletion"], record["random_deletion"]])),
        ("uncovering, high is good", *similarities([record["insertion"], record["random_insertion"]])),
    ]
    print_table(("area under the curve", "this map", "random"), rows, right=(1, 2))
    print_line(f"Rank correlation with the same on the untrained network: {similarity(record['like_untrained'])}")


# ---------------------------------------------------------------- ablate


def _ablate(options: argparse.Namespace) -> int:
    from alexnet_viz.answers import probabilities
    from alexnet_viz.explain.ablation import altered_stages, changes_of

    changes = changes_of(",".join(options.changes))
    checkpoint, found = _traced(options)
    altered = altered_stages(checkpoint.model, found.stages, changes)
    after = probabilities(altered["logits"])
    if not bool(after.isfinite().all()):
        stage = next(name for name, output in altered.items() if not bool(output.isfinite().all()))
        raise ExplanationError(f"not finite after {stage}; choose smaller factors")
    record = {"before": _answer(found.probabilities, checkpoint), "after": _answer(after, checkpoint)}
    if options.json:
        print_json({**record, **assumed_record(checkpoint)})
    else:
        _print_ablation(found.probabilities, after, checkpoint.classes, changes)
    return 0


def _answer(probabilities: Tensor, checkpoint: Checkpoint) -> list[dict[str, object]]:
    order = probabilities.argsort(descending=True, stable=True).tolist()
    return [{"class": checkpoint.classes[k], "probability": float(probabilities[k])} for k in order]


def _print_ablation(before: Tensor, after: Tensor, classes: Sequence[str], changes: list[Change]) -> None:
    print_line(f"Changed: {', '.join(change.text for change in changes)}")
    order = before.argsort(descending=True, stable=True).tolist()
    likeliest = dict.fromkeys((*order[:10], int(after.argmax())))
    rows = [(classes[k], *percents([float(before[k]), float(after[k])], 1)) for k in likeliest]
    print_table(("class", "before", "altered"), rows, right=(1, 2))
