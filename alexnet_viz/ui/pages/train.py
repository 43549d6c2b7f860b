"""Train: launch short runs in the background, watch their loss, and play how they learned."""

from alexnet_viz.ui.components.microscope import microscope

microscope("Train")
