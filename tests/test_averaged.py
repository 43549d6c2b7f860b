from typing import Any

import torch

from alexnet_viz.checkpoints import Checkpoint
from tools.averaged import averaged


def network(weight: float, bias: float, **metadata: Any) -> Checkpoint:
    """A network of one weight and one bias."""
    model: Any = torch.nn.Linear(1, 1)
    model.load_state_dict({"weight": torch.tensor([[weight]]), "bias": torch.tensor([bias])})
    return Checkpoint("toy", model, ("a",), "seed", metadata, torch.device("cpu"), None)


def test_every_weight_is_drawn_back_and_no_score_is_kept() -> None:
    second = network(6.0, -1.0, metrics={"test_accuracy": 0.9}, recipe={"seed": 6}, source="mix")
    between = averaged(network(2.0, 3.0), second, 0.75)
    assert between.model.state_dict()["weight"].item() == 5.0  # 0.25 x 2 + 0.75 x 6
    assert between.model.state_dict()["bias"].item() == 0.0  # 0.25 x 3 - 0.75 x 1
    assert between.metadata == {
        "metrics": {},
        "recipe": {"seed": 6, "share_of_last_training": 0.75},
        "source": "mix",
    }
    assert second.model.state_dict()["weight"].item() == 6.0
