"""The result of comparing two checkpoints: one record, with the parts that the pictures allowed."""

from __future__ import annotations

from dataclasses import dataclass, field

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.matching import Matching
from alexnet_viz.compare.predictions import Answers, Scores
from alexnet_viz.compare.similarity import CkaMatrix
from alexnet_viz.training.unseen import Unseen

_OF_SCORES = ("accuracy", "interval", "no_answer")


@dataclass(frozen=True)
class Side:
    """One of the two.

    Attributes:
        digest: Of its content.
        top: For each picture without a label, its most probable classes as (name, probability), the most probable
            first; none where the outputs are not numbers. () where the pictures have labels.
    """

    name: str
    digest: str
    variant: str
    epoch: int | None
    top: tuple[tuple[tuple[str, float], ...], ...] = ()

    @classmethod
    def of(cls, checkpoint: Checkpoint, top: tuple[tuple[tuple[str, float], ...], ...] = ()) -> Side:
        """Return what a checkpoint says about itself."""
        epoch = checkpoint.metadata.get("epoch")
        return cls(
            checkpoint.name, checkpoint.digest, checkpoint.variant, epoch if isinstance(epoch, int) else None, top
        )

    def to_record(self, scores: Scores | None) -> dict[str, object]:
        """Return {"name", "digest", "variant", "epoch", …}, with what is known of its answers.

        That is "predictions" on pictures without labels, "accuracy", "interval" and "no_answer" on others.
        """
        record: dict[str, object] = {
            "name": self.name,
            "digest": self.digest,
            "variant": self.variant,
            "epoch": self.epoch,
        }
        if self.top:
            record["predictions"] = [
                [{"class": name, "probability": value} for name, value in each] for each in self.top
            ]
        if scores:
            record |= {key: value for key, value in scores.to_record().items() if key in _OF_SCORES}
        return record


@dataclass(frozen=True)
class Comparison:
    """Two checkpoints on pictures.

    Attributes:
        image_count: Pictures compared.
        agreement: Share of pictures with the same answer; no answer agrees with none. None where A and B know different
            classes.
        remark: Why there are no answers, no agreement or no CKA, sentences; "" where nothing is missing.
        cka: Every stage against every stage; None with fewer than 4 pictures, or where it was not asked for.
        mean_abs_diff: Mean of |B − A| over pictures, channels and places by stage that both have, channel by channel of
            the same number, in units of the activations; None where shapes differ. {} where CKA was not asked for.
        matchings: By stage of `MATCHED_STAGES`; only where both have maps of one size. Of a few pictures alone,
            correlations are higher than they would be of many.
        seconds: That it took.
        answers: On pictures with labels; None where they cannot be counted or were not asked for.
        fingerprint: Of pictures, labels and classes; "" without labels.
        unseen: Which of the pictures count, since neither learnt from them; None without labels.
    """

    first: Side
    second: Side
    image_count: int
    agreement: float | None
    remark: str
    cka: CkaMatrix | None
    mean_abs_diff: dict[str, float | None] = field(default_factory=dict)
    matchings: dict[str, Matching] = field(default_factory=dict)
    seconds: float = 0.0
    answers: Answers | None = None
    fingerprint: str = ""
    unseen: Unseen | None = None

    def stage_values(self) -> dict[str, tuple[float | None, float | None]]:
        """Return (CKA, mean of |B − A|) by stage that both have."""
        values = self.mean_abs_diff.items()
        return {name: (self.cka.of_stage(name) if self.cka else None, value) for name, value in values}

    def to_record(self) -> dict[str, object]:
        """Return everything for JSON.

        {"images", "fingerprint", "per_stage": {name: {"cka", "mean_abs_diff"}}, "agreement", "remark",
         "answers": {…} or null, "mcnemar": {…} or null, "cka": {…} or null, "matchings": {stage: {…}}, "seconds",
         "a": {…}, "b": {…}}; the parts are the `to_record` of `Answers`, `CkaMatrix`, `Matching` and `Side`. With
        labels, also what `Unseen.to_record` holds.
        """
        answers = self.answers.to_record() if self.answers else None
        return {
            "images": self.image_count,
            "fingerprint": self.fingerprint,
            "per_stage": {
                name: {"cka": cka, "mean_abs_diff": value} for name, (cka, value) in self.stage_values().items()
            },
            "agreement": self.agreement,
            "remark": self.remark,
            "answers": answers,
            "mcnemar": answers["mcnemar"] if answers else None,
            "cka": self.cka.to_record() if self.cka else None,
            "matchings": {name: matching.to_record() for name, matching in self.matchings.items()},
            "seconds": self.seconds,
            "a": self.first.to_record(self.answers.first if self.answers else None),
            "b": self.second.to_record(self.answers.second if self.answers else None),
            **(self.unseen.to_record() if self.unseen else {}),
        }
