"""Garbage collection on our own terms; in a process of its own, since freezing cannot be undone for one test."""

import json
import subprocess
import sys

PROGRAM = """
import gc, json, threading
before = gc.get_freeze_count()
from alexnet_viz.ui import garbage_collection
garbage_collection.EVERY_SECONDS = 0.05
given_back, told = threading.Event(), iter([False, True])

class Libc:
    def malloc_trim(self, _kept):
        given_back.set()

garbage_collection.ctypes.CDLL = lambda _name: Libc()
let_go = lambda: next(told, False)
thread = garbage_collection.collect_garbage_regularly(let_go)
again = garbage_collection.collect_garbage_regularly(let_go)
gc.disable()

class Upload:
    def __init__(self, gone):
        self.itself = self
        self.gone = gone
    def __del__(self):
        self.gone.set()

gone = threading.Event()
Upload(gone)
print(json.dumps({
    "frozen": gc.get_freeze_count() - before, "daemon": thread.daemon, "once": thread is again,
    "collected": gone.wait(20), "given back": given_back.wait(20),
    "threads": [each.name for each in threading.enumerate()],
}))
"""


def test_imports_are_frozen_and_cycles_collected_by_one_thread() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True, timeout=120)
    told = json.loads(done.stdout)
    assert told["frozen"] > 1000  # every object that existed, 400,000 in the app
    assert told["collected"] is True
    assert told["given back"] is (sys.platform == "linux")  # what was let go, to the system
    assert told["daemon"] is True  # or the server would not end
    assert told["once"] is True
    assert told["threads"].count("garbage collector") == 1
