from collections.abc import Callable

import pytest
import torch
from PIL import Image

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.matching import Matching
from alexnet_viz.compare.unlabelled import ChangedChannel, compare_pictures, most_changed
from alexnet_viz.errors import ComparisonError
from alexnet_viz.inference import trace
from tests.compare.conftest import random_pictures, shuffled_twin


def photos(count: int) -> list[Image.Image]:
    images = random_pictures(count, seed=9).images
    return [Image.fromarray(image.permute(1, 2, 0).numpy()).resize((40 + k, 50)) for k, image in enumerate(images)]


def test_a_twin_is_the_same_on_pictures(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first = tiny_checkpoint(3, name="a")
    found = compare_pictures(first, shuffled_twin(first, torch.arange(8).flip(0), "b"), photos(16))
    assert (found.agreement, found.remark, found.image_count) == (1.0, "", 16)
    assert list(found.stage_values()) == list(first.model.stage_names)
    values = [cka for cka, _ in found.stage_values().values()]
    assert values == pytest.approx([1] * len(values), abs=1e-5)
    assert found.mean_abs_diff["block2.pool"] == 0
    assert found.mean_abs_diff["block3.relu"] != 0
    record = found.to_record()
    assert {"per_stage", "agreement", "remark", "cka", "matchings", "a", "b"} <= set(record)
    assert record["per_stage"]["block3.relu"].keys() == {"cka", "mean_abs_diff"}  # type: ignore[index]
    assert record["a"]["name"] == "a"  # type: ignore[index]


def test_answers_and_differences_are_those_of_a_trace(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second, images = tiny_checkpoint(0), tiny_checkpoint(1), photos(2)
    done: list[int] = []
    found = compare_pictures(first, second, images, done.append)
    traces = [[trace(checkpoint, image) for image in images] for checkpoint in (first, second)]
    assert done == [2]
    for side, own in zip((found.first, found.second), traces, strict=True):
        for top, one in zip(side.top, own, strict=True):
            assert [value for _, value in top] == pytest.approx(sorted(one.probabilities.tolist(), reverse=True))
            assert top[0][0] == first.classes[int(one.probabilities.argmax())]
    for stage, difference in found.mean_abs_diff.items():
        gaps = [(b.stages[stage] - a.stages[stage]).abs().mean().item() for a, b in zip(*traces, strict=True)]
        assert difference == pytest.approx(sum(gaps) / 2, rel=1e-4), stage
    assert found.stage_values()["fc1"][0] is None
    assert found.remark == "CKA takes at least 4 pictures; give more."


def test_no_picture_is_refused(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    with pytest.raises(ComparisonError, match="no picture to compare on; give at least one"):
        compare_pictures(tiny_checkpoint(), tiny_checkpoint(), [])


def test_the_change_is_the_root_mean_square() -> None:
    first = torch.zeros((3, 1, 2))
    second = torch.tensor([[[3.0, 4.0]], [[0.0, 0.0]], [[1.0, -1.0]]])
    most, less = most_changed(first, second)
    assert most == ChangedChannel(0, 0, most.change)
    assert less == ChangedChannel(2, 2, less.change)
    assert (most.change, less.change) == (pytest.approx(12.5**0.5), pytest.approx(1.0))


def test_changes_follow_the_pairs() -> None:
    first = torch.tensor([[1.0, 2.0], [5.0, 5.0], [0.0, 0.0]])
    matching = Matching("fc1", (1, None, 0), (1.0, None, 1.0), 2, (), (), "correlation", "", 4)
    assert most_changed(first, torch.tensor([[0.0, 0.0], [1.0, 2.0]]), matching) == ()
    with pytest.raises(ComparisonError, match="maps of 3 × 2 and 2 × 2 cannot be subtracted"):
        most_changed(first, torch.zeros((2, 2)))
    with pytest.raises(ComparisonError, match="choose another stage"):
        most_changed(torch.zeros((2, 3, 3)), torch.zeros((2, 4, 4)))
