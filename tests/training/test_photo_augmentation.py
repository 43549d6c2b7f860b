from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from alexnet_viz.training import photo_augmentation
from alexnet_viz.training.photo_augmentation import as_photographs


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def scripted(*values: float) -> Callable[[float, float], Tensor]:
    """Answer each question for a random number with the next of the values: scale, turn, mirror, across, down."""
    left = list(values)
    return lambda _low, _high: torch.tensor([left.pop(0)])


LN_0_75 = -0.2876820724517809
QUARTER_TURN = 1.5707963267948966


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ((LN_0_75, 0, 0.9, 0, 0), lambda x: x[..., 2:14, 2:14]),  # three quarters of 16 pixels, from the middle
        ((LN_0_75, 0, 0.9, 1, -1), lambda x: x[..., 0:12, 4:16]),  # as far to the right and up as there is room
        ((LN_0_75, 0, 0.1, 0, 0), lambda x: x[..., 2:14, 2:14].flip(3)),
        ((LN_0_75, QUARTER_TURN, 0.9, 0, 0), lambda x: x[..., 2:14, 2:14].rot90(1, (2, 3))),
    ],
)
def test_what_is_in_view(values: tuple[float, ...], seen: Callable[[Tensor], Tensor]) -> None:
    picture = torch.rand((1, 3, 16, 16), generator=generator()) * 255
    viewed = photo_augmentation._seen_from_elsewhere(picture, 12, scripted(*values))
    torch.testing.assert_close(viewed, seen(picture), atol=0.05, rtol=0)


def test_light_and_grain_come_to_half_of_the_pictures_each() -> None:
    grey = torch.full((400, 3, 8, 8), 128, dtype=torch.uint8)
    varied = as_photographs(grey, 16, generator())
    grained = varied.std(dim=(2, 3)).amax(dim=1) > 1e-3
    tinted = varied.mean(dim=(2, 3)).std(dim=1) > 1e-3
    assert 160 < int(grained.sum()) < 240  # 200 expected, four standard deviations are 40
    assert 160 < int(tinted.sum()) < 240
    untouched = ~grained & ~tinted & (varied[:, 0, 0, 0] == 128)
    assert int(untouched.sum()) > 20  # 50 expected: not even the brightness is another


def test_some_pictures_are_sharpened(monkeypatch: pytest.MonkeyPatch) -> None:
    # So that a row is all one shade, and its mean free of grain.
    monkeypatch.setattr(photo_augmentation, "MOST_TURN", 0.0)
    stripes = torch.zeros((200, 3, 32, 32), dtype=torch.uint8)
    stripes[:, :, ::2] = 100
    lightest = as_photographs(stripes, 64, generator()).mean(dim=3).amax(dim=(1, 2))
    # Half of the 200 are sharpened. Without that, 100 + 40 brighter + 20 of tint + 0.4 * 50 of contrast are the most.
    assert 10 < int((lightest > 190).sum()) < 100


def test_the_result_is_a_batch_of_pictures_and_the_same_again() -> None:
    images = torch.randint(0, 256, (5, 3, 32, 32), dtype=torch.uint8, generator=generator())
    first, again = (as_photographs(images, 48, generator()) for _ in range(2))
    assert first.shape == (5, 3, 48, 48)
    assert first.dtype == torch.float32
    assert first.is_contiguous(memory_format=torch.channels_last)
    assert 0 <= float(first.min()) < float(first.max()) <= 255
    assert torch.equal(first, again)


def test_a_pixel_is_blurred_with_what_of_its_square_lies_in_the_picture() -> None:
    picture = torch.rand((2, 3, 9, 7), generator=generator()) * 255
    means = picture.clone()
    for row in range(9):
        for column in range(7):
            square = picture[:, :, max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
            means[:, :, row, column] = square.mean(dim=(2, 3))
    torch.testing.assert_close(photo_augmentation.blurred(picture), means)
