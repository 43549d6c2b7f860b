"""The command `class`: serve a lesson on the local network."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from pathlib import Path
from typing import Any

from alexnet_viz.cli_output import add_command, print_line, whole_number
from alexnet_viz.shipped import APP

FILE, ADDRESS = "ALEXNET_VIZ_CLASS", "ALEXNET_VIZ_CLASS_ADDRESS"  # as the server reads them


def register(commands: Any) -> None:
    """Add the command to a parser's subparsers."""
    served = add_command(commands, "class", _class, "serve the app to a class in the local network, with a code")
    served.add_argument("--port", type=whole_number(1, 65_535), default=8501, help="default 8501")
    served.add_argument(
        "--file", type=Path, default=Path("classroom.json"), help="keeps code and answers; default classroom.json"
    )


def _class(options: argparse.Namespace) -> int:
    """Print how to join, then become the server."""
    import segno

    from alexnet_viz.classroom.addresses import network_addresses
    from alexnet_viz.classroom.lesson_room import LessonRoom
    from alexnet_viz.errors import ClassroomError

    found = network_addresses()
    if not found:
        raise ClassroomError("This machine is in no network. Join the one that the class is in, then start again.")
    record = LessonRoom(options.file).record
    address = f"{found[0]}:{options.port}"
    join = f"http://{address}/join?code={record.code.replace(' ', '')}"
    print_line(f"\nThe class opens    http://{address}")
    for other in found[1:]:
        print_line(f"              or   http://{other}:{options.port}")
    print_line(f"and enters         {record.code}\n")
    segno.make(join, error="m").terminal(compact=True)
    print_line(f"You, the teacher   http://{address}/teach?key={record.key}")
    print_line("                   Open it yourself and show it to nobody.\n", flush=True)
    os.environ[FILE], os.environ[ADDRESS] = str(options.file.resolve()), address
    os.environ["STREAMLIT_SERVER_HEADLESS"] = "true"  # the browser to open is the teacher's, by the link
    hosts = [f"--server.allowedHosts={host}" for host in (*found, "127.0.0.1", "localhost", "[::1]")]
    address = "0.0.0.0"  # noqa: S104 (a class is served on the local network on purpose)
    sys.argv = ["streamlit", "run", str(APP), "--server.address", address, "--server.port", str(options.port), *hosts]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    return 0
