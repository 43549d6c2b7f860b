"""What is wrong with a training, in words: while it runs, and at its end."""

import math

from alexnet_viz.errors import TrainingError
from alexnet_viz.language import figures, said
from alexnet_viz.number_words import percents
from alexnet_viz.training.chance import Chance
from alexnet_viz.training.recipe import Recipe

STUCK_AFTER_IMAGES = 20_000  # networks of the article's initial weights leave chance after some thousand images
_ABSURD = 20  # times the loss of guessing among equal classes
_USUAL_RATES = {"sgd": 0.03, "adam": 0.001}  # the highest that the presets train with


def check_step(loss: float, step: int, class_count: int, recipe: Recipe) -> None:
    """Raise TrainingError where the loss of a step is NaN or diverged; steps count from 0."""
    if not math.isfinite(loss):
        raise TrainingError(
            said(
                "the loss is no number any more at step {step}: {advice}",
                step=str(step + 1),
                advice=_lower_rate(recipe),
            )
        )
    if _is_absurd(loss, class_count):
        guessing = math.log(max(2, class_count))
        raise TrainingError(
            said(
                "the loss ran away to {loss} at step {step}, guessing has {guessing}: {advice}",
                loss=figures(f"{loss:,.1f}"),
                step=str(step + 1),
                guessing=figures(f"{guessing:.2f}"),
                advice=_lower_rate(recipe),
            )
        )


def check_epoch(seen: int, train_loss: float, val_loss: float, chance: Chance, recipe: Recipe) -> None:
    """Raise TrainingError where the held-out pictures get no answers, or nothing was learnt from `seen` images."""
    if not math.isfinite(val_loss):
        raise TrainingError(
            said(
                "the network gives no number for the held-out images any more, which is no answer: {advice}",
                advice=_lower_rate(recipe),
            )
        )
    if seen >= STUCK_AFTER_IMAGES and train_loss > chance.loss - 0.005:
        raise TrainingError(
            said(
                "nothing was learnt from {seen} images: the loss is still {loss}, guessing has "
                "{guessing}; try the preset fast, or another learning rate",
                seen=seen,
                loss=figures(f"{train_loss:.3f}"),
                guessing=figures(f"{chance.loss:.3f}"),
            )
        )


def verdict(accuracy: float, loss: float, count: int, chance: Chance, class_count: int, recipe: Recipe) -> str:
    """Return a sentence on a trained network that did not learn; "" where it did.

    Args:
        accuracy, loss: On `count` held-out pictures.
        count: Number of them.
        chance: What guessing scores on them.
        class_count: Number of classes.
        recipe: How it was trained.
    """
    if _is_absurd(loss, class_count):
        return said(
            "its answers are of no use: the validation loss is {loss}, guessing has {guessing}; {advice}",
            loss=figures(f"{loss:,.0f}"),
            guessing=figures(f"{chance.loss:.2f}"),
            advice=_lower_rate(recipe),
        )
    if chance.is_beaten(accuracy, loss, count):
        return ""
    own, guessed = percents([accuracy, chance.accuracy])
    return said(
        "it has not learnt to tell the classes apart yet: {own} of the held-out images are right, {guessed} would be "
        "by guessing; give it more epochs, more images or another learning rate",
        own=own,
        guessed=guessed,
    )


def _is_absurd(loss: float, class_count: int) -> bool:
    return not loss <= _ABSURD * math.log(max(2, class_count))


def _lower_rate(recipe: Recipe) -> str:
    """Return which learning rate to try: a third, but none that the presets' highest is still a tenth of."""
    rate, usual = recipe.learning_rate, _USUAL_RATES[recipe.optimiser]
    wanted = usual if rate > 3 * usual else rate / 3
    return said(
        "the learning rate {rate} is too high for this network; try {wanted}",
        rate=figures(f"{rate:g}"),
        wanted=figures(f"{wanted:.1g}"),
    )
