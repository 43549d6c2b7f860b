"""The Train page in a real browser: what came with the app, a list of old runs, a first run in the background."""

import io
import json
import re
import shutil
import urllib.request
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from alexnet_viz.runs import MetricsWriter, Run, Status, create_run, write_status
from alexnet_viz.training.datasets.shapes import CLASSES
from alexnet_viz.training.recipe import preset
from tests.browser.checkpoint_menu import pick

SECONDS = 1000
PATIENCE = 120 * SECONDS  # a trainer imports torch first; two cores with other work take their time
NO_RUNS = "No runs yet. The shapes data needs no download."
SHIPPED = ["cifar10-fast", "cifar10-seed-1"]


@pytest.fixture(autouse=True)
def _no_run_is_left(server: str, server_folder: Path) -> Iterator[None]:
    yield
    with urllib.request.urlopen(f"{server}/api/runs", timeout=60) as answer:
        runs = json.load(answer)["runs"]
    for run in runs:
        if run["state"] in ("queued", "running", "stopping"):
            urllib.request.urlopen(f"{server}/api/runs/{run['id']}/kill", data=b"{}", timeout=60).close()
    shutil.rmtree(server_folder / "runs", ignore_errors=True)


def _row(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name="Runs").get_by_role("listitem").filter(has_text=name)


def _expect_state(page: Page, words: str) -> None:
    expect(page.locator(".run-badge")).to_have_text(re.compile(words), timeout=PATIENCE)


def _open(page: Page, path: str = "/train") -> None:
    page.goto(path)
    expect(page.get_by_role("button", name="Launch run")).to_be_enabled(timeout=PATIENCE)


def _epoch(page: Page) -> Locator:
    return page.get_by_role("slider", name="Epoch")


# ---------------------------------------------------------------- what came with the app
@pytest.mark.parametrize("late", ["**/plotly.min.js", "**/curves*"])
def test_a_chart_that_is_not_there_yet_says_so(page: Page, late: str) -> None:
    held: list[Route] = []
    page.route(late, lambda route: held.append(route))  # a school's network takes its time
    _open(page)
    wait = page.get_by_text("The curves are on their way.")
    expect(wait).to_be_visible()
    expect(_row(page, "cifar10-fast")).to_contain_text("shipped")
    held.pop().continue_()
    expect(page.get_by_text("0.520", exact=True)).to_be_visible()
    expect(wait).to_have_count(0)


