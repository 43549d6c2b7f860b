"""What the routes answer: numbers, headers, refusals; what they never do."""

import csv
import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.images import GALLERY, read_image
from alexnet_viz.inference import Trace, trace
from alexnet_viz.ui.explore import routes
from alexnet_viz.ui.explore.service import Service
from tests.support.pictures import RGB, png, saved
from tests.ui.conftest import Ask
from tests.ui.messages import read

CHELSEA = {"photo": "chelsea", "checkpoint": "untrained"}
FOR_EVER = "private, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def chelsea(untrained: Checkpoint) -> Trace:
    photo = next(photo for photo in GALLERY if photo.name == "chelsea")
    return trace(untrained, read_image(photo.path))


def jpeg(width: int = 40, height: int = 30, shade: int = 90) -> bytes:
    return saved(Image.new("RGB", (width, height), (shade, 120, 200)), "JPEG")


# ---------------------------------------------------------------- what is answered
def test_the_code_of_a_view_names_its_photo_checkpoint_stage_and_channel(ask: Ask) -> None:
    code = ask("/api/view.py", **CHELSEA, resize="squash", stage="block2.relu", channel="17").body.decode()
    compile(code, "view.py", "exec")
    assert "block2.relu of the photo chelsea under untrained, variant seed" in code
    assert "box = (0, 0, width, height)" in code
    assert "channel = values[17]" in code
    assert ask("/api/view.py", **CHELSEA, stage="block6").status == 422
    for channel in ("256", "-3", "1e3", "one"):  # block 2 has 256
        refused = ask("/api/view.py", **CHELSEA, stage="block2.relu", channel=channel)
        assert (refused.status, "choose one from 0 to 255" in refused.body.decode()) == (422, True)


def test_start_tells_photos_checkpoints_and_shapes(ask: Ask) -> None:
    told = ask("/api/start").json()
    assert [photo["id"] for photo in told["photos"]] == [photo.name for photo in GALLERY]
    assert all(photo["credit"] and photo["licence"] and photo["source"] for photo in told["photos"])
    untrained = next(entry for entry in told["checkpoints"] if entry["name"] == "untrained")
    assert untrained["trained"] is False
    assert untrained["classes"] == 10
    assert told["checkpoint"] in [entry["name"] for entry in told["checkpoints"]]
    assert told["shapes"]["seed"]["block2.pool"] == [256, 13, 13]
    assert set(told["shapes"]) == {entry["variant"] for entry in told["checkpoints"]}
    assert "/" not in "".join(entry["name"] + entry["title"] for entry in told["checkpoints"])  # no path of the machine


def test_a_trace_is_what_the_network_computes(ask: Ask, chelsea: Trace) -> None:
    answer = ask("/api/trace", **CHELSEA)
    header, arrays = read(answer.body)
    assert np.abs(arrays["logits"] - chelsea.logits.numpy()).max() < 1e-5
    assert np.abs(arrays["probabilities"] - chelsea.probabilities.numpy()).max() < 1e-6
    assert arrays["seen"].shape == (227, 227, 3)
    assert [stage["name"] for stage in header["stages"]] == list(chelsea.stages)
    for stage in header["stages"]:
        maps = chelsea.stages[stage["name"]].numpy()
        assert stage["shape"] == list(maps.shape)
        assert abs(stage["maximum"] - maps.max()) < 1e-4
        assert stage["finite"] is True
        told = arrays[f"statistics:{stage['name']}"]
        by_channel = maps.reshape(maps.shape[0], -1).astype(np.float64)
        computed = np.stack([by_channel.min(1), by_channel.max(1), by_channel.mean(1), (by_channel == 0).mean(1)], 1)
        # The zeros of a map agree but for values within rounding of zero.
        assert np.abs(told[:, :3] - computed[:, :3]).max() < 1e-4
        assert np.abs(told[:, 3] - computed[:, 3]).max() <= 2 / by_channel.shape[1]
        if maps.ndim == 3:
            assert np.abs(arrays[f"face:{stage['name']}"] - maps.astype(np.float64).mean(0)).max() < 1e-4
    assert header["input"]["box"] == [75, 0, 375, 300]  # of 451 × 300 the middle square
    assert header["photo"]["title"] == "Chelsea the cat"
    assert header["checkpoint"]["trained"] is False


def test_the_resize_rule_is_the_askers(ask: Ask) -> None:
    header, arrays = read(ask("/api/trace", **CHELSEA, resize="squash").body)
    assert header["input"]["resize"] == "squash"
    assert header["input"]["box"] == [0, 0, 451, 300]
    crop, crop_arrays = read(ask("/api/trace", **CHELSEA).body)
    assert crop["input"]["resize"] == "crop"
    assert np.abs(arrays["logits"] - crop_arrays["logits"]).max() > 1e-4


