"""What people read, in their own language: which one is asked for, and that nobody gets another's words.

The catalogs are made up here; those that ship are looked at at the end.
"""

import asyncio
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz import language, number_words
from alexnet_viz.classroom.lesson_room import LessonRoom
from alexnet_viz.errors import CheckpointError
from alexnet_viz.language import (
    accepted_language,
    counted,
    figures,
    gettext,
    in_language,
    in_words,
    ngettext,
    part_of,
    said,
    sentence_of_record,
    sentence_record,
)
from alexnet_viz.lessons import spoken
from alexnet_viz.lessons.asked import Asked
from alexnet_viz.lessons.schema import Choice, Lesson
from alexnet_viz.ui.classroom.routes import CLASSROOM_ROUTES
from alexnet_viz.ui.http import JsonAnswer, with_json_errors
from alexnet_viz.ui.jobs import Jobs
from alexnet_viz.ui.request_language import RequestLanguage
from tests.support.faults.found import wait_for
from tests.ui.conftest import Answer, call
from tools.languages import catalog, lacking, source_messages

TRANSLATIONS = {
    "de": {
        "Look": "Schau",
        "It is {answer}.": "Es ist {answer}.",
        "How wide?": "Wie breit?",
        "never": "nie",
        "often": "oft",
        "This checkpoint": "Dieser Checkpoint",
        "has {n} values": "hat {n} Werte",
        "{name} {reason}": "{name} {reason}",
        "is away": "ist fort",
        "Join the lesson": "Mach mit",
        ("{n} map", "{n} maps"): ("{n} Karte", "{n} Karten"),
    },
    "fr": {"is away": "n’est pas là", "Look": "Regardez"},
    "es": {},
}
LESSON: dict[str, Any] = {
    "title": "Look",
    "about": "About.",
    "minutes": 5,
    "steps": [{"title": "Look", "text": "Look", "note": "Look", "view": {"page": "explore"}}],
}
ASKED = Asked("choice", "How wide?", "", "It is {answer}.", ("never", "often", "27"), "often")


