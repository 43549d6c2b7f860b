from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.checkpoints.learnt_from import NOTHING
from alexnet_viz.compare import paired_pass
from alexnet_viz.compare.paired_pass import compare_on, fingerprint
from alexnet_viz.compare.stage_sums import in_step
from alexnet_viz.compare.unlabelled import most_changed
from alexnet_viz.compare.wording import verdict
from alexnet_viz.errors import ComparisonError, DatasetError
from alexnet_viz.images import InputRule
from alexnet_viz.model import VARIANTS, AlexNet, initialise
from alexnet_viz.training.augmentation import prepare
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.evaluation import evaluate
from tests.compare.conftest import CLASSES, random_pictures, shuffled_twin
from tests.explain.small_network import small_network

ORDER = torch.tensor([5, 0, 7, 2, 1, 6, 4, 3])  # of the eight channels of block 3


def test_a_network_against_itself_is_zero_everywhere(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    found = compare_on(tiny_checkpoint(), tiny_checkpoint(), random_pictures(80), CLASSES)
    assert len(found.mean_abs_diff) == 11
    assert set(found.mean_abs_diff.values()) == {0.0}
    assert found.cka is not None
    assert [found.cka.of_stage(name) for name in found.mean_abs_diff] == pytest.approx([1] * 11, abs=1e-9)
    assert (found.agreement, found.remark) == (1.0, "")
    assert found.answers is not None
    assert (found.answers.disagreements, found.answers.mcnemar.p_value) == ((), 1.0)
    for matching in found.matchings.values():
        assert all(partner in (None, channel) for channel, partner in enumerate(matching.partners))


def test_shuffled_channels_are_the_same_network(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first = tiny_checkpoint(3)
    twin = shuffled_twin(first, ORDER)
    found = compare_on(first, twin, random_pictures(80), CLASSES)
    matching = found.matchings["block3.relu"]
    assert matching.silent_first == ()
    assert matching.partners == tuple(ORDER.argsort().tolist())
    assert matching.correlations == pytest.approx([1] * 8, abs=1e-6)
    assert matching.without_good_partner == ()
    assert found.cka is not None
    assert [found.cka.of_stage(name) for name in found.mean_abs_diff] == pytest.approx([1] * 11, abs=1e-6)
    assert found.agreement == 1
    assert found.answers is not None
    assert found.answers.first.evaluation.confusion == found.answers.second.evaluation.confusion
    x = prepare(random_pictures(1).images, 227, (0.5,) * 3, (0.25,) * 3)
    with torch.no_grad():
        stages = [dict(checkpoint.model.walk(x)) for checkpoint in (first, twin)]
    for name in ("block3.conv", "block3.relu"):
        assert most_changed(stages[0][name][0], stages[1][name][0], matching) == ()
        assert len(most_changed(stages[0][name][0], stages[1][name][0])) > 0  # by number they differ
    for name in ("block4.conv", "block5.pool", "fc1", "logits"):
        assert most_changed(stages[0][name][0], stages[1][name][0]) == ()


def test_answers_are_evaluates(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second, split = tiny_checkpoint(0), tiny_checkpoint(1), random_pictures(70)
    both: tuple[dict[str, Any], ...] = ({}, {"with_cka": False, "with_matching": False})
    for options in both:
        found = compare_on(first, second, split, CLASSES, **options)
        assert found.answers is not None
        assert found.answers.first.evaluation == evaluate(first, split, CLASSES)
        assert found.answers.second.evaluation == evaluate(second, split, CLASSES)
        assert found.answers.first.accuracy.value == evaluate(first, split, CLASSES).accuracy


def test_each_prepares_by_its_own_rule(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    dark = InputRule(227, (0.1, 0.2, 0.3), (0.4, 0.4, 0.4))
    second, split = tiny_checkpoint(0, input=dark.to_record()), random_pictures(6)
    found = compare_on(tiny_checkpoint(0), second, split, CLASSES)
    assert found.answers is not None
    assert found.answers.second.evaluation == evaluate(second, split, CLASSES)
    assert found.mean_abs_diff["block1.relu"] != 0


def test_differences_are_the_mean_over_all_pictures(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second, split = tiny_checkpoint(0), tiny_checkpoint(1), random_pictures(66)  # batches of 64 and of 2
    found = compare_on(first, second, split, CLASSES)
    rule = first.input_rule
    x = prepare(split.images, rule.size, rule.mean, rule.std)
    with torch.no_grad():
        stages = [dict(checkpoint.model.walk(x)) for checkpoint in (first, second)]
    for name, value in found.mean_abs_diff.items():
        expected = (stages[1][name].double() - stages[0][name].double()).abs().mean().item()
        assert value == pytest.approx(expected, rel=1e-5), name
    assert found.cka is not None
    assert found.cka.image_count == 64  # two pictures say nothing about CKA
    assert found.matchings["block1.relu"].image_count == 66


def test_progress_counts_pictures_and_cancels_by_raising(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    seen: list[int] = []

    def stop(done: int) -> None:
        seen.append(done)
        if done == 128:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        compare_on(tiny_checkpoint(), tiny_checkpoint(), random_pictures(200), CLASSES, progress=stop)
    assert seen == [64, 128]


def test_networks_of_other_variants_and_classes(
    tiny_checkpoint: Callable[..., Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = VARIANTS["seed"]
    layers = tuple(replace(layer, out_channels=layer.out_channels + 2, norm=False) for layer in seed.convolutions)
    monkeypatch.setitem(VARIANTS, "other", replace(seed, name="other", convolutions=layers, fc_relu=True))
    model = AlexNet(2, variant="other").eval().requires_grad_(False)
    initialise(model, 1)
    first = tiny_checkpoint()
    second = Checkpoint("b", model, ("ant", "bee"), "other", first.metadata, first.device, None)
    found = compare_on(first, second, random_pictures(8), CLASSES)
    assert found.answers is None
    assert found.agreement is None
    assert found.remark.startswith("A has 3 classes, B 2; their predictions cannot be put on one axis")
    assert found.cka is not None
    assert found.cka.of_stage("block3.relu") is not None
    assert found.mean_abs_diff["block3.relu"] is None  # 8 channels and 10
    assert len(found.matchings["block3.relu"].partners) == 8
    assert found.matchings["block3.relu"].second_count == 10


def test_labels_of_other_classes_still_tell_whether_they_agree(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    found = compare_on(tiny_checkpoint(), tiny_checkpoint(), random_pictures(4), ("owl", "fox", "elk"))
    assert found.answers is None
    assert found.agreement == 1
    assert "or checkpoints trained on these classes" in found.remark


def test_epochs_of_one_run_keep_their_numbers(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    about = {"recipe": {"epochs": 2}, "seed": 1, "source": "run x"}
    found = compare_on(tiny_checkpoint(0, **about), tiny_checkpoint(1, **about), random_pictures(5), CLASSES)
    assert {matching.method for matching in found.matchings.values()} == {"identity"}
    assert "epochs of one run" in found.matchings["block1.relu"].reason


def test_only_what_is_asked_for(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    found = compare_on(
        tiny_checkpoint(), tiny_checkpoint(), random_pictures(5), CLASSES, with_answers=False, with_cka=False
    )
    assert (found.answers, found.cka, found.mean_abs_diff) == (None, None, {})
    assert len(found.matchings) == 5
    with pytest.raises(ComparisonError, match="no picture"):
        compare_on(tiny_checkpoint(), tiny_checkpoint(), random_pictures(0), CLASSES)


def test_the_record_is_one_document(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    record = compare_on(tiny_checkpoint(), tiny_checkpoint(1), random_pictures(5), CLASSES).to_record()
    assert set(record["per_stage"]["block3.relu"]) == {"cka", "mean_abs_diff"}  # type: ignore[index]
    assert record["a"]["name"] == "mine"  # type: ignore[index]
    assert record["images"] == 5


def test_the_fingerprint_is_the_contents() -> None:
    split = random_pictures(3)
    same = fingerprint(split, CLASSES)
    assert fingerprint(random_pictures(3), CLASSES) == same
    others = [
        fingerprint(split, ("x", "bee", "cat")),
        fingerprint(Split.of_stored(split.images, 2 - split.labels), CLASSES),
        fingerprint(Split.of_stored(split.images + 1, split.labels), CLASSES),
        fingerprint(Split.of_stored(split.images.reshape(3, 3, 16, 64), split.labels), CLASSES),
    ]
    assert len({same, *others}) == 5


def test_a_batch_is_evaluates() -> None:
    from alexnet_viz.training import evaluation

    assert paired_pass.BATCH == evaluation.BATCH  # or the numbers would differ in the last digit


def test_pictures_that_a_or_b_learnt_from_are_left_out(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    split = random_pictures(12)
    knows = [NOTHING.and_from("x", split.digests[some]).to_text() for some in ([0, 5], [5, 11])]
    first, second = (tiny_checkpoint(draw, learnt_from=text) for draw, text in enumerate(knows))
    found = compare_on(first, second, split, CLASSES)
    rest = torch.tensor([1, 2, 3, 4, 6, 7, 8, 9, 10])
    assert found.answers is not None
    assert found.answers.first.evaluation == evaluate(first, split.chosen(rest), CLASSES)
    # A disagreement names the picture's place among all, by which a page shows it.
    named = {each.index: each.label for each in found.answers.disagreements}
    assert set(named) <= set(rest.tolist())
    assert all(int(split.labels[index]) == label for index, label in named.items())
    record = found.to_record()
    assert (record["images"], record["left_out_learnt"], record["of"], record["not_known"]) == (9, 3, 12, [])
    assert record["learnt_words"] == "9 of 12 pictures; 3 that A or B learnt from are left out."
    assert "3 that A or B learnt from are left out." in verdict([found])
    assert compare_on(first, second, split, CLASSES, limit=4).image_count == 4


def test_where_one_side_learnt_from_all_pictures_it_is_said(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    split = random_pictures(6)
    learnt = tiny_checkpoint(learnt_from=NOTHING.and_from("x", split.digests).to_text())
    with pytest.raises(DatasetError, match="no picture left to measure on: B learnt from all 6; choose other pictures"):
        compare_on(tiny_checkpoint(), learnt, split, CLASSES)


def test_pictures_may_lack_classes_that_both_know(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    split = random_pictures(12)
    few = split.chosen((split.labels < 2).nonzero()[:, 0])
    found = compare_on(tiny_checkpoint(0), tiny_checkpoint(1), few, ("ant", "bee"))
    assert found.answers is not None
    assert found.answers.classes == CLASSES
    assert [row["count"] for row in found.answers.per_class()] == [*torch.bincount(few.labels).tolist(), 0]


def test_stages_are_paired_by_name_where_one_pools_before_it_normalises(
    tiny_checkpoint: Callable[..., Checkpoint],
) -> None:
    about = tiny_checkpoint()
    sides = [
        Checkpoint(name, small_network(name), about.classes, name, about.metadata, about.device, None)
        for name in ("paper-k1", "paper-pool-first")
    ]
    x = torch.randn(4, 3, 227, 227, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        found = {name: (a is not None, b is not None) for name, a, b in in_step(sides[0], sides[1], (x, x))}
        steps = [name for name, _, _ in in_step(sides[0], sides[1], (x, x))]
    assert len(steps) == len(found)  # each name once
    assert set(found.values()) == {(True, True)}
    assert set(found) == set(sides[1].model.stage_names)
    assert sides[1].model.stage_names[:4] == ("block1.conv", "block1.relu", "block1.pool", "block1.norm")
