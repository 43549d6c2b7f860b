"""The command `compare`. Its imports are inside the functions, because torch takes seconds to import."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexnet_viz.atomic import replacing
from alexnet_viz.checkpoint_options import add_choice_options, assumed_record, choice_of, chosen_checkpoint
from alexnet_viz.cli_output import (
    Bar,
    add_command,
    file_to_write,
    print_json,
    print_line,
    print_notes,
    print_table,
    so_many,
)
from alexnet_viz.errors import ComparisonError
from alexnet_viz.number_words import fixed, number, p_value, percent, percents, similarity
from alexnet_viz.training.command_options import add_data_options, data_folder, limit_of

if TYPE_CHECKING:
    from alexnet_viz.checkpoints import Checkpoint
    from alexnet_viz.compare.comparison import Comparison
    from alexnet_viz.compare.predictions import Scores
    from alexnet_viz.compare.report import Report


def register(commands: Any) -> None:
    """Add the command to a parser's subparsers; it sets `run`, which takes the options and returns the exit code."""
    compare = add_command(commands, "compare", _compare, "what is different between two checkpoints, and where")
    compare.add_argument("first", metavar="A", help="a name from `checkpoints`, a path, or RUN:EPOCH")
    compare.add_argument("second", metavar="B")
    for side in ("a", "b"):
        add_choice_options(compare, side)
    over = compare.add_mutually_exclusive_group(required=True)
    over.add_argument("--images", nargs="+", metavar="IMAGE", help="pictures without labels")
    over.add_argument("--dataset", metavar="D", help="the test pictures of shapes, cifar10, cifar10-sample or folder")
    add_data_options(compare)
    compare.add_argument("--report", type=file_to_write, metavar="FILE.html", help="write a page that opens offline")


def _compare(options: argparse.Namespace) -> int:
    choices = choice_of(options, "a"), choice_of(options, "b")
    is_one_file = options.second == options.first  # said to be two networks: neither is kept beside it
    first = chosen_checkpoint(options.first, choices[0], options, keep=not is_one_file)
    second = first
    if not is_one_file or choices[0] != choices[1]:
        second = chosen_checkpoint(options.second, choices[1], options, keep=not is_one_file)
    report, document = (_on_images if options.images else _on_data)(first, second, options)
    sides = {"a": first, "b": second}
    document = {**document, **{side: {**document[side], **assumed_record(each)} for side, each in sides.items()}}
    if options.report:
        _write(report, options.report)
    if options.json:
        print_json(document)
    else:
        _print(report)
        if options.report:
            print_line(f"report written to {options.report}")
    return 0


def _on_images(first: Checkpoint, second: Checkpoint, options: argparse.Namespace) -> tuple[Report, Mapping[str, Any]]:
    from alexnet_viz.compare.report import make_report
    from alexnet_viz.compare.unlabelled import CHANGED_PICTURES, changed_channels, compare_pictures, picture_inputs
    from alexnet_viz.images import read_image

    paths = options.images
    bar = Bar(options.json)
    found = compare_pictures(
        first, second, map(read_image, paths), lambda done: bar.draw(done / len(paths), f"{done:,} pictures")
    )
    bar.clear()
    shown = picture_inputs(first, second, map(read_image, paths[:CHANGED_PICTURES]))
    changed = changed_channels(first, second, shown, found.matchings)
    names = ", ".join(Path(path).name for path in paths)
    return make_report(first, second, data=names, found=(found,), changed=changed), found.to_record()


