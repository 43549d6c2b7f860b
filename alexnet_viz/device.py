"""The device that networks run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from alexnet_viz.errors import DeviceError
from alexnet_viz.language import counted


def choose_device(wanted: str | torch.device | None = None) -> torch.device:
    """Return the device to compute on: `wanted`, else ALEXNET_VIZ_DEVICE, else CUDA, else MPS, else the CPU.

    Raises:
        DeviceError: The device that was asked for is not on this machine.
    """
    given = str(wanted or os.environ.get("ALEXNET_VIZ_DEVICE", "")).strip()
    if not given:
        return torch.device("cuda" if _count("cuda") else "mps" if _count("mps") else "cpu")
    try:
        device = torch.device(given.lower())
    except RuntimeError as error:
        raise DeviceError(given) from error
    if (device.index or 0) >= _count(device.type):
        raise DeviceError(given)
    return device


def describe_device(device: torch.device) -> str:
    """Return the device's name: "CPU, 2 cores", or that of the GPU."""
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    if device.type == "mps":
        return "Apple GPU"
    cores = torch.get_num_threads()
    return counted("CPU, {n} core", "CPU, {n} cores", cores)


def pictures_at_once(device: torch.device) -> int:
    """Return how many pictures long work sends through in one pass, forward and backward.

    So few that whoever waits meanwhile, or cancels, has the device within 200 ms, on two cores as on a GPU.
    """
    return 2 if device.type == "cpu" else 25


@contextmanager
def full_float32(device: torch.device) -> Iterator[None]:
    """Keep CUDA's convolutions from rounding to TF32, whose 10 bits would show in the maps."""
    if device.type != "cuda":
        yield
        return
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        yield


def _count(kind: str) -> int:
    """Return how many devices of a kind this machine has."""
    if kind == "cuda":
        return torch.cuda.device_count() if torch.cuda.is_available() else 0
    if kind == "mps":
        return int(torch.backends.mps.is_available())
    return int(kind == "cpu")
