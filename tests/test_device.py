import pytest
import torch

from alexnet_viz.device import choose_device, describe_device
from alexnet_viz.errors import DeviceError


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.delenv("ALEXNET_VIZ_DEVICE", raising=False)


def test_the_cpu_where_there_is_no_gpu() -> None:
    assert choose_device() == torch.device("cpu")


def test_cuda_before_mps_before_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose_device() == torch.device("mps")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert choose_device() == torch.device("cuda")
    assert choose_device("cuda:1") == torch.device("cuda:1")
    with pytest.raises(DeviceError, match="'cuda:2' is not available"):
        choose_device("cuda:2")


def test_the_environment_decides_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setenv("ALEXNET_VIZ_DEVICE", " CPU ")
    assert choose_device() == torch.device("cpu")
    assert choose_device("mps") == torch.device("mps")


@pytest.mark.parametrize("given", ["cuda", "mps", "meta", "abacus", "cpu:1", "cuda:x"])
def test_a_device_that_is_not_there(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_DEVICE", given)
    with pytest.raises(DeviceError, match=f"device '{given}' is not available here; use cpu, cuda or mps"):
        choose_device()


def test_devices_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    assert describe_device(torch.device("cpu")) == "CPU, 2 cores"
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert describe_device(torch.device("cpu")) == "CPU, 1 core"
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"Fast {device}")
    assert describe_device(torch.device("cuda:0")) == "Fast cuda:0"
    assert describe_device(torch.device("mps")) == "Apple GPU"
