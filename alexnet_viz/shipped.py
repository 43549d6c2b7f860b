"""Paths of files that are beside the package in a checkout and inside it once it is installed."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_INSTALLED = PACKAGE / "app"  # pyproject.toml puts them there

ROOT = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parent
APP = ROOT / "streamlit_app.py"  # Streamlit reads .streamlit/config.toml beside it
CHECKPOINTS = ROOT / "checkpoints"
