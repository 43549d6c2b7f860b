"""What `pip install .` brings: the package with everything in it, and what stands beside it in a checkout."""

import email
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import alexnet_viz

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def content(wheel: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wheel) as opened:
        yield opened


def files_under(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}


def test_every_file_of_the_package_is_in_it(content: zipfile.ZipFile) -> None:
    inside = {name for name in content.namelist() if name.startswith("alexnet_viz/")}
    shipped = {f"app/checkpoints/{name}" for name in files_under(ROOT / "checkpoints")}
    shipped |= {"app/streamlit_app.py", "app/.streamlit/config.toml"}
    assert inside == {f"alexnet_viz/{name}" for name in files_under(ROOT / "alexnet_viz") | shipped}


def test_nothing_else_is_in_it(content: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in content.namelist()}
    assert tops == {"alexnet_viz", f"alexnet_viz-{alexnet_viz.__version__}.dist-info"}


def test_it_needs_what_the_app_needs(content: zipfile.ZipFile) -> None:
    [name] = [name for name in content.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = email.message_from_bytes(content.read(name))
    assert (metadata["Version"], metadata["Requires-Python"]) == (alexnet_viz.__version__, ">=3.11")
    listed = re.findall(r"^[\w-]+==[\d.]+", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    needed = metadata.get_all("Requires-Dist", [])
    assert sorted(each.lower() for each in needed) == sorted(each.lower() for each in listed)  # PyYAML is pyyaml there


def test_the_command_is_there(content: zipfile.ZipFile) -> None:
    [name] = [name for name in content.namelist() if name.endswith(".dist-info/entry_points.txt")]
    assert "alexnet-viz = alexnet_viz.cli:main" in content.read(name).decode().splitlines()


def test_what_builds_it_is_what_the_tests_have() -> None:
    building = re.search(r"^requires = \[(.*)\]$", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert building is not None
    listed = re.findall(r"^[\w-]+==[\d.]+", (ROOT / "requirements-dev.txt").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r'"(.*?)"', building[1])) <= set(listed)


def test_the_newest_version_of_the_changelog_is_this_one() -> None:
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == alexnet_viz.__version__
