"""Compare: two checkpoints, what is different, where, and whether it matters."""

from alexnet_viz.ui.components.microscope import microscope

microscope("Compare")
