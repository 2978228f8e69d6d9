"""A template lets vary only what no check, no fact and no context depends on."""

import pytest
from support import dicom_bytes as made

from confrere.core.deidentify import HEADERS, Keys
from confrere.core.deidentify.engine import Cleaned, clean_instance
from confrere.core.deidentify.template import Template, can_be_template, is_pinned
from confrere.core.dicom.source import source_of

KEYS = Keys(b"a secret of 32 bytes for testing", "north")


def cleaned(changes: dict[int, made.Change] | None = None, syntax: str = made.EXPLICIT) -> Cleaned:
    return clean_instance(source_of(made.ct_file(changes, syntax)), keys=KEYS, profile=HEADERS)


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (0x00080060, ("CS", "MR")),
        (0x00100010, ("PN", "Yazbektar^Ximo")),
        (0x00080005, ("CS", "ISO_IR 100")),
        (0x0020000E, ("UI", f"{made.SERIES_UID}.5")),
        (0x00280103, ("US", made.us(1))),
    ],
)
def test_what_a_check_or_the_context_depends_on_makes_another_template(tag: int, value: made.Plain) -> None:
    assert is_pinned(tag)
    assert not Template(cleaned()).learn(cleaned({tag: value}))


def test_an_element_more_or_less_makes_another_template() -> None:
    assert not Template(cleaned()).learn(cleaned({0x00180060: ("DS", "120")}))
    assert not Template(cleaned()).learn(cleaned({0x00180050: None}))


def test_what_may_vary_becomes_a_slot() -> None:
    template = Template(cleaned())
    other = made.ct_file({0x00200013: ("IS", "5"), 0x00080018: ("UI", f"{made.SOP_UID}.5")})
    assert template.match(other) is None
    assert template.learn(cleaned({0x00200013: ("IS", "17")}))
    match = template.match(other)
    assert match is not None
    assert [piece.tag for piece in match.slots] == [0x00080018, 0x00200013]


def test_a_slot_takes_no_element_of_another_vr_or_past_the_end() -> None:
    template = Template(cleaned())
    template.learn(cleaned({0x00200013: ("IS", "17")}))
    assert template.match(made.ct_file({0x00200013: ("LO", "17")})) is None
    data = made.ct_file()
    assert template.match(data[: data.index(b"\x20\x00\x13\x00IS") + 9]) is None


def test_only_a_plain_part_ten_file_in_order_can_be_a_template() -> None:
    assert can_be_template(cleaned())
    assert not can_be_template(cleaned(syntax=made.DEFLATED))
    bare = clean_instance(source_of(made.dataset()), keys=KEYS, profile=HEADERS)
    assert not can_be_template(bare)
    disordered = made.part10(
        made.element(0x00200013, "IS", "4") + made.dataset({0x00200013: None}),
    )
    assert not can_be_template(clean_instance(source_of(disordered), keys=KEYS, profile=HEADERS))