def test_the_form_waits_for_what_there_is_to_launch_and_does_not_move(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/training", lambda route: held.append(route))
    page.goto("/train")
    launch = page.get_by_role("button", name="Launch run")
    expect(launch).to_be_disabled()
    top = launch.evaluate("button => button.getBoundingClientRect().top")
    held.pop().continue_()
    expect(launch).to_be_enabled(timeout=PATIENCE)
    expect(page.get_by_label("data", exact=True)).to_have_value("shapes")
    assert launch.evaluate("button => button.getBoundingClientRect().top") == top


def test_the_shipped_network_is_replayed_before_there_is_any_run(page: Page) -> None:
    _open(page)
    expect(page.get_by_text(NO_RUNS).first).to_be_visible(timeout=PATIENCE)
    expect(_row(page, "cifar10-fast")).to_contain_text("shipped")
    last = _row(page, "cifar10-fast").locator(".run-state").inner_text().removeprefix("shipped · ").split()[0]
    expect(_epoch(page)).to_have_attribute("aria-valuenow", last, timeout=PATIENCE)
    expect(page.locator(".moment-bar").first).to_contain_text("%", timeout=PATIENCE)
    page.keyboard.press(",")
    expect(_epoch(page)).not_to_have_attribute("aria-valuenow", last)
    page.keyboard.press(".")
    expect(_epoch(page)).to_have_attribute("aria-valuenow", last)
    _epoch(page).evaluate(
        """slider => {
          window.visited = [];
          new MutationObserver(() => window.visited.push(slider.getAttribute("aria-valuenow")))
            .observe(slider, { attributeFilter: ["aria-valuenow"] });
        }"""
    )
    page.keyboard.press(" ")  # from the end, play begins anew
    page.wait_for_function("last => window.visited.at(-1) === last", arg=last)
    visited = page.evaluate("window.visited")
    assert list(dict.fromkeys(visited)) == sorted(set(visited), key=int)
    assert visited[0] == "0"
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()  # it has come to its end
    page.get_by_role("button", name="Show all filters").click()
    expect(page.get_by_role("img", name=re.compile(f"All 96 filters of block 1 at epoch {last}"))).to_be_visible()


# ---------------------------------------------------------------- old runs
def _old_run(folder: Path, name: str, status: Status, losses: list[float], accuracy: float, **settings: str) -> Run:
    recipe = preset("fast").with_settings({"epochs": "2", **settings})
    config = {"name": name, "dataset": "shapes", "recipe": recipe.to_record(), "seed": recipe.seed}
    run = create_run(folder / "runs", "shapes", config)
    write_status(run.folder, status)
    with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
        metrics.write({"kind": "event", "event": "started", "step": 0, "time": 0.0, "steps": len(losses), "classes": 4})
        for number, loss in enumerate(losses, start=1):
            metrics.write({"kind": "step", "step": number, "time": 60.0 * number, "loss": loss, "lr": 0.01})
        metrics.write({"kind": "epoch", "epoch": 2, "step": len(losses), "val_accuracy": accuracy, "val_loss": 1.0})
    return run


@pytest.fixture
def old_runs(server_folder: Path) -> list[Run]:
    """Three runs on four classes: one went well, one diverged at another rate, the process of one is gone."""
    finished = Status("finished", epoch=2, step=4)
    failed = Status("failed", epoch=1, step=3, message="the loss is no number any more at step 3")
    gone = Status("running", pid=2**22 - 1, pid_started=1.0, epoch=2, step=4)
    return [
        _old_run(server_folder, "good", finished, [1.4, 1.2, 1.0, 0.8], 0.75),
        _old_run(server_folder, "hot", failed, [1.4, 1.6, 1.8], 0.25, learning_rate="0.5"),
        _old_run(server_folder, "lost", gone, [1.4, 1.3, 1.2, 1.1], 0.5),
    ]


def _choose(page: Page, run: str, deed: str) -> None:
    _row(page, run).hover()
    _row(page, run).get_by_role("button", name="More").click()
    page.get_by_role("button", name=deed).click()


def test_runs_are_told_compared_noted_sorted_and_found(page: Page, old_runs: list[Run]) -> None:
    _open(page)
    names = page.locator(".run-main b:first-child")
    expect(names).to_have_text(["lost", "hot", "good", *SHIPPED])  # the newest first, what is shipped last
    expect(_row(page, "hot")).to_contain_text("The loss is no number any more at step 3.")
    expect(_row(page, "hot").get_by_role("button", name="Resume hot")).to_be_visible()
    expect(_row(page, "lost")).to_contain_text("The run crashed at epoch 2, step 4.")
    expect(_row(page, "lost").get_by_role("button", name="Resume lost")).to_be_visible()
    # Whoever guesses among four classes is right once in four; ln 4 = 1.386.
    expect(page.locator(".chart-labels")).to_contain_text("chance 1.386", timeout=PATIENCE)
    expect(page.locator(".chart-labels")).to_contain_text("chance 25 %")
    _row(page, "hot").get_by_role("button", name="hot on the chart").click()
    page.get_by_role("button", name="Compare recipes").click()
    table = page.get_by_role("table").filter(has_text="learning rate")
    expect(table.get_by_role("row", name="learning rate")).to_have_text(re.compile(r"0\.0003.*0\.5|0\.5.*0\.0003"))
    page.keyboard.press("Escape")
    page.get_by_label("Order of the runs").select_option("name")
    expect(names).to_have_text([*SHIPPED, "good", "hot", "lost"])
    page.get_by_label("Order of the runs").select_option("best")
    expect(names.first).to_have_text("cifar10-fast")
    _row(page, "good").hover()
    _row(page, "good").get_by_role("button", name="More").click()
    page.get_by_label("note").fill("the one to keep")
    page.get_by_label("note").press("Enter")
    expect(page.get_by_text("The note is saved")).to_be_visible()
    assert old_runs[0].note == "the one to keep"


def test_metrics_are_downloaded_and_a_run_is_deleted_after_it_was_asked(page: Page, old_runs: list[Run]) -> None:
    good, hot, _ = old_runs
    _open(page)
    with page.expect_download() as download:
        _choose(page, "good", "Download metrics (CSV)")
    assert download.value.suggested_filename == f"{good.id}.csv"
    assert download.value.path().read_text("utf-8").splitlines()[2].startswith("step,1,")
    _row(page, "hot").hover()
    _row(page, "hot").get_by_role("button", name="More").click()
    page.get_by_role("button", name="Delete", exact=True).dblclick()
    expect(page.get_by_text("Delete hot, its curves and its checkpoints?")).to_be_visible()
    assert hot.folder.exists()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Delete hot, its curves and its checkpoints?")).to_be_hidden()
    _choose(page, "hot", "Delete")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".run-main b:first-child")).to_have_text(["lost", "good", *SHIPPED])
    assert not hot.folder.exists()
    assert good.folder.exists()


