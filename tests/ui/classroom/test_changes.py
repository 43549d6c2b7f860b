"""Requests that wait for news are told at once, and together."""

import asyncio
import threading

import pytest
from starlette.types import Message

from alexnet_viz.ui.classroom import changes
from alexnet_viz.ui.classroom.changes import Changes


async def staying() -> Message:
    """What a connection sends whose asker waits."""
    await asyncio.Event().wait()
    raise AssertionError


def test_what_is_new_already_is_not_waited_for() -> None:
    asyncio.run(asyncio.wait_for(Changes().wait(lambda: True, staying), 1))


def test_news_of_another_thread_wakes_everybody() -> None:
    told = Changes()

    async def run() -> None:
        waiting = [asyncio.create_task(told.wait(lambda: False, staying)) for _ in range(3)]
        await asyncio.sleep(0)
        threading.Thread(target=told.tell).start()
        await asyncio.wait_for(asyncio.gather(*waiting), changes.LONGEST_SECONDS - 1)

    asyncio.run(run())


def test_one_change_is_told_at_once_and_those_after_it_together() -> None:
    async def run() -> None:
        told, loop = Changes(), asyncio.get_running_loop()
        waiting = asyncio.create_task(told.wait(lambda: False, staying))
        await asyncio.sleep(0)
        told._tell_soon()
        assert told._due is not None
        assert told._due.when() <= loop.time()
        await waiting
        for _ in range(30):
            told._tell_soon()
        assert told._due.when() == told._told + changes._TOGETHER_SECONDS
        told._due.cancel()

    asyncio.run(run())


def test_without_news_a_request_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "LONGEST_SECONDS", 0.01)
    asyncio.run(Changes().wait(lambda: False, staying))


def test_whoever_has_gone_is_waited_for_no_longer() -> None:
    messages: list[Message] = [{"type": "http.disconnect"}, {"type": "http.request", "body": b""}]

    async def leaving() -> Message:
        return messages.pop()

    asyncio.run(asyncio.wait_for(Changes().wait(lambda: False, leaving), changes.LONGEST_SECONDS - 1))
