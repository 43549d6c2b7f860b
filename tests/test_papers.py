"""The documentation names only files, functions and link targets that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
PLACES = (ROOT, ROOT / "alexnet_viz", ROOT / "alexnet_viz" / "ui")


def find(named: str) -> Path | None:
    """The file or folder of a path as the documents write it: below the repository, the package or its `ui`."""
    return next((place / named for place in PLACES if (place / named).exists()), None)


def is_path(word: str) -> bool:
    return re.fullmatch(r"[\w./-]+(\.(py|js|css|toml|json|md)|/)", word) is not None


def defines(source: str, name: str) -> bool:
    spoken = rf"\b(def|class|function)\s+{name}\b"
    method = rf"^\s+(async )?{name}\(.*\) \{{$"
    return re.search(f"{spoken}|{method}", source, re.MULTILINE) is not None


def functions_and_classes(text: str) -> list[tuple[str, str]]:
    """(file, name): `name()` and `Name` belong to the file named before them, or right after them with "of"."""
    found, file = [], ""
    for word in re.findall(r"`([^`]+)`", re.sub(r"(`\w+(?:\(\))?`) of\s+(`[\w./]+`)", r"\2 \1", text)):
        name = re.fullmatch(r"(\w+)\(\)|([A-Z]\w+[a-z]\w*)", word)
        if is_path(word):
            file = word
        elif name and file:
            found.append((file, name[1] or name[2]))
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_target_exists(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", ["docs/ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_path_is_there(document: str) -> None:
    words = re.findall(r"`([^`\s]+)`", (ROOT / document).read_text("utf-8"))
    paths = [word for word in words if is_path(word) and "/" in word]
    assert paths
    assert [path for path in paths if find(path) is None] == []


def test_every_function_of_the_architecture_is_where_it_says() -> None:
    named = functions_and_classes((ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8"))
    assert len(named) > 50
    missing = []
    for file, name in named:
        path = find(file)
        if path is None or not path.is_file() or not defines(path.read_text("utf-8"), name):
            missing.append(f"{name} of {file}")
    assert missing == []
