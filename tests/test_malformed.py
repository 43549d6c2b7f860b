"""A small part of what `python -m benchmarks.malformed` tries by the thousand, always the same."""

import os

import pytest

from benchmarks.malformed import KINDS, campaign


@pytest.mark.parametrize(("kind", "count"), [("pictures", 60), ("model files", 25), ("zips", 15), ("run folders", 25)])
def test_malformed_files_end_in_what_they_are_or_in_a_sentence(
    kind: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", os.devnull)  # so that it is put back behind the campaign's own
    outcomes, _, _ = campaign(kind, count, first=1)
    assert set(outcomes) <= {"read", "refused"}
    assert outcomes["refused"] > 0
    assert outcomes["read"] > 0  # damage everywhere would try the first check alone
    assert sum(outcomes.values()) >= count // 2
    assert len(KINDS) == 4
