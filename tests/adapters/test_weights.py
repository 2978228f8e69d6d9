"""Weights are the known ones, or nothing is detected and nothing released."""

import hashlib
from importlib.metadata import distribution

import pytest

from confrere.adapters.weights import Weights, read_weights
from confrere.core.terms import Broken

KNOWN = "django/__init__.py"


def digest_of_known() -> str:
    file = distribution("django").locate_file(KNOWN)
    return hashlib.sha256(file.read_bytes()).hexdigest()  # type: ignore[attr-defined]


def test_the_known_file_is_read() -> None:
    assert b"VERSION" in read_weights(Weights("django", KNOWN, digest_of_known()))


def test_an_altered_file_is_not_used() -> None:
    with pytest.raises(Broken, match="not the known ones"):
        read_weights(Weights("django", KNOWN, "0" * 64))


@pytest.mark.parametrize(("package", "path"), [("django", "django/none.onnx"), ("no-such-package", "a.onnx")])
def test_a_missing_file_or_package_is_named_with_the_remedy(package: str, path: str) -> None:
    with pytest.raises(Broken, match=r"missing; install requirements\.lock"):
        read_weights(Weights(package, path, "0" * 64))
