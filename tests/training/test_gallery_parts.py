import numpy as np

from alexnet_viz.images import GALLERY, InputRule, read_image, seen_by_network
from alexnet_viz.training.datasets.gallery_parts import gallery_parts
from alexnet_viz.training.datasets.labelled import labelled_pictures


def test_each_photograph_is_there_whole_and_in_squares() -> None:
    split = gallery_parts()
    squares = [1 + (photo.width // half) * (photo.height // half) for photo in GALLERY for half in [_half(photo)]]
    assert len(split) == sum(squares)
    assert min(squares) >= 5
    second = sum(squares[:1])
    whole = seen_by_network(read_image(GALLERY[1].path), InputRule(227))
    assert np.array_equal(split.images[second].permute(1, 2, 0).numpy(), np.asarray(whole))
    assert len(set(split.digests.tolist())) == len(split)
    assert len(labelled_pictures("gallery", None).split) == len(split)


def _half(photo: object) -> int:
    return min(photo.width, photo.height) // 2
