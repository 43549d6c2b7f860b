"""Every error that a page can show can be said in another language."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexnet_viz import errors, language
from alexnet_viz.errors import AlexNetVizError
from alexnet_viz.language import in_language, in_words, said

PACKAGE = Path(errors.__file__).parent
# What no page asks: the command line, which is English, and what only a notebook calls.
UNSHOWN = ("cli.py", "commands.py", "checkpoint_options.py", "inference.py", "model.py", "mix.py", "unlabelled.py")
# Not of the tree, but their reasons become such an error's.
INNER = {"UnusableFileError", "RefusedError"}


def subclasses(of: type[AlexNetVizError]) -> Iterator[type[AlexNetVizError]]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


OURS = [each for each in subclasses(AlexNetVizError) if each.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_an_error_keeps_its_sentence_sayable(kind: type[AlexNetVizError], monkeypatch: pytest.MonkeyPatch) -> None:
    samples = {str: said("a sample"), int: 3, tuple[str, ...]: ("one", "two")}
    kinds = [each.annotation for each in inspect.signature(kind.__init__).parameters.values()][1:]
    error = kind(*(samples[each] for each in kinds))
    monkeypatch.setattr(language, "gettext", lambda message: re.sub(r"\w+(?![^{]*\})", "…", message))
    with in_language("de"):
        assert not re.search("[a-z]{2,} [a-z]{2,}", in_words(error.args[0]))


def test_no_error_is_raised_with_words_that_only_english_has() -> None:
    known = {each.__name__ for each in OURS} | INNER | {"AlexNetVizError"}
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if not path.name.endswith(UNSHOWN):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in known:
                    found += [f"{path.name}:{each.lineno} {ast.unparse(each)}" for each in call.args if is_bare(each)]
    assert not found


def is_bare(argument: ast.expr) -> bool:
    """Return whether an argument has several words and nothing marks it; one with an option is for the command line."""
    pieces = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    texts = [each.value for each in pieces if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    text = "…".join(texts)
    return bool(re.search(r"[a-z]{2,}[ …][\w…]", text)) and "--" not in text