def _on_data(first: Checkpoint, second: Checkpoint, options: argparse.Namespace) -> tuple[Report, Mapping[str, Any]]:
    from alexnet_viz.compare.paired_pass import compare_on, split_inputs
    from alexnet_viz.compare.report import make_report
    from alexnet_viz.compare.unlabelled import CHANGED_PICTURES, changed_channels
    from alexnet_viz.training.datasets.labelled import OF_ANY_SIZE, labelled_pictures
    from alexnet_viz.training.unseen import unseen

    data = labelled_pictures(options.dataset, data_folder(options), *first.input_rule.stored)
    for_second = None
    if options.dataset in OF_ANY_SIZE and second.input_rule.stored != first.input_rule.stored:
        for_second = labelled_pictures(options.dataset, data_folder(options), *second.input_rule.stored).split
    print_notes(data.notes)
    limit = limit_of(options)
    numbers = unseen(data.split, {"A": first, "B": second}, limit).numbers
    bar = Bar(options.json)
    found = compare_on(
        first,
        second,
        data.split,
        data.classes,
        for_second=for_second,
        limit=limit,
        progress=lambda done: bar.draw(done / len(numbers), f"{done:,} of {len(numbers):,} pictures"),
    )
    bar.clear()
    shown = numbers[:CHANGED_PICTURES]
    inputs = split_inputs(first, second, data.split.images[shown], for_second.images[shown] if for_second else None)
    changed = changed_channels(first, second, inputs, found.matchings)
    about = f"test pictures of {data.name}"
    report = make_report(first, second, data=about, notes=data.notes, found=(found,), changed=changed)
    document: dict[str, Any] = found.to_record()
    for each in document["answers"]["disagreements"] if found.answers else ():
        each.update(data.file_of(each["index"]))
    return report, {**document, "notes": list(data.notes)}


def _write(report: Report, path: Path) -> None:
    from alexnet_viz.compare.report import design_tokens, html_report

    page = html_report(report, design_tokens())
    try:
        with replacing(path) as partial:
            partial.write_text(page, "utf-8")
    except OSError as error:
        reason = f"{path} cannot be written: {error.strerror or error}; choose another --report"
        raise ComparisonError(reason) from error


# ---------------------------------------------------------------- for people


def _print(report: Report) -> None:
    from alexnet_viz.compare.wording import verdict

    for letter, name, epoch in zip("AB", report.names, report.epochs, strict=True):
        print_line(f"{letter}  {name}" + ("" if epoch is None else f", epoch {epoch}"))
    print_line(f"\n{verdict(report.found)}\n")
    for found in report.found:
        _print_stages(found)
        _print_answers(found)
    _print_weights(report)


def _print_stages(found: Comparison) -> None:
    from alexnet_viz.number_words import number, similarity

    rows = [(name, similarity(cka), number(difference)) for name, (cka, difference) in found.stage_values().items()]
    print_table(("stage", "CKA", "mean |B − A|"), rows, right=(1, 2))
    pairs = [
        (name, f"{len(m.partners)}", f"{len(m.without_good_partner)}", f"{len(m.silent_first)}", m.method)
        for name, m in found.matchings.items()
    ]
    if pairs:
        print_line()
        print_table(
            ("stage", "channels of A", "without good partner", "silent in A", "paired by"), pairs, right=(1, 2, 3)
        )


def _print_answers(found: Comparison) -> None:

    if found.answers is None:
        return
    print_line()
    for letter, score in zip("AB", (found.answers.first, found.answers.second), strict=True):
        print_line(f"{letter}  {_accuracy_words(score)}")
    test = found.answers.mcnemar
    spelled = "" if test.p_value is None else f"; {p_value(test.p_value)}"
    print_line(f"only A is right {so_many(test.only_first, 'time')}, only B {test.only_second:,}{spelled}\n")
    rows = [
        (str(row["class"]), str(row["count"]), *percents([row["a"], row["b"]]))  # type: ignore[list-item]
        for row in found.answers.per_class()
    ]
    print_table(("class", "pictures", "A right", "B right"), rows, right=(1, 2, 3))


def _accuracy_words(score: Scores) -> str:
    accuracy = score.accuracy
    parts = [f"{percent(accuracy.value, 2)} right"]
    if accuracy.low is not None and accuracy.high is not None:
        parts.append(f"95 % interval {percent(accuracy.low, 1)} to {percent(accuracy.high, 1)}")
        parts.append(f"ECE {fixed(score.calibration.expected_error, 3)}")
    return ", ".join(filter(None, (*parts, score.evaluation.no_answer_words)))


def _print_weights(report: Report) -> None:

    rows = [(row.layer, number(row.distance), number(row.relative), similarity(row.cosine)) for row in report.weights]
    print_line()
    print_table(("weights of", "|B − A|", "relative to |A|", "cosine"), rows, right=(1, 2, 3))
