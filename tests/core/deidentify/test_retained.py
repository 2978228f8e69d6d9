"""What an option keeps is no residual; a name or a telephone number always is."""

import pytest
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import STRICT, deidentify_instance, explains, profile_named
from confrere.core.verify import harvest, residuals


@pytest.mark.parametrize(
    ("profile", "tag", "kind", "explained"),
    [
        ("retain-uids", 0x0020000D, "uid", True),
        ("retain-uids", 0x00020003, "uid", True),
        ("retain-uids", 0x00080020, "date", False),
        ("retain-longitudinal-full-dates", 0x00080020, "date", True),
        ("retain-longitudinal-modified-dates", 0x00080020, "date", False),
        ("retain-device-identity", 0x00181000, "id", True),
        ("retain-device-identity", 0x00181000, "name", False),
        ("retain-device-identity", 0x00181000, "phone", False),
        ("retain-institution-identity", 0x00080080, "text", True),
        ("retain-institution-identity", 0x00080080, "name", False),
        ("clean-descriptors", 0x00081030, "text", True),
        ("clean-descriptors", 0x00081030, "id", False),
        ("retain-safe-private", 0x00190010, "private", True),
        ("retain-uids", 0x00190010, "private", False),
        ("retain-uids", None, "uid", False),
        ("strict", 0x0020000D, "uid", False),
    ],
)
def test_only_what_the_option_names_is_explained(profile: str, tag: int | None, kind: str, explained: bool) -> None:
    assert explains(profile_named(profile), tag, kind) is explained


def test_the_default_profiles_explain_nothing() -> None:
    for tag in (0x0020000D, 0x00080020, 0x00080080, 0x00190010):
        assert not any(explains(STRICT, tag, kind) for kind in ("uid", "date", "id", "text", "private", "name"))


@pytest.mark.parametrize("name", ["retain-uids", "retain-longitudinal-full-dates", "clean-descriptors"])
def test_the_second_look_and_the_profile_agree_on_a_file_of_each_option(name: str) -> None:
    source = made.ct_file({0x00081030: ("LO", "CT head protocol for Quirina")})
    profile = profile_named(name)
    found = residuals(deidentify_instance(source, keys=KEYS, profile=profile).content, harvest(source))
    assert all(explains(profile, residual.tag, residual.kind) for residual in found)
