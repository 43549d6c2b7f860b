"""Small answers leave at once."""

import socket
import sys

import pytest

from alexnet_viz.ui.tcp_nodelay import send_small_answers_at_once


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not told the numbers of its sockets")
def test_what_is_accepted_waits_for_no_acknowledgement() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:  # as Streamlit makes it
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        send_small_answers_at_once()
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
