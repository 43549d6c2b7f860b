"""Write the theme of Streamlit's own widgets into .streamlit/config.toml, from the design tokens.

    python -m tools.theme

Colours are defined once, in the front end's tokens.json; its "streamlit" block lists what Streamlit takes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TOKENS = Path(__file__).parents[1] / "alexnet_viz" / "ui" / "web" / "tokens.json"
CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"
_MARK = "# Written by `make theme` from alexnet_viz/ui/web/tokens.json; change it there.\n"


def theme_tables(tokens: Mapping[str, Any]) -> str:
    """Return the TOML tables `[theme]`, `[theme.light]` and `[theme.dark]` of the tokens' "streamlit" block."""
    tables = []
    for name, settings in tokens["streamlit"].items():
        # Texts, numbers, booleans and lists of texts are spelled alike in JSON and in TOML.
        lines = [f"{key} = {json.dumps(value)}\n" for key, value in settings.items()]
        tables.append(f"[{name}]\n{''.join(lines)}")
    return "\n".join(tables)


def with_theme(config: str, tables: str) -> str:
    """Return the text of a config file with everything from the mark on replaced by `tables`."""
    settings, _, _ = config.partition(_MARK)
    return f"{settings.rstrip()}\n\n{_MARK}{tables}"


def main() -> None:
    """Rewrite the theme in .streamlit/config.toml."""
    tables = theme_tables(json.loads(TOKENS.read_text("utf-8")))
    CONFIG.write_text(with_theme(CONFIG.read_text("utf-8"), tables), "utf-8")


if __name__ == "__main__":
    main()