def test_a_stage_comes_with_eleven_bits(ask: Ask, chelsea: Trace) -> None:
    header, arrays = read(ask("/api/stages/block1.conv", **CHELSEA).body)
    maps = chelsea.stages["block1.conv"].numpy()
    assert header["shape"] == [96, 55, 55]
    assert np.abs(arrays["values"] - maps).max() <= np.abs(maps).max() / 2048


def test_filters_are_the_first_convolutions(ask: Ask, untrained: Checkpoint) -> None:
    header, arrays = read(ask("/api/filters", checkpoint="untrained").body)
    weights = untrained.model.get_parameter("block1.conv_layer.weight").numpy()
    assert header["shape"] == [96, 3, 11, 11]
    assert (arrays["values"] == weights).all()


def test_arrays_of_chosen_stages(ask: Ask, chelsea: Trace) -> None:
    answer = ask("/api/activations.npz", **CHELSEA, stages="block5.pool,logits")
    with np.load(io.BytesIO(answer.body)) as arrays:
        assert set(arrays) == {"block5.pool", "logits", "input", "photo", "checkpoint", "variant", "resize"}
        assert np.abs(arrays["block5.pool"] - chelsea.stages["block5.pool"].numpy()).max() < 1e-4
        assert np.abs(arrays["input"] - chelsea.input.numpy()).max() < 1e-6


@pytest.mark.parametrize(
    ("query", "classes", "params"),
    [
        ({}, 10, 58_322_314),
        ({"classes": "1000"}, 1000, 62_378_344),
        ({"classes": "1000", "variant": "paper-groups"}, 1000, 60_965_224),
        ({"checkpoint": "untrained", "classes": "1000"}, 10, 58_322_314),
        *[({"classes": junk}, 10, 58_322_314) for junk in ("", "x", "-1", "1e3", "\u0661\u0660", "99999999999")],
    ],
)
def test_the_layer_table(ask: Ask, query: dict[str, str], classes: int, params: int) -> None:
    table = ask("/api/layers", **query).json()
    assert table["total_params"] == params
    assert table["layers"][-1]["output_shape"] == [classes]
    rows = list(csv.DictReader(io.StringIO(ask("/api/layers.csv", **query).body.decode("utf-8-sig"))))
    assert sum(int(row["params"]) for row in rows) == params


def test_a_table_and_a_script_of_an_altered_network_name_its_channels(ask: Ask) -> None:
    altered = "block1.relu:65=0,22=held"
    rows = csv.DictReader(io.StringIO(ask("/api/layers.csv", **CHELSEA, altered=altered).body.decode("utf-8-sig")))
    assert {row["altered"] for row in rows} == {altered}
    rows = csv.DictReader(io.StringIO(ask("/api/layers.csv", **CHELSEA).body.decode("utf-8-sig")))
    assert {row["altered"] for row in rows} == {""}
    script = ask("/api/view.py", **CHELSEA, altered=altered, stage="block1.pool", channel="1").body.decode()
    assert altered in script.splitlines()[1]
    assert "x[:, 65] = 0" in script
    assert re.search(r"^x\[:, 22\] = 0\.\d+  # held", script, re.MULTILINE)
    for path in ("/api/layers.csv", "/api/view.py"):
        refused = ask(path, **CHELSEA, altered="block1.relu:96=0", stage="fc1")
        assert refused.status == 422
        assert "no channel 96 at block1.relu, which has 96" in refused.body.decode()


def test_a_picture_for_the_screen(ask: Ask) -> None:
    for side, size in (("100", (100, 67)), ("9999", (451, 300)), ("x", (451, 300)), ("1", (16, 11))):
        answer = ask("/api/photos/chelsea", side=side)
        assert answer.headers["content-type"] == "image/jpeg"
        assert Image.open(io.BytesIO(answer.body)).size == size


def test_nothing_waits(ask: Ask) -> None:
    assert ask("/api/queue").json() == {"before": 0}


# ---------------------------------------------------------------- headers
def test_numbers_are_not_compressed_and_kept_where_they_cannot_change(ask: Ask) -> None:
    for path, query in (("/api/trace", CHELSEA), ("/api/stages/fc1", CHELSEA), ("/api/filters", CHELSEA)):
        answer = ask(path, **query)
        assert answer.headers["content-encoding"] == "identity", path
        assert answer.headers["cache-control"] == "no-cache", path
    header = read(ask("/api/trace", **CHELSEA).body)[0]
    for path in ("/api/stages/fc1", "/api/filters"):
        for digest, kept in ((header["checkpoint"]["digest"], FOR_EVER), ("of the file before", "no-cache")):
            answer = ask(path, **CHELSEA, digest=digest)
            assert answer.headers["content-encoding"] == "identity", path
            assert answer.headers["cache-control"] == kept, path
    own = ask("/api/photos", chunks=[jpeg()], name="own.jpg").json()["id"]
    assert ask(f"/api/photos/{own}").headers["cache-control"] == FOR_EVER
    assert (
        ask("/api/photos/chelsea").headers["cache-control"] == "private, max-age=86400"
    )  # another release may change it
    for path in ("/api/start", "/api/queue", "/api/photos/chelsea/about"):
        assert ask(path).headers["cache-control"] == "no-cache", path


