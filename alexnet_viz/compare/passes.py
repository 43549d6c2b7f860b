"""Both networks over the same pictures, once: answers, similarity and matching from one pass.

found = compare_on(a, b, data.test.first(2000), data.classes, progress=lambda done: bar(done))
found.answers.first.accuracy.value, found.cka.of_stage("block3.relu")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.answers import Answers
from alexnet_viz.compare.matching import Matching
from alexnet_viz.compare.similarity import CkaMatrix
from alexnet_viz.training.datasets.dataset import Split

BATCH = 64

Progress = Callable[[int], None]
"""Called with the number of pictures done after each batch; to cancel, it raises: what it raises comes out unchanged."""


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
        answers: None where predictions cannot be compared or were not asked for; `answers_remark` says why.
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
    answers_remark: str
    cka: CkaMatrix | None
    mean_abs_diff: dict[str, float | None]
    matchings: dict[str, Matching]
    seconds: float

    def to_record(self) -> dict[str, object]:
        """Return everything for JSON.

        {"images", "fingerprint", "per_stage": {name: {"cka", "mean_abs_diff"}}, "agreement", "answers": {…} or null,
         "remark", "cka": {…} or null, "matchings": {stage: {…}}, "seconds",
         "a": {"name", "digest"}, "b": {…}}; the parts are the `to_record` of `Answers`, `CkaMatrix` and `Matching`.
        """
        raise NotImplementedError


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

    Memory is bounded by a batch of `BATCH` pictures and the sums, whatever the number of pictures.

    Args:
        first, second: A and B; each prepares the pictures by its own input rule.
        split: Square pictures.
        classes: Names of the labels.
        with_answers, with_cka, with_matching: What to compute.
        progress: See `Progress`.
    Raises:
        ComparisonError: No picture.
    """
    raise NotImplementedError


def fingerprint(split: Split, classes: tuple[str, ...]) -> str:
    """Return the SHA-256 of pictures, labels and classes, in hexadecimal: what a cached comparison is kept under."""
    raise NotImplementedError
