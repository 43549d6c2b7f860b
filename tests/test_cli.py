import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
import torch
from PIL import Image

import alexnet_viz
from alexnet_viz import checkpoints
from alexnet_viz.checkpoints import Checkpoint, loading, registry
from alexnet_viz.checkpoints.assumptions import CIFAR10_CLASSES
from alexnet_viz.cli import run
from alexnet_viz.images import InputRule
from tests.support.model_files import article_shapes, described, saved, tiny
from tests.support.pictures import RGB, png

ROOT = Path(__file__).parents[1]
# In the order of the chain; shapes from the article.
SHAPES = {
    **{f"block1.{stage}": [96, 55, 55] for stage in ("conv", "relu", "norm")},
    "block1.pool": [96, 27, 27],
    **{f"block2.{stage}": [256, 27, 27] for stage in ("conv", "relu", "norm")},
    "block2.pool": [256, 13, 13],
    **{f"block{number}.{stage}": [384, 13, 13] for number in (3, 4) for stage in ("conv", "relu")},
    **{f"block5.{stage}": [256, 13, 13] for stage in ("conv", "relu", "norm")},
    "block5.pool": [256, 6, 6],
    "fc1": [4096],
    "fc2": [4096],
    "logits": [10],
}


@pytest.fixture(scope="module", autouse=True)
def one_untrained(untrained: Checkpoint) -> Iterator[None]:
    """Let all commands of this file have the network that is drawn once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALEXNET_VIZ_DEVICE", "cpu")
        patch.delenv("ALEXNET_VIZ_CHECKPOINTS", raising=False)
        patch.setattr(loading, "_untrained", lambda device: untrained)
        patch.setattr(checkpoints, "best_checkpoint", lambda: registry.available_checkpoints()[0])
        yield


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Make two photographs: 40 × 30 pixels, and one that lies on its side and is 20 × 50 when upright."""
    paths = [tmp_path / "one.jpg", tmp_path / "two.jpg"]
    generator = np.random.default_rng(1)
    Image.fromarray(generator.integers(0, 256, (30, 40, 3), dtype=np.uint8)).save(paths[0])
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    Image.fromarray(generator.integers(0, 256, (20, 50, 3), dtype=np.uint8)).save(paths[1], exif=exif)
    return [str(path) for path in paths]


class Answer:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


