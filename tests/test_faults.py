"""A small part of what `python -m benchmarks.faults` does two hundred times, always the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from alexnet_viz.runs import Status, create_run, write_status
from tests.support.faults.damage import KINDS, damaged_files
from tests.support.faults.disks import closed_folders, full_disks, slow_disks
from tests.support.faults.found import Found
from tests.support.faults.kills import check_left, killed_trainers
from tests.support.faults.servers import killed_servers
from tests.support.faults.together import two_servers

pytestmark = pytest.mark.slow


def broken(found: list[Found]) -> list[str]:
    return [f"{each.fault}: {words}" for each in found for words in each.broken]


def test_trainers_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    found = killed_trainers(tmp_path, ("start-up", "saving", "queueing"), seed=1)
    assert broken(found) == []
    assert [each.times for each in found] == [1, 1, 1, 1, 1]  # the clock was set back, and a run gone on with


def test_a_server_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    found = killed_servers(tmp_path, 1, seed=1)
    assert broken([found]) == []
    assert found.seconds


@pytest.mark.parametrize("fault", [full_disks, slow_disks, closed_folders])
def test_a_disk_that_is_full_slow_or_closes_loses_nothing(
    tmp_path: Path, fault: Callable[[Path, int, int], Found]
) -> None:
    found = fault(tmp_path, 1, 2)
    if found.why_not:
        pytest.skip(found.why_not)
    assert broken([found]) == []


def test_damaged_files_cost_a_sentence(tmp_path: Path) -> None:
    found = damaged_files(tmp_path, 4 * len(KINDS), seed=1)
    assert broken(found) == []
    assert [each.times for each in found] == [4] * len(KINDS)


def test_two_servers_share_a_folder(tmp_path: Path) -> None:
    found = two_servers(tmp_path, 4, seed=1)
    assert broken([found]) == []


def test_a_loss_is_found(tmp_path: Path) -> None:
    """The campaign notices what it is there to notice: a checkpoint that is gone though it was reported saved."""
    run, found = create_run(tmp_path, "shapes", {}), Found("by hand")
    write_status(run.folder, Status("stopped", epoch=2, step=4, message="stopped on request"))
    check_left(run, found)
    assert any("epoch 2 was reported and nothing is there to go on from" in words for words in found.broken)
    assert any("the checkpoints of epochs [0] were kept and are gone" in words for words in found.broken)
    assert any("the curves have []" in words for words in found.broken)
