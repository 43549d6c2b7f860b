"""Both networks over the same pictures, once: answers, similarity and matching from one pass.

found = compare_on(a, b, data.test.first(2000), data.classes, progress=lambda done: bar(done))
found.answers.first.accuracy.value, found.cka.of_stage("block3.relu")
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.matching import MATCHED_STAGES, Matching, same_run
from alexnet_viz.compare.predictions import Agreement, Answers, AnswersAccumulator, why_not_comparable
from alexnet_viz.compare.similarity import CkaMatrix, similarity_stages
from alexnet_viz.compare.stage_sums import StageSums, in_step, logits_of
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ComparisonError, DatasetError
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.evaluation import BATCH

# Called with the number of pictures done after each batch. To cancel, it raises; what it raises comes out unchanged.
Progress = Callable[[int], None]


def nothing(done: int) -> None:
    """Take no notice of progress."""


@dataclass(frozen=True)
class Comparison:
    """What one pass over a split found.

    Attributes:
        first_name, second_name: Of A and B, as they were asked for.
        first_digest, second_digest: Of their content.
        fingerprint: Of the pictures, labels and classes.
        image_count: Pictures compared.
        answers: None where predictions cannot be compared or were not asked for.
        agreement: Share of pictures with the same answer, also where the labels are of other classes; None where A and
            B know different classes.
        remark: Why there are no answers or no agreement, a sentence; "" where nothing is missing.
        cka: None where it was not asked for, or there are fewer than 4 pictures.
        mean_abs_diff: By stage of CKA that both have, None where shapes differ; {} where CKA was not asked for.
        matchings: By stage of `MATCHED_STAGES`; only where both have maps of one size. {} where not asked for.
        seconds: That it took.
    """

    first_name: str
    second_name: str
    first_digest: str
    second_digest: str
    fingerprint: str
    image_count: int
    answers: Answers | None
    agreement: float | None
    remark: str
    cka: CkaMatrix | None
    mean_abs_diff: dict[str, float | None]
    matchings: dict[str, Matching]
    seconds: float

    def stage_values(self) -> dict[str, tuple[float | None, float | None]]:
        """Return (CKA, mean of |B − A|) by stage that both have."""
        values = self.mean_abs_diff.items()
        return {name: (self.cka.of_stage(name) if self.cka else None, value) for name, value in values}

    def to_record(self) -> dict[str, object]:
        """Return everything for JSON.

        {"images", "fingerprint", "per_stage": {name: {"cka", "mean_abs_diff"}}, "agreement", "remark",
         "answers": {…} or null, "cka": {…} or null, "matchings": {stage: {…}}, "seconds",
         "a": {"name", "digest"}, "b": {…}}; the parts are the `to_record` of `Answers`, `CkaMatrix` and `Matching`.
        """
        return {
            "images": self.image_count,
            "fingerprint": self.fingerprint,
            "per_stage": {
                name: {"cka": cka, "mean_abs_diff": value} for name, (cka, value) in self.stage_values().items()
            },
            "agreement": self.agreement,
            "remark": self.remark,
            "answers": self.answers.to_record() if self.answers else None,
            "cka": self.cka.to_record() if self.cka else None,
            "matchings": {name: matching.to_record() for name, matching in self.matchings.items()},
            "seconds": self.seconds,
            "a": {"name": self.first_name, "digest": self.first_digest},
            "b": {"name": self.second_name, "digest": self.second_digest},
        }


def compare_on(
    first: Checkpoint,
    second: Checkpoint,
    split: Split,
    classes: tuple[str, ...],
    *,
    with_answers: bool = True,
    with_cka: bool = True,
    with_matching: bool = True,
    progress: Progress = nothing,
) -> Comparison:
    """Return how two checkpoints differ on labelled pictures, in one pass of each over them.

    Memory is bounded by a batch of 64 pictures and the sums, whatever the number of pictures.

    Args:
        first, second: A and B, on one device; each prepares the pictures by its own input rule.
        split: Square pictures.
        classes: Names of the labels.
        with_answers, with_cka, with_matching: What to compute.
        progress: See `Progress`.
    Raises:
        ComparisonError: No picture.
    """
    if len(split) == 0:
        raise ComparisonError("there is no picture to compare on; choose a data set with test pictures")
    started = time.perf_counter()
    answers, remark = _answers(first, second, classes) if with_answers else (None, "")
    agreement = None if why_not_comparable(first.classes, second.classes) else Agreement(first.classes, second.classes)
    sums = StageSums(
        similarity_stages(first.model.stage_names) if with_cka else (),
        similarity_stages(second.model.stage_names) if with_cka else (),
        MATCHED_STAGES if with_matching else (),
    )
    for start in range(0, len(split), BATCH):
        images, labels = split.images[start : start + BATCH], split.labels[start : start + BATCH].cpu()
        with torch.no_grad(), full_float32(first.device):
            logits = _one_batch(first, second, images, sums if with_cka or with_matching else None)
        if answers:
            answers.add(*logits, labels)
        if agreement:
            agreement.add(*logits)
        progress(start + len(labels))
    return Comparison(
        first_name=first.name,
        second_name=second.name,
        first_digest=first.digest,
        second_digest=second.digest,
        fingerprint=fingerprint(split, classes),
        image_count=len(split),
        answers=answers.answers() if answers else None,
        agreement=agreement.share if agreement else None,
        remark=remark,
        cka=sums.cka(),
        mean_abs_diff=sums.mean_abs_diff(),
        matchings=sums.paired(same_run(first, second)),
        seconds=time.perf_counter() - started,
    )


def _answers(first: Checkpoint, second: Checkpoint, classes: tuple[str, ...]) -> tuple[AnswersAccumulator | None, str]:
    """Return where answers are added up, or None and why they cannot be compared."""
    try:
        return AnswersAccumulator(first, second, classes), ""
    except (ComparisonError, DatasetError) as error:
        return None, str(error)


def _one_batch(first: Checkpoint, second: Checkpoint, images: Tensor, sums: StageSums | None) -> tuple[Tensor, Tensor]:
    """Return both networks' logits for pictures (N, 3, H, W) uint8, and add their stages to the sums."""
    inputs = split_inputs(first, second, images)
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


def split_inputs(first: Checkpoint, second: Checkpoint, images: Tensor) -> tuple[Tensor, Tensor]:
    """Return pictures of a split (N, 3, H, W) uint8 as A and as B takes them, (N, 3, S, S) each."""
    rules = first.input_rule, second.input_rule
    if rules[0] == rules[1]:
        inputs = prepare_as(images.to(first.device), rules[0])
        return inputs, inputs
    prepared = [prepare_as(images.to(first.device), rule) for rule in rules]
    return prepared[0], prepared[1]


def fingerprint(split: Split, classes: tuple[str, ...]) -> str:
    """Return the SHA-256 of pictures, labels and classes, in hexadecimal: what a cached comparison is kept under."""
    content = hashlib.sha256(repr((classes, tuple(split.images.shape))).encode())
    for tensor in (split.images, split.labels):
        content.update(tensor.cpu().contiguous().numpy().data.cast("B"))
    return content.hexdigest()
