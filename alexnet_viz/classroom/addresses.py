"""The addresses under which other machines on the network reach this one."""

from __future__ import annotations

import ipaddress
import socket

import psutil


def network_addresses() -> list[str]:
    """Return this machine's IPv4 addresses in local networks, the one that leads out of it first."""
    cards = psutil.net_if_addrs().values()
    known = [each.address for card in cards for each in card if each.family == socket.AF_INET]
    found = [address for address in known if _is_local_network(address)]
    first = _leading_out()
    return sorted(dict.fromkeys(found), key=lambda address: address != first)


def _is_local_network(address: str) -> bool:
    known = ipaddress.ip_address(address)
    return not known.is_loopback and not known.is_link_local


def _leading_out() -> str:
    """Return the source address of a packet to another network; none is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for examples: nobody is there
        except OSError:  # no network at all
            return ""
        return str(probe.getsockname()[0])
