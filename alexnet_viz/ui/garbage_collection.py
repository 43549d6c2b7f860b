"""Garbage collection on our own terms: Streamlit's, after every run, walks 400,000 objects of the imported modules."""

import gc
import threading
from functools import cache

EVERY_SECONDS = 5.0


@cache
def collect_garbage_regularly() -> threading.Thread:
    """Freeze what has been imported, so that it is never walked again, and collect from now on in a thread of our own.

    To be called once the heavy imports are done. A full collection then takes 1-7 ms instead of 250; without any, the
    bytes of uploads stay in cycles of session objects and memory grows by each.
    """
    gc.collect()
    gc.freeze()
    thread = threading.Thread(target=_collect_for_ever, name="garbage collector", daemon=True)
    thread.start()
    return thread


def _collect_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(EVERY_SECONDS):
        gc.collect()
