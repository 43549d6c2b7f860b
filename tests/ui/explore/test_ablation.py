"""Altered networks as browsers ask for them: each gets its own, nobody else's network changes."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import ExplanationError, StageError
from alexnet_viz.explain.ablation import altered_stages, changes_of
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.ui.compare import data_sets as sets
from alexnet_viz.ui.explore import ablation
from alexnet_viz.ui.explore.ablation import AblationService
from alexnet_viz.ui.explore.service import Service, Subject
from tests.ui.messages import read

pytestmark = pytest.mark.usefixtures("untrained_once")
PHOTO, CHECKPOINT = "chelsea", "untrained"
PLAIN = Subject(PHOTO, CHECKPOINT)


class FewPictures:
    """In place of the comparisons: a set of five grey pictures, of the network's own classes or of others."""

    def __init__(self, classes: tuple[str, ...], remark: str = "") -> None:
        shades = torch.arange(5, dtype=torch.uint8)[:, None, None, None].mul(40).expand(5, 3, 32, 32).contiguous()
        split = Split.of_stored(shades, torch.arange(5) % len(classes))
        self._pictures = sets.TestPictures("few", "grey pictures", classes, split)
        self.listed: list[dict[str, object]] = [{"name": "few", "remark": remark}]

    def data_sets(self, _a: str, _b: str) -> list[dict[str, object]]:
        return self.listed

    def pictures(self, name: str, _count: int) -> sets.TestPictures:
        title = "grey pictures" if name == "few" else f"grey pictures of {name}"
        return replace(self._pictures, name=name, title=title)


@pytest.fixture
def classes(untrained: Checkpoint) -> tuple[str, ...]:
    return untrained.classes


@pytest.fixture
def ablations(service: Service, classes: tuple[str, ...]) -> AblationService:
    return AblationService(service, FewPictures(classes))  # type: ignore[arg-type]


def altered(text: str) -> Subject:
    return Subject(PHOTO, CHECKPOINT, "", text)


def logits(service: Service, subject: Subject) -> np.ndarray[Any, Any]:
    found: np.ndarray[Any, Any] = read(service.trace_message(subject))[1]["logits"]
    return found


def test_the_answer_says_what_is_altered_and_by_how_much(service: Service) -> None:
    header, arrays = read(service.trace_message(altered("block5.relu:3=0,7=2,fc1:5=held")))
    assert header["altered"]["changes"] == "block5.relu:3=0,7=2,fc1:5=held"
    change = header["altered"]["change"]
    before = service.trace(PLAIN).stages["block5.relu"]
    assert (next(iter(change)), list(change)[-3:]) == ("block5.relu", ["fc1", "fc2", "logits"])
    off, doubled = before[3].norm().item(), before[7].norm().item()  # what is doubled changes by itself
    assert change["block5.relu"] == pytest.approx(np.hypot(off, doubled) / before.norm().item(), rel=1e-4)
    assert not arrays["statistics:block5.relu"][3].any() or arrays["statistics:block5.relu"][3][1] == 0
    assert read(service.trace_message(PLAIN))[0]["altered"] is None


def test_stages_before_the_alteration_are_those_of_the_unaltered_network(service: Service) -> None:
    before, after = service.trace(PLAIN), service.trace(altered("block5.relu:3=0"))
    shared = [name for name in before.stages if after.stages[name] is before.stages[name]]
    assert shared == list(before.stages)[: list(before.stages).index("block5.relu")]
    messages = [service.stage_message(each, "block4.relu") for each in (PLAIN, altered("block5.relu:3=0"))]
    assert messages[0] == messages[1]


def test_eight_people_at_once_each_have_their_own_network(service: Service) -> None:
    before = service.trace(PLAIN)
    kept = {name: stage.clone() for name, stage in before.stages.items()}
    parameters = [value.clone() for value in service.checkpoint(CHECKPOINT)[0].model.parameters()]
    texts = ["", *(f"block5.relu:{n}={factor}" for n, factor in enumerate(("0", "held", "2", "0", "held", "2", "0")))]
    model = service.checkpoint(CHECKPOINT)[0].model
    alone = [
        altered_stages(model, before.stages, changes_of(text))["logits"].numpy() if text else before.logits.numpy()
        for text in texts
    ]
    with ThreadPoolExecutor(8) as people:
        together = list(people.map(lambda text: logits(service, altered(text)), texts * 3))
    for number, found in enumerate(together):
        np.testing.assert_allclose(found, alone[number % 8], rtol=1e-4, atol=1e-6)
    assert len({found.tobytes() for found in together[:8]}) == 8
    assert all(torch.equal(kept[name], stage) for name, stage in service.trace(PLAIN).stages.items())
    assert all(torch.equal(a, b) for a, b in zip(parameters, model.parameters(), strict=True))
    assert not any(module._forward_hooks for module in model.modules())
    assert service.engine.waiting == 0


