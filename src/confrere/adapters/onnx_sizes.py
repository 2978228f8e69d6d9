"""Free an ONNX network from the picture size it was exported with.

Only batch, height and width of the tensors named as input and outputs are changed; weights and layers stay as they are.
Weights that are also listed as inputs leave that list, so the runtime may fold them.

Source: onnx.proto3 of ONNX IR version 4 (ModelProto, GraphProto, ValueInfoProto, TensorShapeProto) and the wire format
of Protocol Buffers (varint and length-delimited fields).
"""

from collections.abc import Iterator

from confrere.core.terms import Broken

_GRAPH, _INPUT, _OUTPUT, _NAME, _TYPE, _TENSOR, _SHAPE, _DIM = 7, 11, 12, 1, 2, 1, 2, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
# A dimension written as dim_param "" (unknown) takes the two bytes of one written as a small dim_value.
_UNKNOWN = b"\x12\x00"
_CHANNELS = 1

Field = tuple[int, int, int, int]
"""Number, start of the key, start of the value, end."""


def free_sizes(model: bytes, name: str) -> bytes:
    """The network `model` with every dimension but the channels of input `name` and of all outputs left open.

    Raises Broken (not retryable) when the bytes are no such network.
    """
    try:
        return _freed(bytearray(model), name.encode())
    except (IndexError, StopIteration, ValueError):
        raise Broken("a network is not built as the known one", retryable=False) from None


def _freed(model: bytearray, name: bytes) -> bytes:
    out = bytearray()
    for number, start, value, stop in _fields(model, 0, len(model)):
        if number != _GRAPH:
            out += model[start:stop]
            continue
        graph = _graph(model, name, value, stop)
        out += bytes([_GRAPH << 3 | _BYTES]) + _as_varint(len(graph)) + graph
    return bytes(out)


def _graph(model: bytearray, name: bytes, value: int, stop: int) -> bytearray:
    out = bytearray()
    for number, start, inner, end in _fields(model, value, stop):
        if number in {_INPUT, _OUTPUT}:
            label = next(_inside(model, (inner, end), _NAME))
            if number == _INPUT and model[label[0] : label[1]] != name:
                continue
            _open_dimensions(model, (inner, end))
        out += model[start:end]
    return out


def _open_dimensions(model: bytearray, info: tuple[int, int]) -> None:
    span = info
    for number in (_TYPE, _TENSOR, _SHAPE):
        span = next(_inside(model, span, number))
    for index, (start, end) in enumerate(_inside(model, span, _DIM)):
        if index != _CHANNELS:
            if end - start != len(_UNKNOWN):
                raise ValueError
            model[start:end] = _UNKNOWN


def _inside(model: bytearray, span: tuple[int, int], wanted: int) -> Iterator[tuple[int, int]]:
    for number, _, value, stop in _fields(model, *span):
        if number == wanted:
            yield value, stop


def _fields(model: bytearray, start: int, stop: int) -> Iterator[Field]:
    while start < stop:
        key, value = _varint(model, start)
        kind = key & 7
        if kind == _VARINT:
            end = _varint(model, value)[1]
        elif kind == _BYTES:
            length, value = _varint(model, value)
            end = value + length
        elif kind in {_FIXED32, _FIXED64}:
            end = value + (4 if kind == _FIXED32 else 8)
        else:
            raise ValueError
        if end > stop:
            raise ValueError
        yield key >> 3, start, value, end
        start = end


def _varint(model: bytearray, start: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = model[start]
        value |= (byte & 0x7F) << shift
        start, shift = start + 1, shift + 7
        if byte < 0x80:
            return value, start


def _as_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
