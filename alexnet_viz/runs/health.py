"""Layer health in words: which layer is outside the usual range, and what that tends to mean."""

from collections.abc import Iterable, Mapping

from alexnet_viz.language import figures, said
from alexnet_viz.number_words import percent

# Usual ranges, as orders of magnitude: a twentieth of the channels may be dead in a healthy network, and an update
# changes weights by about a thousandth (A. Karpathy's rule of thumb), less at the end of a decay.
MOST_DEAD = 0.5
LEAST_RATIO, MOST_RATIO = 1e-5, 3e-2
LEAST_GRADIENT, MOST_GRADIENT = 1e-7, 1e3


def complaints(layers: Iterable[Mapping[str, object]]) -> list[str]:
    """Return a sentence for each value out of the usual range.

    Args:
        layers: An epoch record's "doctor": "layer", "dead", "update_ratio", "gradient_norm" of each; None is no value.
    """
    found = []
    for layer in layers:
        name = str(layer.get("layer"))
        for key, judge in (("dead", _dead), ("update_ratio", _ratio), ("gradient_norm", _gradient)):
            value = layer.get(key)
            if isinstance(value, int | float) and (sentence := judge(name, float(value))):
                found.append(sentence)
    return found


def pace(layers: Iterable[Mapping[str, object]], *, is_decayed: bool) -> str:
    """Return how the layers learn in one word.

    Args:
        layers: As `complaints` takes them.
        is_decayed: Whether the learning rate was nearly gone.
    Returns:
        "unmeasured": no layer has a gradient, as before the first step, or in runs of earlier versions that were
        stopped between an epoch's last step and its validation; "hardly": the rate is nearly gone, and so are the
        updates; "usual" for anything else, complaints aside.
    """
    ratios = [float(r) for layer in layers if isinstance(r := layer.get("update_ratio"), int | float)]
    if not ratios:
        return "unmeasured"
    return "hardly" if is_decayed and min(ratios) < LEAST_RATIO else "usual"


def _dead(layer: str, share: float) -> str:
    if share <= MOST_DEAD:
        return ""
    return said(
        "{layer}: {share} of the channels are zero on every picture; a lower rate keeps more alive",
        layer=layer,
        share=percent(share),
    )


def _ratio(layer: str, ratio: float) -> str:
    if ratio > MOST_RATIO:
        return said(
            "{layer}: one step changes the weights by {share}; the learning rate is too high for it",
            layer=layer,
            share=percent(ratio),
        )
    if ratio < LEAST_RATIO:
        return said(
            "{layer}: one step changes the weights by {ratio} of their size only; it hardly learns",
            layer=layer,
            ratio=figures(f"{ratio:.1e}"),
        )
    return ""


def _gradient(layer: str, norm: float) -> str:
    if norm > MOST_GRADIENT:
        return said(
            "{layer}: its gradient is {norm} long; it explodes, clip it or lower the learning rate",
            layer=layer,
            norm=figures(f"{norm:.1e}"),
        )
    if norm < LEAST_GRADIENT:
        return said(
            "{layer}: its gradient is {norm} long; nothing arrives there", layer=layer, norm=figures(f"{norm:.1e}")
        )
    return ""
