"""A template lets vary only what no check, no fact and no context depends on."""

import pytest
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import HEADERS
from confrere.core.deidentify.engine import Cleaned, clean_instance
from confrere.core.deidentify.policy import Action, Policy
from confrere.core.deidentify.template import MOST_SLOTS, Template, can_be_template, is_pinned
from confrere.core.dicom.dictionary import registered_vrs
from confrere.core.dicom.source import source_of


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
    assert Template(cleaned()).match(made.ct_file({tag: value})) is None


def test_an_element_more_or_less_makes_another_template() -> None:
    assert Template(cleaned()).match(made.ct_file({0x00180060: ("DS", "120")})) is None
    assert Template(cleaned()).match(made.ct_file({0x00180050: None})) is None


def test_what_may_vary_becomes_a_slot_when_it_first_differs() -> None:
    template = Template(cleaned())
    for number in ("5", "117"):
        match = template.match(
            made.ct_file({0x00200013: ("IS", number), 0x00080018: ("UI", f"{made.SOP_UID}.{number}")})
        )
        assert match is not None
        assert [piece.tag for piece in match.slots] == [0x00080018, 0x00200013]


def test_when_too_much_differs_it_is_another_series() -> None:
    many = [tag for tag in range(0x00180000, 0x0018FFFF) if registered_vrs(tag) == (b"DS",)][:99]
    kept = [tag for tag in many if Policy(HEADERS).decide(tag, b"DS", nested=False)[0] is Action.KEEP][: MOST_SLOTS + 1]
    template = Template(cleaned(dict.fromkeys(kept, ("DS", "1"))))
    assert len(kept) == MOST_SLOTS + 1
    assert template.match(made.ct_file(dict.fromkeys(kept, ("DS", "1")))) is not None
    assert template.match(made.ct_file(dict.fromkeys(kept, ("DS", "2")))) is None


def test_a_slot_takes_no_element_of_another_vr_or_past_the_end() -> None:
    template = Template(cleaned())
    assert template.match(made.ct_file({0x00200013: ("IS", "17")})) is not None
    assert template.match(made.ct_file({0x00200013: ("LO", "17")})) is None
    data = made.ct_file()
    assert template.match(data[: data.index(b"\x20\x00\x13\x00IS") + 9]) is None


def test_only_a_plain_part_ten_file_can_be_a_template() -> None:
    assert can_be_template(cleaned())
    assert not can_be_template(cleaned(syntax=made.DEFLATED))
    bare = clean_instance(source_of(made.dataset()), keys=KEYS, profile=HEADERS)
    assert not can_be_template(bare)
