"""Which bytes of a text value are ASCII characters, and which are parts of something else.

Words are only ever kept when they are ASCII, so nothing needs translating; but 0x5C, a letter or a digit may
be the second half of a Chinese, Japanese or Korean character, and only the character set tells.

Source: PS3.3 C.12.1.1.2 (specific character set); PS3.5 6.1.2 and 6.1.2.5 (code extensions).
"""

from confrere.core.dicom.attributes import Attributes

SPECIFIC_CHARACTER_SET = 0x00080005
# Stands for any character that is not ASCII: a letter, so that half a word is never taken for a whole one.
OTHER = "ÿ"

_ONE_BYTE = frozenset({13, 100, 101, 109, 110, 126, 127, 138, 144, 148, 166, 203})
_TWO_BYTES = frozenset({58, 87, 149, 159})
_WHOLE = {"ISO_IR 192": "utf-8", "GB18030": "gb18030", "GBK": "gbk"}
# What follows ESC: which half it switches, and how many bytes a character there has.
_ESCAPES = {
    **dict.fromkeys((b"(B", b"(J"), (0, 1)),
    **dict.fromkeys((b"$B", b"$(D"), (0, 2)),
    **dict.fromkeys((b"$)A", b"$)C"), (1, 2)),
    **dict.fromkeys((b")I", b"-A", b"-B", b"-C", b"-D", b"-F", b"-G", b"-H", b"-L", b"-M", b"-T", b"-b"), (1, 1)),
}  # fmt: skip
_ESCAPE = 0x1B
_SPACES = frozenset(b"\t\n\f\r")


def character_set(attributes: Attributes) -> tuple[str, ...]:
    """The defined terms of a data set or item as they stand; empty when it states none."""
    return attributes.texts(SPECIFIC_CHARACTER_SET)


def ascii_view(raw: bytes, terms: tuple[str, ...]) -> str | None:
    """`raw` with every character that is not ASCII as OTHER; None when it is not of the character set `terms`."""
    bare = raw.rstrip(b"\0 ")
    if len(terms) == 1 and terms[0] in _WHOLE:
        try:
            text = bare.decode(_WHOLE[terms[0]])
        except UnicodeDecodeError:
            return None
        return None if any(ord(each) < 32 and ord(each) not in _SPACES for each in text) else _masked(text)
    numbers = [_number(term) for term in terms] or [6]
    if any(number is None for number in numbers):
        return None
    return _switched(bare, 1 if numbers[0] in _ONE_BYTE else 0)


def _masked(text: str) -> str:
    return text if text.isascii() else "".join(each if each.isascii() else OTHER for each in text)


def _number(term: str) -> int | None:
    """The registration number of a defined term of ISO 2022 or of its single-byte sets; None when unknown."""
    if term == "":
        return 6
    kind, _, digits = term.rpartition(" ")
    if kind not in {"ISO_IR", "ISO 2022 IR"} or not (digits.isascii() and digits.isdigit()):
        return None
    number = int(digits)
    allowed = _ONE_BYTE | {6} | (_TWO_BYTES if kind == "ISO 2022 IR" else frozenset())
    return number if number in allowed else None


def _switched(raw: bytes, high: int) -> str | None:
    """Text of ISO 2022: `high` is how many bytes a character of the upper half has at first, 0 for none."""
    widths, at, found = [1, high], 0, []
    while at < len(raw):
        byte = raw[at]
        if byte == _ESCAPE:
            escape = next((raw[at + 1 : at + n] for n in (3, 4) if raw[at + 1 : at + n] in _ESCAPES), None)
            if escape is None:
                return None
            half, width = _ESCAPES[escape]
            widths[half] = width
            at += 1 + len(escape)
            continue
        half = byte >> 7
        if widths[half] == 2:
            pair = raw[at : at + 2]
            if len(pair) != 2 or any(not 0x21 <= each & 0x7F <= 0x7E or each >> 7 != half for each in pair):
                return None
            found.append(OTHER)
            at += 2
            continue
        if widths[half] == 0 or byte == 0x7F or (byte & 0x7F < 32 and byte not in _SPACES):
            return None
        found.append(OTHER if half else chr(byte))
        if byte in _SPACES or byte == 0x5C:
            widths = [1, high]  # PS3.5 6.1.2.5.3: every value and line begins anew
        at += 1
    return "".join(found)
