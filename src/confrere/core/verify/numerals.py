"""Whether decimal values can hold a number, a date or a UID at all; nearly all cannot, and need no closer look.

A needle of digits has seven in a row, or is written in groups; a decimal such as -125.987 is neither. What is asked
here follows from the expressions in views.py, and a test holds the two together.
"""

from collections.abc import Collection

_NUMERIC = b"0123456789+-.eE \0\\"
_SHAPE = bytes.maketrans(b"0123456789", b"0" * 10)
_TELLS = (
    *(before + b"0" * 7 for before in (b"\\", b"-", b"+", b" ")),
    *(b"0" + between + b"0" for between in (b" ", b"-", b"  ", b" -", b"- ", b"--")),
)


def values_can_tell(values: Collection[bytes]) -> bool:
    """Whether anything that is looked for could stand in one of these DS, IS or TM values."""
    joined = b"\\".join((b"", *values)).replace(b"\0", b"")
    if joined.translate(None, _NUMERIC):
        return True
    shape = joined.translate(_SHAPE)
    return any(tell in shape for tell in _TELLS) or b".." in shape.translate(None, b"0")
