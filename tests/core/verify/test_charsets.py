"""Text in other scripts is read by the sets that are named, and by others where those fail."""

import pytest

from confrere.core.verify.charsets import decoded


@pytest.mark.parametrize(
    ("text", "codec", "charset"),
    [
        ("शर्मा^राजेश", "utf-8", b"ISO_IR 192"),
        ("王^小东", "gb18030", b"GB18030"),
        ("Müller^Jörg", "latin-1", b"ISO_IR 100"),
        ("Müller^Jörg", "latin-1", b"NO SUCH SET"),
        ("शर्मा", "utf-8", b"ISO_IR 100"),
    ],
)
def test_the_text_is_among_what_is_read(text: str, codec: str, charset: bytes) -> None:
    assert text in decoded(text.encode(codec), [charset], is_name=True)


def test_without_a_set_utf_8_is_tried_and_then_latin_1() -> None:
    assert decoded("शर्मा".encode(), [], is_name=False) == {"शर्मा"}
    assert decoded(b"M\xfcller", [], is_name=False) == {"Müller"}


def test_a_trail_byte_that_looks_like_a_backslash_parts_no_value() -> None:
    assert decoded("表".encode("shift_jis"), [b"ISO_IR 13"], is_name=False)
    assert decoded(b"a\\b\xfc", [b"ISO_IR 100"], is_name=False) == {"a", "bü"}
