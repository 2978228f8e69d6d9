"""No skin in three dimensions, and what is about the face is shown in planes with consent."""

from confrere.core.pixels.heads.is_head import Kind
from confrere.core.pixels.heads.rules import may_render_skin, planes_only


def test_no_head_and_nothing_unknown_gets_a_skin_preset() -> None:
    assert not may_render_skin(Kind.HEAD)
    assert not may_render_skin(Kind.FACE_ITSELF)
    assert not may_render_skin(None)
    assert may_render_skin(Kind.OTHER)


def test_an_orbit_or_dental_series_waits_for_consent_and_stays_in_planes() -> None:
    without, with_it = planes_only(Kind.FACE_ITSELF, consent=False), planes_only(Kind.FACE_ITSELF, consent=True)
    assert without is not None and without.code == "face-needs-consent"
    assert with_it is not None and with_it.code == "face-in-planes-only"
    assert planes_only(Kind.HEAD, consent=False) is None
