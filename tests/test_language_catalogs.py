"""The tool that keeps the languages' catalogs in step with the source."""

from pathlib import Path

from babel.messages.extract import extract_from_file

from tools.languages import _KEYWORDS, _of_module


def test_messages_inside_other_messages_and_templates_are_found(tmp_path: Path) -> None:
    module = tmp_path / "module.js"
    module.write_text(
        'const a = `x ${gettext("in a template")} y`;\n'
        'gettextNodes("nodes {x}", { x: h("b", {}, gettext("among the values")) });\n'
        'ngettext(\n  "{n} map",\n  "{n} maps",\n  3,\n  { n: gettext("a \\"word\\"\\u202f!") },\n);\n'
    )
    found = [message for _, message, *_ in extract_from_file(_of_module, module, keywords=_KEYWORDS)]
    assert found == ["in a template", "nodes {x}", "among the values", ("{n} map", "{n} maps"), 'a "word"\u202f!']
