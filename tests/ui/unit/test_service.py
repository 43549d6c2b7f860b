"""What the Unit page is told: a number through its block, and a search that is shared and cancelled."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import ComparisonError, StageError, UnitError
from alexnet_viz.explain.arithmetic import Place
from alexnet_viz.images import InputRule, to_tensor
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.ui.compare import data_sets
from alexnet_viz.ui.compare.service import ComparisonService
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.unit import service as unit_service
from alexnet_viz.ui.unit.service import Search, UnitService

pytestmark = pytest.mark.usefixtures("untrained_once")
CHELSEA = Subject("chelsea", "untrained")
SEARCH = Search("untrained", "shapes", 2)


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


@pytest.fixture
def units(service: Service) -> UnitService:
    return UnitService(service, ComparisonService(service))


def test_a_number_is_told_through_its_block_with_its_products(units: UnitService) -> None:
    told = units.number(CHELSEA, Place("block2.relu", 5), 9)
    convolution, relu, norm, pool = told["steps"]
    assert [step["stage"] for step in told["steps"]] == [f"block2.{name}" for name in ("conv", "relu", "norm", "pool")]
    assert told["at"] == 1
    assert (len(convolution["terms"]), convolution["others"]["count"]) == (9, 87)
    total = sum(term["sum"] for term in convolution["terms"]) + convolution["others"]["sum"] + convolution["bias"]
    assert total == pytest.approx(convolution["value"], rel=1e-4, abs=1e-4)
    for term in convolution["terms"]:
        assert sum(map(sum, term["products"])) == pytest.approx(term["sum"], abs=1e-9)
    assert relu["before"] == convolution["value"]
    assert norm["before"] == relu["value"]
    assert max(map(max, pool["window"])) == pool["value"]
    assert told["softmax"] is None


def test_logits_are_told_with_their_softmax(units: UnitService, service: Service) -> None:
    told = units.number(CHELSEA, Place("logits", 3))
    assert told["softmax"]["probability"] == pytest.approx(float(service.trace(CHELSEA).probabilities[3]), rel=1e-5)
    with pytest.raises(UnitError):
        units.number(CHELSEA, Place("logits", 10))


def test_a_search_is_done_once_for_every_channel(units: UnitService) -> None:
    assert units.find(SEARCH, "fc1", 0)["state"] == "none"
    units.start(SEARCH)
    ended = threading.Event()
    for _ in range(600):
        if units.find(SEARCH, "fc1", 0)["state"] == "done":
            break
        ended.wait(0.1)
    for stage, channel in (("block1.conv", 95), ("fc1", 4095), ("logits", 9)):
        told = units.find(SEARCH, stage, channel)
        assert (told["images"], len(told["strongest"])) == (2, 2)
    assert units.start(SEARCH) == {"state": "done"}
    with pytest.raises(StageError):
        units.find(SEARCH, "block9", 0)
    with pytest.raises(ComparisonError, match="this search is not known any more"):
        units.cancel("nothing")


@pytest.mark.parametrize("changes", [{"short_side": 259}, {"resize": "squash"}])
def test_a_persons_own_photos_are_fitted_to_the_network_that_looks_at_them(
    changes: dict[str, object],
    service: Service,
    units: UnitService,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = Image.linear_gradient("L").rotate(90).resize((400, 280)).convert("RGB")
    (tmp_path / "pets" / "cat").mkdir(parents=True)
    photo.save(tmp_path / "pets" / "cat" / "1.png")
    monkeypatch.setattr(data_sets, "uploaded_pictures", lambda name: tmp_path / "pets")
    checkpoint, title = service.checkpoint("untrained")
    rule = {**InputRule().to_record(), **changes}
    cuts = replace(checkpoint, metadata={**checkpoint.metadata, "input": rule})
    monkeypatch.setattr(service, "checkpoint", lambda name: (cuts, title))
    seen = []

    def found(checkpoint: Checkpoint, split: Split, *_: object, **__: object) -> dict[str, object]:
        seen.append(prepare_as(split.images, checkpoint.input_rule)[0])
        return {}

    monkeypatch.setattr(unit_service, "find_parts", found)
    units._search(Search("untrained", "folder-1", 0), lambda done: None)
    assert float((seen[0] - to_tensor(photo, cuts.input_rule)).abs().max()) < 0.02
