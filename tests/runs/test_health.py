import pytest

from alexnet_viz.runs.health import complaints, pace

HEALTHY = {"layer": "block1.conv", "dead": 0.02, "update_ratio": 1e-3, "gradient_norm": 0.5}


def test_a_healthy_layer_is_not_mentioned() -> None:
    assert complaints([HEALTHY, {"layer": "fc1", "dead": None, "update_ratio": None, "gradient_norm": None}]) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dead": 0.75}, "block1.conv: 75 % of the channels"),
        ({"update_ratio": 0.2}, "changes the weights by 20 %"),
        ({"update_ratio": 1e-9}, "hardly learns"),
        ({"gradient_norm": 1e5}, "it explodes"),
        ({"gradient_norm": 0.0}, "nothing arrives there"),
    ],
)
def test_what_is_out_of_the_usual_range_is_a_sentence(change: dict[str, float], words: str) -> None:
    (sentence,) = complaints([{**HEALTHY, **change}])
    assert words in sentence


@pytest.mark.parametrize("ratio", [9e-6, 1e-6, 1e-8])
def test_updates_of_a_millionth_hardly_move_a_layer(ratio: float) -> None:
    layer = {**HEALTHY, "update_ratio": ratio}
    assert "hardly learns" in complaints([layer])[0]
    assert pace([layer, HEALTHY], is_decayed=True) == "hardly"
    assert pace([HEALTHY], is_decayed=True) == "usual"


def test_a_layer_without_a_gradient_was_not_measured() -> None:
    assert pace([{**HEALTHY, "update_ratio": None, "gradient_norm": None}], is_decayed=False) == "unmeasured"
