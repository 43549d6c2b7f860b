"""Why: what in the photo speaks for a class, and whether that can be believed."""

from alexnet_viz.ui.components.microscope import microscope

microscope("Why")
