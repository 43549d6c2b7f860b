"""Imported before every test: the package decides how torch's threads wait, and torch reads that at its import."""

import alexnet_viz  # noqa: F401
