"""What a cleaned instance says once the face was taken out of its pixels: one method code more, and a plain NO.

Source: PS3.15 E.3.2 (Clean Recognizable Visual Features); PS3.16 CID 7050; PS3.3 C.12.1.1 (0012,0064), C.7.6.1.1.9
(0028,0302).
"""

from typing import Final

from confrere.core.deidentify import encode
from confrere.core.deidentify.profile import CLEAN_FEATURES_CODE
from confrere.core.deidentify.stamps import code_item
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.dictionary import tag_name
from confrere.core.dicom.normalise import normalise
from confrere.core.dicom.walk import Buffer, walk
from confrere.core.terms import Refused

_CODES, _FEATURES, _VALUE = 0x00120064, 0x00280302, 0x00080100
CLEAN_FEATURES: Final = CLEAN_FEATURES_CODE.value


def with_clean_features(cleaned: Buffer) -> bytes:
    """`cleaned`, a whole file that says how it was de-identified, saying that recognisable features are gone too.

    Every other byte stays. Raises Refused, missing-element, for a file that does not say how it was de-identified.
    """
    plain = normalise(cleaned)
    attributes = Attributes(plain.buffer, walk(plain.buffer, plain.start, implicit=plain.implicit).elements)
    codes = attributes.by_tag.get(_CODES)
    if codes is None or not codes.items:
        raise Refused("missing-element", tag_name(_CODES))
    held = [attributes.item(_CODES, index) for index in range(len(codes.items))]
    items = bytes(plain.buffer[codes.value : codes.stop])
    if not any(one is not None and one.text(_VALUE) == CLEAN_FEATURES for one in held):
        items += code_item(CLEAN_FEATURES_CODE, implicit=plain.implicit)
    said = {
        _CODES: encode.element(_CODES, b"SQ", items, implicit=plain.implicit),
        _FEATURES: encode.element(_FEATURES, b"CS", b"NO", implicit=plain.implicit),
    }
    elements = {tag: bytes(plain.buffer[one.start : one.end]) for tag, one in attributes.by_tag.items()} | said
    return bytes(plain.buffer[: plain.start]) + b"".join(elements[tag] for tag in sorted(elements))
