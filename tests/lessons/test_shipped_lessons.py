"""The lessons that come with the app, their command, and people's own."""

import json
from pathlib import Path

import pytest

from alexnet_viz.cli import run
from alexnet_viz.lessons.checking import check_lesson
from alexnet_viz.lessons.facts import Facts
from alexnet_viz.lessons.folder import SHIPPED, lessons
from alexnet_viz.lessons.reading import parse_lesson, read_lesson

BROKEN = """\
title: Edges
about: About.
minutes: 5
steps:
  - title: One
    view: {page: explore, stage: block1.pool, checkpoint: untrained}
    text: A map.
    question: {kind: shape, ask: "Which shape?", stage: block7.conv, explanation: So.}
"""


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts()


@pytest.mark.parametrize(
    ("name", "title", "steps", "answers"),
    [
        # 3 × 227 × 227; 11 × 11 × 3; (55 − 3) / 2 + 1
        ("layers", "What do the layers see?", 9, {0: "154 587", 1: (363,), 3: "27", 6: "1 in 10"}),
        # 11 × 11 × 3 × 96 + 96; (227 − 11) / 4 + 1; 6 × 6 × 256 × 4096 + 4096
        ("parameters", "Count the parameters", 6, {1: (34_944,), 2: (96, 55, 55), 3: (0,), 4: (37_752_832,)}),
        ("training", "Before and after training", 6, {1: (2.303,)}),
        ("why", "Why did it say that?", 5, {4: "the edges of the photo"}),
    ],
)
def test_every_shipped_lesson_can_be_answered(
    facts: Facts, name: str, title: str, steps: int, answers: dict[int, object]
) -> None:
    file = read_lesson(SHIPPED / f"{name}.yaml")
    asked = check_lesson(file, facts)
    assert (file.lesson.title, len(file.lesson.steps)) == (title, steps)
    found = {index: each.answer for index, each in enumerate(asked) if each is not None}
    assert {index: found[index] for index in answers} == answers


def test_more_multiplications_in_conv2_than_in_fc1(facts: Facts) -> None:
    """What the lesson on parameters says: 5 × 5 × 96 × 256 × 27 × 27 against 9216 × 4096."""
    assert facts.total("cifar10-fast", "block2.conv", "macs") == 447_897_600
    assert facts.total("cifar10-fast", "fc1", "macs") == 37_748_736


def test_a_name_that_does_not_exist_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "edges.yaml"
    path.write_text(BROKEN)
    assert run(["lesson", "check", str(path), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("alexnet_viz: edges.yaml, line 8: no stage 'block7.conv'; this network has block1.conv")
    assert said.err.count("\n") == 1


def test_the_command_prints_each_step_with_its_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "edges.yaml"
    path.write_text(BROKEN.replace("block7.conv", "block1.conv"))
    assert run(["lesson", "check", str(path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["title"] == "Edges"
    assert record["steps"] == [
        {"title": "One", "question": "Which shape?", "kind": "shape", "answer": [96, 55, 55], "tolerance": 0.0}
    ]
    assert run(["lesson", "check", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "96 × 55 × 55" in printed
    assert ", 1 step. Every" in printed


def test_the_command_without_a_file_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lesson", "check"]) == 2
    assert "lesson list" in capsys.readouterr().err


def test_a_broken_lesson_of_ones_own_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_LESSONS", str(tmp_path))
    (tmp_path / "broken.yaml").write_text("title: [")
    (tmp_path / "edges.yml").write_text(BROKEN)
    (tmp_path / "notes.txt").write_text("no lesson")
    listed = {each.name: each for each in lessons()}
    assert list(listed) == ["layers", "parameters", "training", "why", "broken", "edges"]
    assert listed["broken"].file is None
    assert "broken.yaml, line 1" in listed["broken"].problem
    assert run(["lesson", "list"]) == 0
    assert "What do the layers see?" in capsys.readouterr().out


def test_a_checkpoint_that_is_not_here_is_told() -> None:
    file = parse_lesson(BROKEN.replace("untrained", "gone").encode(), "edges.yaml")
    with pytest.raises(Exception, match=r"edges\.yaml, line 8: gone is no checkpoint here"):
        check_lesson(file)