def test_what_is_exported_says_how_the_network_is_altered(service: Service) -> None:
    content = service.activations_file(altered("fc2:3=0"), ("fc2",))
    with np.load(io.BytesIO(content)) as arrays:
        assert str(arrays["altered"]) == "fc2:3=0"
        assert arrays["fc2"][3] == 0
    with np.load(io.BytesIO(service.activations_file(PLAIN, ("fc2",)))) as arrays:
        assert "altered" not in arrays


def test_what_is_not_there_is_told(service: Service) -> None:
    with pytest.raises(StageError, match=r"no stage 'block9.relu'"):
        service.trace(altered("block9.relu:1=0"))
    with pytest.raises(ExplanationError, match=r"no channel 256 at block5.relu"):
        service.trace(altered("block5.relu:256=0"))
    with pytest.raises(ExplanationError, match="is no change of a channel"):
        service.trace(altered("nonsense"))


def test_costs_come_a_few_channels_at_a_time_each_off_alone(service: Service, ablations: AblationService) -> None:
    before = service.trace(PLAIN)
    model = service.checkpoint(CHECKPOINT)[0].model
    # An alteration of the same browser's does not count: each is off alone.
    found = ablations.costs(altered("block5.relu:9=0"), "block5.relu", 248, 2)
    assert (found["first"], found["total"], len(found["left"])) == (248, 256, 8)
    assert found["whole"] == pytest.approx(float(before.probabilities[2]))
    for channel, left in zip(range(248, 256), found["left"], strict=True):
        alone = altered_stages(model, before.stages, changes_of(f"block5.relu:{channel}=0"))["logits"].softmax(0)
        assert left == pytest.approx(float(alone[2]), rel=1e-4)
    with pytest.raises(ExplanationError, match=r"no channel 256 at block5.relu"):
        ablations.costs(PLAIN, "block5.relu", 256, 2)
    with pytest.raises(ExplanationError, match="has 10 classes"):
        ablations.costs(PLAIN, "block5.relu", 0, 10)


def test_a_network_without_an_answer_has_no_costs(
    service: Service, ablations: AblationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, title, rule, sound = service.subject(PLAIN)
    broken = replace(sound, logits=torch.full_like(sound.logits, torch.nan))
    monkeypatch.setattr(service, "subject", lambda _subject: (checkpoint, title, rule, broken))
    with pytest.raises(ExplanationError, match="gives no answer"):
        ablations.costs(PLAIN, "block5.relu", 0, 0)


def test_right_answers_are_counted_before_and_altered(
    service: Service, ablations: AblationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ablation, "pictures_at_once", lambda _device: 3)
    # With all of fc2 off the answer is that of the biases, which are 0: class 0, right for one picture of five.
    everything = "fc2:" + ",".join(f"{unit}=0" for unit in range(len(service.trace(PLAIN).stages["fc2"])))
    answers = [ablations.count_right(altered(everything), first) for first in (0, 3)]
    told = [(each["title"], each["total"], each["count"]) for each in answers]
    assert told == [("grey pictures", 5, 3), ("grey pictures", 5, 2)]
    assert [each["after"] for each in answers] == [1, 0]


def test_a_larger_set_that_has_come_since_is_taken(service: Service, classes: tuple[str, ...]) -> None:
    few = FewPictures(classes, "no such pictures here")
    counting = AblationService(service, few)  # type: ignore[arg-type]
    assert counting.count_right(altered("fc2:1=0"), 0)["total"] == 0
    few.listed = [{"name": "sample", "remark": ""}]
    assert counting.count_right(altered("fc2:1=0"), 0)["title"] == "grey pictures of sample"
    few.listed = [{"name": "all", "remark": ""}, {"name": "sample", "remark": ""}]
    assert counting.count_right(altered("fc2:1=0"), 0)["title"] == "grey pictures of all"


def test_without_pictures_of_its_classes_nothing_is_counted(service: Service) -> None:
    strangers = FewPictures(("apple", "pear"), "knows no apple")
    found = AblationService(service, strangers).count_right(altered("fc2:1=0"), 0)  # type: ignore[arg-type]
    assert found == {"title": "", "total": 0, "count": 0, "before": 0, "after": 0}
