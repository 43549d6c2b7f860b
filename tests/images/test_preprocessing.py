"""From a picture to the network's input, against formulas written out again here."""

import json
import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from torch.nn import functional as F
from torchvision import transforms

from alexnet_viz.images import GALLERY, InputRule, read_image, seen_by_network, to_tensor

SQUASH = InputRule(resize="squash")


def noise(width: int, height: int) -> Image.Image:
    values = np.random.default_rng(7).integers(0, 256, (height // 4 + 1, width // 4 + 1, 3), np.uint8)
    return Image.fromarray(np.kron(values, np.ones((4, 4, 1), np.uint8))[:height, :width])


def triangle_weights(length: int, start: float, span: float, count: int) -> NDArray[np.float64]:
    """Return (count, length) weights: output i is the mean under a triangle around its centre, wider when shrinking.

    The `count` outputs divide the span of the `length` inputs that begins at `start`.
    """
    step = span / count
    centres = start + (np.arange(count)[:, None] + 0.5) * step
    distances = np.abs(np.arange(length)[None, :] + 0.5 - centres) / max(step, 1)
    weights = np.clip(1 - distances, 0, None)
    normalised: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return normalised


def fitted_and_cut(image: Image.Image, size: int) -> NDArray[np.float64]:
    """Shrink (or enlarge) the whole picture so that its short side is `size`, keeping the centre."""
    pixels = np.asarray(image, np.float64)
    side = min(image.size)
    down = triangle_weights(image.height, (image.height - side) // 2, side, size)
    across = triangle_weights(image.width, (image.width - side) // 2, side, size)
    rows = np.tensordot(down, pixels, axes=(1, 0))  # (size, width, 3)
    fitted: NDArray[np.float64] = np.einsum("iwc,jw->ijc", rows, across)
    return fitted


@pytest.mark.parametrize(("width", "height"), [(640, 427), (301, 500), (100, 60), (227, 227), (1000, 231)])
def test_crop_is_fit_the_short_side_then_cut_the_centre(width: int, height: int) -> None:
    image = noise(width, height)
    seen = np.asarray(seen_by_network(image, InputRule()), np.float64)
    assert seen.shape == (227, 227, 3)
    assert np.abs(seen - fitted_and_cut(image, 227)).max() <= 1  # two roundings, of the rows and of the columns


@pytest.mark.parametrize(("width", "height"), [(640, 427), (100, 600), (60, 50)])
def test_squash_is_torchs_antialiased_interpolation(width: int, height: int) -> None:
    image = noise(width, height)
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].double()
    expected = F.interpolate(pixels, (227, 227), mode="bilinear", antialias=True, align_corners=False)[0]
    seen = torch.from_numpy(np.array(seen_by_network(image, SQUASH))).permute(2, 0, 1)
    assert (seen - expected).abs().max() <= 1


def test_a_picture_of_the_right_size_is_not_touched() -> None:
    image = noise(227, 227)
    for rule in (InputRule(), SQUASH):
        assert seen_by_network(image, rule).tobytes() == image.tobytes()


def test_a_centre_of_the_right_size_is_cut_not_blurred() -> None:
    # 230 columns, 3 too many: one off at the left, two at the right.
    image = noise(230, 227)
    expected = image.crop((1, 0, 228, 227))
    assert seen_by_network(image, InputRule()).tobytes() == expected.tobytes()


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (1, 65_500), (65_500, 1), (3, 2)])
@pytest.mark.parametrize("rule", [InputRule(), SQUASH])
def test_narrow_pictures_become_squares(size: tuple[int, int], rule: InputRule) -> None:
    seen = seen_by_network(Image.new("RGB", size, (9, 99, 199)), rule)
    assert seen.size == (227, 227)
    assert seen.getcolors() == [(227 * 227, (9, 99, 199))]


def test_any_pil_picture_is_taken() -> None:
    seen = seen_by_network(Image.new("RGBA", (300, 200), (255, 0, 0, 128)), InputRule())
    assert seen.getpixel((113, 113)) == (255, 127, 127)
    assert seen_by_network(Image.new("L", (300, 200), 7), InputRule()).getpixel((0, 0)) == (7, 7, 7)


def test_normalisation_by_hand() -> None:
    # (1.0 - 0.5) / 0.25 = 2; (0.2 - 0.4) / 0.5 = -0.4; (0 - 0.1) / 0.2 = -0.5. 51 / 255 = 0.2.
    rule = InputRule(63, (0.5, 0.4, 0.1), (0.25, 0.5, 0.2))
    tensor = to_tensor(Image.new("RGB", (90, 70), (255, 51, 0)), rule)
    assert (tensor.shape, tensor.dtype, tensor.is_contiguous()) == ((3, 63, 63), torch.float32, True)
    for channel, expected in enumerate((2.0, -0.4, -0.5)):
        torch.testing.assert_close(tensor[channel], torch.full((63, 63), expected))


@pytest.mark.parametrize("rule", [InputRule(), SQUASH, InputRule(size=224)])
def test_the_tensor_holds_the_very_pixels_that_are_shown(rule: InputRule) -> None:
    image = read_image(GALLERY[0].path)
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (rule.mean, rule.std))
    pixels = ((to_tensor(image, rule) * std + mean) * 255).round().to(torch.uint8)
    assert pixels.permute(1, 2, 0).numpy().tobytes() == seen_by_network(image, rule).tobytes()


