import pytest

from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.schedule import Schedule


def test_an_epoch_takes_every_picture() -> None:
    schedule = Schedule(Recipe(batch_size=32, epochs=3), images=100, full_size=227)
    assert (schedule.steps_per_epoch, schedule.steps) == (4, 12)  # 32 + 32 + 32 + 4


def test_the_rate_rises_then_falls_in_a_line() -> None:
    # 100 steps; the warm-up of 160 images is 5 steps of 32: 1/5, 2/5, … of the rate; then 1 - step / 100.
    schedule = Schedule(Recipe(learning_rate=0.1, warm_up_images=160, batch_size=32, epochs=1), 3200, 227)
    assert schedule.rate(0) == pytest.approx(0.1 * 1 / 5)
    assert schedule.rate(1) == pytest.approx(0.1 * 2 / 5 * 0.99)
    assert schedule.rate(50) == pytest.approx(0.05)
    assert schedule.rate(99) == pytest.approx(0.001)


def test_a_short_training_warms_up_for_a_tenth_of_it_at_most() -> None:
    schedule = Schedule(Recipe(learning_rate=0.1, warm_up_images=10_000, batch_size=32, epochs=1), 640, 227)
    assert schedule.rate(1) == pytest.approx(0.1 * 19 / 20)  # 20 steps: two of warm-up, the second is at full height


def test_cosine_and_constant() -> None:
    cosine = Schedule(Recipe(learning_rate=1, schedule="cosine", warm_up_images=0, batch_size=1), 100, 227)
    constant = Schedule(Recipe(learning_rate=1, schedule="constant", warm_up_images=0, batch_size=1), 100, 227)
    assert cosine.rate(150) == pytest.approx(0.5)  # half of 300 steps
    assert cosine.rate(100) == pytest.approx(0.75)  # cos(pi / 3) = 1/2
    assert {constant.rate(step) for step in range(300)} == {1.0}


def test_the_rate_ends_where_it_should() -> None:
    recipe = Recipe(learning_rate=1, final_rate=0.1, warm_up_images=0, batch_size=1, epochs=1)
    assert Schedule(recipe, 1000, 227).rate(999) == pytest.approx(0.1 + 0.9 * 0.001)


def test_small_pictures_first_and_full_ones_now_and_then() -> None:
    recipe = Recipe(small_size=131, small_share=0.8, full_every=4, batch_size=1, epochs=1)
    schedule = Schedule(recipe, 10, 227)
    assert [schedule.size(step) for step in range(10)] == [131, 131, 131, 227, 131, 131, 131, 227, 227, 227]


def test_sizes_are_counted_without_going_through_the_steps() -> None:
    recipe = Recipe(small_size=131, small_share=0.8, full_every=4, batch_size=1, epochs=3)
    schedule = Schedule(recipe, 10, 227)
    for first in range(31):
        sizes = [schedule.size(step) for step in range(first, 30)]
        assert schedule.sizes_from(first) == {size: sizes.count(size) for size in set(sizes)}


def test_without_a_cheap_phase_all_pictures_are_full() -> None:
    schedule = Schedule(Recipe(batch_size=1, epochs=1), 10, 224)
    assert {schedule.size(step) for step in range(10)} == {224}
