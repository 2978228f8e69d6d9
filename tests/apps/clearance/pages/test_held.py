"""Giving up what is held."""

import pytest

from confrere.adapters.clock import now
from confrere.apps.intake.models import Door, Intake, IntakeState


@pytest.fixture
def held(cast) -> Intake:
    return Intake.objects.create(
        institution=cast.here,
        member=cast.alice,
        door=Door.UPLOAD,
        state=IntakeState.HELD,
        public_key=b"",
        touched_at=now(),
    )


def test_the_sender_gives_up_what_is_held(cast, held, sign_in):
    assert sign_in(cast.alice).post(f"/intakes/{held.id}/destroy")["Location"] == "/send"
    held.refresh_from_db()
    assert held.state == IntakeState.ENDED


def test_nobody_else_can_and_it_looks_as_if_it_were_not_there(cast, held, sign_in):
    for other in (cast.bob, cast.charlie, cast.dora):
        assert sign_in(other).post(f"/intakes/{held.id}/destroy").status_code == 404
    held.refresh_from_db()
    assert held.state == IntakeState.HELD


def test_asking_by_get_changes_nothing(cast, held, sign_in):
    assert sign_in(cast.alice).get(f"/intakes/{held.id}/destroy").status_code == 405
