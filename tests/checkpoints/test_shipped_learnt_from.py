"""The shipped networks say what they learnt from."""

import numpy as np
import pytest

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.training.datasets.cifar10_sample import sample_pictures

pytestmark = pytest.mark.slow  # the shipped networks are read whole


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("cifar10-fast", 48_000),
        ("cifar10-fast-epoch-1", 48_000),
        ("cifar10-fast-epoch-5", 48_000),
        ("cifar10-seed-1", 48_000),
        # Three runs, each of which held 2,000 of 50,000 out: (1 - 0.04 ** 3) * 50,000 = 49,996.8 are expected.
        ("cifar10-photographs", 49_998),
    ],
)
def test_the_shipped_networks_say_what_they_learnt_from(name: str, count: int) -> None:
    learnt = load_checkpoint(name, "cpu").learnt_from
    assert learnt.is_complete
    sources = {source: len(each) for source, each in learnt.sources.items()}
    mixed = sources.pop("mix", 0)
    assert sources == {"cifar10": count}
    # 11,302 photographs, eight tenths of 12,374 more, and the CIFAR-10 pictures that were in one of twelve draws
    # (12,000, some 4,950, three times 12,000, some 10,930, 12,000, 6,000 and four times 7,000 of about 48,000):
    # 48,000 x (1 - 0.75 ** 5 x 0.897 x 0.772 x 0.875 x 0.854 ** 4) = 44,329 are expected, give or take 300.
    assert mixed == 0 if name != "cifar10-photographs" else abs(mixed - 11_302 - 9_899 - 44_329) < 300
    assert not learnt.holds(sample_pictures().digests).any()  # of the test batch


def test_two_seeds_learnt_from_different_pictures() -> None:
    first, second = (
        load_checkpoint(name, "cpu").learnt_from.sources["cifar10"] for name in ("cifar10-fast", "cifar10-seed-1")
    )
    # 0.96 ** 2 of 50,000, within four standard deviations of a hypergeometric draw (8.6).
    assert abs(len(np.intersect1d(first, second)) - 46_080) < 35
    fast = load_checkpoint("cifar10-fast-epoch-5", "cpu").learnt_from.sources["cifar10"]
    assert (fast == first).all()
