"""The walker gives exact offsets or refuses; it never guesses and never crashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import dicom_bytes as made

from confrere.core.dicom.walk import HeadTooShort, Limits, walk
from confrere.core.terms import Refused


def refusal(buffer: bytes, *, implicit: bool = False, limits: Limits | None = None) -> str:
    with pytest.raises(Refused) as caught:
        walk(buffer, 0, implicit=implicit, limits=limits)
    return caught.value.code


@pytest.mark.parametrize("implicit", [False, True])
def test_offsets_tile_the_data_set_without_gap_or_overlap(implicit: bool) -> None:
    buffer = made.dataset(implicit=implicit)
    walked = walk(buffer, 0, implicit=implicit)
    at = 0
    for element in walked.elements:
        assert element.start == at
        at = element.end
    assert at == walked.end == len(buffer)
    assert [element.tag for element in walked.elements] == sorted(made.slice_elements())


def test_the_walk_ends_with_the_pixels_and_leaves_what_follows() -> None:
    buffer = made.dataset()
    assert walk(buffer + b"a name after the end", 0, implicit=False).end == len(buffer)


def nested(depth: int, *, undefined: bool) -> bytes:
    content = b""
    for _ in range(depth):
        one = made.item(content, undefined=undefined)
        if undefined:
            content = made.sequence_of_undefined_length(0x0040A730, one)
        else:
            content = made.element(0x0040A730, "SQ", one)
    return content


@pytest.mark.parametrize("undefined", [False, True])
def test_sequences_nest_up_to_the_limit_and_no_deeper(undefined: bool) -> None:
    assert walk(nested(32, undefined=undefined), 0, implicit=False).elements[0].vr == b"SQ"
    assert refusal(nested(33, undefined=undefined)) == "nesting-too-deep"
    assert refusal(nested(900, undefined=undefined)) == "nesting-too-deep"


def test_more_elements_than_the_limit_are_refused_items_included() -> None:
    items = made.element(0x0040A730, "SQ", made.item(b"") * 50)
    assert refusal(items, limits=Limits(elements=20)) == "too-many-elements"


def test_a_length_beyond_the_end_is_a_lie_and_a_short_one_a_cut() -> None:
    lie = made.element(0x00204000, "LT", "x")[:8] + b""
    assert refusal(made.element(0x00081030, "UT", b"hi", length=0xFFFFFFFE)) == "length-past-end"
    assert refusal(made.element(0x00204000, "LT", b"hi", length=500)) == "truncated"
    assert refusal(made.element(0x7FE00010, "OW", b"hi", length=500_000_000)) == "truncated"
    assert refusal(lie[:7]) == "truncated"


def test_an_element_may_not_stand_twice_at_any_level() -> None:
    twice = made.element(0x00100020, "LO", "A") * 2
    assert refusal(twice) == "bad-header"
    assert refusal(made.element(0x0040A730, "SQ", made.item(twice))) == "bad-header"


def test_a_vr_that_does_not_exist_and_a_stray_delimiter_are_refused() -> None:
    assert refusal(made.element(0x00100020, "ZZ", "AB")) == "bad-header"
    assert refusal(made.item(b"")) == "bad-header"


def test_un_of_undefined_length_is_walked_as_implicit() -> None:
    inner = made.item(made.element(0x00100010, "PN", "Quorl^X", implicit=True))
    buffer = made.sequence_of_undefined_length(0x00531010, inner, vr="UN")
    (found,) = walk(buffer, 0, implicit=False).elements
    assert found.items is not None
    assert found.items[0].elements[0].vr == b"PN"
    assert found.end == len(buffer)


def test_fragments_without_their_delimiter_are_refused() -> None:
    assert refusal(made.encapsulated(b"abcd")[:-8]) == "truncated"


@given(st.binary(max_size=400), st.booleans())
def test_random_bytes_are_walked_or_refused(junk: bytes, implicit: bool) -> None:
    try:
        walked = walk(junk, 0, implicit=implicit)
    except Refused:
        return
    assert walked.end <= len(junk)


@given(
    st.dictionaries(
        st.integers(0x00080000, 0x0040FFFF),
        st.binary(max_size=40).map(lambda raw: raw[: len(raw) // 2 * 2]),
        max_size=12,
    ),
    st.sampled_from(["LO", "OB", "UT", "US", "UN"]),
)
def test_well_formed_elements_come_back_with_their_values(values: dict[int, bytes], vr: str) -> None:
    encoded = b"".join(made.element(tag, vr, value) for tag, value in sorted(values.items()))
    try:
        walked = walk(encoded, 0, implicit=False)
    except Refused:
        assert vr == "UN"  # bytes under a tag that the dictionary knows as a sequence
        return
    assert {each.tag: encoded[each.value : each.stop] for each in walked.elements} == values


def test_elements_out_of_order_or_standing_twice_are_refused_at_every_depth() -> None:
    first, second = made.element(0x00100010, "PN", "A"), made.element(0x00100020, "LO", "B")
    assert len(walk(first + second, 0, implicit=False).elements) == 2
    for wrong in (second + first, first + first):
        assert refusal(wrong) == "bad-header"
        assert refusal(made.element(0x00081140, "SQ", made.item(wrong))) == "bad-header"
        assert refusal(made.sequence_of_undefined_length(0x00081140, made.item(wrong, undefined=True))) == "bad-header"


def test_a_private_element_may_stand_anywhere_but_once() -> None:
    plain, later = made.element(0x00100020, "LO", "B"), made.element(0x00280002, "US", made.us(1))
    private = made.element(0x00530010, "LO", "ACME")
    assert len(walk(plain + private + later, 0, implicit=False).elements) == 3
    assert refusal(plain + private + later + private) == "bad-header"
    assert refusal(later + private + plain) == "bad-header"


@pytest.mark.parametrize("implicit", [False, True])
def test_a_value_that_swallowed_a_sequence_is_refused(implicit: bool) -> None:
    inner = made.element(0x00400007, "LO", "B", implicit=implicit)
    sequence = made.element(0x00400275, "SQ", made.item(inner), implicit=implicit)
    swallowed = len(sequence) - len(inner)
    for vr, tag in (("LO", 0x00321060), ("DS", 0x00281051), ("US", 0x00280107)):
        head = made.element(tag, vr, "1600", length=4 + swallowed, implicit=implicit)
        assert refusal(head + sequence, implicit=implicit) == "bad-header"


@pytest.mark.parametrize("implicit", [False, True])
def test_a_header_and_the_pixels_own_tag_and_length_are_enough(implicit: bool) -> None:
    whole = made.dataset(implicit=implicit)
    pixels = walk(whole, 0, implicit=implicit).elements[-1]
    assert walk(whole[: pixels.value], 0, implicit=implicit, size=len(whole)).elements[-1] == pixels
    with pytest.raises(HeadTooShort):
        walk(whole[: pixels.value - 1], 0, implicit=implicit, size=len(whole))
