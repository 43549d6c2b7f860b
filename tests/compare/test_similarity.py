from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from alexnet_viz.compare.centring import centre
from alexnet_viz.compare.similarity import CkaAccumulator, CkaMatrix, centred_gram, similarity_stages
from alexnet_viz.errors import ComparisonError
from alexnet_viz.model import AlexNet


def cka_of(first: list[Tensor], second: list[Tensor]) -> CkaMatrix:
    """CKA of one stage of A against one of B, given as batches."""
    sums = CkaAccumulator(["a"], ["b"])
    for x, y in zip(first, second, strict=True):
        sums.add({"a": centred_gram(centre(x))}, {"b": centred_gram(centre(y))})
    return sums.matrix()


def hsic(first: Tensor, second: Tensor) -> float:
    """Song et al. 2012, equation 5, written down as it stands, in float64."""
    n = len(first)
    grams = []
    for outputs in (first, second):
        rows = outputs.double().numpy().reshape(n, -1)
        gram = rows @ rows.T
        np.fill_diagonal(gram, 0)
        grams.append(gram)
    k, m = grams
    one = np.ones(n)
    trace = np.trace(k @ m)
    middle = (one @ k @ one) * (one @ m @ one) / ((n - 1) * (n - 2))
    last = 2 / (n - 2) * (one @ k @ m @ one)
    return float((trace + middle - last) / (n * (n - 3)))


def reference_cka(first: list[Tensor], second: list[Tensor]) -> float:
    pairs = list(zip(first, second, strict=True))
    both, own, other = (
        np.mean([hsic(*sides(x, y)) for x, y in pairs])
        for sides in (lambda x, y: (x, y), lambda x, y: (x, x), lambda x, y: (y, y))
    )
    return float(both / np.sqrt(own * other))


def test_four_images_on_paper() -> None:
    # x = 0 0 1 1, y = 0 1 0 1. Off the diagonal, K has only K34 = 1 and L only L24 = 1. U-centred, K is 1/3 at 12 and
    # 34 and -1/6 elsewhere, L is 1/3 at 13 and 24 and -1/6 elsewhere: <K, K> = 2 (2/9 + 4/36) = 2/3,
    # <K, L> = 2 (-4/18 + 2/36) = -1/3.
    x, y = torch.tensor([[0.0], [0], [1], [1]]), torch.tensor([[0.0], [1], [0], [1]])
    assert cka_of([x], [y]).values == ((pytest.approx(-0.5),),)
    assert cka_of([x], [x]).values == ((pytest.approx(1.0),),)


@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_equals_a_plain_implementation_in_float64(offset: float) -> None:
    generator = torch.Generator().manual_seed(1)
    first = [torch.randn((16, 6, 9, 9), generator=generator).relu_() for _ in range(3)]
    mixing = torch.randn((6, 5), generator=generator)
    second = [torch.einsum("nchw,cd->nd", x, mixing).relu_() + offset for x in first]
    found = cka_of(first, second)
    assert found.values[0][0] == pytest.approx(reference_cka(first, second), abs=1e-6)
    assert found.image_count == 48
    assert 0.01 < abs(reference_cka(first, second)) < 0.99  # neither end: the comparison says something


def test_equals_it_on_the_stages_of_a_network(tiny_network: Callable[..., AlexNet]) -> None:
    images = torch.randn((12, 3, 227, 227), generator=torch.Generator().manual_seed(2)) * 0.2 + 1
    with torch.no_grad():
        first, second = (dict(tiny_network(3, seed).eval().walk(images)) for seed in (0, 1))
    for stage in similarity_stages(tuple(first)):
        expected = reference_cka([first[stage]], [second[stage]])
        assert cka_of([first[stage]], [second[stage]]).values[0][0] == pytest.approx(expected, abs=1e-6), stage


def test_rotation_and_scale_change_nothing_and_unrelated_numbers_are_near_zero() -> None:
    generator = torch.Generator().manual_seed(3)
    x = torch.randn((256, 12), generator=generator)
    rotation = torch.linalg.qr(torch.randn((12, 12), generator=generator)).Q
    assert cka_of([x], [3 * x @ rotation + 7]).values[0][0] == pytest.approx(1, abs=1e-6)
    unrelated = cka_of([x], [torch.randn((256, 12), generator=generator)]).values[0][0]
    assert unrelated is not None
    assert abs(unrelated) < 0.03  # biased, it would be about 12 / 256 too large


def test_batches_of_other_sizes_are_weighted_by_their_pairs_of_pairs() -> None:
    generator = torch.Generator().manual_seed(4)
    sizes = (20, 8)
    first = [torch.randn((size, 5), generator=generator) for size in sizes]
    second = [x.abs() + 0.1 * torch.randn(x.shape, generator=generator) for x in first]
    weights = [size * (size - 3) for size in sizes]

    def mean(sides: list[tuple[Tensor, Tensor]]) -> float:
        return float(np.average([hsic(*pair) for pair in sides], weights=weights))

    both = list(zip(first, second, strict=True))
    own, other = [(x, x) for x in first], [(y, y) for y in second]
    expected = mean(both) / np.sqrt(mean(own) * mean(other))
    assert cka_of(first, second).values[0][0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e4])
def test_a_stage_that_is_the_same_for_every_image_has_none(constant: float) -> None:
    x = torch.randn((32, 7, 3, 3), generator=torch.Generator().manual_seed(5))
    dead = torch.full((32, 7, 3, 3), constant) * torch.linspace(0.1, 1, 7)[:, None, None]
    assert cka_of([x], [dead]).values == ((None,),)


def test_a_stage_with_nan_has_none() -> None:
    x = torch.randn((8, 7), generator=torch.Generator().manual_seed(6))
    assert cka_of([x], [x.where(x < 1, float("nan"))]).values == ((None,),)


def test_three_images_are_too_few() -> None:
    with pytest.raises(ComparisonError, match="CKA takes at least 4 images at once, these are 3; give more"):
        centred_gram(centre(torch.zeros((3, 2))))
    with pytest.raises(ComparisonError, match="at least 4 images; give more"):
        CkaAccumulator(["a"], ["b"]).matrix()


@pytest.mark.parametrize("variant", ["seed", "paper", "torchvision", "seed-no-lrn"])
def test_eleven_stages_are_compared_on_many_images(variant: str) -> None:
    with torch.device("meta"):
        names = AlexNet(10, variant=variant).stage_names
    assert similarity_stages(names) == (
        "block1.relu", "block1.pool", "block2.relu", "block2.pool", "block3.relu", "block4.relu", "block5.relu",
        "block5.pool", "fc1", "fc2", "logits",
    )  # fmt: skip


def test_the_record_and_the_value_of_one_stage() -> None:
    matrix = CkaMatrix(("x", "y"), ("y",), ((0.25,), (None,)), 9)
    assert matrix.of_stage("y") is None
    assert matrix.of_stage("x") is None  # B has none of this name
    assert CkaMatrix(("x", "y"), ("y",), ((0.25,), (0.5,)), 9).of_stage("y") == 0.5
    assert matrix.to_record() == {"a": ["x", "y"], "b": ["y"], "cka": [[0.25], [None]], "images": 9}