def test_a_refused_resume_offers_the_last_whole_epoch(page: Page, old_runs: list[Run]) -> None:
    asked: list[object] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(
            json={"error": "epoch-002 is damaged; the weights of epoch 1 are whole", "last_whole": "epoch-001"}
        )

    page.route("**/resume", refuse)
    _open(page)
    _row(page, "lost").get_by_role("button", name="Resume lost").click()
    expect(page.get_by_text("the weights of epoch 1 are whole")).to_be_visible()
    page.get_by_role("button", name="Go on from epoch 1").click()
    expect(page.get_by_text("the weights of epoch 1 are whole")).to_be_visible()
    assert asked == [{}, {"from_checkpoint": True}]


def _ticks(page: Page) -> list[str]:
    """Return what stands at the axis of the loss, in the order of the numbers; plotly's own is any."""
    return sorted(page.locator(".chart .ytick").all_text_contents())


def test_a_zoom_survives_and_is_left(page: Page, old_runs: list[Run]) -> None:
    _open(page, f"/train?run={old_runs[0].id}")
    expect(page.locator(".chart-labels")).to_contain_text("good", timeout=PATIENCE)
    box = page.locator(".chart").bounding_box()
    assert box

    def zoom() -> None:
        page.mouse.move(box["x"] + 200, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 420, box["y"] + 140, steps=5)
        page.mouse.up()
        expect(whole).to_be_visible()

    whole = page.get_by_role("button", name="Show all", exact=True)
    zoom()
    ticks = _ticks(page)
    page.get_by_label("smoothing", exact=True).fill("0.5")
    page.get_by_label("smoothing", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"smoothing=0\.5"))
    expect(whole).to_be_visible()
    assert _ticks(page) == ticks
    whole.click()
    expect(whole).to_be_hidden()
    assert _ticks(page) != ticks
    zoom()
    page.mouse.dblclick(box["x"] + 120, box["y"] + 90)
    expect(whole).to_be_hidden()


def test_a_double_press_keeps_the_marker(page: Page) -> None:
    _open(page, "/train?run=cifar10-fast")
    plot = page.locator(".chart-plot")
    expect(plot).to_have_attribute("aria-label", re.compile("at epoch 10"), timeout=PATIENCE)
    box = plot.bounding_box()
    assert box
    page.mouse.click(box["x"] + 100, box["y"] + 90)
    expect(plot).to_have_attribute("aria-label", re.compile("at epoch 1:"))
    page.mouse.dblclick(box["x"] + box["width"] - 100, box["y"] + 90)
    expect(plot).to_have_attribute("aria-label", re.compile("at epoch 1:"))


def test_a_run_of_one_step_has_a_point_and_a_long_name_fits(page: Page, server_folder: Path) -> None:
    name = "a name that somebody took a lot of time to think of, and that says everything"
    run = _old_run(server_folder, name, Status("finished", epoch=2, step=1), [1.25], 0.5)
    _open(page, f"/train?run={run.id}")
    # The loss of its one step, and the validation's loss and accuracy.
    expect(page.locator(".chart-plot .scatterlayer .points path")).to_have_count(3, timeout=PATIENCE)
    label, chart = page.locator(".label.name").first.bounding_box(), page.locator(".chart").bounding_box()
    assert label
    assert chart
    assert label["x"] + label["width"] <= chart["x"] + chart["width"] + 0.5


def test_names_of_runs_that_end_at_chance_do_not_cover_its_word(page: Page, server_folder: Path) -> None:
    done = Status("finished", epoch=2, step=4)
    for name in ("as good as guessing", "and another"):
        run = _old_run(server_folder, name, done, [1.40, 1.39, 1.39, 1.39], 0.26)
    _open(page, f"/train?run={run.id}")
    names, chance = page.locator(".label.name"), page.locator(".label.quiet").filter(has_text="chance")
    expect(names).to_have_count(4, timeout=PATIENCE)  # at the end of both lines of each
    expect(chance).to_have_text(["chance 1.386", "chance 25 %"])
    boxes = [box for word in [*names.all(), *chance.all()] if (box := word.bounding_box())]
    assert len(boxes) == 6
    middles = sorted(box["y"] + box["height"] / 2 for box in boxes)
    assert min(below - above for above, below in pairwise(middles)) > 14  # a line of 13 px letters