@pytest.fixture
def viz(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        try:
            code = run([str(argument) for argument in arguments])
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Answer(code, out, err)

    return call


def assert_refused(answer: Answer, *words: str) -> None:
    """Check exit code 2 and one clear line on standard error."""
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert answer.err.endswith("\n")
    for word in words:
        assert word in answer.err


# ---------------------------------------------------------------- layers


def test_layers(viz: Any) -> None:
    table = viz("layers", "--json").json
    assert table["input"] == [3, 227, 227]
    assert table["total_params"] == 62_378_344
    assert [row["name"] for row in table["layers"]] == list(SHAPES)
    keys = {"name", "kind", "output_shape", "params", "macs", "receptive_field", "jump"}
    assert all(keys <= set(row) for row in table["layers"])
    assert viz("layers", "--classes", "10", "--json").json["total_params"] == 58_322_314
    groups = viz("layers", "--variant", "paper-groups", "--classes", "1000", "--json").json
    assert groups["total_params"] == 60_965_224
    assert viz("layers", "--variant", "torchvision", "--json").json["input"] == [3, 224, 224]


def test_layers_as_a_table(viz: Any) -> None:
    lines = viz("layers", "--classes", "10").out.splitlines()
    assert lines[0].split()[:3] == ["stage", "window", "output"]
    assert "96 × 55 × 55" in lines[1]
    assert "34,944" in lines[1]
    assert lines[-1].startswith("total")
    assert "58,322,314" in lines[-1]
    ends = {line.index("×", 30) for line in lines[5:8]}
    assert len(ends) == 1  # columns are aligned


@pytest.mark.parametrize("classes", ["0", "-1", "10001", "99999999999999999999", "ten", "1.5", "", "1_000"])
def test_layers_of_an_impossible_number_of_classes(viz: Any, classes: str) -> None:
    assert_refused(viz("layers", f"--classes={classes}"), "--classes", "whole number from 1 to 10000")


def test_layers_of_an_unknown_variant(viz: Any) -> None:
    answer = viz("layers", "--variant", "vgg\n16", "--json")
    assert_refused(answer, "no variant 'vgg?16'; choose seed, paper, paper-groups, torchvision")
    assert answer.out == ""


# ---------------------------------------------------------------- checkpoints


def test_checkpoints(viz: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    path = saved(tiny(article_shapes(3)), tmp_path / "three.pt")
    rows = {row["name"]: row for row in viz("checkpoints", "--json").json}
    assert rows["untrained"]["path"] is None
    assert rows["untrained"]["classes"][3] == "cat"
    assert rows["untrained"]["epoch"] == 0
    assert rows["three"]["path"] == str(path)
    assert rows["three"]["epoch"] is None
    assert rows["three"]["metrics"] == {}
    assert set(rows["three"]) == {
        "name", "path", "variant", "classes", "epoch", "metrics", "source", "assumed", "chosen",
    }  # fmt: skip
    table = viz("checkpoints").out
    assert "untrained" in table
    assert "three" in table


# ---------------------------------------------------------------- what a file does not say


def test_what_a_file_does_not_say_is_said_and_kept_beside_it(viz: Any, photos: list[str], tmp_path: Path) -> None:
    path = saved(tiny(article_shapes(3)), tmp_path / "three.pt")
    (tmp_path / "names.txt").write_text("cat\ndog\nfrog\n")
    silent = viz("predict", photos[0], "--checkpoint", path, "--json").json[0]
    assert any("Taken for seed, but paper" in each for each in silent["assumed"])
    assert "chosen" not in silent
    said = ("--variant", "paper", "--normalisation", "none", "--classes", tmp_path / "names.txt")
    answer = viz("predict", photos[0], "--checkpoint", path, *said, "--json")
    assert "kept in" in answer.err
    assert {row["class"] for row in answer.json[0]["predictions"]} == {"cat", "dog", "frog"}
    later = viz("predict", photos[0], "--checkpoint", path, "--json")
    assert (later.json, later.err) == (answer.json, "")
    assert not any("Taken for" in each or "normalised" in each for each in later.json[0].get("assumed", []))
    out = viz("activations", photos[0], "--checkpoint", path, "--out", tmp_path / "a.npz", "--stages", "fc1.relu").out
    assert f"Chosen for {path}: The variant paper was chosen." in out
    assert 0 <= np.load(tmp_path / "a.npz")["input"].min() <= np.load(tmp_path / "a.npz")["input"].max() <= 1


def test_what_a_file_says_itself_is_chosen_otherwise_for_one_command_alone(
    viz: Any, photos: list[str], tmp_path: Path
) -> None:
    rule = json.dumps(InputRule().to_record())
    path = described(tmp_path, variant="seed", classes=json.dumps(list(CIFAR10_CLASSES)), input=rule)
    answer = viz("predict", photos[0], "--checkpoint", path, "--variant", "seed-tanh", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json[0]["chosen"] == ["The variant seed-tanh was chosen."]
    assert not (tmp_path / f"{path.name}.choices.json").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--variant", "torchvision"], "cannot be the variant torchvision: its layers are those of seed, paper"),
        (["--variant", "vgg"], "The variant 'vgg' is none of seed"),
        (["--normalisation", "imagnet"], "The normalisation 'imagnet' is none of cifar10, imagenet"),
        (["--classes", "nowhere.txt"], "nowhere.txt cannot be read"),
    ],
)
def test_what_a_file_cannot_be(viz: Any, photos: list[str], tmp_path: Path, options: list[str], words: str) -> None:
    path = saved(tiny(article_shapes(3)), tmp_path / "three.pt")
    assert_refused(viz("predict", photos[0], "--checkpoint", path, *options), words)
    assert list(tmp_path.glob("*.json")) == []


def test_what_the_program_draws_is_nothing_to_choose_of(viz: Any, photos: list[str]) -> None:
    answer = viz("predict", photos[0], "--checkpoint", "untrained", "--variant", "paper")
    assert_refused(answer, "leave the choice out")


# ---------------------------------------------------------------- predict


def test_predict(viz: Any, photos: list[str]) -> None:
    answer = viz("predict", *photos, "--top", "3", "--json")
    assert answer.code == 0
    assert [row["image"] for row in answer.json] == photos
    assert [(row["width"], row["height"]) for row in answer.json] == [(40, 30), (20, 50)]
    for row in answer.json:
        probabilities = [entry["probability"] for entry in row["predictions"]]
        assert len(probabilities) == 3
        assert probabilities == sorted(probabilities, reverse=True)
        assert {entry["class"] for entry in row["predictions"]} <= set(CIFAR10_CLASSES)


def test_more_classes_than_there_are(viz: Any, photos: list[str]) -> None:
    row = viz("predict", photos[0], "--top", "1000", "--json").json[0]
    assert len(row["predictions"]) == 10
    assert sum(entry["probability"] for entry in row["predictions"]) == pytest.approx(1)


def test_unusable_images_do_not_stop_the_others(viz: Any, photos: list[str], tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    answer = viz("predict", tmp_path / "empty.jpg", photos[0], tmp_path / "missing.png", "--json")
    assert_refused(answer, "2 of 3 images cannot be answered; the first: empty.jpg is empty")
    assert [("error" in row, "predictions" in row) for row in answer.json] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip
    assert_refused(viz("predict", tmp_path / "empty.jpg"), "alexnet_viz: empty.jpg is empty")


def test_predict_as_a_table_says_that_an_untrained_network_guesses(viz: Any, photos: list[str]) -> None:
    out = viz("predict", *photos).out
    assert "40 × 30 pixels" in out
    assert "%" in out
    assert "has not been trained: its answers are chance" in out


def test_a_diverged_network_predicts_nothing(viz: Any, photos: list[str], tmp_path: Path) -> None:
    state = tiny(article_shapes(2))
    state["fc1.bias"] = torch.full((4096,), float("nan"))
    path = saved(state, tmp_path / "nan.pt")
    answer = viz("predict", photos[0], "--checkpoint", path, "--json")
    assert_refused(answer, "gives no answer: its outputs are not numbers; choose another")
    [row] = answer.json
    assert (row["width"], row["height"], "predictions" in row) == (40, 30, False)
    assert "its outputs are not numbers" in row["error"]
    as_text = viz("predict", *photos, "--checkpoint", path)
    assert_refused(as_text, "2 of 2 images cannot be answered")
    assert "%" not in as_text.out


def test_file_names_that_a_terminal_would_obey(viz: Any, photos: list[str], tmp_path: Path) -> None:
    evil = tmp_path / "a\x1b[31m\nb.jpg"
    os.link(photos[0], evil)
    assert "\x1b" not in viz("predict", evil).out
    assert viz("predict", evil, "--json").json[0]["image"] == str(evil)
    odd = os.fsencode(tmp_path) + b"/\xff.jpg"  # no text in any encoding
    os.link(photos[0], odd)
    assert viz("predict", os.fsdecode(odd), "--json").json[0]["image"] == os.fsdecode(odd)
    assert viz("predict", os.fsdecode(odd)).code == 0


@pytest.mark.parametrize("checkpoint", ["nope", "/", "\0", ""])
def test_an_unknown_checkpoint(viz: Any, photos: list[str], checkpoint: str) -> None:
    answer = viz("predict", photos[0], "--checkpoint", checkpoint, "--json")
    assert_refused(answer)
    assert answer.out == ""


def test_an_unknown_device(viz: Any, photos: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_DEVICE", "abacus")
    assert_refused(viz("predict", photos[0]), "device 'abacus' is not available here")


# ---------------------------------------------------------------- activations


def test_activations(viz: Any, photos: list[str], tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder" / "maps.npz"
    assert viz("activations", photos[0], "--out", out, "--json").json == {"stages": SHAPES}
    with np.load(out) as arrays:
        assert {name: list(arrays[name].shape) for name in arrays} == SHAPES | {"input": [3, 227, 227]}
        assert {arrays[name].dtype for name in arrays} == {np.dtype("float32")}
        np.testing.assert_array_equal(arrays["block1.relu"], np.maximum(arrays["block1.conv"], 0))
        assert (arrays["block1.conv"] < 0).any()
    assert list(out.parent.iterdir()) == [out]


def test_chosen_stages(viz: Any, photos: list[str], tmp_path: Path) -> None:
    answer = viz("activations", photos[0], "--out", tmp_path / "a", "--stages", "logits, block5.pool", "--json")
    assert answer.json == {"stages": {"block5.pool": [256, 6, 6], "logits": [10]}}
    with np.load(tmp_path / "a") as arrays:  # the name is taken as it is given
        assert set(arrays) == {"input", "block5.pool", "logits"}


@pytest.mark.parametrize("stages", ["block6.conv", "", "block1", "logits,"])
def test_an_unknown_stage(viz: Any, photos: list[str], tmp_path: Path, stages: str) -> None:
    answer = viz("activations", photos[0], "--out", tmp_path / "a.npz", f"--stages={stages}", "--json")
    assert_refused(answer, "no stage '", "this network has block1.conv, block1.relu", "logits")
    assert not (tmp_path / "a.npz").exists()


def test_several_images_go_into_a_folder(viz: Any, photos: list[str], tmp_path: Path) -> None:
    twin = tmp_path / "twin" / "one.png"
    twin.parent.mkdir()
    Image.new("RGB", (10, 10)).save(twin)
    out = tmp_path / "out"
    answer = viz("activations", *photos, twin, tmp_path / "no.jpg", "--out", out, "--stages", "logits", "--json")
    assert_refused(answer, "1 of 4 images cannot be answered; the first: no.jpg")
    assert sorted(path.name for path in out.iterdir()) == ["one-2.npz", "one.npz", "two.npz"]
    assert answer.json["stages"] == {"logits": [10]}
    assert [entry.get("file") for entry in answer.json["files"]] == [
        str(out / "one.npz"), str(out / "two.npz"), str(out / "one-2.npz"), None,
    ]  # fmt: skip
    assert viz("activations", photos[1], "--out", out, "--stages", "logits").code == 0  # a folder that is there
    assert (out / "two.npz").exists()


def test_a_place_that_cannot_be_written_to(viz: Any, photos: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for out in (tmp_path / "file" / "a.npz", Path("/proc/nowhere/a.npz")):
        answer = viz("activations", photos[0], "--out", out, "--json")
        assert_refused(answer, f"{out} cannot be written", "choose another --out")
        assert answer.out == ""
    assert_refused(viz("activations", *photos, "--out", tmp_path / "file"), "cannot be written")
    assert (tmp_path / "file").read_text() == "in the way"


def test_one_unusable_image(viz: Any, tmp_path: Path) -> None:
    answer = viz("activations", tmp_path / "no.jpg", "--out", tmp_path / "a.npz", "--json")
    assert_refused(answer, "no.jpg")
    assert answer.out == ""
    assert not (tmp_path / "a.npz").exists()


# ---------------------------------------------------------------- the process


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "0"],
        ["class", "--port", "65536"],
        ["train", "--dataset", "shapes", "--threads", "1_0"],
        ["paint"],
        ["predict"],
        ["layers", "--clas", "3"],
        ["layers", "extra\nline"],
        ["predict", "a.jpg", "--top", "0"],
        ["activations", "a.jpg"],
        ["export", "--checkpoint", "untrained", "--format", "onnx", "--out", ""],
        ["pack", "--checkpoint", "untrained", "--dataset", "shapes", "--out", "no/where/x.safetensors"],
        ["visualise", "--stage", "fc1", "--channel", "0", "--out", "/dev/null"],
        ["visualise", "--stage", "fc1", "--channel", "0", "--out", "/dev/new"],
        ["compare", "untrained", "untrained", "--dataset", "shapes", "--report", "no/where.html"],
    ],
)
def test_wrong_arguments_are_one_line(viz: Any, arguments: list[str]) -> None:
    answer = viz(*arguments)
    assert_refused(answer, "--help lists what there is")
    assert answer.out == ""


def test_without_a_command_the_app_starts(viz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr("sys.argv", ["alexnet-viz"])
    monkeypatch.setattr("runpy.run_module", lambda name, **_: started.append((name, sys.argv[1:])))
    assert viz().code == viz("--port", "8600").code == 0
    app = str(ROOT / "streamlit_app.py")
    assert started == [("streamlit", ["run", app, "--server.port", port]) for port in ("8501", "8600")]


def test_version(viz: Any) -> None:
    assert (viz("--version").code, viz("--version").out) == (0, f"alexnet_viz {alexnet_viz.__version__}\n")


def test_help(viz: Any) -> None:
    answer = viz("--help")
    assert answer.code == 0
    assert all(command in answer.out for command in ("layers", "checkpoints", "predict", "activations"))


def viz_process(*arguments: str, **settings: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-m", "alexnet_viz", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **settings)


@pytest.mark.slow
def test_a_process_whose_terminal_knows_ascii_only() -> None:
    done = viz_process("layers", env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert r"96 \xd7 55 \xd7 55" in done.stdout


@pytest.mark.slow
def test_a_reader_that_leaves_early() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "alexnet_viz", "layers"]
    with os.fdopen(write, "wb") as stdout:
        done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert done.stderr == ""


def test_a_folder_that_is_gone(viz: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert_refused(viz("layers"), "the folder that this was started in is gone")


def test_a_process_whose_standard_error_is_closed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "alexnet_viz", "dataset", str(tmp_path), "--json"]
    done = subprocess.run(["sh", "-c", '"$@" 2>&-', "sh", *command], capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


@pytest.mark.slow
def test_what_libtiff_says_of_a_damaged_picture_is_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "damaged.tif"
    Image.effect_noise((64, 64), 90).save(path, compression="tiff_lzw")
    content = bytearray(path.read_bytes())
    start = 200  # inside the strip: the first 8 bytes are the header
    content[start : start + 400] = bytes(400)
    path.write_bytes(content)
    done = viz_process("predict", str(path), "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)[0]["error"]
    assert done.stderr.startswith("alexnet_viz: damaged.tif is damaged")
    assert done.stderr.count("\n") == 1


def test_help_imports_no_torch() -> None:
    code = "import sys; sys.argv = ['x', '--help']\nimport alexnet_viz.cli as cli\n"
    code += "try: cli.main()\nexcept SystemExit: pass\nprint('torch' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "False False"


def test_a_photo_of_48_megapixels_is_read_smaller_and_said_to_be(viz: Any, tmp_path: Path) -> None:
    large = tmp_path / "phone.jpg"
    Image.new("RGB", (8064, 6048), "green").save(large)
    [row] = viz("predict", large, "--json").json
    assert (row["width"], row["height"], row["read_at"]) == (8064, 6048, [4032, 3024])
    assert "phone.jpg, 8064 × 6048 pixels, read at 4032 × 3024" in viz("predict", large).out


def test_the_metrics_of_checkpoints_are_rounded_for_people_only(
    viz: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = {"val_loss": 0.43486373710632326, "test_accuracy": 0.8458, "test_images": 10_000}
    entry = registry.CheckpointEntry("mine", None, "seed", ("cat",), 3, dict(stated), "")
    monkeypatch.setattr(checkpoints, "available_checkpoints", lambda: [entry])
    assert "val_loss 0.435, test_accuracy 84.58 %, test_images 10000" in viz("checkpoints").out
    assert viz("checkpoints", "--json").json[0]["metrics"] == stated


@pytest.mark.slow
def test_predict_answers_by_the_network_that_the_app_opens_with(
    viz: Any, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "best_checkpoint", registry.best_checkpoint)
    out = viz("predict", photos[0]).out
    assert "Answered by cifar10-photographs; --checkpoint names another." in out
    assert "has not been trained" not in out


def test_the_best_checkpoint_is_the_one_that_states_the_highest_accuracy() -> None:
    def entry(name: str, epoch: int | None, folder: Path | None = None, **metrics: object) -> registry.CheckpointEntry:
        path = folder / f"{name}.safetensors" if folder else None
        return registry.CheckpointEntry(name, path, "seed", (), epoch, metrics, "")

    entries = [
        entry("untrained", 0),
        entry("a", 9, val_accuracy=0.5),
        entry("b", 2, test_accuracy=0.7),
        entry("c", None),
        entry("made up", 3, test_accuracy=7.0),
    ]
    assert registry.best_checkpoint(entries).name == "b"
    assert registry.best_checkpoint(entries[:1]).name == "untrained"
    kept = entry("of other pictures", 5, registry.kept_folder(), test_accuracy=1.0)
    assert registry.best_checkpoint([kept, *entries]).name == "b"
    assert registry.best_checkpoint([entries[0], kept]).name == "of other pictures"


def test_thin_spaces_are_spaces_on_the_command_line(viz: Any, tmp_path: Path) -> None:
    large = tmp_path / "wide.png"
    large.write_bytes(png((65_535, 600), 8, RGB, b""))
    answer = viz("predict", large, tmp_path / "also missing.png")
    assert "wide.png is 65 535 × 600 pixels" in answer.out


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")])
def test_a_machine_without_memory(
    viz: Any, photos: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def compute(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr("alexnet_viz.inference.trace", compute)
    answer = viz("predict", photos[0], "--checkpoint", "untrained")
    assert (answer.code, answer.out) == (1, "")
    assert "There is not enough memory free for this." in answer.err
