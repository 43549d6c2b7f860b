import pytest
import torch
from PIL import Image

from alexnet_viz.images import InputRule, to_tensor
from alexnet_viz.training.augmentation import augment, epoch_order, prepare, prepare_as, step_seed

MEAN, STD = (0.5, 0.25, 0.0), (0.5, 0.25, 1.0)


def ramp(count: int = 64, side: int = 16) -> torch.Tensor:
    """Pictures whose red says the column, green the row, blue the picture."""
    images = torch.zeros((count, 3, side, side), dtype=torch.uint8)
    images[:, 0] = torch.arange(side)[None, None, :]
    images[:, 1] = torch.arange(side)[None, :, None]
    images[:, 2] = torch.arange(count)[:, None, None]
    return images


def test_an_epoch_sees_every_picture_once_in_its_own_order() -> None:
    first, second = epoch_order(100, seed=3, epoch=0), epoch_order(100, seed=3, epoch=1)
    assert sorted(first.tolist()) == list(range(100))
    assert first.tolist() != second.tolist()
    assert torch.equal(first, epoch_order(100, seed=3, epoch=0))


def test_draws_of_neighbouring_seeds_and_steps_differ() -> None:
    assert len({step_seed(seed, step) for seed in range(20) for step in range(100)}) == 2000


def test_no_augmentation_changes_nothing() -> None:
    assert torch.equal(augment(ramp(), "none", 0, 0), ramp())


def test_a_flip_mirrors_about_half_of_the_pictures() -> None:
    images = ramp()
    flipped = augment(images, "flip", seed=0, step=0)
    mirrored = [not torch.equal(a, b) for a, b in zip(images, flipped, strict=True)]
    assert 20 < sum(mirrored) < 44  # 32 of 64 expected, four standard deviations are 16
    for number, is_mirrored in enumerate(mirrored):
        expected = images[number].flip(2) if is_mirrored else images[number]
        assert torch.equal(flipped[number], expected)


def test_a_crop_shifts_by_an_eighth_at_most_and_mirrors_the_border() -> None:
    images = ramp(side=16)
    cropped = augment(images, "crop and flip", seed=0, step=0)
    shifts = set()
    for picture in cropped.tolist():
        rows = [picture[1][row][8] for row in range(16)]
        shift = rows[8] - 8
        shifts.add(shift)
        # 16 rows, reflected without repeating the border: … 2 1 | 0 1 … 15 | 14 13 …
        assert rows == [15 - abs(15 - abs(row + shift)) for row in range(16)]
    assert shifts == {-2, -1, 0, 1, 2}
    assert torch.equal(cropped[:, 2], images[:, 2])  # no picture's pixels went to another


def test_the_same_step_draws_the_same() -> None:
    images = ramp()
    again = augment(images, "crop and flip", 5, 7)
    assert torch.equal(augment(images, "crop and flip", 5, 7), again)
    assert not torch.equal(augment(images, "crop and flip", 5, 8), again)


def test_pictures_of_the_right_size_are_only_normalised() -> None:
    images = torch.tensor([255, 0, 51], dtype=torch.uint8).reshape(1, 3, 1, 1).expand(1, 3, 4, 4)
    # (1 - 0.5) / 0.5 = 1, (0 - 0.25) / 0.25 = -1, (0.2 - 0) / 1 = 0.2
    assert prepare(images, 4, MEAN, STD)[0, :, 2, 2].tolist() == pytest.approx([1.0, -1.0, 0.2])


@pytest.mark.parametrize("side", [32, 100, 227, 300])
def test_batches_are_prepared_as_single_pictures_are(side: int) -> None:
    pixels = torch.randint(0, 256, (3, side, side), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    rule = InputRule(size=227, mean=MEAN, std=STD)
    single = to_tensor(Image.fromarray(pixels.permute(1, 2, 0).numpy()), rule)
    batch = prepare(pixels[None], 227, MEAN, STD)[0]
    # to_tensor rounds resized pixels to bytes, some libraries twice (rows, then columns): 1/255, divided by std 0.25.
    assert (single - batch).abs().max() < 1.01 / 255 / 0.25


def test_a_rule_that_cuts_the_middle_out_does_so_to_pictures_of_a_data_set() -> None:
    images = torch.arange(256, dtype=torch.uint8).expand(1, 3, 256, 256)
    rule = InputRule(224, (0.0,) * 3, (1.0,) * 3, short_side=256)
    assert torch.equal(prepare_as(images, rule)[0, 0, 0], torch.arange(16, 240) / 255)
    assert prepare_as(images, InputRule(227)).shape == (1, 3, 227, 227)
