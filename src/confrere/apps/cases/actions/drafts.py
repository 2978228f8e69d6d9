"""Open, post and discard cases; note what happens in them."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from confrere.adapters.clock import now
from confrere.apps.accounts.models import Member
from confrere.apps.audit.actions.record import record
from confrere.apps.cases.models import Case, Consent, ReadingMark
from confrere.core.lifecycle import CASE, move

# A page that stays open marks the case again and again; after this pause it is another look.
ANOTHER_LOOK = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What a draft is prefilled with: no date, no institution, nothing that names a patient."""

    modality: str
    region: str
    age_band: str
    sex: str
    source: str
    image_count: int
    key_image: dict[str, object]


def open_draft(actor: str, author: Member, facts: DraftFacts) -> uuid.UUID:
    """Make a draft case for `author` and return its id; the caller holds the transaction."""
    case = Case.objects.create(
        institution_id=author.institution_id,
        author=author,
        modality=facts.modality[:16],
        region=facts.region[:40],
        age_band=facts.age_band,
        sex=facts.sex,
        source=facts.source,
        image_count=facts.image_count,
        key_image=facts.key_image,
    )
    record(actor, "case.drafted", str(case.id), {"author": str(author.id)})
    return case.id


def extend_draft(actor: str, case_id: uuid.UUID, facts: DraftFacts) -> None:
    """Tell a draft, which its author may be reading already, that more of its study has come; the caller locks it.

    `facts` are those of the whole study as it is now. The author's words are not touched.
    """
    Case.objects.filter(id=case_id).update(image_count=facts.image_count, key_image=facts.key_image, active_at=now())
    record(actor, "case.extended", str(case_id), {"images": facts.image_count})


def move_case(case: Case, verb: str, actor: str) -> None:
    """Move a locked case by `verb`; the caller holds the transaction. Raises IllegalMove."""
    row = move(CASE, case.state, verb)
    case.state = row.to_state
    case.active_at = now()
    if verb == "post":
        case.posted_at = case.active_at
    case.save()
    record(actor, row.event, str(case.id))


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What the author says of the patient's consent."""

    purpose: str
    form: str
    giver: str = "patient"


def record_consent(author: Member, case_id: uuid.UUID, given: ConsentGiven) -> None:
    """Write down a consent; the caller holds the transaction."""
    consent = Consent.objects.create(
        case_id=case_id, purpose=given.purpose, form=given.form, giver=given.giver, recorded_by=author
    )
    record(str(author.id), "consent.recorded", str(case_id), {"purpose": given.purpose, "consent": consent.id})


def note_comment(case_id: uuid.UUID) -> None:
    """Count a comment and make the case newest; the caller holds the transaction."""
    Case.objects.filter(id=case_id).update(comment_count=F("comment_count") + 1, active_at=now())


def mark_read(member_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Note that the member has seen the case as it is now; a look after a while is a line in the ledger."""
    with transaction.atomic():
        at = now()
        last = (
            ReadingMark.objects.filter(case_id=case_id, member_id=member_id).values_list("seen_at", flat=True).first()
        )
        ReadingMark.objects.update_or_create(case_id=case_id, member_id=member_id, defaults={"seen_at": at})
        if last is None or at - last > ANOTHER_LOOK:
            record(str(member_id), "case.seen", str(case_id))
