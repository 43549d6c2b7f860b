"""What breaks, at random moments: is anything lost that was reported saved, is the state right within three seconds?

    python -m benchmarks.faults [--trainers 170] [--servers 40] [--disks 12] [--files 300] [--rounds 60] [--seed 0]

Trainers of a network with hardly any channels are killed in all they do, servers while people use them; disks fill up,
close, vanish and are slow, the clock is set back, two servers share a folder, files are damaged. After each, what was
reported saved must be there and whole, the state right within three seconds, and the run go on. A disk of its own takes
the right to mount one. Ends with 1 when anything is not as promised, and says what.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import machine
from tests.support.faults.damage import damaged_files
from tests.support.faults.disks import closed_disk, closed_folders, full_disks, slow_disks, vanished_folders
from tests.support.faults.found import Found
from tests.support.faults.kills import PHASES, killed_trainers
from tests.support.faults.servers import killed_servers
from tests.support.faults.together import two_servers

COUNTS = {"trainers": 170, "servers": 40, "disks": 12, "files": 300, "rounds": 60}


def campaign(folder: Path, counts: dict[str, int], seed: int) -> list[Found]:
    """Try all faults, each so often; return what was found, a row each."""
    found: list[Found] = []
    if counts["trainers"]:
        found += tell(
            killed_trainers(folder, [PHASES[number % len(PHASES)] for number in range(counts["trainers"])], seed)
        )
    if counts["servers"]:
        found += tell([killed_servers(folder, counts["servers"], seed)])
    if counts["disks"]:
        found += tell([full_disks(folder, counts["disks"], seed)])
        found += tell([closed_disk(folder)])
        found += tell([closed_folders(folder, counts["disks"], seed)])
        found += tell([slow_disks(folder, counts["disks"], seed)])
        found += tell([vanished_folders(folder, counts["disks"], seed)])
    if counts["files"]:
        found += tell(damaged_files(folder, counts["files"], seed))
    if counts["rounds"]:
        found += tell([two_servers(folder, counts["rounds"], seed)])
    return found


def tell(found: list[Found]) -> list[Found]:
    """Print a row each."""
    for each in found:
        slowest = f"{max(each.seconds):.2f}" if each.seconds else ""
        print(f"{each.fault:>30}  {each.times:>6}  {len(each.broken):>7}  {slowest:>13}  {each.why_not}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, count in COUNTS.items():
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--seed", type=int, default=0)
    options = vars(parser.parse_args())
    print(machine())
    print(f"{'':>30}  {'times':>6}  {'broken':>7}  {'state right s':>13}", flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = campaign(Path(folder), options, options["seed"])
    broken = [f"{each.fault}: {words}" for each in found for words in each.broken]
    sys.exit("\n".join(broken) if broken else 0)


if __name__ == "__main__":
    main()
