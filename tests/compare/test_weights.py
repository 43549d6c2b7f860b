from collections.abc import Callable

import pytest
import torch

from alexnet_viz.compare.weights import most_moved, weight_differences
from alexnet_viz.model import AlexNet


def test_a_network_against_itself_has_not_moved(tiny_network: Callable[..., AlexNet]) -> None:
    rows = weight_differences(tiny_network(3), tiny_network(3))
    assert [row.layer for row in rows] == [
        "block1.conv", "block2.conv", "block3.conv", "block4.conv", "block5.conv", "fc1", "fc2", "logits",
    ]  # fmt: skip
    assert all((row.distance, row.relative, row.bias_distance) == (0, 0, 0) for row in rows)
    assert all(row.cosine == pytest.approx(1, abs=1e-12) for row in rows)
    assert most_moved(rows) == ()


def test_numbers_on_paper(tiny_network: Callable[..., AlexNet]) -> None:
    first, second = tiny_network(3), tiny_network(3)
    with torch.no_grad():
        for model, value in ((first, 3.0), (second, 0.0)):
            model.classification_layer.weight.zero_()[0, 0] = value
            model.classification_layer.weight[0, 1] = 4  # A: (3, 4), B: (0, 4)
        second.fc2.weight.mul_(-2)
        second.fc2.bias[:4] += 0.5
    rows = {row.layer: row for row in weight_differences(first, second)}
    logits, fc2 = rows["logits"], rows["fc2"]
    assert (logits.first_norm, logits.second_norm, logits.distance) == (5, 4, 3)
    assert (logits.relative, logits.cosine) == (0.6, pytest.approx(16 / 20))
    assert (fc2.cosine, fc2.relative) == (pytest.approx(-1), pytest.approx(3))
    assert fc2.bias_distance == pytest.approx(1)  # four times a half
    assert most_moved(list(rows.values())) == ("fc2", "logits")


def test_layers_of_other_shapes_are_said_and_not_subtracted(tiny_network: Callable[..., AlexNet]) -> None:
    rows = {row.layer: row for row in weight_differences(tiny_network(3), tiny_network(5))}
    assert rows["logits"].distance is None
    assert rows["logits"].remark == "3 × 16 weights in A, 5 × 16 in B; they cannot be subtracted"
    assert rows["fc2"].distance == 0
    assert rows["logits"].to_record()["first_shape"] == (3, 16)


def test_no_weight_has_no_direction(tiny_network: Callable[..., AlexNet]) -> None:
    first, second = tiny_network(3), tiny_network(3)
    with torch.no_grad():
        first.fc1.weight.zero_()
        second.fc2.weight[0, 0] = float("nan")
    rows = {row.layer: row for row in weight_differences(first, second)}
    assert (rows["fc1"].relative, rows["fc1"].cosine) == (None, None)
    assert rows["fc1"].distance == pytest.approx(rows["fc1"].second_norm)
    assert most_moved(list(rows.values())) == ()
