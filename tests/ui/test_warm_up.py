"""Before anyone asks, the process has imported torch, frozen its objects and computed the first photo."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from alexnet_viz.ui import garbage_collection, services
from alexnet_viz.ui.explore.service import Service, Subject


@pytest.mark.slow
def test_the_first_trace_is_computed_behind_the_first_page(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[Subject] = []
    done = threading.Event()

    def message(subject: Subject) -> bytes:
        computed.append(subject)
        done.set()
        return b""

    monkeypatch.setattr(services, "service", lambda: service)
    monkeypatch.setattr(services, "remove_own_folders", lambda: None)  # other tests have some
    monkeypatch.setattr(service, "trace_message", message)

    async def run() -> None:
        async with services.warm_up(None):  # the server takes requests at once
            pass

    asyncio.run(run())
    assert done.wait(60)
    start = service.start()
    assert computed == [Subject(service.photos.gallery()[0].id, str(start["checkpoint"]))]


def test_the_process_has_one_service_and_collects_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    collecting: list[Callable[[], bool]] = []
    monkeypatch.setattr(garbage_collection, "collect_garbage_regularly", collecting.append)
    services.service.cache_clear()
    try:
        assert services.service() is services.service()
        assert collecting == [services.service().let_go]
    finally:
        services.service.cache_clear()
