"""What other stations' pages say of looks that are needed: to the sender alone, once all has been looked at."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from support.desk import scan, stub_eyes  # noqa: F401  # fixture
from support.sending import sent_and_cleared

from confrere.apps.clearance.desk_reads import waiting_of_member
from confrere.apps.intake.models import Intake, IntakeState

pytestmark = [pytest.mark.usefixtures("keys", "open_jail", "stub_eyes")]
MINE = Template("{% load desk %}{% my_looks as looks %}{% for one in looks %}{{ one.images }}{% endfor %}")


def mine(member) -> str:
    request = RequestFactory().get("/")
    request.user = member
    return MINE.render(Context({"request": request}))


def test_the_sender_is_told_how_many_wait_and_nobody_else(cast) -> None:
    sent_and_cleared(cast.alice, [scan(1), scan(2)])
    assert mine(cast.alice) == "2"
    assert mine(cast.bob) == mine(cast.charlie) == ""


def test_nobody_is_asked_while_more_of_the_sending_is_still_looked_at(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan(1)])
    Intake.objects.filter(id=intake.id).update(state=IntakeState.CLEARING)
    assert waiting_of_member(cast.alice.id) == []
