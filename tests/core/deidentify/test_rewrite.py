"""Rewriting one element is a pure function of its bytes and its context."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import STRICT, Option, Profile, remap_uid
from confrere.core.deidentify.context import make_context
from confrere.core.deidentify.policy import Policy
from confrere.core.deidentify.rewrite import RewriteContext, Rewritten, rewrite_element
from confrere.core.dicom.inspect import examine
from confrere.core.dicom.walk import walk
from confrere.core.terms import Refused


def context(*, implicit: bool = False) -> RewriteContext:
    return RewriteContext(Policy(STRICT), KEYS, b"BCDFGHJKLMNPQRST", 10, implicit)


def rewritten(encoded: bytes, *, implicit: bool = False) -> Rewritten:
    (found,) = walk(encoded, 0, implicit=implicit).elements
    return rewrite_element(encoded, found, context(implicit=implicit))


def test_a_kept_element_is_the_same_bytes() -> None:
    encoded = made.element(0x00180050, "DS", "2.5")
    assert rewritten(encoded) == Rewritten(encoded, ())


def test_un_of_a_known_tag_is_kept_under_its_true_vr() -> None:
    assert rewritten(made.element(0x00180050, "UN", b"2.5 ")).content == made.element(0x00180050, "DS", "2.5")


def test_uids_are_replaced_one_by_one_and_the_standards_own_stay() -> None:
    done = rewritten(made.element(0x00081155, "UI", "1.2.3\\1.2.840.10008.5.1.4.1.1.2"))
    assert done.content == made.element(0x00081155, "UI", f"{remap_uid(KEYS, '1.2.3')}\\{made.CT}")
    assert rewritten(made.element(0x00080016, "UI", made.CT)).deeds == ()
    invented = rewritten(made.element(0x00081155, "UI", "1.2.840.10008.919876543210")).content
    assert b"919876543210" not in invented


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("undefined", [False, True])
def test_a_kept_sequence_is_entered_and_its_items_get_defined_lengths(implicit: bool, undefined: bool) -> None:
    inner = made.element(0x00081155, "UI", "1.2.3", implicit=implicit)
    inner += made.element(0x00100010, "PN", made.NAME, implicit=implicit)
    if undefined:
        item = made.item(inner, undefined=True)
        encoded = made.sequence_of_undefined_length(0x00081140, item, implicit=implicit)
    else:
        encoded = made.element(0x00081140, "SQ", made.item(inner), implicit=implicit)
    new = made.element(0x00081155, "UI", remap_uid(KEYS, "1.2.3"), implicit=implicit)
    new += made.element(0x00100010, "PN", b"", implicit=implicit)
    done = rewritten(encoded, implicit=implicit)
    assert done.content == made.element(0x00081140, "SQ", made.item(new), implicit=implicit)


def test_an_element_that_swallowed_its_neighbour_is_removed() -> None:
    neighbour = made.element(0x00100010, "PN", made.NAME)
    swallowing = made.element(0x00080060, "CS", b"CT" + neighbour)
    done = rewritten(swallowing)
    assert done.content == b""
    assert done.deeds[0].why == "value-not-of-its-vr"


def test_more_new_uids_than_a_short_length_can_state_are_removed_and_do_not_crash() -> None:
    assert rewritten(made.element(0x00081155, "UI", "\\".join(["1.2"] * 3000))).content == b""


def test_deeds_name_tags_and_reasons_and_no_values() -> None:
    (deed,) = rewritten(made.element(0x00100020, "LO", made.PATIENT_ID)).deeds
    assert made.PATIENT_ID not in str(deed)
    assert (deed.tag, deed.action) == (0x00100020, "T")


@given(st.binary(min_size=8, max_size=200))
def test_any_walkable_bytes_are_rewritten_without_a_crash_and_the_same_twice(junk: bytes) -> None:
    try:
        walked = walk(junk, 0, implicit=False)
    except Refused:
        return
    for element in walked.elements:
        assert rewrite_element(junk, element, context()) == rewrite_element(junk, element, context())


def test_a_kept_value_of_odd_length_is_padded() -> None:
    odd = made.element(0x00180050, "DS", b"2.5")[:6] + b"\3\0" + b"2.5"
    assert rewritten(odd).content == made.element(0x00180050, "DS", "2.5")


def test_under_all_options_the_same_bytes_elsewhere_in_the_file_are_rewritten_the_same() -> None:
    everything = Profile("everything", frozenset(Option) - {Option.FULL_DATES}, judges_pixels=False)
    request = made.element(0x00400275, "SQ", made.item(made.element(0x00400007, "LO", "CT head of Quirina")))
    changes: dict[int, tuple[str, bytes | str] | bytes | None] = {
        0x00081030: ("LO", "CT head"),
        0x00190010: ("LO", "SIEMENS MR HEADER"),
        0x0019100C: ("IS", "1000"),
        0x00400275: request,
    }

    def parts(more: str) -> dict[int, Rewritten]:
        examined = examine(made.ct_file({**changes, 0x00080090: ("PN", ""), 0x00080023: ("DA", more)}))
        found = make_context(examined, everything, KEYS)
        contexts.append(found)
        elements = examined.attributes.by_tag.values()
        return {each.tag: rewrite_element(examined.plain.buffer, each, found) for each in elements}

    contexts: list[RewriteContext] = []
    one, other = parts(""), parts("20240311")
    assert contexts[0] == contexts[1]
    assert {tag: done for tag, done in one.items() if tag != 0x00080023} == {
        tag: done for tag, done in other.items() if tag != 0x00080023
    }


def test_what_an_option_keeps_is_told_and_what_falls_back_is_told_as_it_was_done() -> None:
    retaining = Policy(Profile("any", frozenset({Option.INSTITUTION_IDENTITY}), judges_pixels=False))
    known = RewriteContext(retaining, KEYS, b"LABEL", 10, implicit=False, own_words=frozenset({b"quirina"}))

    def deeds(name: str) -> list[str]:
        encoded = made.element(0x00080080, "LO", name)
        (found,) = walk(encoded, 0, implicit=False).elements
        return [str(deed.action) for deed in rewrite_element(encoded, found, known).deeds]

    assert deeds("City Hospital") == ["R"]
    assert deeds("Quirina Hospital") == ["D"]
