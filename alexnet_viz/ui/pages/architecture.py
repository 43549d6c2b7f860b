"""Architecture: the network to scale, what each stage sees, and its arithmetic."""

from alexnet_viz.ui.components.microscope import microscope

microscope("Architecture")
