"""Items that stay or go as a whole: codes within cleaned sequences, and graphic annotations.

Source: PS3.3 8.8 (code sequence macro); PS3.15 E.3.5 (descriptors in code sequences), E.3.3 (graphics).
"""

import re

from confrere.core.deidentify.words import cleaned_value, holds_own, vocabulary
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.walk import Buffer, Item

GRAPHIC_ANNOTATION = 0x00700001
_GEOMETRY = frozenset({0x00700009, 0x00700209})
_CODE_VALUES = (0x00080100, 0x00080119, 0x00080120)
_SCHEME, _MEANING = 0x00080102, 0x00080104
_CODE = re.compile(rb"[A-Za-z0-9.-]{1,18}")


def is_nameless(buffer: Buffer, item: Item, terms: tuple[str, ...], taboo: frozenset[bytes]) -> bool:
    """False for a code item that may name a person: a scheme of someone's own, or a meaning without known words.

    An item that is no code is judged element by element, so it is True for those.
    """
    attributes = Attributes(buffer, item.elements)
    values = [raw for raw in map(attributes.raw, _CODE_VALUES) if raw is not None]
    if not values and _SCHEME not in attributes.by_tag:
        return True
    if attributes.text(_SCHEME) not in vocabulary().schemes:
        return False
    if any(not _CODE.fullmatch(raw.strip(b"\0 ")) or holds_own(raw, taboo) for raw in values):
        return False
    meaning = attributes.raw(_MEANING) or b""
    return bool(cleaned_value(b"LO", meaning, terms, taboo))


def has_geometry(item: Item) -> bool:
    """True when something of a graphic annotation is left without its text."""
    return any(element.tag in _GEOMETRY for element in item.elements)