@pytest.fixture
def catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The made-up catalogs in place of those that ship."""
    for code, texts in TRANSLATIONS.items():
        made = Catalog(code)
        for message, text in texts.items():
            forms = text if isinstance(text, str) else (text[0], *[text[1]] * (made.num_plurals - 1))
            made.add(message, forms)
        with (tmp_path / f"{code}.po").open("wb") as file:
            write_po(file, made)
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    kept = (language.messages, language._translations, language._catalog)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-CH", "de"),
        ("de-CH, fr;q=0.8", "de"),
        ("fr;q=0.3, es;q=0.8", "es"),
        ("it, pt;q=0.9", "en"),
        ("it, fr-CA;q=0.5, en;q=0.1", "fr"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("de;q=0, es", "es"),
        ("de;q=nonsense, es;q=0.1", "es"),
        ("*", "en"),
        (";;,q=,-", "en"),
    ],
)
def test_which_language_a_header_asks_for(header: str, expected: str) -> None:
    assert accepted_language(header) == expected


@pytest.mark.usefixtures("catalogs")
def test_messages_are_said_in_the_language_in_use() -> None:
    assert (gettext("Look"), ngettext("{n} map", "{n} maps", 1)) == ("Look", "{n} map")
    with in_language("de"):
        assert gettext("Look") == "Schau"
        assert [ngettext("{n} map", "{n} maps", n).format(n=n) for n in (0, 1, 2)] == [
            "0 Karten",
            "1 Karte",
            "2 Karten",
        ]
        assert gettext("nobody has this") == "nobody has this"
        assert gettext("") == ""  # not the head of the catalog's file
        with in_language("fr"):
            assert gettext("Look") == "Regardez"
        assert gettext("Look") == "Schau"
    assert gettext("Look") == "Look"


@pytest.mark.usefixtures("catalogs")
def test_what_is_kept_is_english_and_can_be_said_otherwise() -> None:
    with in_language("de"):  # whoever makes it
        error = CheckpointError(said("This checkpoint"), said("has {n} values", n=12345))
    assert str(error) == "This checkpoint has 12,345 values"
    assert in_words(error.args[0]) == str(error)
    with in_language("de"):
        assert in_words(error.args[0]) == "Dieser Checkpoint hat 12\u202f345 Werte"
        record = {"a": [said("is away"), 3], "b": (None, {"c": said("This checkpoint"), "d": "is away"})}
        assert in_words(record) == {"a": ["ist fort", 3], "b": [None, {"c": "Dieser Checkpoint", "d": "is away"}]}


@pytest.mark.usefixtures("catalogs")
def test_what_is_counted_has_the_form_of_its_number_in_each_language() -> None:
    maps = [counted("{n} map", "{n} maps", n) for n in (0, 1, 2, 12345)]
    assert maps == ["0 maps", "1 map", "2 maps", "12,345 maps"]
    with in_language("de"):
        assert in_words(maps) == ["0 Karten", "1 Karte", "2 Karten", "12\u202f345 Karten"]


@pytest.mark.usefixtures("catalogs")
def test_a_sentence_is_known_again_from_json() -> None:
    inner = counted("{n} map", "{n} maps", 2)
    kept = said("{name} {reason}", name=inner, reason=figures("1,234.5"))
    read = sentence_of_record(json.loads(json.dumps(sentence_record(kept))))
    assert read == kept == "2 maps 1,234.5"
    with in_language("de"):
        assert in_words(read) == "2 Karten 1\u202f234,5"
    assert (part_of(read, "name"), part_of(read, "other"), part_of("plain", "name")) == ("2 maps", "", "")


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"message": "{x.__class__}", "values": {"x": "a"}},
        {"message": "{x:9}", "values": {"x": "a"}},
        {"message": "{x} {y}", "values": {"x": "a"}},
        {"message": "{}", "values": {}},
        {"message": "a", "many": "b", "n": "2", "values": {}},
    ],
)
def test_what_is_no_kept_sentence_is_refused(record: object) -> None:
    with pytest.raises(ValueError, match=r"sentence|missing"):
        sentence_of_record(record)


@pytest.mark.usefixtures("catalogs")
def test_numbers_have_the_mark_of_the_language() -> None:
    english = [number_words.percent(0.845, 1), number_words.fixed(-0.25)]
    with in_language("de"):  # made in English, as what is kept for several people is
        assert in_words(said("{name} {reason}", name=english[0], reason=english[1])) == "84,5 % −0,25"
    with in_language("de"):
        assert number_words.percents([0.8459, 0.8538]) == ["84,6 %", "85,4 %"]
        assert (number_words.number(0.345), number_words.fixed(-0.02), number_words.similarity(0.9999)) == (
            "0,345",
            "−0,02",
            "> 0,999",
        )
        assert (number_words.p_value(0.0312), number_words.count(1234567)) == ("p = 0,031", "1\u202f234\u202f567")
    assert number_words.number(0.345) == "0.345"


# ---------------------------------------------------------------- requests
def asked(app: Any, path: str, header: str, **query: str) -> Answer:
    return asyncio.run(call(RequestLanguage(app), path, query, None, {"accept-language": header}))


@pytest.mark.usefixtures("catalogs")
def test_a_refusal_is_in_the_language_of_who_asks() -> None:
    async def refuse(_request: Request) -> Response:
        raise CheckpointError(said("This checkpoint"), said("is away"))

    app = Starlette(routes=[Route("/", with_json_errors(refuse))])
    answer = asked(app, "/", "de-AT, en;q=0.5")
    assert answer.json() == {"error": "Dieser Checkpoint ist fort"}
    assert answer.headers["vary"] == "Accept-Language"
    assert asked(app, "/", "").json() == {"error": "This checkpoint is away"}


@pytest.mark.usefixtures("catalogs")
def test_two_requests_at_once_are_not_mixed() -> None:
    async def both() -> list[Any]:
        arrived = [asyncio.Event(), asyncio.Event()]

        async def answer(request: Request) -> Response:
            mine = int(request.query_params["n"])
            arrived[mine].set()
            await arrived[1 - mine].wait()  # each goes on only when the other is under way
            return JsonAnswer([gettext("Look"), said("is away")])

        app = RequestLanguage(Starlette(routes=[Route("/", answer)]))
        asks = (call(app, "/", {"n": str(n)}, None, {"accept-language": code}) for n, code in enumerate(("de", "fr")))
        return [each.json() for each in await asyncio.gather(*asks)]

    assert asyncio.run(both()) == [["Schau", "ist fort"], ["Regardez", "n’est pas là"]]


@pytest.mark.usefixtures("catalogs")
def test_work_that_is_shared_is_done_in_english() -> None:
    """Whoever asks for it first, another may be told of it too."""
    jobs: Jobs[str, list[str]] = Jobs(lambda _asked, _progress: [gettext("Look"), said("is away")])
    with in_language("de"):
        job = jobs.start("x", ("a", "b", "c"), 1)["id"]
        assert wait_for(lambda: jobs.state(job)[0]["state"] == "done")
        assert jobs.kept(("a", "b", "c")) == ["Look", "is away"]
        assert in_words(jobs.kept(("a", "b", "c"))) == ["Look", "ist fort"]


# ---------------------------------------------------------------- lessons
@pytest.fixture
def room(catalogs: None, monkeypatch: pytest.MonkeyPatch) -> LessonRoom:
    """A room with a lesson that counts as a shipped one."""
    lesson = msgspec.convert(LESSON, Lesson)
    monkeypatch.setattr(spoken, "_shipped", lambda: (lesson,))
    held = LessonRoom()
    held.open("look", lesson, [ASKED])
    return held


def question(room: LessonRoom, pupil: str | None = None) -> dict[str, Any]:
    told = room.told(pupil)["question"]
    assert isinstance(told, dict)
    return told


def test_each_is_told_a_shipped_lesson_in_their_language(room: LessonRoom) -> None:
    with in_language("de"):
        told = room.told_teacher()
        assert (told["title"], told["text"]) == ("Schau", "Schau")
        assert told["list"] == [{"title": "Schau", "about": "", "note": "Schau"}]
        assert (told["right"], told["explanation"]) == ("oft", "Es ist oft.")
        assert question(room)["choices"] == ["nie", "oft", "27"]
    with in_language("fr"):
        assert room.told()["title"] == "Regardez"
        assert question(room)["choices"] == ["never", "often", "27"]
    assert room.told()["title"] == "Look"


def test_an_answer_is_its_choice_whatever_its_words(room: LessonRoom) -> None:
    german, english = room.join(), room.join()
    with in_language("de"):
        room.answer(german, 0, 1)  # by its place
    room.answer(english, 0, "often")  # by the file's word
    room.act("reveal")
    with in_language("de"):
        told = question(room, english)
        assert (told["own"], told["revealed"]["is_right"], told["revealed"]["answer"]) == ("oft", True, "oft")
        assert told["revealed"]["spread"][1] == {"answer": "oft", "count": 2, "right": True}
    assert room.record.answers == {0: {german: "often", english: "often"}}
    assert room.table()[1] == [1, "How wide?", "often", 2, True]


@pytest.mark.parametrize("given", [3, -1, True, 1.0, "oft", None, [1]])
def test_what_is_no_choice_is_refused(given: object) -> None:
    with pytest.raises(Exception, match="Choose one of never, often, 27"):
        ASKED.read(given)


@pytest.mark.usefixtures("catalogs")
def test_ones_own_lesson_stays_as_it_is_written() -> None:
    held = LessonRoom()
    held.open("look", msgspec.convert(LESSON, Lesson), [ASKED])
    with in_language("de"):  # though its sentences are those of a catalog
        assert (held.told()["title"], question(held)["choices"]) == ("Look", ["never", "often", "27"])


@pytest.mark.usefixtures("catalogs")
def test_the_page_that_joins_is_in_the_browsers_language() -> None:
    text = asked(Starlette(routes=CLASSROOM_ROUTES), "/join", "de").body.decode()
    assert '<html lang="de">' in text
    assert "<h1>Mach mit</h1>" in text


# ---------------------------------------------------------------- the catalogs that ship
@functools.cache
def shipped(code: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return every message that is translated, each with its translations."""
    pairs = []
    for message in catalog(code):
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if message.id and all(texts):
            pairs.append((ids, texts))
    return pairs


