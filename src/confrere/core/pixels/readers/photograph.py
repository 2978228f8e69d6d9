"""Photographs: JPEG, PNG, WebP, TIFF and HEIC. Every one waits for a person, whatever a detector says of it."""

from confrere.core.pixels.forms import Form
from confrere.core.pixels.photographs import decode_photograph
from confrere.core.pixels.pictures import PictureKind, Pictures, holds_for, still


def read(content: bytes, form: Form) -> Pictures:
    """The photograph, or the pages of a TIFF, one picture each.

    Raises Refused as `decode_photograph` does.
    """
    decoded = decode_photograph(content, form)
    many = len(decoded.pages) > 1
    pictures = tuple(
        still(f"photograph {number}" if many else "photograph", PictureKind.PHOTOGRAPH, page)
        for number, page in enumerate(decoded.pages, start=1)
    )
    return Pictures(pictures, notes=decoded.notes, holds=holds_for(pictures, "photograph-needs-person"))
