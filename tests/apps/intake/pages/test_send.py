"""The door page: how to send, and what became of what was sent."""

import pytest

from confrere.adapters.clock import now
from confrere.apps.intake.models import Arrival, DicomPeer, Door, Intake, IntakeState


@pytest.fixture
def held(cast) -> Intake:
    """Something of Alice's that is held."""
    intake = Intake.objects.create(
        institution=cast.here,
        member=cast.alice,
        door=Door.UPLOAD,
        state=IntakeState.HELD,
        reason_code="burned-in-text",
        public_key=b"",
        touched_at=now(),
    )
    Arrival.objects.create(intake=intake, received_size=1000, is_complete=True)
    return intake


def test_the_page_tells_the_node_and_offers_the_upload(cast, sign_in):
    DicomPeer.objects.create(ae_title="CT_ONE", institution=cast.here, owner=cast.alice)
    page = sign_in(cast.alice).get("/send").content.decode()
    for part in ("CONFRERE", "11112", "data-upload", "webkitdirectory", "CT_ONE"):
        assert part in page
    assert "CT_ONE" not in sign_in(cast.bob).get("/send").content.decode()


def test_what_is_held_says_why_and_what_to_do_to_its_sender_alone(cast, held, sign_in):
    for url in ("/send", "/send/sent"):
        page = sign_in(cast.alice).get(url).content.decode()
        assert "Held in quarantine" in page
        assert "The pixels may carry text" in page
        assert "Destroy the original" in page
        for other in (cast.bob, cast.charlie):
            assert "Held in quarantine" not in sign_in(other).get(url).content.decode()


@pytest.mark.parametrize("state", IntakeState.values)
def test_every_state_has_words(cast, held, sign_in, state):
    held.state = state
    held.save()
    assert sign_in(cast.alice).get("/send/sent").status_code == 200


def test_after_an_upload_the_page_says_that_it_arrived(cast, held, sign_in):
    assert "safe in quarantine" in sign_in(cast.alice).get(f"/send?sent={held.id}").content.decode()
