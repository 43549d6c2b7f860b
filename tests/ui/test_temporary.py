"""What a process leaves in the system's temporary folder."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest

from alexnet_viz.ui.temporary import own_folder
from tests.support.real_app import running_app

LONG_AGO = 1_000_000_000.0


class Owner:
    """Somebody whose files lie in the folder."""


@pytest.fixture(autouse=True)
def system_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_private_and_goes_with_its_owner() -> None:
    owner = Owner()
    folder = own_folder(owner, "photos")
    (folder / "cat.jpg").write_bytes(b"cat")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    del owner
    assert not folder.exists()


def test_the_folder_of_a_process_that_was_killed_is_removed_by_the_next(system_folder: Path) -> None:
    code = (
        "import time\nfrom alexnet_viz.ui.temporary import own_folder\n"
        "def owner(): pass\nprint(own_folder(owner, 'photos'), flush=True)\ntime.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(system_folder)},
    )
    assert process.stdout
    with process:
        folder = Path(process.stdout.readline().strip())
        (folder / "cat.jpg").write_bytes(b"cat")
        os.utime(folder, (LONG_AGO, LONG_AGO))
        own_folder(Owner(), "photos")
        assert (folder / "cat.jpg").exists()  # it is in use
        process.send_signal(signal.SIGKILL)
    own_folder(Owner(), "photos")
    assert not folder.exists()


def test_what_is_young_or_not_ours_stays(system_folder: Path) -> None:
    young, other = system_folder / "alexnet_viz-photos-young", system_folder / "someone-photos-old"
    for folder in (young, other):
        folder.mkdir()
    os.utime(other, (LONG_AGO, LONG_AGO))
    own_folder(Owner(), "photos")
    assert young.exists()  # perhaps its process has not locked it yet
    assert other.exists()


@pytest.mark.slow
def test_a_server_that_is_asked_to_end_leaves_nothing(tmp_path: Path) -> None:
    with running_app(TMPDIR=str(tmp_path)) as app:
        with urllib.request.urlopen(f"{app.address}/api/start", timeout=120):  # the folders are there with the service
            pass
        assert list(tmp_path.glob("alexnet_viz-*"))
    assert not list(tmp_path.glob("alexnet_viz-*"))
