"""No message of the reader or the engine carries a value: codes, known tags and counts alone.

Source: the invariant of core/terms/errors.py.
"""

import re
from functools import cache
from random import Random

import pytest
from support import dicom_bytes as made
from support.clearing import KEYS
from support.damage import DAMAGES, element_spans
from support.planted import VALUES, Needles, planted_ct

from confrere.core.deidentify import HEADERS, STRICT, deidentify_instance
from confrere.core.dicom.dictionary import tag_in_message
from confrere.core.terms import Held, Refused

TAG = re.compile(r"\(([0-9a-f]{4}),([0-9a-f]{4})\)")
# What a detail may say besides tags: our own words and counts.
WORDS = re.compile(r"[A-Za-z2 ,.%-]*([0-9]+[A-Za-z ,.-]*)*")


def check(message: str) -> None:
    """Fail where `message` holds more than a code, known tags, our words and counts."""
    for group, number in TAG.findall(message):
        assert tag_in_message(int(group + number, 16)) != "unknown tag", message
    code, _, detail = message.partition(": ")
    assert re.fullmatch(r"[a-z-]+", code), message
    assert WORDS.fullmatch(TAG.sub("", detail)), message
    assert len(detail) <= 60, message


@cache
def planted() -> bytes:
    return planted_ct()


def messages_of(source: bytes) -> list[str]:
    """Everything that is said, by str and repr, through the whole chain of causes."""
    said = []
    for profile in (STRICT, HEADERS):
        try:
            deidentify_instance(source, keys=KEYS, profile=profile)
        except (Refused, Held) as stop:
            assert stop.__cause__ is None
            assert stop.__suppress_context__ or stop.__context__ is None
            said += [str(stop), stop.detail and f"{stop.code}: {stop.detail}"]
            assert not Needles(VALUES.values()).found_in(repr(stop).encode())
    return [each for each in said if each]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_elements_are_told_without_their_values(damage: str) -> None:
    content = planted()
    body = 144 + int.from_bytes(content[140:144], "little")
    spans = element_spans(content, body, content.rindex(b"\xe0\x7f\x10\x00OW"))
    chance = Random(damage)
    for _ in range(60):
        for message in messages_of(DAMAGES[damage](content, spans, chance)):
            check(message)


def test_letters_read_as_a_tag_are_not_told() -> None:
    """The element before the name is one byte short: the name's own letters become tags."""
    source = made.ct_file({0x00100010: ("PN", "Zaveriwalq^Quirina")})
    at = source.index(b"\x10\x00\x10\x00PN") + 6
    for said in range(16):
        for message in messages_of(source[:at] + bytes([said]) + source[at + 1 :]):
            check(message)


def test_a_name_where_a_number_or_an_identifier_belongs_is_not_told() -> None:
    name = "Zaveriwalq Quirinax "
    for tag in (*made.slice_elements(), 0x00280008, 0x00280006, 0x00281101, 0x00020010, 0x00041500):
        for vr in ("LO", "PN", "UI", "US", "IS", "UN"):
            source = made.ct_file({tag: (vr, name)})
            for message in messages_of(source):
                check(message)
                assert "averi" not in message


def test_the_check_bites() -> None:
    for leaking in ("bad-uid: (6156,7a65)", "wrong-vr: 'Zaveriwalq^Quirina'", "Zaveriwal: x", "ok: 1.2.840/3"):
        with pytest.raises(AssertionError):
            check(leaking)
