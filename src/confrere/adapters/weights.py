"""The weights of the networks, read out of installed packages and compared with the digest we know.

A package is used as a file only; its code is never imported. Nothing is downloaded when the product runs.
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution

from confrere.core.terms import Broken


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of one package: `path` as the package's own list has it, `sha256` of its content in hex."""

    package: str
    path: str
    sha256: str


def read_weights(weights: Weights) -> bytes:
    """The file's bytes, proven to be the ones that were measured.

    Raises Broken (not to be tried again) when the package or file is missing or its content is another: without its
    network a detector finds nothing, so nothing may be released. Install the product's lock file again.
    """
    try:
        content = distribution(weights.package).locate_file(weights.path).read_bytes()  # type: ignore[attr-defined]
    except (PackageNotFoundError, OSError):
        raise Broken(f"weights of {weights.package} are missing; install requirements.lock", retryable=False) from None
    if hashlib.sha256(content).hexdigest() != weights.sha256:
        raise Broken(f"weights of {weights.package} are not the known ones; install requirements.lock", retryable=False)
    return bytes(content)
