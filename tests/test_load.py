"""That `python -m benchmarks.load` and `python -m benchmarks.soak` find what they look for."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.soak import Look, grown
from tests.support.visitor import mark_of, marked


@pytest.mark.parametrize("number", [0, 1, 0b1010_0101_1100_0011, 65_535])
def test_a_mark_is_read_back_from_what_the_network_sees(number: int, tmp_path: Path) -> None:
    file = tmp_path / "marked.jpg"
    file.write_bytes(marked(number))
    with Image.open(file) as image:
        assert mark_of(np.asarray(image.resize((227, 227)))) == number


def test_what_grows_is_named() -> None:
    flat = [Look(900, 12, 40, 2)] * 20
    assert grown(flat) == []
    growing = [Look(900 + 20 * number, 12, 40 + 3 * number, 2) for number in range(20)]
    assert grown(growing) == ["memory grew from 960 to 1260", "descriptors grew from 49 to 94"]
