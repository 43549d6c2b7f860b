"""Small versions of `python -m benchmarks.load` and `python -m benchmarks.soak`: that they find what they look for."""

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.load import beside_greedy, together
from benchmarks.soak import Look, grown, soak
from tests.support.real_app import running_app
from tests.support.visitor import mark_of, marked


@pytest.mark.parametrize("number", [0, 1, 0b1010_0101_1100_0011, 65_535])
def test_a_mark_is_read_back_from_what_the_network_sees(number: int, tmp_path: Path) -> None:
    file = tmp_path / "marked.jpg"
    file.write_bytes(marked(number))
    with Image.open(file) as image:
        assert mark_of(np.asarray(image.resize((227, 227)))) == number


@pytest.mark.slow
def test_several_people_at_once_get_their_own_answers(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary, running_app(ALEXNET_VIZ_RUNS=str(tmp_path)) as app:
        load = together(app, sessions=3, photos=1, calm=0)
        assert load.errors == []
        assert (load.answers, load.mixed_up, len(load.waits)) == (15, 0, 3)
        answers = beside_greedy(app, greedy=4, run="", times=2)
        assert [len(seconds) for seconds in answers.values()] == [2] * 4
        looks, failed = soak(app, Path(temporary), seconds=2, people=2)
    assert failed == []
    assert looks
    json.dumps([look.memory for look in looks], allow_nan=False)


def test_what_grows_is_named() -> None:
    flat = [Look(900, 12, 40, 2)] * 20
    assert grown(flat) == []
    growing = [Look(900 + 20 * number, 12, 40 + 3 * number, 2) for number in range(20)]
    assert grown(growing) == ["memory grew from 960 to 1260", "descriptors grew from 49 to 94"]
