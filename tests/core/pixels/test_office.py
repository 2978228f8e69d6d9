"""A package is opened within bounds, part by part, and never asks for anything outside itself."""

import io
import zipfile

import pytest
from support.decks import ALT, BODY, TITLE, altered, deck, letter

from confrere.core.pixels import office
from confrere.core.pixels.office import Package, Placed
from confrere.core.terms import Refused

SLIDE = "ppt/slides/slide1.xml"


def code_of(content: bytes) -> str:
    with pytest.raises(Refused) as stop:
        Package(content)
    return stop.value.code


def changed(name: str, old: bytes, new: bytes) -> bytes:
    return altered(deck(), lambda part, content: content.replace(old, new, 1) if part == name else content)


def test_words_alternative_texts_pictures_and_their_crops_are_heard() -> None:
    package = Package(deck(crop_top=0.25))
    part = package.part(SLIDE)
    assert part.text.split("\n") == [TITLE, BODY]
    assert ALT in part.aside
    (placed,) = part.placed
    assert placed.crop == (0.0, 0.25, 0.0, 0.0)
    kind, target, outside = package.relations(SLIDE)[placed.relationship]
    assert (kind, outside) == ("image", False)
    assert target.startswith("ppt/media/image")
    assert package.bytes_of(target).startswith(b"\xff\xd8")


def test_a_word_in_two_runs_is_one_word() -> None:
    assert BODY in Package(letter()).part("word/document.xml").text.split("\n")


def test_a_picture_outside_is_told_and_never_fetched() -> None:
    package = Package(changed("ppt/slides/_rels/slide1.xml.rels", b"Target=", b'TargetMode="External" Target='))
    assert any(outside for _, _, outside in package.relations(SLIDE).values())
    assert package.bytes_of("http://x.invalid/p.png") == b""


@pytest.mark.parametrize(
    "bomb",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;">]><a>&m;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    ],
)
def test_a_document_type_anywhere_refuses_the_package(bomb: bytes) -> None:
    assert code_of(altered(deck(), lambda _, content: content, {"customXml/item9.xml": bomb})) == "doctype-not-allowed"


def test_xml_that_is_none_or_too_deep_is_refused() -> None:
    assert code_of(changed(SLIDE, b"<p:cSld>", b"<p:cSld")) == "bad-document"
    deep = b"<a>" * 300 + b"</a>" * 300
    assert code_of(altered(deck(), lambda _, content: content, {"docProps/deep.xml": deep})) == "nesting-too-deep"


def test_a_bomb_is_refused_before_it_is_unfolded() -> None:
    bomb = altered(deck(), lambda _, content: content, {"ppt/media/image9.png": bytes(80 << 20)})
    assert code_of(bomb) == "expands-too-much"


def test_a_part_that_is_more_than_it_claims_is_refused() -> None:
    content = bytearray(altered(deck(), lambda _, each: each, {"ppt/media/last.bin": b"word " * 1000}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Refused) as stop:
        Package(bytes(content)).bytes_of("ppt/media/last.bin")
    assert stop.value.code in ("expands-too-much", "bad-document")


def test_what_is_no_zip_locked_or_full_of_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(b"PK\x03\x04 nothing") == "bad-document"
    locked = bytearray(deck())
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert code_of(bytes(locked)) == "encrypted-document"
    monkeypatch.setattr(office, "MOST_PARTS", 5)
    assert code_of(deck()) == "bad-document"


@pytest.mark.parametrize(
    ("said", "portion"), [("10000", 0.1), ("-5000", 0.0), ("25%", 0.25), ("250000", 1.0), ("x", 0.0), ("9" * 40, 0.0)]
)
def test_crops_are_bounded(said: str, portion: float) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        words = f'<a xmlns:r="urn:r"><b><blip r:embed="r1"/><srcRect t="{said}"/></b></a>'
        made.writestr("one.xml", words)
    assert Package(out.getvalue()).part("one.xml").placed == [Placed("r1", (0.0, portion, 0.0, 0.0))]
