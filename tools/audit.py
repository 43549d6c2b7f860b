"""Known vulnerabilities of the app's dependencies: `make audit`.

pip-audit asks the Python packages' advisory database about the pinned versions. A known vulnerability is a failure; a
database that cannot be reached is reported, and is not.
"""

import json
import subprocess
import sys
from pathlib import Path

from alexnet_viz.cli_output import print_line

ROOT = Path(__file__).parents[1]
_SECONDS = 120


def main() -> int:
    """Print what is known of each pinned package; return 1 where one has a known vulnerability."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--no-deps",
        "--disable-pip",
        "--progress-spinner",
        "off",
        "-f",
        "json",
    ]
    try:
        asked = subprocess.run(  # noqa: S603 (our own Python and its module)
            [*command, "-r", "requirements.txt", "-r", "requirements-dev.txt"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        answer, said = asked.stdout, asked.stderr
    except subprocess.TimeoutExpired:
        answer, said = "", f"nothing came within {_SECONDS} s"
    words, code = verdict(answer, said)
    print_line(words)
    return code


def verdict(answer: str, said: str) -> tuple[str, int]:
    """Return what pip-audit's JSON comes to, in words, and the exit code."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (said.strip().splitlines() or ["no reason given"])[-1]
        return f"The database of advisories could not be reached, so nothing is known: {last[:300]}", 0
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none'}"
        for package in packages
        for hole in package.get("vulns", [])
    ]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    words = [*holes, f"{len(packages)} packages asked about, {len(holes)} known holes."]
    if unknown:
        words.append(f"The database that was reached does not know {len(unknown)} of them: {', '.join(unknown)}")
    return "\n".join(words), 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
