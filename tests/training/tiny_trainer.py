"""A trainer's process as the launcher starts it, for a network with hardly any channels: tiny_trainer.py RUN_FOLDER."""

import sys
from dataclasses import replace

from alexnet_viz import model
from alexnet_viz.training.__main__ import main

if __name__ == "__main__":
    model._UNITS = 16
    seed = model.VARIANTS["seed"]
    layers = zip(seed.convolutions, (4, 8, 8, 8, 8), strict=True)
    model.VARIANTS["seed"] = replace(seed, convolutions=tuple(replace(one, out_channels=n) for one, n in layers))
    sys.exit(main(sys.argv[1]))