def test_the_form_survives_another_page_and_a_reload(page: Page) -> None:
    _open(page)
    page.get_by_label("preset", exact=True).select_option("fine-tune")
    page.get_by_label("epochs", exact=True).fill("7")
    page.get_by_label("seed", exact=True).fill("3")
    page.get_by_role("button", name="advanced settings").click()
    page.get_by_label("learning rate", exact=True).fill("0.02")
    page.get_by_role("link", name="Architecture").click()
    expect(page.locator("table.layers tbody tr").first).to_be_visible(timeout=PATIENCE)  # Train has tables too
    page.get_by_role("link", name="Train").click()
    expect(page).to_have_url(re.compile("/train"))
    for _ in range(2):
        expect(page.get_by_label("preset", exact=True)).to_have_value("fine-tune", timeout=PATIENCE)
        expect(page.get_by_label("epochs", exact=True)).to_have_value("7")
        expect(page.get_by_label("seed", exact=True)).to_have_value("3")
        page.get_by_role("button", name="advanced settings").click()
        expect(page.get_by_label("learning rate", exact=True)).to_have_value("0.02")
        page.reload()


# ---------------------------------------------------------------- data
def _zip_of_photos(path: Path) -> Path:
    """Write a zip as people make them: one folder around all, a system's own files, one file that is no picture."""
    with zipfile.ZipFile(path, "w") as archive:
        for shade, name in ((40, "cups"), (200, "red boxes")):
            for number in range(4):
                stream = io.BytesIO()
                Image.new("RGB", (40, 30), (shade, 9 * number, 20)).save(stream, "PNG")
                archive.writestr(f"My photos/{name}/{number}.png", stream.getvalue())
        archive.writestr("My photos/cups/notes.txt", "mine")
        archive.writestr("__MACOSX/My photos/cups/._0.png", "x")
    return path


def test_a_zip_on_its_way_can_be_stopped(page: Page, tmp_path: Path) -> None:
    _open(page)
    page.get_by_label("data", exact=True).select_option("folder")
    page.route("**/api/datasets?*", lambda route: None)  # a server that takes its time
    page.get_by_label("Zip of class folders").set_input_files(_zip_of_photos(tmp_path / "my photos.zip"))
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Choose a zip")).to_be_visible()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)  # nothing went wrong


