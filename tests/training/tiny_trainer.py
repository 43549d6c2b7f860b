"""A trainer's process as the launcher starts it, for a network with hardly any channels: tiny_trainer.py RUN_FOLDER."""

import sys
from dataclasses import replace
from types import ModuleType

from alexnet_viz.training.__main__ import main
from alexnet_viz.variants import VARIANTS


class NoCompiler(ModuleType):
    """What an optimiser asks of torch's compiler, which nothing here uses and which takes seconds to import."""

    def disable(self, function: object, *_: object, **__: object) -> object:
        return function

    def graph_break(self) -> None:
        pass


if __name__ == "__main__":
    sys.modules["torch._dynamo"] = NoCompiler("torch._dynamo")
    seed = VARIANTS["seed"]
    layers = zip(seed.convolutions, (4, 8, 8, 8, 8), strict=True)
    few = tuple(replace(one, out_channels=n) for one, n in layers)
    VARIANTS["seed"] = replace(seed, convolutions=few, fc_units=16)
    sys.exit(main(sys.argv[1]))
