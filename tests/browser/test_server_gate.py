"""The running server: who may ask, and how its answers travel."""

import http.client
import json
import time
from urllib.parse import urlsplit

import pytest

Answer = tuple[int, dict[str, str], bytes]


def ask(server: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer:
    address = urlsplit(server)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    try:
        connection.request("GET" if body is None else "POST", path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/architecture", "/api/start", "/api/queue", "/web/any/app.js", "/_stcore/health"]
)
def test_only_the_own_hosts_are_answered(server: str, path: str) -> None:
    # A page of evil.example whose address is changed to 127.0.0.1 asks with its own name.
    for host in ("evil.example", "evil.example:8501", "127.0.0.1.evil.example", ""):
        status, _, body = ask(server, path, {"Host": host})
        assert status == 400, host
        assert len(body) < 100
    for host in ("127.0.0.1", "localhost", "LOCALHOST:8501", urlsplit(server).netloc):
        assert ask(server, path, {"Host": host})[0] == 200, host


def test_another_sites_page_may_not_send_files(server: str) -> None:
    for path in ("/api/photos?name=a.jpg", "/api/checkpoints?name=a.pt"):
        _, _, body = ask(server, path, {"Origin": "http://evil.example"}, b"x")
        assert json.loads(body)["error"].startswith("A page of another site, http://evil.example, may not send")


def test_numbers_travel_as_they_are_and_text_is_packed(server: str) -> None:
    packed = {"Accept-Encoding": "gzip"}
    query = "photo=chelsea&checkpoint=untrained"
    for path in (f"/api/trace?{query}", f"/api/stages/fc1?{query}&digest=0"):
        status, headers, body = ask(server, path, packed)
        assert status == 200
        assert headers["content-encoding"] == "identity"
        assert len(body) == int(headers["content-length"]) > 8000
    assert ask(server, "/web/any/explore/page.js", packed)[1]["content-encoding"] == "gzip"


def test_small_answers_do_not_wait_for_the_browsers_acknowledgement(server: str) -> None:
    """Where they do, every single one takes 40 ms or more, however idle the machine is."""
    address = urlsplit(server)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    seconds = []
    for _ in range(20):
        started = time.perf_counter()
        connection.request("GET", "/api/queue")
        assert json.loads(connection.getresponse().read()) == {"before": 0}
        seconds.append(time.perf_counter() - started)
    connection.close()
    assert min(seconds) < 0.035


def test_no_route_leaves_its_folder(server: str) -> None:
    for path in (
        "/web/any/../server.py",
        "/web/any/..%2fserver.py",
        "/web/any/%2e%2e/server.py",
        "/web/any/..%5cserver.py",
    ):
        status, _, body = ask(server, path)
        assert status in (400, 404), path
        assert b"import" not in body, path


def test_the_second_visitor_waits_for_nothing(server: str) -> None:
    path = "/api/trace?photo=chelsea&checkpoint=untrained"
    ask(server, path)
    started = time.monotonic()
    ask(server, path)
    assert time.monotonic() - started < 5  # 10 ms on a quiet machine; a forward pass or an import would be repeated


def test_every_answer_says_what_a_page_may_load_and_who_may_frame_it(server: str) -> None:
    for path in ("/", "/architecture", "/api/queue", "/web/any/app.js", "/api/photos/nothing", "/_stcore/health"):
        _, headers, _ = ask(server, path)
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        policy = headers["content-security-policy"].split("; ")
        assert {"frame-ancestors 'self'", "default-src 'self'", "object-src 'none'"} <= set(policy), path


def test_the_loopback_of_ipv6_is_an_own_host(server: str) -> None:
    assert ask(server, "/api/queue", {"Host": "[::1]:8501"})[0] == 200
    assert ask(server, "/api/queue", {"Host": "[::2]:8501"})[0] == 400


def test_a_body_that_announces_800_megabytes_is_refused_at_once(server: str) -> None:
    address = urlsplit(server)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    connection.putrequest("POST", "/api/runs/launch")
    connection.putheader("Content-Length", "800000000")
    connection.endheaders()
    assert "larger than 2 MB" in json.loads(connection.getresponse().read())["error"]
    connection.close()


def test_a_photo_is_shown_to_the_browser_that_sent_it(server: str) -> None:
    ann, bob = (ask(server, "/")[1]["set-cookie"].partition(";")[0] for _ in range(2))
    assert ann != bob
    assert "set-cookie" not in ask(server, "/train", {"Cookie": ann})[1]
    pixel = (
        b"BM:\0\0\0\0\0\0\x006\0\0\0(\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        b"\0\0\0\0\x10\x20\x30\0"
    )
    photo = json.loads(ask(server, "/api/photos?name=own.bmp", {"Cookie": ann}, pixel)[2])
    assert photo["title"] == "own.bmp"
    assert ask(server, f"/api/photos/{photo['id']}", {"Cookie": ann})[1]["content-type"] == "image/jpeg"
    for headers in ({"Cookie": bob}, {}):
        status, _, body = ask(server, f"/api/photos/{photo['id']}", headers)
        assert (status, json.loads(body)["error"]) == (
            422,
            "This photo was uploaded in another browser and is shown there only; upload it here too.",
        )
