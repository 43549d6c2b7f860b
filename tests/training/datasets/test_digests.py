import hashlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.datasets.digests import image_digest, picture_digest, stored_digests
from alexnet_viz.training.datasets.folder import folder_dataset


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def by_hand(rgb: np.ndarray) -> int:
    """The definition, with nothing of the package's."""
    height, width, _ = rgb.shape
    content = bytes([0, 0, height // 256, height % 256, 0, 0, width // 256, width % 256]) + rgb.tobytes()
    return int(hashlib.blake2b(content, digest_size=8).hexdigest(), 16)


def test_a_digest_is_of_the_size_and_the_pixels() -> None:
    rgb = noise(30, 40)
    assert picture_digest(rgb) == by_hand(rgb)
    assert picture_digest(rgb.reshape(40, 30, 3)) != picture_digest(rgb)


def test_a_picture_of_many_rows_has_the_digest_of_its_array() -> None:
    rgb = noise(600, 3)
    assert image_digest(Image.fromarray(rgb)) == by_hand(rgb)


def test_stored_pictures_have_the_digest_of_each() -> None:
    pictures = [noise(8, 5, seed) for seed in range(3)]
    images = torch.stack([torch.from_numpy(rgb).permute(2, 0, 1) for rgb in pictures])
    assert stored_digests(images).tolist() == [by_hand(rgb) for rgb in pictures]


def test_chosen_pictures_keep_their_digests() -> None:
    split = Split.of_stored(torch.arange(4 * 12, dtype=torch.uint8).reshape(4, 3, 2, 2), torch.arange(4))
    assert split.chosen(torch.tensor([3, 1])).digests.tolist() == split.digests[[3, 1]].tolist()
    assert split.first(2).digests.tolist() == split.digests[:2].tolist()
    assert len(split.first(9)) == 4


def test_a_folder_has_the_digests_of_its_pictures_at_their_own_size(tmp_path: Path) -> None:
    for number in range(10):
        path = tmp_path / ("cats" if number < 5 else "dogs") / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(noise(30, 40, number)).save(path)
    data = folder_dataset(tmp_path, seed=0)
    digests = {*data.train.digests.tolist(), *data.held_out.digests.tolist()}
    assert digests == {by_hand(noise(30, 40, number)) for number in range(10)}
