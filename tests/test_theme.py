import json
import tomllib

from tools.theme import CONFIG, TOKENS, theme_tables, with_theme


def test_the_committed_config_holds_the_theme_of_the_tokens() -> None:
    tokens = json.loads(TOKENS.read_text("utf-8"))
    config = CONFIG.read_text("utf-8")
    assert config == with_theme(config, theme_tables(tokens)), "run `make theme`"


def test_every_token_for_streamlit_reaches_the_config() -> None:
    expected = json.loads(TOKENS.read_text("utf-8"))["streamlit"]
    theme = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
    modes = {f"theme.{mode}": theme.pop(mode) for mode in ("light", "dark")}
    assert {"theme": theme, **modes} == expected


def test_only_the_theme_is_rewritten() -> None:
    tokens = {"streamlit": {"theme": {"baseFontSize": 14, "linkUnderline": False}, "theme.dark": {"hues": ["#FFFFFF"]}}}
    once = with_theme("[server]\nmaxUploadSize = 300  # MB\n", theme_tables(tokens))
    assert once.startswith("[server]\nmaxUploadSize = 300  # MB\n\n# Written by")
    assert once.endswith('\n[theme]\nbaseFontSize = 14\nlinkUnderline = false\n\n[theme.dark]\nhues = ["#FFFFFF"]\n')
    assert with_theme(once, theme_tables(tokens)) == once


def test_the_colours_of_widgets_are_the_colours_of_the_components() -> None:
    # The "streamlit" block repeats values of the "colour" block; a change of one must be a change of both.
    tokens = json.loads(TOKENS.read_text("utf-8"))
    roles = {
        "primaryColor": "primary",
        "backgroundColor": "page",
        "secondaryBackgroundColor": "surface",
        "textColor": "ink",
        "linkColor": "primary",
        "borderColor": "line",
        "greenColor": "good",
        "yellowColor": "warn",
        "redColor": "bad",
    }
    for mode in ("light", "dark"):
        widgets = tokens["streamlit"][f"theme.{mode}"]
        colours = tokens["colour"][mode]
        assert {name: widgets[name] for name in roles} == {name: colours[role] for name, role in roles.items()}
        assert widgets["chartCategoricalColors"] == tokens["runs"][mode]
