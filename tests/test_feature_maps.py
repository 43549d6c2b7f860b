import json
import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from alexnet_viz.feature_maps import (
    channel_mean,
    channel_statistics,
    encode,
    encode_stage,
    summary,
    value_range,
)

NAN, INF = math.nan, math.inf


def decode(message: bytes) -> tuple[dict[str, object], dict[str, NDArray[np.generic]]]:
    """Read a message as the browser does: by the description, not by the code that wrote it."""
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    body = message[math.ceil((4 + length) / 4) * 4 :]
    arrays = {}
    for entry in header["arrays"]:
        assert entry["offset"] % 4 == 0
        count = math.prod(entry["shape"])
        values = np.frombuffer(body, "<" + entry["dtype"], count, entry["offset"])
        arrays[entry["name"]] = values.reshape(entry["shape"])
    return header, arrays


def values_of(message: bytes) -> NDArray[np.float64]:
    header, arrays = decode(message)
    scale = header["scale"]
    assert isinstance(scale, float)
    return arrays["values"].astype(np.float64) * scale


def test_statistics_by_hand() -> None:
    maps = torch.tensor([[[1.0, -3.0], [0.0, 6.0]], [[0.0, 0.0], [-0.0, 0.0]], [[5.0, 5.0], [5.0, 5.0]]])
    assert channel_statistics(maps).tolist() == [[-3, 6, 1, 0.25, 1], [0, 0, 0, 1, 1], [5, 5, 5, 0, 1]]
    assert channel_statistics(maps).dtype == np.float32


def test_statistics_of_units_and_of_single_pixels() -> None:
    assert channel_statistics(torch.tensor([2.0, 0.0])).tolist() == [[2, 2, 2, 0, 1], [0, 0, 0, 1, 1]]
    assert channel_statistics(torch.tensor([[[-4.0]]])).tolist() == [[-4, -4, -4, 0, 1]]


def test_statistics_pass_over_what_is_not_finite() -> None:
    maps = torch.tensor([[[NAN, 2.0], [0.0, 4.0]], [[INF, -INF], [NAN, NAN]], [[1.0, 1.0], [1.0, 1.0]]])
    first, second, third = channel_statistics(maps).tolist()
    assert first == [0, 4, 2, 0.25, 0.75]
    assert all(math.isnan(number) for number in second[:3])
    assert second[3:] == [0, 0]
    assert third == [1, 1, 1, 0, 1]


def test_a_mean_of_large_values_does_not_overflow() -> None:
    maps = torch.full((1, 100, 100), 3e38)
    assert channel_statistics(maps)[0].tolist() == pytest.approx([3e38, 3e38, 3e38, 0, 1], rel=1e-6)
    assert channel_mean(torch.full((10, 1, 1), 3e38))[0, 0] == pytest.approx(3e38, rel=1e-6)


def test_face_is_the_mean_over_channels() -> None:
    maps = torch.tensor([[[1.0, NAN], [0.0, NAN]], [[3.0, 4.0], [INF, NAN]]])
    face = channel_mean(maps)
    assert face[0].tolist() == [2, 4]
    assert face[1, 0] == 0
    assert math.isnan(face[1, 1])


def test_range_of_a_stage() -> None:
    rising = torch.arange(1000.0).reshape(10, 10, 10)
    assert value_range(rising) == (0, 999, 994, True)  # 99.5 % of 1,000 values: the 995th
    assert value_range(rising - 2000) == (-2000, -1001, 1995, True)  # of magnitudes 1001 … 2000
    assert value_range(torch.zeros(3, 2, 2)) == (0, 0, 0, True)
    assert value_range(torch.tensor([NAN, 2.0, -INF])) == (2, 2, 2, False)
    assert value_range(torch.tensor([NAN])) == (0, 0, 0, False)
    assert value_range(torch.tensor([7.0])) == (7, 7, 7, True)


