"""A trainer's process as the launcher starts it, for a network with hardly any channels: tiny_trainer.py RUN_FOLDER."""

import sys
from dataclasses import replace

from alexnet_viz.training.__main__ import main
from alexnet_viz.variants import VARIANTS

if __name__ == "__main__":
    seed = VARIANTS["seed"]
    layers = zip(seed.convolutions, (4, 8, 8, 8, 8), strict=True)
    few = tuple(replace(one, out_channels=n) for one, n in layers)
    VARIANTS["seed"] = replace(seed, convolutions=few, fc_units=16)
    sys.exit(main(sys.argv[1]))
