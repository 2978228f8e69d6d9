"""One unit of work: what is clean is kept by its content, what is not leaves nothing behind."""

import hashlib
import io
import uuid
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from support.dicom_bytes import NAME, PATIENT_ID
from support.sending import One, file_of, send, series, too_deep, with_text, zipped

from confrere.adapters.keybox import KeyBox
from confrere.adapters.keybox.client import KeyDestroyed
from confrere.adapters.objects import ObjectStore, StoreFull
from confrere.apps.clearance import examine
from confrere.apps.clearance.actions.plan import batches_due, take_up_received
from confrere.apps.clearance.examine import ArrivalRef, Batch, Examined, examine_batch
from confrere.apps.intake.actions.receive import add_arrival, append_bytes, complete_intake, open_intake
from confrere.apps.intake.models import Door
from confrere.core.terms import Broken, Outcome

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys")]


def batch_of(cast: SimpleNamespace, *contents: bytes) -> Batch:
    send(cast.alice, contents)
    take_up_received("conveyor")
    return next(batches_due())


def told(found: tuple[Examined, ...]) -> list[tuple[str, str]]:
    return [(one.outcome, one.reason) for one in found]


def stored() -> dict[str, bytes]:
    store = ObjectStore.open(settings.CONFIGURATION.objects)
    return {key: store.get(key) for key in store.keys("cleared")}


def test_a_clean_instance_is_kept_under_its_own_hash_through_the_real_jail(cast: SimpleNamespace) -> None:
    batch = batch_of(cast, *series(2), too_deep(), with_text())
    found = examine_batch(batch)
    assert told(found) == [
        ("clean", "ok"),
        ("clean", "ok"),
        ("refused", "nesting-too-deep"),
        ("held", "pixels-need-a-person"),
    ]
    assert set(stored()) == {one.object_key for one in found if one.outcome == Outcome.CLEAN}
    for one in found[:2]:
        content = stored()[one.object_key]
        assert hashlib.sha256(content).hexdigest() == one.sha256
        assert one.object_key.startswith(f"cleared/{cast.here.id}/")
        assert NAME.encode() not in content
        assert PATIENT_ID.encode() not in content
    assert found[2].grouping == {}
    assert found[3].grouping["study"] == found[0].grouping["study"]