def test_rows_are_rows() -> None:
    image = Image.new("RGB", (227, 227))
    image.putpixel((200, 10), (255, 255, 255))  # column 200, row 10
    tensor = to_tensor(image, InputRule())
    assert [int(index) for index in (tensor[1] == tensor.max()).nonzero()[0]] == [10, 200]


def test_the_default_is_cifar_10_at_the_articles_size() -> None:
    rule = InputRule()
    assert (rule.size, rule.mean, rule.std) == (227, (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))


def test_a_record_survives_json() -> None:
    rule = InputRule(224, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25), "squash")
    assert InputRule.from_record(json.loads(json.dumps(rule.to_record()))) == rule
    assert InputRule.from_record(InputRule().to_record() | {"later": "addition"}) == InputRule()


@pytest.mark.parametrize(("change", "words"), [
    ({"size": 62}, "size 62 is not a whole number from 63 to 1024"),
    ({"size": 1025}, "size 1025"),
    ({"size": 10**5000}, "size of more than 30 digits"),
    ({"size": "227"}, "size '227'"),
    ({"size": 227.0}, "size 227.0"),
    ({"size": True}, "size True"),
    ({"size": None}, "size None"),
    ({"size": [227] * 1000}, r"size \[227, 227.*… is not"),
    ({"mean": 0.5}, "mean 0.5 is not three numbers"),
    ({"mean": [0.5, 0.5]}, "mean"),
    ({"mean": "abc"}, "mean 'abc'"),
    ({"mean": [0.5, 0.5, "0.5"]}, "mean"),
    ({"mean": [0.5, True, 0.5]}, "mean"),
    ({"mean": [0.5, math.nan, 0.5]}, "mean"),
    ({"mean": [0.5, math.inf, 0.5]}, "mean"),
    ({"mean": [0.5, 10**400, 0.5]}, "mean"),
    ({"std": [0.5, 0.0, 0.5]}, "std"),
    ({"std": [0.5, -1.0, 0.5]}, "std"),
    ({"std": [0.5, 1e-300, 0.5]}, "std"),
    ({"std": {"r": 1}}, "std"),
    ({"resize": "Crop"}, "resize 'Crop' is neither 'crop' nor 'squash'"),
    ({"resize": ["crop"]}, "resize"),
    ({"resize": None}, "resize"),
])  # fmt: skip
def test_hostile_records_are_refused_by_name(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        InputRule.from_record(InputRule().to_record() | change)


@pytest.mark.parametrize("record", [None, [], "a rule", 227, {}, {"size": 227}, InputRule()])
def test_what_is_no_record_is_refused(record: object) -> None:
    with pytest.raises(ValueError, match="input rule"):
        InputRule.from_record(record)


def test_every_accepted_rule_gives_finite_input() -> None:
    rule = InputRule(63, (-1e4, 1e4, 0), (1e-4, 1e-4, 1e4))
    assert bool(to_tensor(Image.new("RGB", (63, 63), "white"), rule).isfinite().all())


def test_torchvisions_rule_is_resize_256_then_centre_crop_224() -> None:
    image = noise(512, 640).filter(ImageFilter.GaussianBlur(3))
    theirs = transforms.CenterCrop(224)(transforms.Resize(256)(image))  # rows 32 … 256 of 320 at half the size
    ours = seen_by_network(image, InputRule(224, short_side=256))
    assert np.abs(np.asarray(ours, np.int16) - np.asarray(theirs, np.int16)).max() <= 1


def test_a_short_side_is_kept_in_the_record_where_it_says_something() -> None:
    rule = InputRule(224, short_side=256)
    assert rule.to_record()["short_side"] == 256
    assert InputRule.from_record(rule.to_record()) == rule
    assert "short_side" not in InputRule(224).to_record()
    assert InputRule.from_record(InputRule(224).to_record()).short_side == 224
    assert rule.box(512, 640) == (32, 96, 480, 544)  # 224 / 256 of 512 is 448
    with pytest.raises(ValueError, match="input short_side 200 is not a whole number from 224 to 2048"):
        InputRule(224, short_side=200)
