"""A network as an ONNX graph: input `image` (N, 3, S, S), normalised; output `logits` (N, K).

The chain is written out node by node, since ONNX has an operator for each of its layers, LRN included, with the same
convention. The weights go straight from the network's memory into the file: they are never held a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper
from torch import Tensor, nn

from alexnet_viz.checkpoints.metadata import FORMAT
from alexnet_viz.model import AlexNet, LocalResponseNorm

OPSET = 17  # read by onnxruntime since 1.12 (2022)
_IR_VERSION = 8  # of the same time
# protobuf's tags, number of the field × 8 + 2: what comes next is its length in bytes, then its bytes.
_GRAPH, _INITIALIZER, _RAW_DATA = b"\x3a", b"\x2a", b"\x4a"


def write_onnx(path: Path, model: AlexNet, metadata: Mapping[str, str]) -> None:
    """Write `model` with these metadata to `path`; raises OSError."""
    tensors = {name: tensor.detach().cpu().float().contiguous() for name, tensor in model.state_dict().items()}
    heads = {name: _head(name, tensor) for name, tensor in tensors.items()}
    frame = _frame(model, metadata)
    graph = frame.graph.SerializeToString()
    frame.ClearField("graph")
    length = len(graph) + sum(len(heads[name]) + tensor.nbytes for name, tensor in tensors.items())
    with path.open("wb") as stream:
        stream.write(frame.SerializeToString() + _GRAPH + _varint(length) + graph)
        for name, tensor in tensors.items():
            stream.write(heads[name])
            stream.write(memoryview(tensor.numpy()).cast("B"))


def _head(name: str, tensor: Tensor) -> bytes:
    """Return what stands before a tensor's numbers in a graph's list of them."""
    about: bytes = TensorProto(name=name, dims=list(tensor.shape), data_type=TensorProto.FLOAT).SerializeToString()
    own = about + _RAW_DATA + _varint(tensor.nbytes)
    return _INITIALIZER + _varint(len(own) + tensor.nbytes) + own


def _varint(number: int) -> bytes:
    """Return a whole number as protobuf writes it: 7 bits a byte, the lowest first, a high bit where more follow."""
    parts = []
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def _frame(model: AlexNet, metadata: Mapping[str, str]) -> Any:
    """Return the model without its weights."""
    size, nodes = model.variant.input_size, list(_nodes(model))
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", model.in_channels, size, size])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", model.num_classes])
    graph = helper.make_graph(nodes, f"alexnet {model.variant.name}", [image], [logits])
    opsets = [helper.make_opsetid("", OPSET)]
    frame = helper.make_model(graph, producer_name=FORMAT, opset_imports=opsets, ir_version=_IR_VERSION)
    helper.set_model_props(frame, dict(metadata))
    return frame


def _nodes(model: AlexNet) -> Iterator[onnx.NodeProto]:
    """Yield a node for each module of the chain; each is called, and its output too, as the stage is."""
    parameters = {id(parameter): name for name, parameter in model.named_parameters()}
    before = "image"
    for name, module in model.chain():
        if isinstance(module, nn.Dropout):  # computes nothing here
            continue
        operator, attributes = _operator(module)
        weights = [parameters[id(parameter)] for parameter in module.parameters()]
        output = name or "flat"
        yield helper.make_node(operator, [before, *weights], [output], name=output, **attributes)
        before = output


def _operator(module: nn.Module) -> tuple[str, dict[str, Any]]:
    """Return ONNX's name of a layer and its settings."""
    if isinstance(module, nn.Conv2d):
        padding = [int(side) for side in (*module.padding, *module.padding)]
        window = {"kernel_shape": list(module.kernel_size), "strides": list(module.stride)}
        return "Conv", {**window, "pads": padding, "group": module.groups}
    if isinstance(module, nn.MaxPool2d):
        sides = {"kernel_shape": module.kernel_size, "strides": module.stride}
        return "MaxPool", {key: [side, side] for key, side in sides.items()}
    if isinstance(module, LocalResponseNorm):
        settings = {"alpha": module.alpha, "beta": module.beta, "bias": module.k, "size": module.size}
        return "LRN", settings
    if isinstance(module, nn.Linear):
        return "Gemm", {"transB": 1}
    return {nn.ReLU: "Relu", nn.Tanh: "Tanh"}.get(type(module), "Flatten"), {}
