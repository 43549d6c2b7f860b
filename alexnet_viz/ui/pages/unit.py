"""Unit: one channel, what excites it, and how its numbers are made."""

from alexnet_viz.ui.components.microscope import microscope

microscope("Unit")
