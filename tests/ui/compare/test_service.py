"""Comparisons as jobs: one at a time, shared, cancelled, kept; and what the browser is told of them."""

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.compare.paired_pass import Comparison, compare_on
from alexnet_viz.errors import ComparisonError, DatasetError
from alexnet_viz.training.datasets.shapes import CLASSES, unlearnt_drawings
from alexnet_viz.ui.compare import service as compare_service
from alexnet_viz.ui.compare.asked import Asked
from alexnet_viz.ui.compare.data_sets import DataSets
from alexnet_viz.ui.compare.service import ComparisonService
from alexnet_viz.ui.explore.service import Service
from alexnet_viz.ui.jobs import Job, Jobs
from alexnet_viz.ui.train.uploads import new_upload
from tests.support.pictures import saved

pytestmark = pytest.mark.slow

SAME = Asked("untrained", "untrained", "shapes", 8)
Slow = Callable[..., Comparison]


class Gate:
    """A comparison that stops after its first picture until the test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.count = 0

    def compare(
        self,
        first: Any,
        second: Any,
        split: Any,
        classes: Any,
        *,
        for_second: Any,
        limit: int,
        progress: Callable[[int], None],
    ) -> Any:
        self.count += 1
        self.reached.set()
        progress(1)
        assert self.open.wait(20)
        progress(2)
        return compare_on(first, second, split, classes, for_second=for_second, limit=limit)


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
    assert "checkpoints trained on these classes" in record["remark"]
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


def test_a_batch_waits_for_the_photos() -> None:
    answers = iter([True, True, True, False])  # a photo waits the first three times that one looks
    done = []

    def compare(_asked: Asked, progress: Callable[[int], None]) -> Comparison:
        progress(4)
        done.append(next(answers, "no more"))
        raise ZeroDivisionError

    jobs = Jobs(compare, is_busy=lambda: bool(next(answers)))
    job = Job(SAME, ("", "", ""), 8)
    jobs._run(job)
    assert job.done == 4
    assert done == ["no more"]


def test_a_state_is_told_only_as_a_whole(comparisons: ComparisonService) -> None:
    """Whoever is told "done" finds the comparison: both are written inside the lock that readers take."""
    jobs = comparisons._jobs
    seen = []

    class Watched(dict[Any, Any]):
        def __setitem__(self, key: Any, value: Any) -> None:
            seen.append(jobs._lock.locked())
            super().__setitem__(key, value)

    jobs._kept = Watched()  # type: ignore[assignment]
    finished(comparisons, comparisons.start(SAME)["id"])
    assert seen == [True]


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("CUDA out of memory. Tried to allocate 20 GiB")])
def test_a_job_without_memory_says_so(error: Exception) -> None:
    def compare(_asked: Asked, _progress: Callable[[int], None]) -> Comparison:
        raise error

    jobs = Jobs(compare)
    _, state, message = jobs._outcome(Job(SAME, ("", "", ""), 8))
    assert (state, message[:26]) == ("failed", "There is not enough memory")


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
    picture = np.asarray(Image.open(io.BytesIO(comparisons.pictures("shapes", 0).png(3))))
    assert torch.equal(torch.from_numpy(picture.copy()).permute(2, 0, 1), unlearnt_drawings(4).images[3])
    photo = comparisons.add_photo("shapes", 3)
    assert photo.title.startswith("shapes 3 " + CLASSES[3])
    with pytest.raises(ComparisonError, match="there is no picture 1000; shapes has 1000"):
        comparisons.pictures("shapes", 0).png(1000)
    with pytest.raises(ComparisonError, match="'imagenet' is no data set; choose cifar10-sample, shapes"):
        comparisons.pictures("imagenet", 8)


def test_a_persons_own_pictures(
    comparisons: ComparisonService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path))
    upload = new_upload()
    with zipfile.ZipFile(upload.file, "w") as pack:
        for name, shade in (("dark", 20), ("light", 220)):
            for number in range(10):
                picture = Image.fromarray(np.full((40, 40, 3), shade + number, np.uint8))
                pack.writestr(f"{name}/{number}.png", saved(picture, "PNG"))
        pack.writestr("dark/notes.txt", "n")
    own = f"folder-{upload.id}"
    names = [each["name"] for each in comparisons.data_sets("untrained", "untrained", own)]
    assert names == ["cifar10-sample", "shapes", own]
    found = comparisons.pictures(own, 0)
    assert found.classes == ("dark", "light")
    assert sorted(found.split.labels.tolist()) == [0] * 10 + [1] * 10  # what A or B learnt from is left out then
    # The server's name of the zip says nothing to a person, nor in a report.
    assert comparisons.add_photo(own, 3).title.startswith("your own pictures 3 ")
    assert found.notes[-1] == "1 file of your own pictures is not used: dark/notes.txt is no picture (.txt)."
    gone = comparisons.data_sets("untrained", "untrained", "folder-gone")
    assert [each["name"] for each in gone] == ["cifar10-sample", "shapes"]
    with pytest.raises(DatasetError, match="are not here; choose a zip"):
        comparisons.pictures(f"folder-../{upload.id}", 0)


def test_whether_classes_fit_is_known_before_anything_is_computed(
    comparisons: ComparisonService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_service, "compare_on", None)
    remarks = {each["name"]: each["remark"] for each in comparisons.data_sets("untrained", "untrained")}
    assert remarks["cifar10-sample"] == ""
    assert remarks["shapes"].startswith(
        "These pictures show checks, crescent, cross, disc and 6 more; A and B know airplane"
    )
    assert remarks["shapes"].endswith("choose other pictures, or checkpoints trained on these classes.")


def test_what_ships_about_a_pair_is_known_without_computing(comparisons: ComparisonService) -> None:
    pair = comparisons.pair("cifar10-fast", "cifar10-photographs")
    assert pair["right"] == {"a": {"accuracy": 0.846, "images": 10_000}, "b": {"accuracy": 0.8687, "images": 10_000}}
    turned = comparisons.pair("cifar10-photographs", "cifar10-fast")
    assert pair["shipped"]["agreement"] == turned["shipped"]["agreement"] == pytest.approx(0.894)
    first, second = pair["shipped"]["cka"]["cka"], turned["shipped"]["cka"]["cka"]
    assert first[0][3] == second[3][0]
    assert first[0][3] != second[0][3]


def test_data_sets_do_not_pile_up_and_the_whole_set_stays() -> None:
    sets = DataSets(most_bytes=10_000_000)  # shapes alone are larger, the sample of CIFAR-10 is 1.5 MB
    shapes = sets.whole("shapes")
    for count in range(1, 20):
        part = shapes.first(count)
        assert len(part.split) == count
        assert part.split.images.data_ptr() == shapes.split.images.data_ptr()
    assert sets.whole("shapes") is shapes
    sample = sets.whole("cifar10-sample")
    assert sets.whole("cifar10-sample") is sample
    assert sets.whole("shapes") is not shapes


def test_curves_of_many_runs_do_not_pile_up(
    comparisons: ComparisonService, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "checkpoint", lambda name: (None, name))
    monkeypatch.setattr(compare_service, "find_run", lambda _runs, run: SimpleNamespace(folder=tmp_path / run))
    for number in range(20):
        (tmp_path / f"run-{number}").mkdir()
        (tmp_path / f"run-{number}" / "metrics.jsonl").touch()
        assert comparisons.curves(f"run-{number}:1")
    assert len(comparisons._curves) == 12


def test_weights_and_recipes(comparisons: ComparisonService) -> None:
    found = comparisons.weights("untrained", "untrained")
    assert [row["distance"] for row in found["layers"]] == [0.0] * 8
    assert list(found["most_moved"]) == []
    table = comparisons.recipes(["untrained", "untrained"])
    assert table["titles"] == ["untrained", "untrained"]
    assert not any(row["differs"] for row in table["settings"])
    with pytest.raises(ComparisonError, match="7 checkpoints are more than the 6"):
        comparisons.recipes(["untrained"] * 7)


def test_the_report_of_a_photo_keeps_its_answers_once_a_comparison_exists(
    comparisons: ComparisonService, service: Service
) -> None:
    pair = Asked("untrained", "untrained", "cifar10-sample", 8)
    finished(comparisons, comparisons.start(pair)["id"])
    photo = service.photos.gallery()[0]
    page = comparisons.report(pair, photo.id)
    assert "On this photo A and B both say" in page
    assert "On 8 pictures A and B are right equally often" in page
    assert "The most probable classes, up to three." in page
    # The channels that changed are those on the screen, and nothing claims more pictures than that one.
    assert "over the places of the picture, in units" in page
    assert "places of 8 pictures" not in page


def test_what_is_saved_pairs_channels_as_the_screen_does(comparisons: ComparisonService, service: Service) -> None:
    pair = Asked("cifar10-seed-1", "cifar10-fast", "cifar10-sample", 8)
    finished(comparisons, comparisons.start(pair)["id"])
    photo = service.photos.gallery()[0]
    found = comparisons.find(pair)["record"]["matchings"]["block2.relu"]
    matched = [-1 if partner is None else partner for partner in found["partners"]]
    assert matched != list(range(256))
    for pairs, partners in (("matched", matched), ("index", list(range(256)))):
        arrays = np.load(io.BytesIO(comparisons.stage_file(pair, photo.id, "block2.pool", pairs)))
        assert arrays["partners"].tolist() == partners
    assert " → " not in comparisons.report(pair, photo.id, "index")
    assert "Channels of the same number are compared." in comparisons.report(pair, photo.id, "index")
    assert " → " in comparisons.report(pair, photo.id, "matched")


def test_the_report_names_what_the_browser_knows(comparisons: ComparisonService, service: Service) -> None:
    page = comparisons.report(SAME, service.photos.gallery()[0].id)
    assert page.startswith("<!DOCTYPE html>")
    assert "untrained" in page
    assert service.photos.gallery()[0].title in page
