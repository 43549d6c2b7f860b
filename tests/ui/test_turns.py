import asyncio
import threading

import pytest
from starlette.requests import Request
from starlette.responses import Response

from alexnet_viz.errors import UnitError
from alexnet_viz.ui.http import in_threadpool, in_turn, with_json_body
from alexnet_viz.ui.turns import Turns
from alexnet_viz.ui.unit import routes as unit_routes


def test_people_take_turns_and_not_requests() -> None:
    served: list[str] = []

    async def ask(turns: Turns, person: str, number: int) -> None:
        async with turns.turn(person):
            served.append(f"{person}{number}")
            await asyncio.sleep(0)

    async def everybody() -> None:
        turns = Turns(1)
        asked = [("a", number) for number in range(50)] + [("b", 0), ("c", 0), ("b", 1)]
        await asyncio.gather(*(ask(turns, *each) for each in asked))

    asyncio.run(everybody())
    assert len(served) == 53
    assert served[:6] == ["a0", "a1", "b0", "c0", "a2", "b1"]  # a0 had its turn, and a1 waited, before anyone else came


def test_one_person_never_holds_every_turn_where_that_is_asked() -> None:
    async def ask() -> tuple[bool, int]:
        turns = Turns(3, of_a_person=2)
        async with turns.turn("a"), turns.turn("a"):
            third = asyncio.create_task(_wait(turns, "a"))
            await asyncio.wait_for(_wait(turns, "b"), 5)
            held_back = not third.done()
        await asyncio.wait_for(third, 5)
        return held_back, turns.before("c")

    assert asyncio.run(ask()) == (True, 0)


def test_one_s_own_requests_are_before_nobody_but_others() -> None:
    async def count() -> dict[str, int]:
        turns = Turns(2)
        async with turns.turn("a"), turns.turn("a"):
            waits = [asyncio.create_task(_wait(turns, each)) for each in ("a", "b", "b")]
            await asyncio.sleep(0)
            before = {each: turns.before(each) for each in "abc"}
        await asyncio.gather(*waits)
        return before | {"at the end": turns.before("c")}

    assert asyncio.run(count()) == {"a": 1, "b": 3, "c": 4, "at the end": 0}


def test_who_goes_away_leaves_the_place_to_others() -> None:
    async def leave() -> int:
        turns = Turns(1)
        async with turns.turn("a"):
            gone = asyncio.create_task(_wait(turns, "b"))
            stays = asyncio.create_task(_wait(turns, "c"))
            await asyncio.sleep(0)
            gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
            waiting = turns.before("d")
        await asyncio.wait_for(stays, 5)
        await asyncio.wait_for(_wait(turns, "d"), 5)
        return waiting

    assert asyncio.run(leave()) == 2  # a, that is under way, and c


def test_who_goes_away_when_let_through_gives_the_turn_back() -> None:
    async def leave() -> None:
        turns = Turns(1)
        async with turns.turn("a"):
            gone = asyncio.create_task(_wait(turns, "b"))
            await asyncio.sleep(0)
        gone.cancel()  # b has been let through, and has not run since
        with pytest.raises(asyncio.CancelledError):
            await gone
        await asyncio.wait_for(_wait(turns, "c"), 5)

    asyncio.run(leave())


async def _wait(turns: Turns, person: str) -> None:
    async with turns.turn(person):
        pass


def test_with_a_hundred_greedy_requests_under_way_everything_else_is_answered() -> None:
    """The pool has 40 threads: where each waiting request held one, nothing else would be answered until they end."""
    goes_on = threading.Event()

    def slow(_request: Request) -> Response:
        goes_on.wait(60)
        return Response()

    async def everybody() -> list[int]:
        greedy = [asyncio.create_task(in_turn(slow)(asked_by("greedy"))) for _ in range(100)]
        for _ in range(10):
            await asyncio.sleep(0)
        quick = in_threadpool(lambda _request: Response(status_code=204))
        answers = [await asyncio.wait_for(quick(asked_by("other")), 20) for _ in range(5)]
        goes_on.set()
        await asyncio.gather(*greedy)
        return [answer.status_code for answer in answers]

    assert asyncio.run(everybody()) == [204] * 5


@pytest.mark.parametrize("path", ["number", "parts", "made", "made.png"])
def test_a_hundred_questions_about_a_unit_hold_few_threads(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()

    def units() -> None:
        goes_on.wait(60)
        raise UnitError("channel", 1, "block1.conv", 0, 0)

    monkeypatch.setattr(unit_routes, "units", units)
    route = next(each for each in unit_routes.UNIT_ROUTES if each.path == f"/api/unit/{path}")

    async def everybody() -> int:
        greedy = [asyncio.create_task(route.endpoint(asked_by("greedy"))) for _ in range(100)]
        for _ in range(10):
            await asyncio.sleep(0)
        quick = in_threadpool(lambda _request: Response(status_code=204))
        try:
            return (await asyncio.wait_for(quick(asked_by("other")), 20)).status_code
        finally:
            goes_on.set()
            await asyncio.gather(*greedy)

    assert asyncio.run(everybody()) == 204


def test_what_one_person_begins_again_and_again_holds_up_nobody_and_can_be_stopped() -> None:
    goes_on = threading.Event()

    def begin(_request: Request, _asked: dict[str, object]) -> dict[str, object]:
        goes_on.wait(60)
        return {}

    def done(_request: Request, _asked: dict[str, object]) -> dict[str, object]:
        return {"done": True}

    async def everybody() -> list[bytes]:
        turns = Turns(3, of_a_person=2)
        greedy = [asyncio.create_task(with_json_body(begin, turns)(asked_by("greedy"))) for _ in range(100)]
        for _ in range(10):
            await asyncio.sleep(0)
        try:
            others = await asyncio.wait_for(with_json_body(done, turns)(asked_by("other")), 20)
            stopped = await asyncio.wait_for(with_json_body(done)(asked_by("greedy")), 20)
            return [bytes(others.body), bytes(stopped.body)]
        finally:
            goes_on.set()
            await asyncio.gather(*greedy)

    assert asyncio.run(everybody()) == [b'{"done":true}'] * 2


def asked_by(person: str) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    headers = [(b"x-session", person.encode())]
    return Request({"type": "http", "headers": headers, "query_string": b"", "client": None}, receive)
