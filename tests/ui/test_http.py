import pytest
import streamlit as st
from starlette.requests import Request

from alexnet_viz.errors import OriginError
from alexnet_viz.ui.http import require_same_origin


def sent(**headers: str) -> Request:
    return Request({"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]})


@pytest.fixture
def known_origins(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The further origins of this app, as the option names them."""
    known: list[str] = []
    options = {"server.corsAllowedOrigins": known}
    monkeypatch.setattr(st, "get_option", options.__getitem__)
    return known


@pytest.mark.usefixtures("known_origins")
def test_behind_a_proxy_that_rewrites_the_host_cause_and_remedy_are_said() -> None:
    with pytest.raises(OriginError) as refused:
        require_same_origin(sent(origin="https://lab.example", host="127.0.0.1:8501"))
    words = str(refused.value)
    assert "https://lab.example" in words
    assert "asked as 127.0.0.1:8501" in words
    assert "proxy_set_header Host $http_host;" in words
    assert words.endswith("--server.corsAllowedOrigins=https://lab.example")


def test_an_origin_that_is_configured_may_send(known_origins: list[str]) -> None:
    known_origins.append("https://lab.example")
    require_same_origin(sent(origin="https://lab.example", host="127.0.0.1:8501"))
    for other in ("http://lab.example", "https://lab.example:444", "https://lab.example.evil.example", "null"):
        with pytest.raises(OriginError):
            require_same_origin(sent(origin=other, host="127.0.0.1:8501"))


@pytest.mark.usefixtures("known_origins")
def test_what_a_proxy_claims_counts_for_nothing_by_itself() -> None:
    headers = {"origin": "https://evil.example", "host": "127.0.0.1:8501", "x-forwarded-host": "evil.example"}
    with pytest.raises(OriginError):
        require_same_origin(sent(**headers))
    with pytest.raises(OriginError, match=r"null, may not send anything to this app, which was asked as app:80\.$"):
        require_same_origin(sent(origin="null", host="app:80"))


@pytest.mark.usefixtures("known_origins")
def test_the_same_page_and_what_is_no_browser_may_send() -> None:
    require_same_origin(sent(origin="https://lab.example", host="lab.example"))
    require_same_origin(sent(host="lab.example"))