def test_own_pictures_are_looked_through_and_will_reuse_the_convolutions(page: Page, tmp_path: Path) -> None:
    _open(page)
    page.get_by_label("data", exact=True).select_option("folder")
    expect(page.get_by_role("button", name="Launch run")).to_be_disabled()
    page.get_by_label("Zip of class folders").set_input_files(_zip_of_photos(tmp_path / "my photos.zip"))
    expect(page.get_by_text("my photos.zip: 8 images of 2 classes.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("list", name="Images of each class")).to_have_text("cups 4red boxes 4")
    page.get_by_text("1 left out").click()
    expect(page.get_by_role("group", name="What is left out, and why")).to_have_text(
        "My photos/cups/notes.txt is no picture (.txt)"
    )
    expect(page.get_by_label("preset", exact=True)).to_have_value("fine-tune")
    expect(page.get_by_label("starts from")).to_have_value("cifar10-photographs")
    expect(page.get_by_text("Its convolutions are reused as they are")).to_be_visible()
    expect(page.get_by_role("button", name="Launch run")).to_be_enabled()


def test_splits_of_own_pictures_are_named_before_a_training(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "course.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(24):
            stream = io.BytesIO()
            Image.new("RGB", (40, 30), (9 * number, 0, 20)).save(stream, "PNG")
            split = "training_set" if number < 16 else "test_set"
            archive.writestr(f"{split}/{'cats' if number % 2 else 'dogs'}/{number}.png", stream.getvalue())
        archive.writestr("single_prediction/x.png", b"x")
        archive.mkdir("training_set/birds")
    _open(page)
    page.get_by_label("data", exact=True).select_option("folder")
    page.get_by_label("Zip of class folders").set_input_files(path)
    expect(page.get_by_text("training_set/: 16 images, learnt from.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("test_set/: 8 images, held out.")).to_be_visible()
    expect(page.get_by_text("single_prediction/ is left out: it lies beside the folders of the set")).to_be_visible()
    page.get_by_text("2 left out").click()
    expect(page.get_by_role("group", name="What is left out, and why")).to_contain_text(
        "training_set/birds/ is empty; the class is left out"
    )


def test_cifar10_that_is_not_there_is_told_with_its_files_and_fetched_on_request_only(page: Page) -> None:
    _open(page)
    page.get_by_label("data", exact=True).select_option("cifar10")
    expect(page.get_by_text("CIFAR-10 is not on this disk.")).to_contain_text(
        "data_batch_1 … data_batch_5 and test_batch"
    )
    expect(page.get_by_role("button", name="Download 170 MB")).to_be_visible()
    expect(page.get_by_role("button", name="Launch run")).to_be_disabled()


# ---------------------------------------------------------------- a first run
def _launch(page: Page) -> None:
    """Launch a run with cheap steps: the convolutions are frozen, and the loss falls within a few of them."""
    page.get_by_label("data", exact=True).select_option("shapes")
    page.get_by_label("preset", exact=True).select_option("fine-tune")
    page.get_by_label("images", exact=True).select_option("64")
    page.get_by_label("epochs", exact=True).fill("60")
    page.get_by_role("button", name="advanced settings").click()
    page.get_by_label("precision", exact=True).select_option("fp32")  # spares the trainer its probe
    page.get_by_label("learning rate", exact=True).fill("0.02")
    page.get_by_label("batch size", exact=True).fill("8")
    page.get_by_label("dropout", exact=True).fill("0")
    page.get_by_role("button", name="advanced settings").click()
    page.get_by_role("button", name="Launch run").click()
    _expect_state(page, "running|queued")


def _there_and_back(page: Page) -> None:
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_role("grid").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Train").click()
    _expect_state(page, "running")


def _stop_and_resume(page: Page) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()
    _expect_state(page, "stopped")
    expect(page.get_by_text("Stopped on request; resume to go on.")).to_be_visible()
    page.get_by_role("button", name="Resume", exact=True).click()
    _expect_state(page, "running")


def _replay(page: Page) -> str:
    """Play all epochs, then walk with the keys; return the epoch that is open at the end."""
    slider = _epoch(page)
    last = slider.get_attribute("aria-valuenow") or "0"
    assert int(last) > 0
    page.get_by_role("button", name="Play", exact=True).click()
    expect(slider).to_have_attribute("aria-valuenow", "0")
    expect(slider).to_have_attribute("aria-valuenow", last)
    page.keyboard.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuenow", last)
    page.keyboard.press("l")
    expect(page.get_by_label("loss axis")).to_have_value("log")
    return slider.get_attribute("aria-valuenow") or ""


def test_a_first_run_from_launch_to_explore(page: Page) -> None:
    _open(page)
    expect(page.get_by_text(NO_RUNS).first).to_be_visible(timeout=PATIENCE)
    _launch(page)
    expect(page.get_by_role("status").filter(has_text="before the first step")).to_be_visible(timeout=PATIENCE)
    # A loss point is there when the run's name stands at the end of its line.
    expect(page.locator(".chart-labels .label.name").first).to_have_text("fine-tune", timeout=PATIENCE)
    # Of 64 shapes and the 16 held out, four classes have 9, two 8 and four 7:
    # ln 80 - (36 ln 9 + 16 ln 8 + 28 ln 7) / 80 = 2.296.
    expect(page.locator(".chart-labels")).to_contain_text("chance 2.296")
    _there_and_back(page)
    # The loss begins at ln 10 = 2.303; beside the marker stands what it is after the last epoch.
    expect(page.locator(".label.marker").first).to_have_text(re.compile(r"^[01]\.|^2\.[01]"), timeout=PATIENCE)
    _stop_and_resume(page)
    expect(_row(page, "fine-tune")).to_contain_text(re.compile(r"epoch \d+ of 60"))
    expect(_row(page, "fine-tune").locator(".run-best")).to_have_text(re.compile("%"), timeout=PATIENCE)
    expect(page.locator(".moment-bar").first).to_contain_text("%", timeout=PATIENCE)
    expect(page.get_by_text("The convolutions of cifar10-photographs are reused.")).to_be_visible()
    page.keyboard.press("s")
    _expect_state(page, "stopped")
    epoch = _replay(page)
    page.get_by_role("button", name="Open in Explore").click()
    expect(pick(page)).to_have_attribute("data-value", re.compile(f":{epoch}$"), timeout=PATIENCE)
    expect(page.get_by_role("grid").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".strip")).to_contain_text(re.compile("|".join(CLASSES)), timeout=PATIENCE)
