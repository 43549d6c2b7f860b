"""The settings that the app relies on, as written in the project's file and as Streamlit itself reads them."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.environment import usual_environment

ROOT = Path(__file__).parents[1]
REQUIRED = {
    # With it, 30 polling viewers get 6 runs/s and wait 5.5 s; without, 30 runs/s and 4-19 ms.
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["127.0.0.1", "localhost", "[::1]"],
    "server.maxUploadSize": 300,
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": False,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.showSidebarNavigation": False,
}
# Safe as they come; nobody may open them in passing.
DEFAULTS = {
    "server.enableStaticServing": False,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "global.developmentMode": False,
}


def flat(table: dict[str, object], prefix: str = "") -> dict[str, object]:
    """Nested TOML tables as Streamlit names its options, {"theme.light.textColor": …}."""
    options: dict[str, object] = {}
    for key, value in table.items():
        options |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return options


@pytest.fixture(scope="module")
def written() -> dict[str, object]:
    return flat(tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8")))


@pytest.fixture(scope="module")
def effective(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Every option as a server started in the project's folder would have it, without this user's own settings."""
    program = (
        "import json; from streamlit import config; "
        "print(json.dumps({name: option.value for name, option in config.get_config_options().items()}, default=str))"
    )
    own = {**usual_environment(), "HOME": str(tmp_path_factory.mktemp("home"))}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=own, capture_output=True, check=True, timeout=120
    )
    options: dict[str, object] = json.loads(done.stdout)
    return options


@pytest.mark.parametrize("name", REQUIRED)
def test_setting_is_written_in_the_project(written: dict[str, object], name: str) -> None:
    assert written[name] == REQUIRED[name]


@pytest.mark.parametrize("name", REQUIRED | DEFAULTS)
def test_setting_is_what_streamlit_uses(effective: dict[str, object], name: str) -> None:
    assert effective[name] == (REQUIRED | DEFAULTS)[name]


def test_streamlit_knows_all_that_is_written(written: dict[str, object], effective: dict[str, object]) -> None:
    assert {name: effective.get(name, "unknown") for name in written} == written


def test_no_font_is_fetched(effective: dict[str, object]) -> None:
    # A font may be "name:https://…"; Streamlit ships sans-serif, serif and monospace.
    assert effective["theme.font"] == "sans-serif"
    assert not [name for name, value in effective.items() if name.startswith("theme.") and "://" in str(value)]
