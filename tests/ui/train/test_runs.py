"""What the Train page asks for: curves, the list, what is refused, the replay, a run's checkpoints on Explore."""

import asyncio
import io
import json
import os
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from alexnet_viz.checkpoints import imagenet, load_checkpoint
from alexnet_viz.errors import AlexNetVizError, CheckpointError, DatasetError, RecipeError, RunError, StageError
from alexnet_viz.inference import Photo
from alexnet_viz.runs import Run, Status, create_run, this_process, write_status
from alexnet_viz.runs import folder as runs_folder_module
from alexnet_viz.runs.locks import TRAINER, hold
from alexnet_viz.runs.resuming import note_saved
from alexnet_viz.training.datasets.folder_content import FolderContent
from alexnet_viz.training.recipe import Recipe, preset
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.http import with_json_errors
from alexnet_viz.ui.people import asked_by
from alexnet_viz.ui.train import curves as curves_module
from alexnet_viz.ui.train import launching, routes, uploads
from alexnet_viz.ui.train.curves import Curves, thin
from alexnet_viz.ui.train.replay import Replay, Wanted
from alexnet_viz.ui.train.routes import TRAIN_ROUTES, add_upload
from alexnet_viz.ui.train.runs import TrainingService
from tests.support.model_files import write_small_checkpoint
from tests.ui.conftest import call

pytestmark = pytest.mark.usefixtures("untrained_once")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("ALEXNET_VIZ_DATA", str(tmp_path / "no data"))
    return tmp_path / "runs"


def a_run(runs: Path, name: str = "", state: str = "finished", *points: dict[str, object]) -> Run:
    recipe = preset("fast").with_settings({"epochs": "2"})
    run = create_run(runs, "shapes", {"name": name, "dataset": "shapes", "recipe": recipe.to_record(), "seed": 0})
    write_status(run.folder, Status(state, epoch=2, step=4))
    (run.folder / "metrics.jsonl").write_text("".join(json.dumps(point) + "\n" for point in points))
    return run


def step(number: int, loss: float | None, at: float) -> dict[str, object]:
    return {"kind": "step", "step": number, "epoch": 1, "time": at, "loss": loss, "lr": 0.01, "images_per_s": 20.0}


def epoch(number: int, accuracy: float, at: float) -> dict[str, object]:
    layer = {"layer": "block1.conv", "dead": 0.75, "update_ratio": 0.001, "gradient_norm": 1.0}
    return {
        "kind": "epoch",
        "epoch": number,
        "val_accuracy": accuracy,
        "val_loss": 2.0,
        "doctor": [layer],
        "time": at,
    }


