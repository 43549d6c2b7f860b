from collections.abc import Callable

import pytest

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.recipes import recipe_table
from alexnet_viz.errors import ComparisonError


def test_what_differs_comes_first_in_the_recipes_order(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first = tiny_checkpoint(recipe={"optimiser": "sgd", "learning_rate": 0.1, "warm": {"images": 10}}, seed=3)
    second = tiny_checkpoint(recipe={"optimiser": "sgd", "learning_rate": 0.2, "clip": 1.0}, seed=3, epoch=4)
    rows = {row.name: row for row in recipe_table([first, second])}
    assert [name for name, row in rows.items() if row.differs] == ["epoch", "learning_rate", "warm.images", "clip"]
    assert list(rows)[:4] == ["epoch", "learning_rate", "warm.images", "clip"]
    assert rows["learning_rate"].values == (0.1, 0.2)
    assert rows["warm.images"].values == (10, None)
    assert rows["optimiser"].values == ("sgd", "sgd")
    assert rows["input.size"].values == (227, 227)
    assert rows["clip"].to_record() == {"name": "clip", "values": [None, 1.0], "differs": True}


def test_a_file_without_a_recipe_says_nothing(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    rows = {row.name: row for row in recipe_table([tiny_checkpoint(), tiny_checkpoint(recipe={"epochs": 3})])}
    assert rows["epochs"].values == (None, 3)


@pytest.mark.parametrize("count", [0, 7])
def test_one_to_six_recipes(count: int, tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    with pytest.raises(ComparisonError, match=f"{count} recipes; a table holds 1 to 6"):
        recipe_table([tiny_checkpoint()] * count)
