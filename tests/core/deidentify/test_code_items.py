"""A code stays in a cleaned sequence only when its scheme and its words name nobody."""

import pytest
from support import dicom_bytes as made

from confrere.core.deidentify.code_items import has_geometry, is_nameless
from confrere.core.dicom.walk import Item, walk


def item(*encoded: bytes) -> tuple[bytes, Item]:
    whole = b"".join(encoded)
    return whole, Item(walk(whole, 0, implicit=False).elements)


def code(value: str, scheme: str, meaning: str) -> tuple[bytes, Item]:
    return item(
        made.element(0x00080100, "SH", value),
        made.element(0x00080102, "SH", scheme),
        made.element(0x00080104, "LO", meaning),
    )


@pytest.mark.parametrize(
    ("value", "scheme", "meaning", "stays"),
    [
        ("69536005", "SCT", "Head", True),
        ("T-D1100", "SRT", "Head", True),
        ("4417", "99HOSP", "Head", False),
        ("69536005", "SCT", "Quirina Zaveriwal", False),
        ("for Quirina", "SCT", "Head", False),
        ("UH4417", "SCT", "Head", False),
        ("69536005", "", "Head", False),
    ],
)
def test_a_code_of_a_public_scheme_with_words_of_the_list_stays(
    value: str, scheme: str, meaning: str, stays: bool
) -> None:
    assert is_nameless(*code(value, scheme, meaning), ("ISO_IR 192",), frozenset({b"uh4417"})) is stays


def test_an_item_that_is_no_code_is_judged_element_by_element() -> None:
    assert is_nameless(*item(made.element(0x00400007, "LO", "CT head")), (), frozenset())


def test_an_annotation_without_geometry_has_only_text() -> None:
    assert not has_geometry(item(made.element(0x00700008, "SQ", b""))[1])
    assert has_geometry(item(made.element(0x00700009, "SQ", b""))[1])
