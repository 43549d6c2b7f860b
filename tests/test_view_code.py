"""The script of a view, run by itself, prints the numbers that are on the screen."""

import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.errors import StageError
from alexnet_viz.images import GALLERY, read_image, to_tensor
from alexnet_viz.inference import Trace, trace
from alexnet_viz.ui.explore.altered_trace import alterations_of
from alexnet_viz.view_code import Alteration, View, view_code
from tests.checkpoints.public_definitions import HALF, published
from tests.support.model_files import saved

NUMBER = r"-?[0-9.]+(?:e[+-]?[0-9]+)?"


def printed(code: str, folder: Path) -> list[str]:
    """Return the lines that a script prints, run in a folder."""
    script = folder / "view.py"
    script.write_text(code)
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, str(script)], cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": root}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def numbers(line: str) -> list[float]:
    return [float(number) for number in re.findall(NUMBER, line)]


def expect_numbers(lines: list[str], found: Trace, stage: str, channel: int) -> None:
    values = found.stages[stage]
    assert lines[0] == f"shape {tuple(values.shape)}"
    assert numbers(lines[1]) == pytest.approx(
        [float(values.min()), float(values.max()), float(values.mean())], rel=1e-3, abs=1e-5
    )
    own = values[channel]
    assert numbers(lines[2]) == pytest.approx([channel, float(own.max()), float(own.mean())], rel=1e-3, abs=1e-5)


@pytest.mark.slow
def test_a_stage_of_a_gallery_photo(untrained: Checkpoint, tmp_path: Path) -> None:
    rule = replace(untrained.input_rule, resize="squash")
    code = view_code(untrained, View("coffee", True, "untrained", rule, "block2.pool", 40))
    path = next(photo.path for photo in GALLERY if photo.name == "coffee")
    found = trace(untrained, to_tensor(read_image(path), rule))
    expect_numbers(printed(code, tmp_path), found, "block2.pool", 40)


@pytest.mark.slow
@pytest.mark.parametrize("channels", [3, 1])
def test_the_prediction_of_ones_own_photo_and_file(tmp_path: Path, channels: int) -> None:
    theirs = published(widths=HALF, padding=2, units=2048, classes=5, channels=channels)
    saved(theirs.state_dict(), tmp_path / "theirs.pth")
    pixels = np.random.default_rng(0).integers(0, 256, (300, 401, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / 'my "photo".png')
    checkpoint = load_checkpoint(tmp_path / "theirs.pth", "cpu")
    code = view_code(checkpoint, View('my "photo".png', False, "theirs.pth", checkpoint.input_rule, "logits"))
    found = trace(checkpoint, read_image(tmp_path / 'my "photo".png'))
    lines = printed(code, tmp_path)
    assert lines[0] == "shape (5,)"
    assert numbers(lines[1]) == pytest.approx(
        [float(found.logits.min()), float(found.logits.max()), float(found.logits.mean())], rel=1e-3, abs=1e-5
    )
    order = found.logits.argsort(descending=True).tolist()
    assert [numbers(line)[0] for line in lines[2:]] == order
    assert [numbers(line)[1] for line in lines[2:]] == pytest.approx(found.logits[order].tolist(), rel=1e-3)


@pytest.mark.slow
def test_an_altered_network_is_altered_in_the_script_too(untrained: Checkpoint, tmp_path: Path) -> None:
    altered = "block1.relu:3=2,5=0,block2.norm:7=held"
    path = next(photo.path for photo in GALLERY if photo.name == "coffee")
    before = trace(untrained, read_image(path))
    view = View("coffee", True, "untrained", untrained.input_rule, "block2.pool", 7, altered)
    code = view_code(untrained, replace(view, alterations=alterations_of(before, altered)))
    assert f"altered: {altered}" in code.splitlines()[1]
    lines = printed(code, tmp_path)
    with torch.no_grad():  # by hand, layer after layer
        x = before.input[None]
        for name, module in untrained.model.chain():
            x = module(x)
            if name == "block1.relu":
                x[:, 3], x[:, 5] = x[:, 3] * 2, 0
            if name == "block2.norm":
                x[:, 7] = before.stages["block2.norm"][7].mean()
            if name == "block2.pool":
                break
    assert numbers(lines[1]) == pytest.approx([float(x.min()), float(x.max()), float(x.mean())], rel=1e-3, abs=1e-6)
    assert numbers(lines[2]) == pytest.approx([7, float(x[0, 7].max()), float(x[0, 7].mean())], rel=1e-3)


def test_every_layer_of_a_variant_has_its_line(untrained: Checkpoint) -> None:
    code = view_code(untrained, View("coffee", True, "untrained", untrained.input_rule, "logits"))
    calls = re.findall(r"^x = (?:F|x)\.(\w+)", code, re.MULTILINE)
    pooled = ["conv2d", "relu", "local_response_norm", "max_pool2d"]
    assert calls == [*pooled, *pooled, *["conv2d", "relu"] * 2, *pooled, "flatten", "linear", "linear", "linear"]
    short = view_code(untrained, View("coffee", True, "untrained", untrained.input_rule, "block1.relu"))
    assert re.findall(r"# (block\S+)", short) == ["block1.conv", "block1.relu"]


def test_a_name_is_a_text_whatever_is_in_it(untrained: Checkpoint) -> None:
    name = '"""\nimport os; os.remove("x")\n\'\\'
    code = view_code(untrained, View(name, False, name, untrained.input_rule, "fc1"))
    compile(code, "view.py", "exec")
    assert not [line for line in code.splitlines() if line.startswith("import os")]


def test_a_stage_that_there_is_not(untrained: Checkpoint) -> None:
    with pytest.raises(StageError, match="no stage 'block6'"):
        view_code(untrained, View("coffee", True, "untrained", untrained.input_rule, "block6"))


def test_a_mean_that_is_no_number_is_written_as_python_knows_it_and_what_is_off_is_0() -> None:
    values = torch.ones(1, 4)
    exec(Alteration("block1.relu", 3, None, math.nan).line, {"x": values})
    assert values.isnan().tolist() == [[False, False, False, True]]
    exec(Alteration("block1.relu", 3, 0.0, math.nan).line, {"x": values})  # as in the altered network
    assert values.tolist() == [[1, 1, 1, 0]]