@pytest.mark.usefixtures("open_jail")
class TestWithoutWalls:
    """What happens around the jail."""

    def test_the_work_done_twice_gives_the_same_and_stores_it_once(self, cast: SimpleNamespace) -> None:
        batch = batch_of(cast, *series(2))
        first = examine_batch(batch)
        before = stored()
        assert examine_batch(batch) == first
        assert stored() == before

    def test_nothing_of_the_original_uids_is_in_what_comes_out(self, cast: SimpleNamespace) -> None:
        (found,) = examine_batch(batch_of(cast, file_of(One())))
        assert "4242" not in repr(found)
        assert PATIENT_ID not in repr(found)
        assert all(found.grouping[key].startswith("2.25.") for key in ("study", "series", "sop"))

    def test_an_empty_file_is_refused(self, cast: SimpleNamespace) -> None:
        assert told(examine_batch(batch_of(cast, b""))) == [("refused", "empty-file")]

    @pytest.mark.parametrize(
        ("content", "end"),
        [
            (b"Which level is the obstruction at?", ("clean", "ok")),
            (b"Mr Rajesh Kumar, phone 98765 43210", ("held", "looks-like-identifier")),
            (b"A level\xff\xfe", ("refused", "bad-text")),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ("refused", "type-mismatch")),
            (b"\0\1\2\3" * 50, ("refused", "not-dicom")),
            (b"\x89PNG\r\n\x1a\n" + bytes(100), ("refused", "truncated")),
            (b"\0\0\0\x18ftypmp42" + bytes(100), ("refused", "truncated")),
            (b"%PDF-1.7" + bytes(100), ("refused", "bad-document")),
            (b"\x1f\x8b" + bytes(100), ("refused", "bad-volume")),
            (b"Rar!\x1a\x07" + bytes(100), ("refused", "archive-not-supported")),
        ],
    )
    def test_what_is_no_dicom_is_told_by_its_first_bytes(
        self, cast: SimpleNamespace, content: bytes, end: tuple[str, str]
    ) -> None:
        assert told(examine_batch(batch_of(cast, content))) == [end]

    def test_a_text_beside_a_study_is_not_read(self, cast: SimpleNamespace) -> None:
        found = examine_batch(batch_of(cast, file_of(One()), b"Mr Rajesh Kumar, phone 98765 43210"))
        assert told(found) == [("clean", "ok"), ("refused", "not-dicom")]

    def test_a_text_in_a_zip_is_not_read(self, cast: SimpleNamespace) -> None:
        found = examine_batch(batch_of(cast, zipped(b"Mr Rajesh Kumar, phone 98765 43210")))
        assert told(found) == [("refused", "not-dicom")]

    def test_the_files_of_a_zip_are_examined_one_by_one(self, cast: SimpleNamespace) -> None:
        (archive,) = (batch := batch_of(cast, zipped(*series(3), b"a note"))).arrivals
        found = examine_batch(batch)
        assert told(found) == [("clean", "ok")] * 3 + [("refused", "not-dicom")]
        assert [(one.arrival_id, one.index) for one in found] == [(archive.arrival_id, n) for n in range(4)]

    def test_a_zip_with_nothing_in_it_is_refused(self, cast: SimpleNamespace) -> None:
        assert told(examine_batch(batch_of(cast, zipped()))) == [("refused", "nothing-to-clear")]

    def test_what_an_operating_system_leaves_in_a_zip_is_passed_over(self, cast: SimpleNamespace) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("__MACOSX/._1.dcm", b"finder")
            archive.writestr("study/.DS_Store", b"finder")
            archive.writestr("study/1.dcm", file_of(One()))
        assert told(examine_batch(batch_of(cast, out.getvalue()))) == [("clean", "ok")]

    def test_a_zip_in_a_zip_is_refused(self, cast: SimpleNamespace) -> None:
        assert told(examine_batch(batch_of(cast, zipped(zipped(file_of(One())))))) == [("refused", "expands-too-much")]

    def test_an_archive_that_turns_out_bad_halfway_is_refused_whole(self, cast: SimpleNamespace) -> None:
        whole = bytearray(zipped(*series(3)))
        last = whole.rindex(b"PK\x03\x04")
        whole[last + 60] ^= 0xFF
        assert told(examine_batch(batch_of(cast, bytes(whole)))) == [("refused", "bad-archive")]

    def test_a_bad_file_does_not_touch_its_neighbours(self, cast: SimpleNamespace) -> None:
        found = examine_batch(batch_of(cast, file_of(One()), too_deep(), b"", file_of(One(place=2))))
        assert [one.outcome for one in found] == ["clean", "refused", "refused", "clean"]

    def test_a_file_beyond_the_limit_is_refused(self, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(examine, "MAX_INSTANCE_BYTES", 600)
        assert told(examine_batch(batch_of(cast, file_of(One())))) == [("refused", "too-large")]

    def test_an_arrival_in_many_segments_is_put_together(self, cast: SimpleNamespace) -> None:
        content = file_of(One())
        intake = open_intake(cast.alice, Door.UPLOAD)
        place = add_arrival(intake, "", len(content))
        while not place.is_complete:
            piece = content[place.received : place.received + 100]
            place = append_bytes(place.arrival_id, place.received, piece)
        complete_intake("alice", intake.id)
        take_up_received("conveyor")
        (one,) = examine_batch(next(batches_due()))
        assert (one.outcome, one.reason) == ("clean", "ok")

    def test_a_sealed_object_that_was_changed_is_broken_and_nothing_is_kept(
        self, cast: SimpleNamespace, scratch_home: Path
    ) -> None:
        batch = batch_of(cast, file_of(One()))
        (sealed,) = [path for path in (scratch_home / "objects" / "quarantine").rglob("*") if path.is_file()]
        content = bytearray(sealed.read_bytes())
        content[len(content) // 2] ^= 1
        sealed.write_bytes(content)
        with pytest.raises(Broken) as fault:
            examine_batch(batch)
        assert not fault.value.retryable
        assert stored() == {}

    def test_segments_of_another_intake_cannot_be_slipped_in(self, cast: SimpleNamespace) -> None:
        mine = batch_of(cast, file_of(One()))
        send(cast.charlie, series(1))
        take_up_received("conveyor")
        other = next(batch for batch in batches_due() if batch.intake_id != mine.intake_id)
        mixed = Batch(
            mine.intake_id,
            mine.institution_id,
            (ArrivalRef(uuid.uuid4(), other.arrivals[0].segments),),
            mine.objects_url,
            mine.keybox_socket,
        )
        with pytest.raises(Broken):
            examine_batch(mixed)

    def test_an_intake_whose_key_is_gone_cannot_be_examined(self, cast: SimpleNamespace, keys: KeyBox) -> None:
        batch = batch_of(cast, file_of(One()))
        keys.destroy(str(batch.intake_id))
        with pytest.raises(KeyDestroyed):
            examine_batch(batch)

    @pytest.mark.usefixtures("door_token")
    def test_with_the_doors_token_nothing_can_be_examined(self, cast: SimpleNamespace) -> None:
        batch = batch_of(cast, file_of(One()))
        with pytest.raises(Broken, match="may not ask"):
            examine_batch(batch)

    def test_a_full_disk_is_worth_another_try(self, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = batch_of(cast, file_of(One()))

        def full(*_told: object) -> None:
            raise StoreFull

        monkeypatch.setattr(examine._store(batch.objects_url).__class__, "put", full)
        with pytest.raises(Broken) as fault:
            examine_batch(batch)
        assert fault.value.retryable
