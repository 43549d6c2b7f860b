"""The app with another file in the place of ImageNet's AlexNet: URL SIZE SHA256 PORT. Only tests start it."""

import runpy
import sys

from alexnet_viz.checkpoints import imagenet

if __name__ == "__main__":
    url, size, sha256, port = sys.argv[1:]
    imagenet.SOURCE = imagenet.Source(url=url, site="pytorch.org", size=int(size), sha256=sha256)
    sys.argv = ["streamlit", "run", "streamlit_app.py", "--server.port", port]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
