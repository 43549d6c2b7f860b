import numpy as np
import pytest
import torch
from torch import Tensor

from alexnet_viz.compare.centring import centre
from alexnet_viz.compare.matching import Matching, MatchingAccumulator


def sums_of(first: list[Tensor], second: list[Tensor]) -> MatchingAccumulator:
    sums = MatchingAccumulator("block3.relu")
    for x, y in zip(first, second, strict=True):
        sums.add(centre(x), centre(y))
    return sums


def random_maps(channels: int, seed: int, batches: int = 3) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn((5 + batch, channels, 4, 4), generator=generator).relu_() + 30 for batch in range(batches)]


def test_correlations_are_numpys_over_all_batches() -> None:
    first, second = random_maps(3, 1), random_maps(4, 2)
    rows = [torch.cat(side).double().transpose(0, 1).flatten(1).numpy() for side in (first, second)]
    expected = np.corrcoef(rows[0], rows[1])[:3, 3:]
    np.testing.assert_allclose(sums_of(first, second).correlations().numpy(), expected, atol=1e-6)


def test_a_shuffle_is_recovered_exactly() -> None:
    first = random_maps(24, 3)
    order = torch.randperm(24, generator=torch.Generator().manual_seed(4))
    found = sums_of(first, [2 * x[:, order] + 1 for x in first]).matching()
    partners = torch.tensor(found.partners)
    assert torch.equal(order[partners], torch.arange(24))  # B's channel k is A's channel order[k]
    assert found.correlations == pytest.approx([1.0] * 24, abs=1e-6)
    assert (found.method, found.image_count, found.without_good_partner, found.left_over) == ("correlation", 18, (), ())


def test_the_sum_of_correlations_is_what_counts() -> None:
    # Correlations, rows A: 0.9 0.8 / 0.8 0.1. Taking the best first gives 0.9 + 0.1; the best pairing is 0.8 + 0.8.
    sums = MatchingAccumulator("block1.relu")
    sums.correlations = lambda: torch.tensor([[0.9, 0.8], [0.8, 0.1]], dtype=torch.float64)  # type: ignore[method-assign]
    found = sums.matching()
    assert found.partners == (1, 0)
    assert found.correlations == (0.8, 0.8)


def test_different_numbers_of_channels() -> None:
    first = random_maps(6, 5)
    fewer = sums_of(first, [x[:, [4, 2]] for x in first]).matching()
    assert fewer.partners == (None, None, 1, None, 0, None)
    assert fewer.without_good_partner == (0, 1, 3, 5)
    more = sums_of([x[:, [4, 2]] for x in first], first).matching()
    assert more.partners == (4, 2)
    assert (more.left_over, more.without_good_partner) == ((0, 1, 3, 5), ())


def test_silent_channels_have_no_correlation_and_no_partner() -> None:
    first = random_maps(4, 6)
    second = [x[:, [3, 2, 1, 0]] for x in first]
    for x, y in zip(first, second, strict=True):
        x[:, 1] = 0  # silent in A; its twin in B is channel 2
        y[:, 3] = 0.3  # constant in B; its twin in A is channel 0
    found = sums_of(first, second).matching()
    assert (found.silent_first, found.silent_second) == ((1,), (3,))
    assert found.partners[1] is None
    assert (found.partners[3], found.partners[2]) == (0, 1)
    assert found.partners[0] == 2  # what is left; the two have nothing to do with each other
    assert found.correlations[1] is None
    assert found.without_good_partner == (0,)


def test_all_silent_is_no_pair_at_all() -> None:
    quiet = sums_of([torch.zeros((5, 3, 4, 4))], random_maps(2, 7, batches=1)).matching()
    assert quiet.partners == (None, None, None)
    assert (quiet.silent_first, quiet.silent_second) == ((0, 1, 2), (0, 1))


def test_a_negative_correlation_is_no_partner() -> None:
    first = random_maps(1, 8)
    found = sums_of(first, [-x for x in first]).matching()
    assert found.correlations == (pytest.approx(-1),)
    assert found.without_good_partner == (0,)


def test_identity_keeps_numbers_and_says_why() -> None:
    first = random_maps(3, 9)
    found = sums_of(first, [x[:, [1, 0, 2]] for x in first]).matching("one run")
    assert found.partners == (0, 1, 2)
    assert (found.method, found.reason) == ("identity", "one run")
    assert found.correlations[2] == pytest.approx(1)
    assert set(found.without_good_partner) == {0, 1}


def test_the_record_says_what_is_good() -> None:
    record = Matching("s", (1, None), (0.4, None), 3, (), (2,), "correlation", "r", 7).to_record()
    assert (record["without_good_partner"], record["left_over"], record["good_correlation"]) == ((0, 1), (0, 2), 0.5)