def places(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_a_translation_has_the_messages_values(code: str) -> None:
    wrong = [(ids, text) for ids, texts in shipped(code) for text in texts if places(text) not in map(places, ids)]
    assert not wrong


@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_no_message_is_missing(code: str) -> None:
    assert lacking(code) == []


@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_no_message_is_translated_that_the_source_does_not_have(code: str) -> None:
    source = {(message,) if isinstance(message, str) else message for message in source_messages()}
    assert {ids for ids, _ in shipped(code)} <= source


@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_choices_of_a_question_differ_in_every_language(code: str) -> None:
    questions = [step.question for lesson in spoken._shipped() for step in lesson.steps]
    with in_language(code):
        for question in questions:
            if isinstance(question, Choice):
                words = [gettext(str(word)) for word in question.choices]
                assert len(set(words)) == len(words), words


def test_the_pages_offer_the_languages_that_the_server_has() -> None:
    module = (Path(language.__file__).parent / "ui" / "web" / "lib" / "language.js").read_text("utf-8")
    offered = re.search(r"export const LANGUAGES = \{(.*)\};", module)
    assert offered is not None
    assert dict(re.findall(r'(\w+): "(\w+)"', offered[1])) == language.LANGUAGES


def test_style_sheets_write_no_words() -> None:
    sheets = (Path(language.__file__).parent / "ui" / "web").rglob("*.css")
    words = [
        found for sheet in sheets for found in re.findall(r'content: "([^"]*[a-z]{2}[^"]*)"', sheet.read_text("utf-8"))
    ]
    assert not words, "only gettext says a word in the reader's language"
