"""A model file of one's own: named, its classes named, kept for good, and there after a reload."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alexnet_viz.checkpoints import available_checkpoints, kept_folder, load_checkpoint
from alexnet_viz.ui.explore.service import Service, Subject
from tests.support.model_files import article_shapes, saved, tiny
from tests.ui.messages import read

pytestmark = pytest.mark.slow

Ask = Callable[..., Any]
LETTERS = [f"letter {letter}" for letter in "abcdefghij"]


@pytest.fixture
def own(service: Service) -> str:
    file = service.new_file(".pt")
    saved(tiny(article_shapes()), file)
    return str(service.add_checkpoint(file, "mine.pt", "ann")["name"])


def post(ask: Ask, path: str, **body: object) -> Any:
    return ask(path, chunks=[json.dumps(body).encode()]).json()


def test_a_name_and_class_names_are_given_and_the_file_is_kept(
    ask: Ask, service: Service, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path / "mine"))
    first = service.checkpoint(own)[0]
    told = post(ask, f"/api/checkpoints/{own}/description", title="Letters, first try", classes="\n".join(LETTERS))
    assert told["title"] == "Letters, first try"
    assert told["name"] != own  # browsers keep what the old name answered
    header, _ = read(service.trace_message(Subject("chelsea", told["name"])))
    assert header["checkpoint"]["classes"] == LETTERS
    assert header["checkpoint"]["title"] == "Letters, first try"
    kept = post(ask, f"/api/checkpoints/{told['name']}/kept")
    assert Path(kept["path"]) == tmp_path / "mine" / "Letters-first-try.safetensors"
    assert kept["name"] in [entry.name for entry in available_checkpoints()]
    again = load_checkpoint(kept["name"], "cpu")
    assert list(again.classes) == LETTERS
    # Naming the classes answers for nothing else: the network and the normalisation are still assumed, and said to be.
    assert again.assumed == tuple(each for each in first.assumed if "classes" not in each)
    assert len(again.assumed) == len(first.assumed) - 1
    # The seventh tensor of the file is block 4's weight: each repeats its place in the list.
    assert float(again.model.get_parameter("block4.conv_layer.weight").unique()) == 7.0
    assert post(ask, f"/api/checkpoints/{told['name']}/kept")["name"] == "Letters-first-try-2"


def test_what_cannot_be_names_is_refused_in_a_sentence(ask: Ask, own: str) -> None:
    path = f"/api/checkpoints/{own}/description"
    error = post(ask, path, title="x", classes="\n".join(LETTERS[:9]))["error"]
    assert error == "This checkpoint has 10 classes, and 9 names were given; give one name a line"
    error = post(ask, path, title="x", classes="\n".join([*LETTERS[:9], "b\x07ll"]))["error"]
    assert error.startswith("This checkpoint cannot take the name in line 10")
    assert post(ask, path, title="Only a name", classes="")["title"] == "Only a name"
    assert "open its file again" in post(ask, path, title="gone")["error"]
    assert "reload the page" in ask(path, chunks=[b"{"]).json()["error"]


def test_only_ones_own_file_is_kept(ask: Ask) -> None:
    assert "open its file again" in post(ask, "/api/checkpoints/untrained/kept")["error"]


def test_a_full_folder_takes_no_more(ask: Ask, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr("alexnet_viz.ui.explore.service._MOST_KEPT_BYTES", 10)
    (tmp_path / "full.safetensors").write_bytes(bytes(11))
    assert "remove files there first" in post(ask, f"/api/checkpoints/{own}/kept")["error"]


def test_a_reloaded_tab_finds_its_file(ask: Ask, own: str) -> None:
    told = ask(f"/api/checkpoints/{own}", session="ann-after-a-reload").json()
    assert (told["name"], told["title"], told["classes"]) == (own, "mine.pt", 10)
    assert "open its file again" in ask("/api/checkpoints/own-0123", session="ann").json()["error"]


def test_kept_files_lie_beside_the_runs_where_no_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEXNET_VIZ_CHECKPOINTS", raising=False)
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", "/somewhere/runs")
    assert kept_folder() == Path("/somewhere/runs/checkpoints")


def test_variant_and_normalisation_are_chosen_and_the_maps_are_that_networks(
    ask: Ask, service: Service, own: str
) -> None:
    before, _ = read(service.trace_message(Subject("chelsea", own)))
    about = before["checkpoint"]
    assert (about["variant"], about["normalisation"], about["chosen"]) == ("seed", "cifar10", [])
    assert about["undecided"] == ["variant", "normalisation", "classes"]
    assert "paper" in [each["name"] for each in about["alike"]]
    path = f"/api/checkpoints/{own}/description"
    assert "its layers are those of seed" in post(ask, path, variant="torchvision")["error"]
    told = post(ask, path, title="mine.pt", variant="paper", normalisation="half")
    header, _ = read(service.trace_message(Subject("chelsea", told["name"])))
    assert (header["checkpoint"]["variant"], header["checkpoint"]["normalisation"]) == ("paper", "half")
    assert header["checkpoint"]["digest"] != about["digest"]
    assert "fc1.relu" in [stage["name"] for stage in header["stages"]]
    told = post(ask, f"/api/checkpoints/{told['name']}/description", title="mine.pt", normalisation="none")
    header, _ = read(service.trace_message(Subject("chelsea", told["name"])))
    assert (header["checkpoint"]["variant"], header["checkpoint"]["normalisation"]) == ("paper", "none")


def test_a_file_in_the_folder_of_checkpoints_is_chosen_of_for_everybody(
    ask: Ask, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    saved(tiny(article_shapes()), tmp_path / "theirs.pth")
    told = post(ask, "/api/checkpoints/theirs/description", title="other", variant="seed-no-lrn")
    assert (told["name"], told["title"]) == ("theirs", "theirs")
    assert service.checkpoint("theirs")[0].variant == "seed-no-lrn"
    assert load_checkpoint("theirs", "cpu").variant == "seed-no-lrn"
    assert "nothing is left to choose" in post(ask, "/api/checkpoints/untrained/description", variant="paper")["error"]
