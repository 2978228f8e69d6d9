"""A case moves only as its table says, each step with its actor and its ledger line."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from confrere.adapters.clock import now
from confrere.apps.audit.actions.record import OutsideTransactionError
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.actions.drafts import (
    ConsentGiven,
    DraftFacts,
    mark_read,
    move_case,
    note_comment,
    open_draft,
    record_consent,
)
from confrere.apps.cases.models import Case, CaseState, Consent, ReadingMark
from confrere.core.lifecycle import IllegalMove

pytestmark = pytest.mark.database
FACTS = DraftFacts("CT", "Head", "50–59", "F", "workstation", 3, {"frame": 1})  # noqa: RUF001


def newest_line() -> LedgerEntry:
    return LedgerEntry.objects.order_by("-sequence")[0]


@pytest.fixture
def draft(cast: SimpleNamespace) -> Case:
    return Case.objects.get(id=open_draft("conveyor", cast.alice, FACTS))


def test_a_draft_belongs_to_its_author_and_their_institution(draft: Case, cast: SimpleNamespace) -> None:
    assert (draft.author_id, draft.institution_id, draft.state) == (cast.alice.id, cast.here.id, CaseState.DRAFT)
    assert (draft.modality, draft.region, draft.age_band, draft.sex) == ("CT", "Head", "50–59", "F")  # noqa: RUF001
    assert (draft.question, draft.posted_at) == ("", None)
    line = newest_line()
    assert (line.event, line.actor, line.subject) == ("case.drafted", "conveyor", str(draft.id))


def test_words_of_the_header_that_are_too_long_are_cut(cast: SimpleNamespace) -> None:
    facts = DraftFacts("M" * 99, "R" * 99, "", "", "upload", 1, {})
    case = Case.objects.get(id=open_draft("conveyor", cast.alice, facts))
    assert (len(case.modality), len(case.region)) == (16, 40)


@pytest.mark.django_db(transaction=True)
def test_a_draft_is_not_opened_outside_a_transaction() -> None:
    from confrere.apps.accounts.models import Institution, Member

    here = Institution.objects.create(name="Alone")
    alone = Member.objects.create(username="alone", institution=here)
    with pytest.raises(OutsideTransactionError):
        open_draft("conveyor", alone, FACTS)


def test_posting_writes_who_and_when(draft: Case, cast: SimpleNamespace) -> None:
    before = now()
    move_case(draft, "post", str(cast.alice.id))
    draft.refresh_from_db()
    assert draft.state == CaseState.POSTED
    assert draft.posted_at is not None
    assert before <= draft.posted_at == draft.active_at
    assert (newest_line().event, newest_line().actor) == ("case.posted", str(cast.alice.id))


@pytest.mark.parametrize(
    ("path", "verb"),
    [
        ((), "withdraw"),
        (("post",), "post"),
        (("post",), "discard"),
        (("discard",), "post"),
        (("discard",), "withdraw"),
        (("post", "withdraw"), "post"),
        (("post", "withdraw"), "withdraw"),
        ((), "anything"),
    ],
)
def test_a_case_moves_only_as_its_table_says(draft: Case, path: tuple[str, ...], verb: str) -> None:
    for step in path:
        move_case(draft, step, "test")
    before, lines = draft.state, LedgerEntry.objects.count()
    with pytest.raises(IllegalMove), transaction.atomic():
        move_case(draft, verb, "test")
    draft.refresh_from_db()
    assert (draft.state, LedgerEntry.objects.count()) == (before, lines)


def test_a_consent_is_written_down_with_who_took_it(draft: Case, cast: SimpleNamespace) -> None:
    record_consent(cast.alice, draft.id, ConsentGiven("teaching", "written", "guardian"))
    consent = Consent.objects.get(case=draft)
    assert (consent.purpose, consent.form, consent.giver) == ("teaching", "written", "guardian")
    assert consent.recorded_by_id == cast.alice.id
    assert newest_line().event == "consent.recorded"


def test_a_comment_is_counted_and_makes_the_case_newest(draft: Case) -> None:
    Case.objects.filter(id=draft.id).update(active_at=now() - timedelta(days=3))
    note_comment(draft.id)
    note_comment(draft.id)
    draft.refresh_from_db()
    assert draft.comment_count == 2
    assert now() - draft.active_at < timedelta(minutes=1)


def test_a_case_is_read_once_for_each_member_however_often(draft: Case, cast: SimpleNamespace) -> None:
    mark_read(cast.bob.id, draft.id)
    first = ReadingMark.objects.get(member=cast.bob).seen_at
    mark_read(cast.bob.id, draft.id)
    mark_read(cast.dora.id, draft.id)
    assert ReadingMark.objects.filter(case=draft).count() == 2
    assert ReadingMark.objects.get(member=cast.bob).seen_at >= first


def test_the_ledger_never_quotes_the_question(draft: Case, cast: SimpleNamespace) -> None:
    draft.question = "Is Quirina's aneurysm coilable?"
    move_case(draft, "post", str(cast.alice.id))
    assert "Quirina" not in repr(list(LedgerEntry.objects.values()))
    assert str(draft) == str(draft.id)


def test_a_look_is_a_line_in_the_ledger_and_an_open_page_writes_no_second(
    cast: SimpleNamespace, posted_case: Case
) -> None:
    looks = LedgerEntry.objects.filter(event="case.seen", actor=str(cast.bob.id), subject=str(posted_case.id))
    mark_read(cast.bob.id, posted_case.id)
    mark_read(cast.bob.id, posted_case.id)
    assert looks.count() == 1
    ReadingMark.objects.filter(member=cast.bob).update(seen_at=now() - timedelta(hours=2))
    mark_read(cast.bob.id, posted_case.id)
    assert looks.count() == 2
