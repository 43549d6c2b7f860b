"""The app with the toy network's trainer in the place of the real one: [SECONDS] PORT.

After so many seconds it kills itself, whether it has answered by then or not.
"""

import os
import runpy
import signal
import sys
import threading

from alexnet_viz.training import launcher
from tests.support.faults.toy import TINY

if __name__ == "__main__":
    launcher._TRAINER = (TINY,)
    for seconds in sys.argv[1:-1]:
        threading.Timer(float(seconds), os.kill, (os.getpid(), signal.SIGKILL)).start()
    sys.argv = ["streamlit", "run", "streamlit_app.py", "--server.port", sys.argv[-1]]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
