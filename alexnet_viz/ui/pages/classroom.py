"""Classroom: the teacher's page of a lesson, what the class sees, and what it answers."""

from alexnet_viz.ui.components.microscope import microscope

microscope("Classroom")
