from dataclasses import fields

import pytest

from alexnet_viz.errors import RecipeError
from alexnet_viz.training.recipe import PRESETS, Recipe, preset


def test_settings_are_given_as_text() -> None:
    recipe = preset("fast").with_settings({"epochs": "7", "learning_rate": "0.5", "augmentation": "flip"})
    assert (recipe.epochs, recipe.learning_rate, recipe.augmentation) == (7, 0.5, "flip")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("epochs", "many", "give a whole number"),
        ("epochs", "2.5", "give a whole number"),
        ("epochs", "0", "it goes from 1"),
        ("epochs", "1_0", "is '1_0'; give a whole number"),
        ("epochs", "１", "give a whole number"),  # noqa: RUF001 - a digit, but none that anybody here means
        ("seed", "1" + "0" * 400, "seed is 1(0){59}…; it goes from 0"),
        ("seed", "9" * 5000, "seed is '9{60}…'; give a whole number"),
        ("learning_rate", "1_0", "give a number"),
        ("learning_rate", "fast", "give a number"),
        ("learning_rate", "nan", "it goes from 0"),
        ("learning_rate", "-1", "it goes from 0"),
        ("optimiser", "sgdd", "choose sgd, adam"),
        ("speed", "1", "there are variant"),
        ("preset", "demo", "is no setting"),
    ],
)
def test_a_wrong_setting_is_told_in_words(name: str, value: str, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        preset("fast").with_settings({name: value})


def test_a_record_gives_the_recipe_back_and_later_settings_are_left_out() -> None:
    recipe = preset("demo")
    assert Recipe.from_record({**recipe.to_record(), "of a later version": 1}) == recipe


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("epochs", "3", "epochs is '3'; give a whole number"),
        ("epochs", 2.5, "epochs is '2.5'; give a whole number"),
        ("epochs", True, "epochs is 'True'; give a whole number"),
        ("learning_rate", None, "learning rate is 'None'; give a number"),
        ("schedule", ["linear"], "give a text"),
        ("learning_rate", 11, "goes from 0 to 10"),
    ],
)
def test_a_record_that_somebody_has_changed_by_hand_is_refused_in_words(name: str, value: object, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        Recipe.from_record({**Recipe().to_record(), name: value})


def test_there_is_no_preset_of_that_name() -> None:
    with pytest.raises(RecipeError, match="choose fast, demo"):
        preset("slow")


@pytest.mark.parametrize("name", ["no dropout", "no augmentation", "no LRN", "tanh", "separate pooling"])
def test_a_classic_experiment_differs_from_fast_in_one_thing(name: str) -> None:
    fast, other = preset("fast"), preset(name)
    different = [item.name for item in fields(Recipe) if getattr(fast, item.name) != getattr(other, item.name)]
    assert len(different) == 2
    assert "preset" in different


def test_every_preset_bears_its_name() -> None:
    assert {name: item.recipe.preset for name, item in PRESETS.items()} == {name: name for name in PRESETS}


@pytest.mark.parametrize(
    ("size", "why"),
    [
        (180, "ends in maps of 4 × 4, which do not repeat to 6 × 6"),
        (63, "leaves no maps at all"),
        (1022, "ends in maps of 30 × 30"),
    ],
)
def test_small_sizes_that_fc1_cannot_take_are_refused_with_those_it_can(size: int, why: str) -> None:
    # Sides of 1, 2, 3 and 6 divide 6: 67 to 98, 99 to 130, 131 to 162 and 227 to 258 pixels.
    with pytest.raises(RecipeError, match=f"small size is {size}, which {why}.*; give 67 to 162 and 227 to 258"):
        Recipe(small_size=size)
    assert Recipe(small_size=131).small_size == 131


def test_settings_are_named_in_words_and_numbers_as_people_type_them() -> None:
    with pytest.raises(RecipeError, match=r"^learning rate is 1000000; it goes from 0 to 10$"):
        preset("fast").with_settings({"learning_rate": "1e6"})
    with pytest.raises(RecipeError, match=r"^epochs is 0; it goes from 1 to 10000$"):
        preset("fast").with_settings({"epochs": "0"})


def test_with_frozen_convolutions_only_what_is_done_is_recorded() -> None:
    recipe = preset("demo").with_settings({"freeze": "convolutions"})
    assert (recipe.augmentation, recipe.small_size, recipe.small_share) == ("flip", 0, 0.0)
    assert preset("fine-tune").with_settings({"augmentation": "none"}).augmentation == "none"
    for setting, value in (("augmentation", "photograph"), ("small_size", "131")):
        with pytest.raises(RecipeError, match="with frozen convolutions"):
            preset("fine-tune").with_settings({setting: value})
