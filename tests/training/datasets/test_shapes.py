import torch

from alexnet_viz.training.datasets.shapes import CLASSES, draw, shapes


def test_the_same_seed_draws_the_same() -> None:
    assert torch.equal(draw(30, seed=4).images, draw(30, seed=4).images)
    assert not torch.equal(draw(30, seed=4).images, draw(30, seed=5).images)


def test_a_longer_set_begins_like_a_shorter_one() -> None:
    assert torch.equal(draw(250, seed=1).images[:120], draw(120, seed=1).images)


def test_classes_are_ten_in_alphabetical_order_and_equally_frequent() -> None:
    data = shapes(0, train=200, held_out=50)
    assert len(CLASSES) == 10
    assert list(data.classes) == sorted(data.classes)
    assert torch.bincount(data.train.labels).tolist() == [20] * 10
    assert torch.bincount(data.held_out.labels).tolist() == [5] * 10


def test_pictures_can_have_any_side() -> None:
    assert draw(3, seed=0, side=48).images.shape == (3, 3, 48, 48)


def test_held_out_pictures_are_not_among_the_learnt_ones() -> None:
    data = shapes(0, train=100, held_out=100)
    learnt = {bytes(picture.numpy().tobytes()) for picture in data.train.images}
    assert not any(picture.numpy().tobytes() in learnt for picture in data.held_out.images)


def test_the_mean_colour_does_not_give_the_class_away() -> None:
    """The nearest class centre in mean colour, and a linear rule on it, are right little oftener than chance."""
    train, held_out = draw(2000, seed=0, side=32), draw(1000, seed=1, side=32)

    def features(images: torch.Tensor) -> torch.Tensor:
        colour = images.double().mean(dim=(2, 3)) / 255
        return torch.cat([colour, torch.ones(len(colour), 1, dtype=torch.float64)], dim=1)

    x, y = features(train.images), torch.nn.functional.one_hot(train.labels, 10).double()
    rule = torch.linalg.lstsq(x, y).solution
    linear = (features(held_out.images) @ rule).argmax(dim=1)
    centres = torch.stack([x[train.labels == k].mean(dim=0) for k in range(10)])
    nearest = torch.cdist(features(held_out.images), centres).argmin(dim=1)
    for answer in (linear, nearest):
        assert (answer == held_out.labels).double().mean() < 0.2  # chance is 0.1
