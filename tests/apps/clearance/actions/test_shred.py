"""An original is destroyed key first when its intake ends, at the latest at the limit, and nothing brings it back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from support.sending import clear, send, sent_and_cleared, series, with_text

from confrere.adapters.clock import now
from confrere.adapters.keybox import KeyBox
from confrere.adapters.keybox.client import KeyDestroyed
from confrere.adapters.objects import ObjectMissing
from confrere.adapters.quarantine import Quarantine
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.models import Case
from confrere.apps.clearance.actions import shred
from confrere.apps.clearance.actions.shred import discard_held, end_settled, expire_overdue, shred_ended
from confrere.apps.clearance.models import SeriesClearance
from confrere.apps.intake.models import Intake, IntakeState, Segment
from confrere.apps.intake.quarantine import quarantine
from confrere.apps.release import window

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys", "open_jail")]


def sealed_files(home: Path) -> list[Path]:
    return [path for path in (home / "objects" / "quarantine").rglob("*") if path.is_file()]


def events(intake: Intake) -> list[str]:
    lines = LedgerEntry.objects.filter(subject=str(intake.id)).order_by("sequence")
    return list(lines.values_list("event", flat=True))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """`later.by` moves the clock that shredding reads."""
    moved = SimpleNamespace(by=timedelta())

    def then() -> datetime:
        return now() + moved.by

    monkeypatch.setattr(shred, "now", then)
    yield moved


def test_the_original_of_a_cleared_study_is_gone_with_its_key(
    cast: SimpleNamespace, keys: KeyBox, scratch_home: Path
) -> None:
    intake = send(cast.alice, series(3))
    private, sealed = keys.private_key(str(intake.id)), list(Segment.objects.values_list("object_key", flat=True))
    assert quarantine().read(sealed[0], str(intake.id), private)
    clear()
    intake.refresh_from_db()
    assert intake.state == IntakeState.ENDED
    assert intake.shredded_at is not None
    assert events(intake)[-3:] == ["intake.ready", "intake.ended", "intake.shredded"]
    with pytest.raises(KeyDestroyed):
        keys.private_key(str(intake.id))
    with pytest.raises(KeyDestroyed):
        keys.create(str(intake.id))
    with pytest.raises(ObjectMissing):
        quarantine().read(sealed[0], str(intake.id), private)
    assert sealed_files(scratch_home) == []
    assert not Segment.objects.exists()
    assert len(window.case_instances(cast.alice.id, Case.objects.get().id)) == 3


def test_nothing_of_the_original_can_be_read_anywhere_in_the_home(cast: SimpleNamespace, scratch_home: Path) -> None:
    sent_and_cleared(cast.alice, series(2))
    for path in scratch_home.rglob("*"):
        if path.is_file() and not path.is_socket():
            content = path.read_bytes()
            assert b"Zaveriwal" not in content, path
            assert b"UHIDQX77123" not in content, path


def test_the_key_goes_before_the_ciphertext(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    destroy, drop = KeyBox.destroy, Quarantine.drop
    monkeypatch.setattr(KeyBox, "destroy", lambda *told: (order.append("key"), destroy(*told))[1])
    monkeypatch.setattr(Quarantine, "drop", lambda *told: (order.append("ciphertext"), drop(*told))[1])
    sent_and_cleared(cast.alice, series(1))
    assert order == ["key", "ciphertext", "ciphertext"], "of the originals, and of the desk sheets"


def test_a_crash_between_key_and_ciphertext_is_finished_later(
    cast: SimpleNamespace, keys: KeyBox, scratch_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_told: object) -> int:
        raise ZeroDivisionError

    with monkeypatch.context() as crashing, pytest.raises(ZeroDivisionError):
        crashing.setattr(Quarantine, "drop", crash)
        sent_and_cleared(cast.alice, series(1))
    intake = Intake.objects.get()
    assert intake.shredded_at is None
    with pytest.raises(KeyDestroyed):
        keys.private_key(str(intake.id))
    assert shred_ended("conveyor") == 1
    assert sealed_files(scratch_home) == []


def test_shredding_twice_does_it_once(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, series(1))
    assert shred_ended("conveyor") == 0
    assert events(intake).count("intake.shredded") == 1


def test_an_intake_that_holds_something_is_not_ended(cast: SimpleNamespace, keys: KeyBox, scratch_home: Path) -> None:
    intake = sent_and_cleared(cast.alice, [*series(2), with_text()])
    assert intake.state == IntakeState.READY
    assert end_settled("conveyor") == 0
    assert shred_ended("conveyor") == 0
    assert len(keys.private_key(str(intake.id))) == 32
    assert len(sealed_files(scratch_home)) == 3


@pytest.mark.parametrize(("files", "before"), [([with_text()], "held"), ([*series(2), with_text()], "ready")])
def test_what_is_held_expires_at_the_limit_and_not_before(
    cast: SimpleNamespace,
    keys: KeyBox,
    later: SimpleNamespace,
    settings: LazySettings,
    files: list[bytes],
    before: str,
) -> None:
    intake = sent_and_cleared(cast.alice, files)
    assert intake.state == before
    days = settings.CONFIGURATION.quarantine_days
    later.by = timedelta(days=days) - timedelta(minutes=1)
    assert expire_overdue("conveyor") == 0
    later.by = timedelta(days=days) + timedelta(minutes=1)
    assert expire_overdue("conveyor") == 1
    assert shred_ended("conveyor") == 1
    intake.refresh_from_db()
    assert intake.state == ("expired" if before == "held" else "ended")
    assert intake.reason_code == "quarantine-limit"
    assert set(SeriesClearance.objects.filter(modality="OT").values_list("state", flat=True)) == {"expired"}
    with pytest.raises(KeyDestroyed):
        keys.private_key(str(intake.id))
    assert expire_overdue("conveyor") == 0


def test_a_study_released_from_a_mixed_intake_outlives_the_limit(cast: SimpleNamespace, later: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, [*series(2), with_text()])
    later.by = timedelta(days=30)
    expire_overdue("conveyor")
    shred_ended("conveyor")
    assert len(window.case_instances(cast.alice.id, Case.objects.get().id)) == 2


def test_the_sender_gives_up_what_is_held(cast: SimpleNamespace, keys: KeyBox) -> None:
    intake = sent_and_cleared(cast.alice, [with_text()])
    discard_held(str(cast.alice.id), intake.id)
    clear()
    intake.refresh_from_db()
    assert intake.state == IntakeState.ENDED
    assert intake.shredded_at is not None
    assert "intake.discarded" in events(intake)
    with pytest.raises(KeyDestroyed):
        keys.private_key(str(intake.id))


def test_giving_up_twice_or_too_early_changes_nothing(cast: SimpleNamespace) -> None:
    waiting = send(cast.alice, series(1))
    discard_held(str(cast.alice.id), waiting.id)
    waiting.refresh_from_db()
    assert waiting.state == IntakeState.RECEIVED
    held = sent_and_cleared(cast.alice, [with_text()])
    discard_held(str(cast.alice.id), held.id)
    discard_held(str(cast.alice.id), held.id)
    assert events(held).count("intake.discarded") == 1


def test_an_abandoned_intake_is_shredded_too(cast: SimpleNamespace, keys: KeyBox) -> None:
    intake = sent_and_cleared(cast.alice, [])
    assert intake.state == IntakeState.ABANDONED
    assert intake.shredded_at is not None
    with pytest.raises(KeyDestroyed):
        keys.private_key(str(intake.id))