def read_bundle(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    kinds = {"f4": np.float32, "f2": np.float16, "u1": np.uint8}
    arrays = {}
    for entry in header["arrays"]:
        count = int(np.prod(entry["shape"]))
        array = np.frombuffer(message, kinds[entry["dtype"]], count, 4 + length + entry["offset"])
        arrays[entry["name"]] = array.reshape(entry["shape"])
    return header, arrays


# ---------------------------------------------------------------- curves


def test_thinning_keeps_lowest_and_highest_of_each_bucket() -> None:
    # Five values into at most two buckets: three and two of them.
    thinned = thin(np.array([3.0, 1.0, 2.0, 4.0, 5.0], dtype=np.float32), most=2)
    assert_allclose(thinned["low"], [1, 4])
    assert_allclose(thinned["mean"], [2, 4.5])
    assert_allclose(thinned["high"], [3, 5])
    assert_allclose(thinned["at"], [2, 4])


def test_a_loss_that_is_no_number_is_left_out_of_its_bucket() -> None:
    thinned = thin(np.array([1.0, np.nan, np.nan, np.nan], dtype=np.float32), most=2)
    assert_allclose(thinned["mean"], [1, np.nan])
    assert_allclose(thinned["low"], [1, np.nan])


def test_nothing_is_thinned_to_nothing() -> None:
    assert len(thin(np.zeros(0, dtype=np.float32))["mean"]) == 0


def test_a_long_run_is_sent_as_at_most_2000_points(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text("".join(json.dumps(step(n, 2.0, float(n))) + "\n" for n in range(1, 3002)))
    header, arrays = read_bundle(Curves(path).message())
    assert header["bucket"] == 4
    assert len(arrays["low"]) + len(arrays["high"]) <= 2000
    assert arrays["step"][-1] == 3001


def test_time_between_stop_and_resume_is_no_work(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    points = [
        {"kind": "event", "event": "started", "step": 0, "time": 100.0, "steps": 8},
        step(1, 2.3, 103.0),
        {"kind": "event", "event": "stopped", "step": 1, "time": 104.0},
        {"kind": "event", "event": "resumed", "step": 1, "time": 900.0, "steps": 8},
        step(2, 2.2, 902.0),
    ]
    path.write_text("".join(json.dumps(point) + "\n" for point in points))
    facts = Curves(path).facts()
    assert facts["duration"] == pytest.approx(4 + 2)
    for point, elapsed in zip(points, (0, 3, 4, 0, 2), strict=True):
        point |= {"elapsed": elapsed, "time": 1e9 - 100 * elapsed}  # a clock that goes back changes nothing
    path.write_text("".join(json.dumps(point) + "\n" for point in points))
    assert Curves(path).facts()["duration"] == pytest.approx(4 + 2)
    assert facts["steps"] == 8
    assert facts["images_per_s"] == pytest.approx(20)


def test_what_the_trainer_said_when_it_began_is_told(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    chance, held_out = {"accuracy": 0.9, "loss": 0.3251}, {"is_known": True, "left_out": 2, "learnt_before": 0}
    event = {"kind": "event", "event": "started", "step": 0, "time": 1.0, "chance": chance, "held_out": held_out}
    path.write_text(json.dumps(event) + "\n")
    facts = Curves(path).facts()
    assert (facts["chance"], facts["held_out"]) == (chance, held_out)
    path.write_text(json.dumps(step(1, 2.3, 1.0)) + "\n")
    assert Curves(path).facts()["chance"] is None


def test_new_points_are_seen_and_the_disk_is_spared(tmp_path: Path) -> None:
    now = [0.0]
    path = tmp_path / "metrics.jsonl"
    curves = Curves(path, clock=lambda: now[0])
    assert curves.facts()["points"] == 0
    path.write_text(json.dumps(step(1, 2.0, 1.0)) + "\n")
    assert curves.facts()["points"] == 0, "asked again at once"
    now[0] = 1.0
    assert curves.facts()["points"] == 1
    assert read_bundle(curves.message())[1]["mean"].tolist() == [2.0]


@pytest.mark.parametrize(("rate", "count"), [(0.01, 1), (0.0001, 0)])
def test_small_updates_are_complained_of_unless_the_learning_rate_is_gone(
    tmp_path: Path, rate: float, count: int
) -> None:
    path = tmp_path / "metrics.jsonl"
    layer = {"layer": "block1.conv", "dead": 0.0, "update_ratio": 1e-8, "gradient_norm": 1.0}
    last = {**epoch(1, 0.5, 3.0), "step": 2, "doctor": [layer]}
    path.write_text(
        "".join(json.dumps(point) + "\n" for point in (step(1, 2.0, 1.0), {**step(2, 2.0, 2.0), "lr": rate}, last))
    )
    header, _ = read_bundle(Curves(path).message())
    assert len(header["doctor"]["1"]["complaints"]) == count


def test_the_last_bucket_counts_for_as_many_steps_as_it_has(tmp_path: Path) -> None:
    # 19,981 steps in buckets of 20: 999 whole ones, and the last step alone.
    losses = np.ones(19_981, dtype=np.float32)
    losses[-1] = 3
    thinned = thin(losses)
    assert (thinned["count"][0], thinned["count"][-2], thinned["count"][-1]) == (20, 20, 1)
    assert thinned["mean"][-1] == 3


def test_validations_tell_their_size_and_the_best_is_one_at_full_size(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    points = [{**epoch(5, 0.746, 1.0), "size": 131}, {**epoch(6, 0.664, 2.0), "size": 227}]
    path.write_text("".join(json.dumps(point) + "\n" for point in points))
    curves = Curves(path)
    assert read_bundle(curves.message())[1]["epochs:size"].tolist() == [131, 227]
    assert (curves.facts()["best"], curves.facts()["best_epoch"]) == (0.664, 6)


def test_curves_cost_epochs_plus_steps_not_their_product(tmp_path: Path) -> None:
    def cost(epochs: int) -> int:
        calls = [0]

        class Counted(dict[str, object]):
            def get(self, *key: Any) -> Any:
                calls[0] += 1
                return super().get(*key)

        points: list[dict[str, object]] = []
        for number in range(1, epochs + 1):
            points += [
                Counted(step(number, 2.0, float(number))),
                Counted({**epoch(number, 0.5, float(number)), "step": number}),
            ]
        curves_module._encode(points, 1)
        return calls[0]

    assert cost(400) < 2.2 * cost(200)


# ---------------------------------------------------------------- the list


def test_the_list_tells_state_name_and_best_accuracy(runs: Path) -> None:
    a_run(runs, "first", "finished", step(1, 2.0, 1.0), epoch(1, 0.5, 2.0), epoch(2, 0.4, 3.0))
    (record,) = TrainingService().runs()
    assert (record["name"], record["state"], record["best"]) == ("first", "finished", 0.5)
    assert record["measured"]["val_accuracy"] == 0.4


def test_the_accuracy_before_the_first_step_is_told_but_is_never_the_best(runs: Path) -> None:
    look = {**epoch(0, 0.75, 1.5), "val_images": 200}
    a_run(runs, "first", "finished", {"kind": "event", "event": "started", "classes": 4, "step": 0, "time": 1.0}, look)
    (record,) = TrainingService().runs()
    assert record["first"] == {"val_accuracy": 0.75, "val_images": 200}
    assert record["best"] is None
    assert record["measured"]["epoch"] == 0
    assert record["classes"] == 4


def test_points_without_some_numbers_leave_the_list_readable(runs: Path) -> None:
    bare = {"kind": "step", "step": 1, "time": None, "loss": None}
    a_run(runs, "first", "failed", bare, {"kind": "epoch", "epoch": 1, "val_accuracy": None, "val_loss": None})
    (record,) = TrainingService().runs()
    assert (record["best"], record["images_per_s"], record["last_time"]) == (None, None, None)
    json.dumps(TrainingService().listing(), allow_nan=False)  # as the answer is written, or this raises


def test_what_a_finished_training_says_of_itself_is_told(runs: Path) -> None:
    run = a_run(runs)
    write_status(run.folder, Status("finished", message="trained on 96 images for 2 epochs; it has not learnt yet"))
    assert TrainingService().runs()[0]["verdict"] == "it has not learnt yet"


def test_a_run_without_a_name_is_called_by_its_preset(runs: Path) -> None:
    a_run(runs)
    assert TrainingService().runs()[0]["name"] == "fast"


def test_a_dead_layer_is_told_in_words(runs: Path) -> None:
    run = a_run(runs, "", "finished", step(1, 2.0, 1.0), epoch(1, 0.5, 2.0))
    header, arrays = read_bundle(TrainingService().curves_message(run.id))
    assert "75 %" in header["doctor"]["1"]["complaints"][0]
    assert arrays["epochs:val_accuracy"].tolist() == [0.5]


def test_the_table_holds_every_point(runs: Path) -> None:
    run = a_run(runs, "", "finished", step(1, 2.5, 1.0), epoch(1, 0.5, 2.0))
    lines = TrainingService().table(run.id).splitlines()
    assert lines[0].startswith("\ufeffkind,step,epoch,time,loss")
    assert len(lines) == 3
    assert ",2.5," in lines[1]


@pytest.mark.parametrize("name", ["../outside", ".uploads", "none", "a/b"])
def test_only_runs_of_the_folder_are_found(runs: Path, name: str) -> None:
    runs.mkdir()
    outside = runs.parent / "outside"
    outside.mkdir()
    (outside / "config.json").write_text("{}")
    with pytest.raises(RunError, match="no longer there"):
        TrainingService().find(name)


# ---------------------------------------------------------------- the networks that came with the app


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a network whose files lie as those of the app do; it began as the untrained one."""
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    recipe = replace(preset("demo"), epochs=4, init="fast").to_record()
    for stem, number in (("gift-epoch-2", 2), ("gift", 4), ("gift-of-others", 9)):
        write_small_checkpoint(tmp_path / f"{stem}.safetensors", epoch=number, recipe=recipe)
    points = [step(1, 2.0, 10.0), epoch(2, 0.5, 20.0), epoch(4, 0.75, 70.0)]
    (tmp_path / "gift.metrics.jsonl").write_text("".join(json.dumps(point) + "\n" for point in points))
    return "gift"


def test_a_shipped_network_is_listed_behind_the_runs(runs: Path, shipped: str) -> None:
    own = a_run(runs, "mine")
    listed: Any = TrainingService().listing()["runs"]
    assert listed[0]["id"] == own.id
    record = next(each for each in listed if each["id"] == shipped)
    kept = [(file["name"], file["epoch"]) for file in record["checkpoints"]]
    assert kept == [("untrained", 0), ("gift-epoch-2", 2), ("gift", 4)]
    assert (record["state"], record["best"], record["duration"], record["dataset"]) == ("shipped", 0.75, 60, "cifar10")
    assert not [each for each in TrainingService().runs() if each["state"] == "shipped"], "it is no run"


def test_a_shipped_network_is_replayed_from_its_seed_on(runs: Path, shipped: str) -> None:
    service = TrainingService()
    photo = Photo("grey", Image.new("RGB", (300, 227), "grey"), "digest")
    header, arrays = read_bundle(
        service.replay_message(shipped, photo, Wanted("block2.relu", near=0, have=frozenset(["gift"])))
    )
    assert (header["frames"], header["pending"]) == (["untrained"], 1)
    assert_allclose(arrays["probabilities:untrained"].sum(), 1, rtol=1e-5)
    assert read_bundle(service.curves_message(shipped))[1]["epochs:epoch"].tolist() == [2, 4]
    assert service.checkpoint_file(shipped, "gift").path.name == "gift.safetensors"
    with pytest.raises(RunError, match="no checkpoint 'untrained'"):
        service.checkpoint_file(shipped, "untrained")  # it has no file
    for deed in (service.stop, service.resume, service.delete):
        with pytest.raises(RunError, match="no longer there"):
            deed(shipped)


def test_a_network_of_another_seed_has_no_epoch_0(runs: Path, shipped: str, tmp_path: Path) -> None:
    recipe = replace(preset("demo"), seed=1, init="fast").to_record()
    write_small_checkpoint(tmp_path / "gift.safetensors", epoch=4, recipe=recipe)
    record = next(each for each in TrainingService().listing()["runs"] if each["id"] == shipped)
    assert [file["epoch"] for file in record["checkpoints"]] == [2, 4]


# ---------------------------------------------------------------- doing


def test_a_finished_run_is_neither_stopped_nor_resumed(runs: Path) -> None:
    run = a_run(runs)
    service = TrainingService()
    with pytest.raises(RunError, match="nothing to stop"):
        service.stop(run.id)
    with pytest.raises(RunError, match="is finished"):
        service.resume(run.id)


def test_a_record_is_remembered_until_a_file_of_its_run_changes(runs: Path) -> None:
    run = a_run(runs, "mine", "stopped", step(1, 2.0, 1.0))
    for path in (run.folder / "checkpoints", run.folder / "metrics.jsonl", run.folder):
        os.utime(path, (1e9, 1e9))
    now = iter(range(100))
    service = TrainingService(clock=lambda: next(now))
    first = service.runs()[0]
    assert service.runs()[0] is first
    (run.folder / "checkpoints" / "epoch-001.safetensors").touch()
    second = service.runs()[0]
    assert [file["name"] for file in second["checkpoints"]] == ["epoch-001"]
    write_status(run.folder, Status("failed", message="the disk is full"))
    assert service.runs()[0]["state"] == "failed"


def test_resume_of_a_run_that_is_trained_already_is_what_was_asked_for(runs: Path) -> None:
    run, me = a_run(runs, "mine", "running"), this_process()
    write_status(run.folder, Status("running", me.pid, me.started, pid_ticks=me.ticks, boot=me.boot))
    with hold(run.folder, TRAINER, 0):
        answer: Any = TrainingService().resume(run.id)
        assert answer["state"] == "running"


def test_a_damaged_run_is_refused_with_what_is_whole(runs: Path) -> None:
    run = a_run(runs, "mine", "stopped")
    files = [run.folder / "checkpoints" / f"{name}.safetensors" for name in ("epoch-002", "resume-epoch-002")]
    for file in files:
        file.write_bytes(b"content")
    note_saved(run, files)
    files[1].write_bytes(b"contend")
    answer: Any = TrainingService().resume(run.id)
    assert answer["last_whole"] == "epoch-002"
    assert "resume-epoch-002.safetensors is damaged" in str(answer["error"])


def test_a_note_is_kept_and_a_deleted_run_is_gone(runs: Path) -> None:
    run = a_run(runs)
    service = TrainingService()
    assert service.write_note(run.id, "the good one")["note"] == "the good one"
    service.delete(run.id)
    assert service.runs() == []
    assert not run.folder.exists()


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"preset": "none"}, RecipeError, "choose fast"),
        ({"settings": {"epochs": "0"}}, RecipeError, "it goes from 1"),
        ({"settings": {"start_from": "/etc/passwd"}}, CheckpointError, "no checkpoint to start from"),
        ({"dataset": "cifar10"}, DatasetError, "is not in"),
        ({"dataset": "folder"}, DatasetError, "choose a zip"),
        ({"dataset": "folder", "data": "../../x"}, DatasetError, "choose a zip"),
    ],
)
def test_what_cannot_be_trained_is_told_before_anything_starts(
    runs: Path, asked: dict[str, object], error: type[AlexNetVizError], words: str
) -> None:
    with pytest.raises(error, match=words):
        TrainingService().launch(asked)
    assert not list(runs.glob("*shapes*"))


def test_the_pace_of_such_a_run_is_taken_for_the_next(runs: Path) -> None:
    a_run(runs, "", "finished", *[step(number, 2.0, float(number)) for number in range(1, 11)])
    told = TrainingService().launching.estimate({"settings": {"epochs": "2", "limit": "100"}})
    # 20 images a second; after each epoch 25 held-out ones, a third of the time each.
    assert told["seconds"] == pytest.approx(2 * (100 + 25 / 3) / 20.0)
    # AlexNet of ten classes has 58 million parameters of four bytes; epochs 0, 1 and 2 are kept.
    assert told["bytes"] > 3 * 4 * 58e6


def test_a_probe_is_of_a_network_and_of_what_is_frozen(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    probed: list[str] = []

    # The seconds of eight pictures: one takes an eighth of it, a held-out one a third of that.
    def times(recipe: Recipe, class_count: int, device: torch.device) -> dict[str, float]:
        probed.append(recipe.freeze)
        return {"fp32": 0.8, "bf16": 0.4} if recipe.freeze == "nothing" else {"fp32": 0.2, "bf16": 0.1}

    monkeypatch.setattr(launching, "probed_times", times)
    launches = TrainingService().launching
    for settings, image in (
        ({"precision": "fp32"}, 0.1),
        ({"precision": "bf16"}, 0.05),
        ({"freeze": "convolutions"}, 0.0125),
    ):
        told = launches.estimate({"settings": {"epochs": "1", "limit": "100", "small_size": "0", **settings}})
        assert told["seconds"] == pytest.approx((100 + 25 / 3) * image)
    assert probed == ["nothing", "convolutions"]


def test_a_launch_does_not_wait_for_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    launched = threading.Event()
    waited: list[bool] = []

    class Service:
        launching: Any

        def estimate(self, _asked: object) -> dict[str, object]:
            waited.append(launched.wait(30))
            return {}

        def launch(self, _asked: object) -> dict[str, object]:
            launched.set()
            return {"id": "new"}

    service = Service()
    service.launching = service
    monkeypatch.setattr(routes, "training", lambda: service)

    async def ask() -> None:
        app = Starlette(routes=TRAIN_ROUTES)
        paths = ["/api/runs/estimate"] * 3 + ["/api/runs/launch"]
        await asyncio.gather(*(call(app, path, {}, iter([b"{}"]), {}) for path in paths))

    asyncio.run(ask())
    assert waited == [True] * 3


def test_imagenets_network_is_called_by_its_title(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imagenet, "is_file_of_source", lambda path: path.stem == "cifar10-fast")
    options: Any = TrainingService().launching.options()
    titles = {each["name"]: each["title"] for each in options["checkpoints"]}
    assert titles["cifar10-fast"] == "AlexNet, ImageNet"
    assert titles["cifar10-photographs"] == "cifar10-photographs"


def test_missing_cifar10_is_offered_for_download(runs: Path) -> None:
    datasets: Any = TrainingService().launching.options()["datasets"]
    words = {each["name"]: each["held_out"] for each in datasets}
    assert words["cifar10"] == "Held out: every 25th image, chosen by content, never learnt from, whatever the seed."
    assert words["shapes"].startswith("Held out: 400 more drawings, chosen by content")
    assert words["folder"].startswith("Held out: your validation folder, or every fifth image, chosen by content")
    missing = next(each["missing"] for each in datasets if each["name"] == "cifar10")
    assert "cifar-10-batches-py with data_batch_1 … data_batch_5 and test_batch" in missing


def send(body: bytes, *, broken_off: bool = False, leaves: bool = False, use: str = "") -> Response:
    """Send a zip of pictures to the route, as a browser does that breaks off, leaves after sending, or waits."""
    is_sent = False

    async def receive() -> dict[str, object]:
        nonlocal is_sent
        if broken_off or (is_sent and leaves):
            return {"type": "http.disconnect"}
        if is_sent:
            await asyncio.Event().wait()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    query = f"name=mine.zip&use={use}".encode()
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": query, "headers": []}
    return asyncio.run(with_json_errors(add_upload)(Request(scope, receive)))


def test_an_upload_that_is_no_zip_is_refused_and_removed(runs: Path) -> None:
    assert json.loads(bytes(send(b"not a zip").body))["error"].startswith("mine.zip ")
    assert list((runs / ".uploads").iterdir()) == []


def test_of_an_upload_that_breaks_off_nothing_is_kept(runs: Path) -> None:
    assert send(b"", broken_off=True).status_code == 400
    assert list((runs / ".uploads").iterdir()) == []


def zip_of_pictures(count: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(count):
            picture = io.BytesIO()
            Image.new("RGB", (8, 8), (number, 0, 0)).save(picture, "PNG")
            archive.writestr(f"training_set/{'cats' if number % 2 else 'dogs'}/{number}.png", picture.getvalue())
            archive.writestr(f"training_set/{'cats' if number % 2 else 'dogs'}/{number}.xml", "<box/>")
    return stream.getvalue()


def test_the_page_is_told_classes_and_what_is_left_out_before_a_training(runs: Path) -> None:
    told = json.loads(bytes(send(zip_of_pictures(250)).body))
    assert told["per_class"] == {"cats": 125, "dogs": 125}
    assert told["skipped_count"] == 250
    assert len(told["skipped"]) == 200  # a page lists no thousands
    assert told["skipped"][0] == {"file": "training_set/cats/1.xml", "reason": "is no picture (.xml)"}
    assert "250 files are no pictures and are passed over: 250 .xml." in told["notes"]
    assert told["splits"] == []


def zip_of(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, name in enumerate(names):
            picture = io.BytesIO()
            Image.new("RGB", (8, 8), (number, 0, 0)).save(picture, "PNG")
            archive.writestr(name, picture.getvalue())
    return stream.getvalue()


def test_what_a_finished_network_is_shown_need_not_do_for_a_training(runs: Path) -> None:
    few = zip_of("cats/1.png", "cats/2.png", "cats/2.xml", "loose.png")
    assert json.loads(bytes(send(few).body))["error"].startswith("mine.zip has one class")
    told = json.loads(bytes(send(few, use="measured").body))
    assert (told["images"], told["per_class"], told["notes"][1:]) == (2, {"cats": 2}, [])  # none says what is held out
    assert told["notes"][0] == "1 file is no picture and is passed over: 1 .xml."
    assert told["skipped"] == [
        {"file": "cats/2.xml", "reason": "is no picture (.xml)"},
        {"file": "loose.png", "reason": "lies in no class folder"},
    ]
    split = [f"{use}/{name}/{number}.png" for use in ("train", "test") for name in ("a", "b") for number in range(5)]
    told = json.loads(bytes(send(zip_of(*split), use="measured").body))
    assert (told["images"], told["per_class"]) == (10, {"a": 5, "b": 5})
    assert told["splits"] == [
        {"folders": ["train/"], "use": "left out", "images": 10},
        {"folders": ["test/"], "use": "looked at", "images": 10},
    ]
    nothing = json.loads(bytes(send(zip_of("loose.png"), use="measured").body))
    assert nothing["error"].startswith("mine.zip has no class folder with pictures")


def test_looking_through_a_zip_ends_with_its_browser(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def look(_file: Path, check: Callable[[], None], *, is_learnt: bool) -> FolderContent:
        assert is_learnt
        try:
            for _ in range(2_000):  # twenty seconds, unless told to end
                check()
                ended.wait(0.01)
        finally:
            ended.set()
        raise AssertionError("nobody said that the browser is gone")

    monkeypatch.setattr(uploads, "inspect_folder", look)
    assert send(b"zip", leaves=True).status_code == 400
    assert ended.is_set()
    assert list((runs / ".uploads").iterdir()) == []


def test_looking_through_a_zip_does_not_take_for_ever(runs: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.zip"
    file.write_bytes(zip_of_pictures(20))
    seconds = iter(range(0, 100_000, 400))
    with pytest.raises(DatasetError, match=r"mine\.zip takes longer than 10 minutes .*send smaller pictures"):
        uploads.inspect_upload(uploads.Upload("mine", file), "mine.zip", clock=lambda: next(seconds))


def test_uploads_that_no_run_came_to_need_go_after_a_day(runs: Path) -> None:
    needed, unused, fresh = (uploads.new_upload().file for _ in range(3))
    for file in (needed, unused, fresh):
        file.write_bytes(b"zip")
    for file in (needed, unused):
        os.utime(file, (time.time() - 90_000, time.time() - 90_000))
    create_run(runs, "folder", {"data": str(needed.resolve())})
    uploads.new_upload()
    assert {file.name for file in needed.parent.iterdir()} == {needed.name, fresh.name}


def test_a_persons_zips_that_no_run_needs_have_a_budget(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OF_A_PERSON", 25)
    kept = {}
    for number, (person, name) in enumerate([("ann", "needed"), ("bob", "his"), *[("ann", f"{i}") for i in range(4)]]):
        with asked_by(person):
            kept[name] = uploads.new_upload().file
        kept[name].write_bytes(b"x" * 10)
        os.utime(kept[name], (time.time() - 100 + number,) * 2)
        if name == "needed":
            create_run(runs, "folder", {"data": str(kept[name].resolve())})
    with asked_by("ann"):
        uploads.new_upload()
    assert [name for name, file in kept.items() if file.is_file()] == ["needed", "his", "2", "3"]


# ---------------------------------------------------------------- replay, and checkpoints on Explore


def with_checkpoints(run: Run, *names: str) -> Run:
    for name in names:
        write_small_checkpoint(run.folder / "checkpoints" / f"{name}.safetensors")
    return run


def test_frames_come_one_by_one_after_the_last_the_nearest_first(runs: Path) -> None:
    run = with_checkpoints(a_run(runs), "epoch-000", "epoch-001", "step-000003")
    photo = Photo("grey", Image.new("RGB", (300, 227), "grey"), "digest")
    replay = Replay()
    wanted = Wanted("block2.relu", channel=7, near=1)
    header, arrays = read_bundle(replay.message(run.checkpoints(), photo, wanted))
    # Channel and filter are chosen by the last: an address shows the same, whatever was computed before it was opened.
    assert header["frames"] == ["step-000003"]
    assert (header["pending"], header["channel"], header["filters"]) == (2, 7, 96)
    assert arrays["map:step-000003"].shape == (27, 27)
    weights = load_checkpoint("untrained").model.get_parameter("block1.conv_layer.weight")
    assert_allclose(arrays["filters:step-000003"], weights.numpy(), atol=1e-3)  # the file holds float16
    assert_allclose(arrays["probabilities:step-000003"].sum(), 1, rtol=1e-5)

    more = Wanted("block2.relu", channel=7, near=1, have=frozenset(["step-000003"]))
    header, _ = read_bundle(replay.message(run.checkpoints(), photo, more))
    assert (header["frames"], header["pending"]) == (["epoch-001"], 1)
    again = replace(more, have=frozenset(["step-000003", "epoch-001"]))
    header, _ = read_bundle(replay.message(run.checkpoints(), photo, again))
    assert (header["frames"], header["pending"]) == (["epoch-000"], 0)
    with pytest.raises(StageError, match=r"block1\.relu"):
        replay.message(run.checkpoints(), photo, Wanted("block9.relu"))


def test_a_damaged_checkpoint_is_told_once_and_the_other_epochs_come(runs: Path) -> None:
    run = with_checkpoints(a_run(runs), "epoch-000")
    (run.folder / "checkpoints" / "epoch-001.safetensors").write_bytes(b"no network")
    photo = Photo("grey", Image.new("RGB", (227, 227), "grey"), "digest")
    replay, wanted = Replay(), Wanted("block2.relu", near=1)
    first, _ = read_bundle(replay.message(run.checkpoints(), photo, wanted))
    assert (first["frames"], first["pending"], list(first["refused"])) == ([], 1, ["epoch-001"])
    assert "epoch-001.safetensors" in first["refused"]["epoch-001"]
    second, _ = read_bundle(replay.message(run.checkpoints(), photo, wanted))
    assert (second["frames"], second["pending"]) == (["epoch-000"], 0)


def test_a_frame_that_the_browser_has_is_not_computed_again_where_it_has_made_room(runs: Path) -> None:
    run = with_checkpoints(a_run(runs), "epoch-000", "epoch-001")
    photo = Photo("grey", Image.new("RGB", (227, 227), "grey"), "digest")
    replay = Replay(most_bytes=2_000_000)  # of one frame
    header, _ = read_bundle(replay.message(run.checkpoints(), photo, Wanted("block2.relu", near=0)))
    assert header["frames"] == ["epoch-001"]
    rest = Wanted("block2.relu", near=0, have=frozenset(["epoch-001"]))
    header, _ = read_bundle(replay.message(run.checkpoints(), photo, rest))
    assert (header["frames"], header["pending"]) == (["epoch-000"], 0)


def test_a_diverged_networks_maps_are_replayed_without_overflow(runs: Path) -> None:
    untrained = load_checkpoint("untrained")
    state = {name: tensor.clone() for name, tensor in untrained.model.state_dict().items()}
    state["block1.conv_layer.bias"][3] = 3e6  # float16 ends at 65,504
    run = a_run(runs)
    torch.save(state, run.folder / "checkpoints" / "diverged.pt")
    (run.folder / "checkpoints" / "diverged.pt").rename(run.folder / "checkpoints" / "epoch-001.safetensors")
    photo = Photo("grey", Image.new("RGB", (227, 227), "grey"), "digest")
    _, arrays = read_bundle(Replay().message(run.checkpoints(), photo, Wanted("block1.relu", channel=3)))
    assert_allclose(arrays["map:epoch-001"], 3e6, rtol=1e-3)


def test_a_runs_checkpoints_can_be_opened_on_explore(runs: Path, service: Service) -> None:
    run = with_checkpoints(a_run(runs, "mine"), "epoch-000", "epoch-002")
    entries: Any = service.start()["checkpoints"]
    assert [entry["title"] for entry in entries if ":" in entry["name"]] == ["mine · epoch 2", "mine · epoch 0"]
    checkpoint, title = service.checkpoint(f"{run.id}:last")
    assert checkpoint.path == run.folder / "checkpoints" / "epoch-002.safetensors"
    assert title == "mine · last"
    with pytest.raises(CheckpointError):
        service.checkpoint(str(run.folder / "checkpoints" / "epoch-002.safetensors"))


# ---------------------------------------------------------------- routes


def ask(method: str, path: str, origin: str | None = None, asked: bytes = b"{}") -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a route's answer, called as a server calls it."""
    from starlette.applications import Starlette

    sent: list[Any] = []
    head, _, query = path.partition("?")
    headers = [(b"host", b"here"), *([(b"origin", origin.encode())] if origin else [])]
    scope = {"type": "http", "method": method, "path": head, "raw_path": head.encode(), "query_string": query.encode()}
    scope |= {"headers": headers, "root_path": "", "scheme": "http", "server": ("here", 80), "http_version": "1.1"}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": asked, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Starlette(routes=TRAIN_ROUTES)(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, body


def test_routes_answer_with_what_the_page_expects(runs: Path) -> None:
    run = a_run(runs, "mine", "finished", step(1, 2.0, 1.0))
    status, _, body = ask("GET", "/api/runs")
    assert status == 200
    assert json.loads(body)["runs"][0]["id"] == run.id
    status, headers, body = ask("GET", f"/api/runs/{run.id}/curves")
    assert headers["content-encoding"] == "identity"
    assert read_bundle(body)[1]["step"].tolist() == [1]
    assert ask("GET", f"/api/runs/{run.id}/metrics.csv")[1]["content-type"].startswith("text/csv")
    assert ask("GET", f"/api/runs/{run.id}/checkpoints/epoch-000")[0] == 422


def test_a_refusal_is_a_sentence_and_keeps_the_console_clean(runs: Path) -> None:
    status, _, body = ask("POST", "/api/runs/none/stop")
    assert status == 200
    assert "no longer there" in json.loads(body)["error"]


@pytest.mark.parametrize("what", ["launch", "note"])
def test_half_a_letter_is_refused_in_words_and_the_list_goes_on(runs: Path, what: str) -> None:
    run = a_run(runs, "mine")
    asked = {"launch": (b'{"name": "\\ud800"}', "launch"), "note": (b'{"note": "\\ud800"}', f"{run.id}/note")}
    status, _, body = ask("POST", f"/api/runs/{asked[what][1]}", asked=asked[what][0])
    assert (status, "is not JSON" in json.loads(body)["error"]) == (200, True)
    assert [(row["name"], row["note"]) for row in TrainingService().runs()] == [("mine", "")]


def test_a_run_whose_name_is_no_utf8_leaves_every_page_its_checkpoints(runs: Path, service: Service) -> None:
    run = with_checkpoints(a_run(runs, "mine"), "epoch-002")
    os.rename(os.fsencode(with_checkpoints(a_run(runs, "odd"), "epoch-002").folder), os.fsencode(runs) + b"/odd\xff")
    start: Any = service.start()
    assert run.id in json.dumps(start)
    json.dumps(start, ensure_ascii=False).encode()  # as the answer is written


def test_another_sites_page_starts_nothing(runs: Path) -> None:
    _, _, body = ask("POST", "/api/runs/launch", origin="http://evil.example")
    assert "another site" in json.loads(body)["error"]
    assert not runs.exists()


def test_a_stage_in_memory_is_answered_without_listing_the_runs(
    runs: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_checkpoints(a_run(runs, "mine"), "epoch-002")
    subject = Subject(service.photos.gallery()[0].id, f"{run.id}:2")
    first = service.stage_message(subject, "block5.pool")

    def listed(*_: object) -> None:
        raise AssertionError("all runs were looked at")

    monkeypatch.setattr(runs_folder_module, "list_runs", listed)
    assert service.stage_message(subject, "block5.pool") == first