def test_a_refusal_is_never_kept(ask: Ask) -> None:
    answer = ask("/api/stages/block9.conv", **CHELSEA, digest="0f3a")
    assert answer.headers["cache-control"] == "no-cache"
    assert "no stage 'block9.conv'" in answer.json()["error"]
    assert "block1.conv" in answer.json()["error"]


# ---------------------------------------------------------------- refusals
def test_what_the_page_asks_is_refused_with_a_clean_console(ask: Ask) -> None:
    for path, query in (
        ("/api/trace", {"photo": "nobody", "checkpoint": "untrained"}),
        ("/api/trace", {"photo": "chelsea", "checkpoint": "nobody"}),
        ("/api/photos/nobody/about", {}),
        ("/api/filters", {"checkpoint": "nobody"}),
        ("/api/layers", {"variant": "nobody"}),
    ):
        answer = ask(path, **query)
        assert answer.status == 200, path
        assert list(answer.json()) == ["error"], path


def test_what_the_browser_fetches_for_itself_is_refused_by_status(ask: Ask) -> None:
    for path in ("/api/photos/nobody", "/api/activations.npz", "/api/layers.csv", "/api/view.py"):
        answer = ask(path, photo="nobody", checkpoint="nobody")
        assert answer.status == 422, path
        assert "error" in answer.json()


def test_a_defect_is_one_sentence_and_the_log_has_the_rest(
    ask: Ask, service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(service, "start", lambda: 1 / 0)
    answer = ask("/api/start")
    assert answer.status == 500
    assert "division" not in answer.json()["error"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../../etc/passwd",
        "..",
        ".",
        "",
        "/",
        "own-",
        "own-0000",
        "a\0b",
        "~",
        "C:\\boot.ini",
        "x" * 9000,
    ],
)
def test_names_never_reach_the_file_system(
    ask: Ask, service: Service, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(service.engine, "checkpoint", asked.append)
    for path in ("/api/trace", "/api/activations.npz", "/api/filters"):
        error = ask(path, photo="chelsea", checkpoint=name).json()["error"]
        assert error.startswith("This checkpoint is not in this app's memory; choose untrained")
    assert asked == []
    error = ask("/api/trace", photo=name, checkpoint="untrained").json()["error"]
    assert error == "This photo is no longer kept by the server; upload it again."


def test_the_path_of_a_checkpoint_that_exists_is_no_name(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "mine.safetensors"
    file.write_bytes(b"")
    assert "is not in this app's memory" in ask("/api/filters", checkpoint=str(file)).json()["error"]


@pytest.mark.parametrize("name", ["server.py", "../server.py", "..%2fserver.py", "tokens.json\0", "", "."])
def test_only_the_front_end_is_given(ask: Ask, name: str) -> None:
    answer = ask(f"/web/any/{name}")
    assert answer.status == 404
    assert b"import" not in answer.body


# ---------------------------------------------------------------- uploads
def test_a_photo_gets_a_name_that_nobody_can_guess(ask: Ask) -> None:
    told = ask("/api/photos", chunks=[jpeg()[:100], jpeg()[100:]], name="garden.party.jpg").json()
    assert (told["name"], told["title"]) == ("garden.party", "garden.party.jpg")
    assert (told["width"], told["height"], told["gallery"]) == (40, 30, False)
    assert len(told["id"]) == 32
    again = ask("/api/photos", chunks=[jpeg()], name="copy.jpg").json()
    assert again["id"] != told["id"]  # what another visitor calls it stays with them
    assert ask(f"/api/photos/{told['id']}/about").json()["title"] == "garden.party.jpg"
    header, arrays = read(ask("/api/trace", photo=told["id"], checkpoint="untrained").body)
    assert header["photo"]["width"] == 40
    assert np.isfinite(arrays["logits"]).all()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.png", b"Buy milk.\n", "notes.png is not a picture the app can read"),
        ("empty.jpg", b"", "empty.jpg is empty"),
        ("half.jpg", jpeg(400, 400)[:600], "half.jpg is cut short"),
        ("huge.png", png((30_000, 30_000), 8, RGB, bytes(3000)), "the limit is 40 million"),
        ("../../etc/<b>passwd</b>", b"?", "is not a picture"),
        ("", b"?", "is not a picture"),
    ],
)
def test_what_is_no_photo_is_refused(ask: Ask, name: str, content: bytes, words: str) -> None:
    answer = ask("/api/photos", chunks=[content] if content else [], name=name)
    assert answer.status == 200  # or the browser's console would hold an error
    assert words in answer.json()["error"]


