import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import alexnet_viz


def imported_by(code: str) -> set[str]:
    """Return which of the heavy packages a fresh interpreter has imported after running `code`."""
    code += (
        "\nimport sys; print(*[name for name in ('torch', 'streamlit', 'torchvision', 'sympy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert imported_by("import alexnet_viz") == set()


def test_waiting_threads_sleep_unless_told_otherwise() -> None:
    code = "import alexnet_viz, os; print(os.environ['OMP_WAIT_POLICY'])"
    for given, expected in ((None, "PASSIVE"), ("ACTIVE", "ACTIVE")):
        environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
        environment |= {"OMP_WAIT_POLICY": given} if given else {}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.strip() == expected


@pytest.mark.slow
def test_using_it_imports_torch_and_no_streamlit() -> None:
    assert imported_by("import alexnet_viz; alexnet_viz.load_checkpoint('untrained', 'cpu')") == {"torch"}


@pytest.mark.slow
def test_the_worked_example(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "cat.png")
    checkpoint = alexnet_viz.load_checkpoint("untrained", "cpu")
    image = alexnet_viz.read_image(tmp_path / "cat.png")
    trace = alexnet_viz.trace(checkpoint, image)
    assert isinstance(checkpoint.model, torch.nn.Module)
    assert not checkpoint.model.training
    assert checkpoint.variant == "seed"
    assert checkpoint.metadata["epoch"] == 0
    assert trace.stages["block1.pool"].shape == (96, 27, 27)
    assert trace.stages["fc1"].shape == (4096,)
    best = int(trace.probabilities.argmax())
    assert best == int(trace.logits.argmax())
    assert checkpoint.classes[3] == "cat"


def test_every_error_of_a_user_has_one_root(tmp_path: Path) -> None:
    for attempt in (
        lambda: alexnet_viz.load_checkpoint("nope"),
        lambda: alexnet_viz.load_checkpoint(tmp_path),
        lambda: alexnet_viz.read_image(tmp_path / "nope.jpg"),
        lambda: alexnet_viz.read_image(b"hello"),
        lambda: alexnet_viz.load_checkpoint("untrained", "abacus"),
    ):
        with pytest.raises(alexnet_viz.AlexNetVizError):
            attempt()


def test_the_interface_is_listed_and_nothing_else_is_made_up() -> None:
    assert {"AlexNetVizError", "load_checkpoint", "read_image", "trace"} <= set(dir(alexnet_viz))
    with pytest.raises(AttributeError, match="no attribute 'paint'"):
        alexnet_viz.paint  # noqa: B018 (asking is the test)


def test_the_package_is_typed() -> None:
    assert (Path(alexnet_viz.__file__).parent / "py.typed").exists()
