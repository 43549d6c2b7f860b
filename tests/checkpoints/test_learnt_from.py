"""What a checkpoint learnt from, packed into its metadata."""

import json

import numpy as np
import pytest

from alexnet_viz.checkpoints.learnt_from import NOTHING, UNKNOWN, LearntFrom


def digests(*numbers: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return np.array(numbers, np.uint64)


def test_it_survives_its_text() -> None:
    made = NOTHING.and_from("cifar10", digests(7, 2**64 - 1, 2**32, 7)).and_from("mine", digests(5))
    read = LearntFrom.from_text(made.to_text())
    # The lower 32 bits, sorted, each once.
    assert {name: each.tolist() for name, each in read.sources.items()} == {"cifar10": [0, 7, 2**32 - 1], "mine": [5]}
    assert read.is_complete
    assert not LearntFrom.from_text(UNKNOWN.and_from("x", digests(1)).to_text()).is_complete
    assert LearntFrom.from_text(NOTHING.to_text()).holds(digests(1, 2)).tolist() == [False, False]


def test_pictures_of_one_data_set_are_put_together() -> None:
    both = NOTHING.and_from("cifar10", digests(1, 2, 3)).and_from("cifar10", digests(3, 4))
    assert both.sources["cifar10"].tolist() == [1, 2, 3, 4]
    assert both.holds(digests(0, 1, 4, 5, 2**40 + 4)).tolist() == [False, True, True, False, True]


def test_what_was_learnt_counts_whatever_the_data_set_is_called() -> None:
    assert NOTHING.and_from("mine", digests(9)).and_from("other", digests(3)).holds(digests(9, 3, 2)).tolist() == [
        True, True, False,
    ]  # fmt: skip


def test_fifty_thousand_pictures_take_less_than_200_kb() -> None:
    many = np.random.default_rng(0).integers(0, 2**64, 50_000, np.uint64)
    text = NOTHING.and_from("cifar10", many).to_text()
    assert len(text) < 200_000
    assert LearntFrom.from_text(text).holds(many).all()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        '{"complete": true}',
        '{"complete": true, "sources": [{"data_set": "x", "pictures": 3, "digests": "AAAA"}]}',
        '{"complete": true, "sources": [{"data_set": "x", "pictures": -1, "digests": ""}]}',
        '{"complete": true, "sources": [{"data_set": "x", "pictures": 1e99, "digests": ""}]}',
        '{"complete": true, "sources": [{"data_set": "x", "pictures": 3, "digests": 7}]}',
        '{"complete": true, "sources": [{"data_set": "x", "pictures": Infinity, "digests": ""}]}',
        '{"complete": true, "sources": 7}',
        "[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of json, too
        LearntFrom.from_text(text)


def test_a_count_that_is_not_kept_is_told() -> None:
    record = json.loads(NOTHING.and_from("x", digests(*range(1000))).to_text())
    record["sources"][0]["pictures"] = 10  # so that unpacking stops after ten
    with pytest.raises(ValueError, match="not as many as it says"):
        LearntFrom.from_text(json.dumps(record))
    record["sources"][0]["pictures"] = 10_000_000
    with pytest.raises(ValueError, match="the limit is 2,000,000"):
        LearntFrom.from_text(json.dumps(record))