def test_a_name_is_shown_on_one_line(ask: Ask) -> None:
    told = ask("/api/photos", chunks=[jpeg(41)], name="two\nlines\u202e and " + "long " * 2000 + ".jpg").json()
    assert len(told["title"]) <= 80
    assert told["title"].isprintable()


def test_more_than_25_megabytes_are_cut_off_on_the_way(ask: Ask) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(1_000_000)

    answer = ask("/api/photos", chunks=endless(), name="film.jpg")
    assert "film.jpg is larger than 25 MB" in answer.json()["error"]
    assert answer.chunks_taken == 26


def test_another_sites_page_may_not_send_anything(ask: Ask, service: Service) -> None:
    for path in ("/api/photos", "/api/checkpoints"):
        for origin in ("http://evil.example", "https://app:80.evil.example", "null", "http://app:81"):
            answer = ask(path, chunks=[jpeg(42)], headers={"Origin": origin}, name="a.jpg")
            assert answer.json()["error"].startswith(f"A page of another site, {origin}, may not send anything")
            assert answer.chunks_taken == 0
    assert (
        ask("/api/photos", chunks=[jpeg(43)], headers={"Origin": "http://app:80"}, name="a.jpg").json()["width"] == 43
    )
    assert ask("/api/photos", chunks=[jpeg(44)], name="a.jpg").json()["width"] == 44  # no browser at all


@pytest.mark.parametrize("path", ["/api/photos", "/api/checkpoints"])
def test_a_browser_that_goes_away_leaves_nothing(
    ask: Ask, service: Service, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    folder = service.new_file(".pt").parent
    before = set(folder.iterdir())
    with caplog.at_level(logging.INFO):
        answer = ask(path, chunks=[bytes(1000), bytes(1000), None], name="half.pt")
    assert answer.status != 500
    assert "Traceback" not in caplog.text
    assert set(folder.iterdir()) == before


def test_a_model_file_that_is_too_large_is_cut_off_and_removed(
    ask: Ask, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_MOST_CHECKPOINT_BYTES", 5_000)
    folder = service.new_file(".pt").parent
    before = set(folder.iterdir())
    answer = ask("/api/checkpoints", chunks=[bytes(1000)] * 100, name="large.pt")
    assert "large.pt is larger than" in answer.json()["error"]
    assert answer.chunks_taken == 6
    assert set(folder.iterdir()) == before


def test_a_model_file_that_is_none_is_refused_and_removed(ask: Ask, service: Service) -> None:
    folder = service.new_file(".pt").parent
    before = set(folder.iterdir())
    error = ask("/api/checkpoints", chunks=[b"Buy milk.\n" * 100], name="../../notes.pt").json()["error"]
    assert error.startswith("notes.pt is not a model file")
    assert str(folder) not in error
    assert set(folder.iterdir()) == before


# ---------------------------------------------------------------- a checkpoint for other programs
@pytest.mark.slow
def test_a_checkpoint_is_saved_for_other_programs(ask: Ask, tmp_path: Path) -> None:
    answer = ask("/api/checkpoint-file", checkpoint="cifar10-fast-epoch-1", format="state-dict")
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body)
    path = tmp_path / "saved.pt"
    path.write_bytes(answer.body)
    saved_one, before = load_checkpoint(path), load_checkpoint("cifar10-fast-epoch-1")
    assert (saved_one.variant, saved_one.classes) == (before.variant, before.classes)
    given = before.model.state_dict()["fc2.bias"]
    assert saved_one.model.state_dict()["fc2.bias"].equal(given)


@pytest.mark.parametrize(
    ("checkpoint", "form", "words"),
    [
        ("nobody", "onnx", "is not in this app's memory"),
        ("untrained", "torchvision", "which torchvision's class does not compute"),
        ("untrained", "gguf", "cannot be saved as 'gguf'; choose safetensors, state-dict, torchvision, onnx"),
        ("/etc/passwd", "safetensors", "is not in this app's memory"),
    ],
)
def test_a_form_that_a_checkpoint_cannot_have_is_refused_in_words(
    ask: Ask, checkpoint: str, form: str, words: str
) -> None:
    answer = ask("/api/checkpoint-file", checkpoint=checkpoint, format=form)
    assert answer.status == 422
    assert words in answer.json()["error"]


def test_another_site_cannot_have_a_checkpoint_written(ask: Ask) -> None:
    answer = ask(
        "/api/checkpoint-file", checkpoint="untrained", format="onnx", headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status == 422
