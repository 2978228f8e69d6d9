"""Bytes that are no text are refused."""

import pytest

from confrere.core.terms import Refused
from confrere.core.words import sound_text


@pytest.mark.parametrize("content", [b"a\0b", b"\xff\xfe", "\ud800".encode("utf-8", "surrogatepass")])
def test_bad_text_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="bad-text"):
        sound_text(content)


def test_a_mark_of_byte_order_is_no_letter() -> None:
    assert sound_text(b"\xef\xbb\xbfliver") == "liver"
