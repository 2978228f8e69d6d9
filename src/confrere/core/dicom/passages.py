"""A cleaned header told piece by piece: what stood there, and what stands there now.

The engine gives its output as passages; whoever checks it can look at each distinct passage once and knows the
whole file, because the passages laid end to end are the original header on one side and the written one on the other.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Passage(NamedTuple):
    """`original` bytes and the `cleaned` bytes that replace them; either may be empty.

    Whole data elements on both sides, except where `raw` says that the original is not elements (the preamble, what
    lies behind the data set). `parts` are the passages this one was joined from, if any: joined, they are this one.
    """

    original: bytes
    cleaned: bytes
    raw: bool = False
    parts: "tuple[Passage, ...]" = ()


def joined(parts: Iterable[Passage]) -> Passage:
    """The passage that `parts` make up, laid end to end."""
    told = tuple(parts)
    return Passage(b"".join(each.original for each in told), b"".join(each.cleaned for each in told), parts=told)
