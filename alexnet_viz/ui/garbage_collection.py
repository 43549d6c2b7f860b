"""Our own garbage collection: Streamlit's, after every run, walks 400,000 objects of imported modules."""

import ctypes
import gc
import sys
import threading
from collections.abc import Callable
from functools import cache

EVERY_SECONDS = 5.0


@cache
def collect_garbage_regularly(let_go: Callable[[], bool]) -> threading.Thread:
    """Freeze what has been imported, so that it is never walked again, and collect from now on in a thread of our own.

    To be called once the heavy imports are done. A full collection then takes 1-7 ms instead of 250; without any, the
    bytes of uploads stay in cycles of session objects and memory grows by each.

    Args:
        let_go: Lets go what nobody has asked for in a while, and says whether there was any.
    """
    gc.collect()
    gc.freeze()
    thread = threading.Thread(target=_collect_for_ever, args=(let_go,), name="garbage collector", daemon=True)
    thread.start()
    return thread


def _collect_for_ever(let_go: Callable[[], bool]) -> None:
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    give_back = getattr(libc, "malloc_trim", None)  # glibc's; others give back by themselves
    pause = threading.Event()
    while not pause.wait(EVERY_SECONDS):
        has_let_go = let_go()
        gc.collect()
        if has_let_go and give_back is not None:
            # 300 uploads left 200 MB of holes between what is still in use, which glibc would keep.
            give_back(0)
