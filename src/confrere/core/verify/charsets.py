"""Text in other scripts, read by the character sets that the original names.

Source: PS3.5 6.1.2 and PS3.3 C.12.1.1.2 (Specific Character Set); the code tables are pydicom's.
"""

import warnings
from collections.abc import Iterable
from contextlib import suppress

from pydicom.charset import convert_encodings, decode_bytes

_NAME_RESETS = {0x5E, 0x3D, 0x5C}
_TEXT_RESETS = {0x0D, 0x0A, 0x09, 0x0C}


def decoded(raw: bytes, charsets: Iterable[bytes], *, is_name: bool) -> set[str]:
    """The values of `raw` in each of the character sets named that can read it, and in UTF-8; else in Latin-1."""
    texts = set()
    with warnings.catch_warnings():
        # pydicom's warnings quote values; they must not reach a log.
        warnings.simplefilter("ignore")
        for charset in charsets:
            with suppress(Exception):  # an unknown or mixed-up set: another one, or Latin-1, reads it
                encodings = convert_encodings([one.strip() for one in charset.decode("latin-1").split("\\")])
                texts.add(decode_bytes(raw, encodings, _NAME_RESETS if is_name else _TEXT_RESETS))
    texts = {text for text in texts if "\ufffd" not in text}
    if b"\x1b" not in raw:
        with suppress(UnicodeDecodeError):
            texts.add(raw.decode("utf-8"))
    if not texts:
        texts.add(raw.decode("latin-1"))
    return {value.strip(" \0") for text in texts for value in text.split("\\")}
