"""A network exported for one size answers for any, with the same weights; what is no network is not used."""

import numpy as np
import onnxruntime
import pytest

from confrere.adapters.face_detectors import CENTERFACE
from confrere.adapters.onnx_sizes import free_sizes
from confrere.adapters.weights import read_weights
from confrere.core.terms import Broken


def session(network: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def test_the_freed_network_takes_any_size_and_answers_as_before_at_its_own() -> None:
    fixed = read_weights(CENTERFACE)
    before, after = session(fixed), session(free_sizes(fixed, "input.1"))
    tensor = np.random.default_rng(1).uniform(0, 255, before.get_inputs()[0].shape).astype(np.float32)
    old, new = (one.run(["537", "538"], {"input.1": tensor}) for one in (before, after))
    for left, right in zip(old, new, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)
    assert after.run(["537"], {"input.1": np.zeros((1, 3, 96, 160), np.float32)})[0].shape == (1, 1, 24, 40)


@pytest.mark.parametrize("bytes_", [b"\x3a\x7f\x00", b"\x0f\x01", b"\x3a\x02\x5a\x00", b"\x80"])
def test_what_is_not_a_network_is_broken(bytes_: bytes) -> None:
    with pytest.raises(Broken, match="not built as the known one"):
        free_sizes(bytes_, "input.1")


def test_a_network_with_another_input_is_broken() -> None:
    freed = free_sizes(read_weights(CENTERFACE), "another")
    with pytest.raises(Exception, match=r"input\.1"):
        session(freed)
