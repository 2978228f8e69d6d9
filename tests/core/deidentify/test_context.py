"""The context holds what rewriting depends on, and no more than the profile needs."""

import pytest
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import HEADERS, STRICT, Profile, profile_named
from confrere.core.deidentify.context import make_context
from confrere.core.deidentify.rewrite import TOP, RewriteContext
from confrere.core.dicom.inspect import examine
from confrere.core.terms import Held

Changes = dict[int, tuple[str, bytes | str] | bytes | None]


def context(changes: Changes | None = None, profile: Profile = STRICT) -> RewriteContext:
    return make_context(examine(made.ct_file(changes)), profile, KEYS)


@pytest.mark.parametrize("profile", [STRICT, HEADERS])
def test_the_defaults_depend_on_the_patient_alone(profile: Profile) -> None:
    one = context(profile=profile)
    other = context({0x00100010: ("PN", "Else^Someone"), 0x00080005: None, 0x0008103E: ("LO", "x")}, profile)
    assert one == other
    assert one.scope is TOP
    assert one != context({0x00100020: ("LO", "another")}, profile)


def test_names_at_any_depth_are_taboo_and_the_patients_are_its_own() -> None:
    nested = made.element(0x00081140, "SQ", made.item(made.element(0x00080090, "PN", "Reader^Deep")))
    found = context({0x00081140: nested, 0x00101001: ("PN", "Alias^Known")}, profile_named("clean-descriptors"))
    assert {b"zaveriwal", b"quirina", b"uhidqx77123", b"alias", b"known"} <= found.own_words
    assert {b"reader", b"deep"} <= found.taboo - found.own_words
    assert found.own_words <= found.taboo


def test_the_scope_says_what_the_data_set_says_of_itself() -> None:
    changes: Changes = {0x00190010: ("LO", "SIEMENS MR HEADER"), 0x0019100C: ("IS", "1000")}
    found = context(changes, profile_named("retain-safe-private"))
    assert found.scope.character_set == ("ISO_IR 192",)
    assert dict(found.scope.private) == {0x0019100C: b"IS", 0x00190010: b"LO"}
    assert hash(found.scope) is not None


def test_a_patient_without_an_id_is_held() -> None:
    with pytest.raises(Held):
        context({0x00100020: ("LO", " ")})
