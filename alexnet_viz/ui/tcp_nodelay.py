"""TCP_NODELAY: small answers are sent at once."""

import os
import socket

import psutil


def send_small_answers_at_once() -> None:
    """Switch Nagle's algorithm off on the sockets that this process listens on; what they accept inherits that.

    asyncio does so by itself, but only for sockets that were made with their protocol's number, which Streamlit's is
    not: the body of each small answer then waits 44 ms until the browser has acknowledged the head.
    """
    for connection in psutil.Process().net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.fd >= 0:  # Windows tells no number
            with socket.socket(fileno=os.dup(connection.fd)) as listening:
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
