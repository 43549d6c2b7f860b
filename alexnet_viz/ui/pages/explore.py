"""Explore: a photo goes through AlexNet and every channel is under your hand."""

from alexnet_viz.ui.components.microscope import microscope

microscope("Explore")