def test_summary_holds_faces_of_what_has_places() -> None:
    arrays = summary({"block5.pool": torch.ones(2, 3, 3), "fc1": torch.ones(4)})
    assert {name: array.shape for name, array in arrays.items()} == {
        "statistics:block5.pool": (2, 5),
        "face:block5.pool": (3, 3),
        "statistics:fc1": (4, 5),
    }


def test_message_as_the_browser_reads_it() -> None:
    odd = np.array([1.5, -2.0, 0.25], dtype=np.float16)  # 6 bytes: the next array needs padding
    bytes_ = np.arange(5, dtype=np.uint8)
    floats = np.arange(6, dtype=np.float32).reshape(2, 3)
    for title in ("", "a", "ab", "abc", "Ünïcödé 猫"):
        message = encode({"title": title}, {"odd": odd, "bytes": bytes_, "floats": floats})
        assert len(message) % 4 == 0
        header, arrays = decode(message)
        assert header["title"] == title
        assert [array.dtype.str[1:] for array in arrays.values()] == ["f2", "u1", "f4"]
        for name, array in {"odd": odd, "bytes": bytes_, "floats": floats}.items():
            np.testing.assert_array_equal(arrays[name], array)


def test_message_refuses_what_the_browser_cannot_read() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode({"scale": NAN}, {})
    with pytest.raises(KeyError, match="float64"):
        encode({}, {"values": np.zeros(2)})


def test_stage_message_names_shape_and_scale() -> None:
    header, arrays = decode(encode_stage("block5.pool", torch.ones(3, 6, 6)))
    assert header["stage"] == "block5.pool"
    assert header["shape"] == [3, 6, 6]
    assert arrays["values"].shape == (3, 6, 6)
    assert arrays["statistics"].tolist() == [[1, 1, 1, 0, 1]] * 3


def back_of_map(values: torch.Tensor) -> np.ndarray:
    """Return what the browser reads of a map of one row."""
    return values_of(encode_stage("block1.conv", values[None, None]))[0, 0]


@pytest.mark.parametrize("largest", [1.0, 65504.0, 3.4e38, 1e-3, 1e-20, 1e-37, 1.2e-38])
def test_no_size_of_values_overflows_or_loses_precision(largest: float) -> None:
    values = torch.tensor([largest, -largest, largest / 3, -largest / 1000, largest / 2**25, 0.0])
    back = back_of_map(values)
    scale = decode(encode_stage("block1.conv", values[None, None]))[0]["scale"]
    assert isinstance(scale, float)
    assert math.frexp(scale)[0] == 0.5  # a power of two: scaling itself rounds nothing
    np.testing.assert_allclose(back, values.double().numpy(), rtol=2**-11, atol=0)


def test_the_smallest_numbers_of_all_come_back() -> None:
    values = torch.tensor([2.0**-149, -(2.0**-140), 0.0])  # below float32's normal range
    np.testing.assert_allclose(back_of_map(values), values.double().numpy(), rtol=2**-11)


def test_zeros_and_what_is_not_finite_come_back() -> None:
    values = torch.tensor([NAN, INF, -INF, 1.0, 0.0])
    back = back_of_map(values)
    np.testing.assert_array_equal(back, [NAN, INF, -INF, 1, 0])
    np.testing.assert_array_equal(back_of_map(torch.zeros(3)), [0, 0, 0])
    np.testing.assert_array_equal(back_of_map(torch.tensor([NAN, INF])), [NAN, INF])


def test_units_come_back_to_the_last_digit() -> None:
    values = torch.tensor([0.00871658, -1 / 3, 3.4e38, 1e-38, NAN, -INF])
    header, arrays = decode(encode_stage("logits", values))
    assert (header["scale"], arrays["values"].dtype) == (1.0, np.float32)
    np.testing.assert_array_equal(arrays["values"], values.numpy())


def test_a_view_with_a_gradient_is_encoded_as_it_is() -> None:
    values = torch.arange(24.0, requires_grad=True).reshape(2, 3, 4).transpose(1, 2)
    np.testing.assert_array_equal(values_of(encode_stage("fc1", values)), values.detach().numpy())
