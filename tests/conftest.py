"""What all tests share: the package's import before torch's, the untrained network, the wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import alexnet_viz  # the package decides how torch's threads wait, and torch reads that at its import

if TYPE_CHECKING:
    from alexnet_viz.checkpoints import Checkpoint

ROOT = Path(alexnet_viz.__file__).parents[1]


@pytest.fixture(scope="session")
def untrained() -> Checkpoint:
    """The checkpoint that needs no file, drawn once; not to be changed."""
    return alexnet_viz.load_checkpoint("untrained", "cpu")


@pytest.fixture
def untrained_once(untrained: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever loads the untrained network have the one that is drawn once."""
    monkeypatch.setattr("alexnet_viz.checkpoints.loading._untrained", lambda device: untrained)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that `pip install .` would build and install, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [path] = folder.glob("*.whl")
    return path
