"""What the README shows is what happens."""

import re
import shlex
from pathlib import Path

import pytest

from alexnet_viz.cli import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Each command of the README with the output that stands below it."""
    [console] = blocks("console")
    parts = re.split(r"^\$ (.*)\n", console, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def matches(shown: str, printed: str) -> bool:
    """Whether the output is what is shown; a line "…" stands for any lines, and columns may be wider."""
    pattern = "".join("(.*\n)*?" if line == "…" else re.escape(line) + "\n" for line in _lines(shown))
    return re.fullmatch(pattern, "".join(line + "\n" for line in _lines(printed))) is not None


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.rstrip("\n").splitlines()]


@pytest.fixture(autouse=True)
def _beside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that looks like the repository's root from the README, and may be written to."""
    (tmp_path / "alexnet_viz").symlink_to(ROOT / "alexnet_viz")
    monkeypatch.chdir(tmp_path)


def test_the_example_prints_what_stands_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    [example], [shown] = blocks("python"), blocks("text")
    exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize(("command", "shown"), commands(), ids=[command for command, _ in commands()])
@pytest.mark.slow
def test_a_command_prints_what_stands_below_it(command: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    python, dash_m, package, *arguments = shlex.split(command)
    assert (python, dash_m, package) == ("python", "-m", "alexnet_viz")
    assert run(arguments) == 0
    printed = capsys.readouterr().out
    assert matches(shown, printed), printed


def test_every_file_that_it_names_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_make_target_that_it_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    typed = "\n".join(re.findall(r"^    .*|`make .*?`", README, re.MULTILINE))
    assert {"run", "test"} <= set(re.findall(r"make ([a-z]+)\b", typed)) <= targets
