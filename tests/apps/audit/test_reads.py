"""The database refuses to change the ledger, and whoever makes it do so anyway is found."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from confrere.apps.audit.actions.record import record
from confrere.apps.audit.chain import Line, seal
from confrere.apps.audit.models import LedgerEntry, LedgerHead
from confrere.apps.audit.reads import LedgerProof, prove

pytestmark = [pytest.mark.database, pytest.mark.django_db]
LINES = 12


@pytest.fixture
def ledger() -> None:
    for number in range(LINES):
        record(f"member{number % 3}", "test.line", f"subject{number}", {"n": number, "of": ["a", "ö"]})


@pytest.fixture
def attacker(ledger: None) -> None:
    """Somebody with every right on the database takes the triggers away; the rollback brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_ledgerentry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER audit_ledgerentry_no_UPDATE")
            cursor.execute("DROP TRIGGER audit_ledgerentry_no_DELETE")


def test_an_empty_ledger_holds() -> None:
    assert prove() == LedgerProof(0, None)


def test_an_honest_ledger_holds(ledger: None) -> None:
    assert prove() == LedgerProof(LINES, None)


def test_the_database_refuses_to_change_a_line(ledger: None) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerEntry.objects.filter(sequence=3).update(actor="nobody")
    assert LedgerEntry.objects.get(sequence=3).actor == "member2"


def test_the_database_refuses_to_delete_a_line(ledger: None) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerEntry.objects.filter(sequence=LINES).delete()
    assert LedgerEntry.objects.count() == LINES


def _line(sequence: int) -> LedgerEntry:
    return LedgerEntry.objects.get(sequence=sequence)


def _sealed(entry: LedgerEntry) -> str:
    told = (entry.sequence, entry.at, entry.actor, entry.event, entry.subject, entry.detail, entry.previous)
    return seal(Line(*told))


def _forge(place: int, /, **changes: object) -> None:
    LedgerEntry.objects.filter(sequence=place).update(**changes)


def _swap(one: int, two: int) -> None:
    for old, new in ((one, 1000), (two, one), (1000, two)):
        _forge(old, sequence=new)


def _insert(at: int, *, previous: str) -> None:
    forged = _line(1)
    LedgerEntry.objects.filter(sequence__gte=at).update(sequence=F("sequence") + 1000)
    LedgerEntry.objects.filter(sequence__gte=1000).update(sequence=F("sequence") - 999)
    forged.sequence, forged.subject, forged.previous = at, "planted", previous
    forged.digest = _sealed(forged)
    forged.save(force_insert=True)


def _seal_again_from(sequence: int) -> None:
    """Give every line from `sequence` on the seal that fits what stands there now."""
    previous = _line(sequence).previous
    for entry in LedgerEntry.objects.filter(sequence__gte=sequence).order_by("sequence"):
        entry.previous = previous
        previous = entry.digest = _sealed(entry)
        entry.save()


def _edit_and_seal_again() -> None:
    _forge(4, actor="nobody")
    _seal_again_from(4)


def _edit_and_seal_alone() -> None:
    _forge(4, actor="nobody")
    _forge(4, digest=_sealed(_line(4)))


def _cut_and_forget_the_head() -> None:
    LedgerEntry.objects.filter(sequence__gt=5).delete()
    LedgerHead.objects.all().delete()


TAMPERING: dict[str, Callable[[], object]] = {
    "an actor changed": lambda: _forge(4, actor="nobody"),
    "an event changed": lambda: _forge(4, event="test.other"),
    "a subject changed": lambda: _forge(4, subject="subject4"),
    "a detail changed": lambda: _forge(4, detail={"n": 99}),
    "a moment changed": lambda: _forge(4, at=_line(4).at + timedelta(seconds=1)),
    "a seal changed": lambda: _forge(4, digest="f" * 64),
    "a link changed": lambda: _forge(4, previous="f" * 64),
    "the first line deleted": lambda: LedgerEntry.objects.filter(sequence=1).delete(),
    "a middle line deleted": lambda: LedgerEntry.objects.filter(sequence=6).delete(),
    "the tail cut": lambda: LedgerEntry.objects.filter(sequence__gt=5).delete(),
    "all lines deleted": lambda: LedgerEntry.objects.all().delete(),
    "two lines swapped": lambda: _swap(4, 5),
    "a line put in between": lambda: _insert(5, previous=_line(4).digest),
    "a line added behind the newest": lambda: _insert(LINES + 1, previous=_line(LINES).digest),
    "the lines numbered anew": lambda: LedgerEntry.objects.filter(sequence=LINES).update(sequence=LINES + 1),
    "a line changed and it alone sealed again": _edit_and_seal_alone,
    "a line changed and everything after sealed again": _edit_and_seal_again,
    "the head set back": lambda: LedgerHead.objects.update(sequence=5, digest=_line(5).digest),
    "the tail cut and the head deleted": _cut_and_forget_the_head,
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found(attacker: None, what: str) -> None:
    TAMPERING[what]()
    assert prove().broken_at is not None


@pytest.mark.parametrize(
    ("what", "place"), [("an actor changed", 4), ("a middle line deleted", 6), ("the tail cut", 6)]
)
def test_the_first_line_that_does_not_hold_is_named(attacker: None, what: str, place: int) -> None:
    TAMPERING[what]()
    assert prove().broken_at == place


def _tamper_at_random(chance: random.Random) -> None:
    one, two = chance.sample(range(1, LINES + 1), 2)
    field = chance.choice(["actor", "event", "subject", "previous", "digest"])
    kinds: list[Callable[[], object]] = [
        lambda: _forge(one, **{field: f"{chance.getrandbits(64):064x}"[:60]}),
        lambda: _forge(one, detail={"n": chance.getrandbits(30)}),
        lambda: _swap(one, two),
        lambda: LedgerEntry.objects.filter(sequence=one).delete(),
        lambda: LedgerEntry.objects.filter(sequence__gte=one).delete(),
        lambda: _insert(one, previous=_line(one).previous),
    ]
    chance.choice(kinds)()


def test_a_hundred_and_fifty_random_attacks_are_all_found(attacker: None) -> None:
    chance = random.Random(20261123)
    for attack in range(150):
        with transaction.atomic():
            _tamper_at_random(chance)
            assert prove().broken_at is not None, attack
            transaction.set_rollback(True)
    assert prove() == LedgerProof(LINES, None)
