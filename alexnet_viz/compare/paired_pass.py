"""One pass of both networks over the same pictures: answers, similarity and matching.

found = compare_on(a, b, pictures.split, pictures.classes, limit=2000, progress=lambda done: bar(done))
found.answers.first.accuracy.value, found.cka.of_stage("block3.relu")
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

import torch
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.comparison import Comparison, Side
from alexnet_viz.compare.lineage import same_run
from alexnet_viz.compare.matching import MATCHED_STAGES
from alexnet_viz.compare.predictions import Agreement, AnswersAccumulator, why_no_answers, why_not_comparable
from alexnet_viz.compare.similarity import similarity_stages
from alexnet_viz.compare.stage_sums import StageSums, in_step, logits_of
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ComparisonError
from alexnet_viz.language import said
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.evaluation import BATCH
from alexnet_viz.training.unseen import unseen

# Called with the number of pictures done after each batch. To cancel, it raises; what it raises comes out unchanged.
Progress = Callable[[int], None]


def no_progress(done: int) -> None:
    """Ignore progress."""


def compare_on(
    first: Checkpoint,
    second: Checkpoint,
    split: Split,
    classes: tuple[str, ...],
    *,
    for_second: Split | None = None,
    limit: int = 0,
    with_answers: bool = True,
    with_cka: bool = True,
    with_matching: bool = True,
    progress: Progress = no_progress,
) -> Comparison:
    """Return how two checkpoints differ on labelled pictures that neither learnt from, in one pass of each over them.

    Memory is bounded by a batch of 64 pictures and the sums, whatever the number of pictures.

    Args:
        first, second: A and B, on one device; each prepares the pictures by its own input rule.
        split: Square pictures.
        classes: Names of the labels.
        for_second: The same pictures in the same order as B's input rule has them stored, where that is another way.
        limit: The first so many of the pictures that neither learnt from; 0 for all.
        with_answers, with_cka, with_matching: What to compute.
        progress: See `Progress`.
    Raises:
        ComparisonError: No picture.
        DatasetError: No picture that neither learnt from.
    """
    if len(split) == 0:
        raise ComparisonError(said("there is no picture to compare on; choose a data set with test pictures"))
    started = time.perf_counter()
    pictures = unseen(split, {"A": first, "B": second}, limit)
    remark = why_no_answers(first, second, classes) if with_answers else ""
    answers = AnswersAccumulator(first, second, classes) if with_answers and not remark else None
    agreement = None if why_not_comparable(first.classes, second.classes) else Agreement(first.classes, second.classes)
    sums = StageSums(
        similarity_stages(first.model.stage_names) if with_cka else (),
        similarity_stages(second.model.stage_names) if with_cka else (),
        MATCHED_STAGES if with_matching else (),
    )
    for start in range(0, len(pictures.numbers), BATCH):
        numbers = pictures.numbers[start : start + BATCH]
        labels = split.labels[numbers].cpu()
        images = split.images[numbers], None if for_second is None else for_second.images[numbers]
        logits = _one_batch(first, second, images, sums if with_cka or with_matching else None)
        if answers:
            answers.add(*logits, labels)
        if agreement:
            agreement.add(*logits)
        progress(start + len(labels))
    return Comparison(
        first=Side.of(first),
        second=Side.of(second),
        image_count=len(pictures.numbers),
        agreement=agreement.share if agreement else None,
        remark=remark,
        cka=sums.cka(),
        mean_abs_diff=sums.mean_abs_diff(),
        matchings=sums.paired(same_run(first, second)),
        seconds=time.perf_counter() - started,
        answers=answers.answers(pictures.numbers) if answers else None,
        fingerprint=fingerprint(split, classes, pictures.numbers),
        unseen=pictures,
    )


def _one_batch(
    first: Checkpoint, second: Checkpoint, images: tuple[Tensor, Tensor | None], sums: StageSums | None
) -> tuple[Tensor, Tensor]:
    """Return both networks' logits for a batch as `split_inputs` takes it, and add their stages to the sums."""
    with torch.no_grad(), full_float32(first.device):
        inputs = split_inputs(first, second, *images)
        if sums is None:
            return logits_of(first.model(inputs[0])), logits_of(second.model(inputs[1]))
        return add_stages(first, second, inputs, sums)


def add_stages(
    first: Checkpoint, second: Checkpoint, inputs: tuple[Tensor, Tensor], sums: StageSums
) -> tuple[Tensor, Tensor]:
    """Add both networks' stages for one batch of inputs to the sums, and return the logits on the CPU."""
    a = b = None
    for name, a, b in in_step(first, second, inputs):
        sums.add(name, a, b)
    sums.end_batch()
    assert a is not None  # every variant ends with its logits
    assert b is not None
    return logits_of(a), logits_of(b)


def split_inputs(
    first: Checkpoint, second: Checkpoint, images: Tensor, for_second: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return pictures of a split (N, 3, H, W) uint8 as A and as B takes them, (N, 3, S, S) each.

    Args:
        first, second: A and B.
        images: As A's input rule has them stored, or at their own size.
        for_second: As B's has them, where that is another way.
    """
    one = prepare_as(images.to(first.device), first.input_rule)
    if for_second is None and first.input_rule == second.input_rule:
        return one, one
    other = images if for_second is None else for_second
    return one, prepare_as(other.to(first.device), second.input_rule)


def fingerprint(split: Split, classes: tuple[str, ...], numbers: Tensor | None = None) -> str:
    """Return the SHA-256 of pictures, labels and classes, in hexadecimal: what a cached comparison is kept under.

    Args:
        split: The pictures, which their digests and the size they are stored at stand for.
        classes: Names of the labels.
        numbers: Of those that count, in their order; by default all.
    """
    numbers = torch.arange(len(split)) if numbers is None else numbers
    content = hashlib.sha256(repr((classes, tuple(split.images.shape[1:]))).encode())
    content.update(split.digests[numbers.numpy()].tobytes())
    content.update(split.labels[numbers].cpu().numpy().tobytes())
    return content.hexdigest()
