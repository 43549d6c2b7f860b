"""What an audit of the packages comes to."""

import json
from collections.abc import Mapping

from tools.audit import verdict


def answer(*packages: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_a_known_hole_is_a_failure_that_names_it() -> None:
    hole = {"id": "PYSEC-2030-1", "fix_versions": ["2.0.1"], "aliases": [], "description": "…"}
    sound = {"name": "numpy", "version": "2.4.6", "vulns": []}
    words, code = verdict(answer({"name": "pillow", "version": "2.0.0", "vulns": [hole]}, sound), "")
    assert code == 1
    assert words.splitlines() == [
        "pillow 2.0.0: PYSEC-2030-1, mended in 2.0.1",
        "2 packages asked about, 1 known holes.",
    ]


def test_packages_that_the_database_does_not_know_are_named() -> None:
    words, code = verdict(answer({"name": "segno", "skip_reason": "not found"}), "")
    assert code == 0
    assert words.endswith("does not know 1 of them: segno")


def test_a_database_that_cannot_be_reached_is_said_and_no_failure() -> None:
    words, code = verdict("", "Traceback …\nConnectionError: no route to host\n")
    assert code == 0
    assert words == (
        "The database of advisories could not be reached, so nothing is known: ConnectionError: no route to host"
    )
    assert verdict("null", "")[1] == 0
