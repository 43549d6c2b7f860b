"""Comparisons as jobs: one at a time, shared, cancelled, kept; and what the browser is told of them."""

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.compare.paired_pass import Comparison, compare_on
from alexnet_viz.errors import ComparisonError, DatasetError
from alexnet_viz.training.datasets.shapes import CLASSES, unlearnt_drawings
from alexnet_viz.ui.compare import service as compare_service
from alexnet_viz.ui.compare.service import Asked, ComparisonService
from alexnet_viz.ui.explore.service import Service
from tests.picture_makers import saved

SAME = Asked("untrained", "untrained", "shapes", 8)
Slow = Callable[..., Comparison]


class Gate:
    """A comparison that stops after its first picture until the test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.count = 0

    def compare(self, first: Any, second: Any, split: Any, classes: Any, *, progress: Callable[[int], None]) -> Any:
        self.count += 1
        self.reached.set()
        progress(1)
        assert self.open.wait(20)
        progress(2)
        return compare_on(first, second, split, classes)


@pytest.fixture
def comparisons(service: Service) -> ComparisonService:
    return ComparisonService(service)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    monkeypatch.setattr(compare_service, "compare_on", made.compare)
    yield made
    made.open.set()


def finished(comparisons: ComparisonService, job: str) -> dict[str, Any]:
    """Wait until a job has ended."""
    pause = threading.Event()
    for _ in range(2000):
        record = comparisons.state(job)
        if record["state"] not in ("waiting", "running"):
            return record
        pause.wait(0.01)
    pytest.fail(f"the job did not end: {record}")


def test_a_network_against_itself_and_what_is_kept(comparisons: ComparisonService) -> None:
    assert comparisons.find(SAME)["state"] == "none"
    started = comparisons.start(SAME)
    record = finished(comparisons, started["id"])["record"]
    assert record["images"] == 8
    assert all(record["cka"]["cka"][i][i] == pytest.approx(1.0) for i in range(11))
    assert record["agreement"] == 1.0
    assert record["answers"] is None  # the network knows CIFAR-10's classes, the pictures are shapes
    assert "choose a checkpoint trained on these classes" in record["remark"]
    assert record["a"]["name"] == "untrained"
    found = comparisons.find(SAME)
    assert found["state"] == "done"
    assert found["record"] == record
    assert comparisons.start(SAME)["state"] == "done"  # nothing is computed again
    json.dumps(found, allow_nan=False)


def test_two_browsers_share_a_job_and_it_ends_when_both_have_left(comparisons: ComparisonService, gate: Gate) -> None:
    first, second = comparisons.start(SAME), comparisons.start(SAME)
    assert first["id"] == second["id"]
    assert gate.reached.wait(20)
    comparisons.cancel(first["id"])
    assert comparisons.find(SAME)["state"] in ("waiting", "running")
    comparisons.cancel(first["id"])
    gate.open.set()
    assert finished(comparisons, first["id"])["state"] == "cancelled"
    assert comparisons.find(SAME)["state"] == "none"
    assert gate.count == 1


def test_a_second_comparison_waits_and_says_so(comparisons: ComparisonService, gate: Gate) -> None:
    first = comparisons.start(SAME)
    assert gate.reached.wait(20)
    second = comparisons.start(Asked("untrained", "untrained", "shapes", 9))
    assert (second["state"], second["before"]) == ("waiting", 1)
    assert gate.count == 1
    gate.open.set()
    assert finished(comparisons, first["id"])["state"] == "done"
    assert finished(comparisons, second["id"])["state"] == "done"


def test_one_that_waits_is_cancelled_without_being_begun(comparisons: ComparisonService, gate: Gate) -> None:
    first = comparisons.start(SAME)
    assert gate.reached.wait(20)
    second = comparisons.start(Asked("untrained", "untrained", "shapes", 9))
    assert comparisons.cancel(second["id"])["state"] == "cancelled"
    gate.open.set()
    finished(comparisons, first["id"])
    assert gate.count == 1


def test_a_batch_waits_for_the_photos(comparisons: ComparisonService, monkeypatch: pytest.MonkeyPatch) -> None:
    class Engine:
        """Busy for the first three times that it is asked."""

        asked = 0

        @property
        def waiting(self) -> int:
            self.asked += 1
            return int(self.asked <= 3)

    engine = Engine()
    monkeypatch.setattr(comparisons, "_service", type("Fake", (), {"engine": engine})())
    job = compare_service._Job(SAME, ("", "", ""), 8)
    comparisons._after_batch(job, 4)
    assert job.done == 4
    assert engine.asked == 4


def test_a_comparison_that_breaks_does_not_hold_up_the_next(
    comparisons: ComparisonService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Comparison:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(compare_service, "compare_on", broken)
        first = finished(comparisons, comparisons.start(SAME)["id"])
    assert (first["state"], first["message"]) == ("failed", "Something went wrong on the server; its log says what.")
    assert finished(comparisons, comparisons.start(SAME)["id"])["state"] == "done"


def test_pictures_of_a_data_set(comparisons: ComparisonService) -> None:
    picture = np.asarray(Image.open(io.BytesIO(comparisons.png("shapes", 3))))
    assert torch.equal(torch.from_numpy(picture.copy()).permute(2, 0, 1), unlearnt_drawings(4).images[3])
    photo = comparisons.add_photo("shapes", 3)
    assert photo.title.startswith("shapes 3 " + CLASSES[3])
    with pytest.raises(ComparisonError, match="there is no picture 1000; shapes has 1000"):
        comparisons.png("shapes", 1000)
    with pytest.raises(ComparisonError, match="'imagenet' is no data set; choose shapes or cifar10"):
        comparisons.pictures("imagenet", 8)


def test_a_persons_own_pictures(
    comparisons: ComparisonService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path))
    (tmp_path / ".uploads").mkdir()
    with zipfile.ZipFile(tmp_path / ".uploads" / "abc123.zip", "w") as pack:
        for name, shade in (("dark", 20), ("light", 220)):
            for number in range(10):
                picture = Image.fromarray(np.full((40, 40, 3), shade + number, np.uint8))
                pack.writestr(f"{name}/{number}.png", saved(picture, "PNG"))
    names = [each["name"] for each in comparisons.data_sets("folder-abc123")]
    assert names == ["shapes", "folder-abc123"]
    found = comparisons.pictures("folder-abc123", 0)
    assert found.classes == ("dark", "light")
    assert set(found.split.labels.tolist()) == {0, 1}
    assert [each["name"] for each in comparisons.data_sets("folder-gone")] == ["shapes"]
    with pytest.raises(DatasetError, match="are not here yet"):
        comparisons.pictures("folder-../abc123", 0)


def test_data_sets_do_not_pile_up(comparisons: ComparisonService) -> None:
    for count in range(1, 20):
        assert len(comparisons.pictures("shapes", count).split) == count
    assert len(comparisons._sets) <= 6


def test_weights_and_recipes(comparisons: ComparisonService) -> None:
    found = comparisons.weights("untrained", "untrained")
    assert [row["distance"] for row in found["layers"]] == [0.0] * 8
    assert list(found["most_moved"]) == []
    table = comparisons.recipes(["untrained", "untrained"])
    assert table["titles"] == ["untrained", "untrained"]
    assert not any(row["differs"] for row in table["settings"])
    with pytest.raises(ComparisonError, match="7 checkpoints are more than the 6"):
        comparisons.recipes(["untrained"] * 7)


def test_the_report_names_what_the_browser_knows(comparisons: ComparisonService, service: Service) -> None:
    page = comparisons.report(SAME, service.photos.gallery()[0].id)
    assert page.startswith("<!DOCTYPE html>")
    assert "untrained" in page
    assert service.photos.gallery()[0].title in page
