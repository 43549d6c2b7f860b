"""The process's services, each built when first needed, and the warm-up in the background.

Nothing heavy is imported here: the first page is sent while `warm_up` is still importing torch.
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from alexnet_viz.runs import runs_folder
from alexnet_viz.runs.left_behind import sweep_runs
from alexnet_viz.ui.descriptors import LoopErrorHandler, allow_many_descriptors
from alexnet_viz.ui.sessions import close_disconnected_sessions
from alexnet_viz.ui.tcp_nodelay import send_small_answers_at_once
from alexnet_viz.ui.temporary import remove_own_folders

if TYPE_CHECKING:
    from alexnet_viz.classroom.lesson_room import LessonRoom
    from alexnet_viz.ui.compare.service import ComparisonService
    from alexnet_viz.ui.explore.ablation import AblationService
    from alexnet_viz.ui.explore.service import Service
    from alexnet_viz.ui.imagenet.service import ImageNetService
    from alexnet_viz.ui.train.runs import TrainingService
    from alexnet_viz.ui.unit.service import UnitService
    from alexnet_viz.ui.why.service import WhyService

Built = TypeVar("Built")

_building = threading.RLock()
_building_room = threading.Lock()
_FIRST_PAGE_SECONDS = 5.0  # for a first page to come and to have its scripts
first_page = threading.Event()  # its frame stands: it has asked for the numbers


class _One(Generic[Built]):
    """What is built at the first call and returned by every one."""

    def __init__(self, lock: AbstractContextManager[object], build: Callable[[], Built]) -> None:
        self._lock, self._build = lock, functools.cache(build)
        self.cache_clear = self._build.cache_clear

    def __call__(self) -> Built:
        with self._lock:
            return self._build()


def _one(lock: AbstractContextManager[object]) -> Callable[[Callable[[], Built]], _One[Built]]:
    """Have a function called once in the process, however many threads ask at the same time."""
    return functools.partial(_One, lock)


def _has_browser(session: str) -> bool:
    """Return whether a browser is connected to this session of Streamlit's."""
    from streamlit import runtime

    return runtime.get_instance().is_active_session(session)


@_one(_building)
def service() -> Service:
    """Return the process's one service; the first call imports torch."""
    from alexnet_viz.ui.explore.service import Service
    from alexnet_viz.ui.garbage_collection import collect_garbage_regularly

    built = Service(_has_browser)
    collect_garbage_regularly(built.let_go)
    return built


@_one(_building)
def training() -> TrainingService:
    """Return the process's one training service."""
    from alexnet_viz.ui.train.runs import TrainingService

    return TrainingService()


@_one(_building)
def comparisons() -> ComparisonService:
    """Return the process's one comparison service."""
    from alexnet_viz.ui.compare.service import ComparisonService

    return ComparisonService(service())


@_one(_building)
def why() -> WhyService:
    """Return the process's one service for questions about an answer."""
    from alexnet_viz.ui.why.service import WhyService

    return WhyService(service())


@_one(_building)
def units() -> UnitService:
    """Return the process's one service about single units."""
    from alexnet_viz.ui.unit.service import UnitService

    return UnitService(service(), comparisons())


@_one(_building)
def ablations() -> AblationService:
    """Return the process's one service about altered networks."""
    from alexnet_viz.ui.explore.ablation import AblationService

    return AblationService(service(), comparisons())


@_one(_building)
def imagenet() -> ImageNetService:
    """Return the process's one service about the network that can be fetched."""
    from alexnet_viz.ui.imagenet.service import ImageNetService

    return ImageNetService()


@_one(_building_room)
def lesson_room() -> LessonRoom:
    """Return the process's one lesson, which does without torch and so waits for nobody who imports it."""
    from alexnet_viz.classroom.lesson_room import LessonRoom
    from alexnet_viz.ui.class_gate import served_file

    return LessonRoom(served_file())


@asynccontextmanager
async def warm_up(_app: object) -> AsyncIterator[None]:
    """Import and compute, behind the first page, what it will ask for.

    Not beside it: while torch is being imported the page's scripts are sent half as fast.
    """
    send_small_answers_at_once()
    allow_many_descriptors()
    asyncio.get_running_loop().set_exception_handler(LoopErrorHandler())
    close_disconnected_sessions()
    threading.Thread(target=_first_trace, name="warm-up", daemon=True).start()
    yield
    remove_own_folders()


def _first_trace() -> None:
    first_page.wait(_FIRST_PAGE_SECONDS)
    sweep_runs(runs_folder())
    from alexnet_viz.ui.explore.service import Subject

    ready = service()
    start = ready.start()
    ready.trace_message(Subject(ready.photos.gallery()[0].id, str(start["checkpoint"])))
