"""Lesson files: what is refused, and at which line."""

import re
from pathlib import Path

import pytest

import alexnet_viz
from alexnet_viz.errors import LessonError
from alexnet_viz.lessons.reading import parse_lesson, read_lesson
from alexnet_viz.lessons.schema import PAGE_KEYS, Choice, Place

LESSON = """\
title: Edges
about: What an edge is.
minutes: 10
steps:
  - title: One filter
    view: {page: explore, stage: block1.conv, channel: 40}
    text: A filter.
  - title: How wide?
    view:
      page: explore
      stage: block1.pool
    text: Pooling.
    question:
      kind: choice
      ask: How wide?
      choices: [55, 27, 13]
      answer: 27
      explanation: It is {answer}.
"""


def refusal(text: str | bytes) -> LessonError:
    with pytest.raises(LessonError) as refused:
        parse_lesson(text.encode() if isinstance(text, str) else text, "edges.yaml")
    return refused.value


def test_a_lesson_is_read_as_it_stands_there() -> None:
    lesson = parse_lesson(LESSON.encode(), "edges.yaml").lesson
    assert (lesson.title, lesson.minutes, len(lesson.steps)) == ("Edges", 10, 2)
    assert lesson.steps[0].view == {"page": "explore", "stage": "block1.conv", "channel": 40}
    question = lesson.steps[1].question
    assert isinstance(question, Choice)
    assert (question.choices, question.answer) == ((55, 27, 13), 27)


def test_a_place_is_the_strongest_where_nothing_else_is_said() -> None:
    text = LESSON.replace("kind: choice", "kind: place").replace("      choices: [55, 27, 13]\n      answer: 27\n", "")
    question = parse_lesson(text.encode(), "edges.yaml").lesson.steps[1].question
    assert isinstance(question, Place)
    assert question.answer == "strongest"


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("minutes: 10", "minutes: ten", 3, "minutes: Expected `int`"),
        ("minutes: 10\n", "", 1, "missing required field `minutes`"),
        ("    text: A filter.", "    txt: A filter.", 7, "unknown field `txt`"),
        ("    text: A filter.\n", "", 5, "steps.0: Object missing required field `text`"),
        ("kind: choice", "kind: riddle", 14, "'riddle'"),
        ("choices: [55, 27, 13]", "choices: [27]", 16, "length >= 2"),
        ("choices: [55, 27, 13]", "choices: [yes, no]", 16, "bool"),
        ("      page: explore\n", "", 9, "the view's page is 'None'; choose explore"),
        ("page: explore, stage", "page: exlore, stage", 6, "'exlore'"),
        ("channel: 40", "chanel: 40", 6, "explore has no 'chanel'; it has channel"),
        ("about: What an edge is.", "title: Corners", 2, "'title' stands here a second time"),
        ("minutes: 10", "minutes: .nan", 3, "minutes: Expected `int`"),
        ("minutes: 10", "minutes: 10\n  steps: [", 4, "not YAML"),
        ("about: What", "about: &a What", 0, ""),
    ],
)
def test_a_refusal_names_file_line_and_what_is_accepted(before: str, after: str, line: int, words: str) -> None:
    assert before in LESSON
    text = LESSON.replace(before, after, 1)
    if not line:
        parse_lesson(text.encode(), "edges.yaml")  # a name that nothing refers to means nothing
        return
    error = refusal(text)
    assert (error.file, error.line) == ("edges.yaml", line)
    assert words in error.reason
    assert str(error).startswith(f"edges.yaml, line {line}: ")


def test_names_for_parts_are_refused() -> None:
    bomb = "a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert (refusal(bomb).line, "alias" in refusal(bomb).reason) == (2, True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"- 1\n- 2\n",
        b"just words",
        b"!!python/object/apply:os.system [ls]",
        b"{a: b",
        b"\x00",
        b"? [a]\n: 1",
    ],
)
def test_whatever_else_a_file_holds_is_refused_in_words(content: bytes) -> None:
    assert refusal(content).line >= 1


def test_a_file_that_is_deep_or_large_is_refused(tmp_path: Path) -> None:
    assert "nested" in refusal("a: " + "[" * 40 + "]" * 40).reason
    assert "nested" in refusal("[" * 20_000).reason  # the parser alone would take minutes for it
    assert "nested" in refusal("{a: " * 20_000).reason
    assert "nested" in refusal("- " * 20_000).reason
    large = tmp_path / "large.yaml"
    large.write_text("# " + "x" * 600_000)
    with pytest.raises(LessonError, match="larger than 500 kB"):
        read_lesson(large)
    with pytest.raises(LessonError, match=r"gone\.yaml, line 1: it cannot be read: No such file"):
        read_lesson(tmp_path / "gone.yaml")


def test_the_keys_of_a_view_stand_in_the_pages_own_tables() -> None:
    web = Path(alexnet_viz.__file__).parent / "ui" / "web"
    for page, keys in PAGE_KEYS.items():
        source = (web / page / "state.js").read_text("utf-8")
        assert keys <= set(re.findall(r"^    (\w+): \{\s*default:", source, re.MULTILINE)), page
