"""The cast and the case every station's tests share: Alice owns, Bob sees, Charlie must not."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from support.homes import scratch_home  # noqa: F401  # fixture
from support.keys import desk_token, door_token, keys, running_keys  # noqa: F401  # fixtures
from support.sending import open_jail  # noqa: F401  # fixture

from confrere.adapters.clock import now
from confrere.adapters.objects import ObjectStore, content_key
from confrere.apps.accounts.actions.members import NewMember, enrol_member, form_audience, found_institution
from confrere.apps.accounts.models import Institution, Member, Role
from confrere.apps.cases.actions.drafts import DraftFacts, open_draft
from confrere.apps.cases.models import Case
from confrere.apps.clearance.actions.gate import Ask, pass_gate
from confrere.apps.clearance.actions.heads import ask_for_heads, heads_due, keep_head
from confrere.apps.clearance.heads import HeadDone, Shown
from confrere.apps.clearance.jailed_heads import Fate
from confrere.apps.clearance.models import (
    DeidentificationRecord,
    InstanceClearance,
    SeriesClearance,
    SeriesState,
    StudyClearance,
)
from confrere.apps.clearance.reads import verified_study
from confrere.apps.intake.models import Arrival, Door, Intake, IntakeState
from confrere.apps.release.actions.issue import issue_release
from confrere.apps.rooms.actions.rooms import NewRoom, Post, add_member, found_room, post_case
from confrere.apps.rooms.models import Room
from confrere.core.dicom.clinical import clinical_facts

PASSWORD = "correct horse battery"  # of members that exist for one test


@dataclass(frozen=True, slots=True)
class Cast:
    """Alice owns, Bob is in the room with her, Charlie belongs to another institution; Dora moderates."""

    alice: Member
    bob: Member
    charlie: Member
    dora: Member
    here: Institution
    elsewhere: Institution
    room: Room


@dataclass(frozen=True, slots=True)
class Phantom:
    """A synthetic CT series: square slices of `side` pixels, 5 mm apart; UIDs begin with `root`."""

    root: str = "2.25.1000"
    slices: int = 3
    side: int = 16
    paint: Callable[[int, int], "np.ndarray[tuple[int, int], np.dtype[np.int16]]"] | None = None
    facts: dict[str, object] = field(default_factory=dict)


def slice_bytes(phantom: Phantom, place: int) -> bytes:
    """A cleaned-looking CT slice as a Part 10 file."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = f"{phantom.root}.{place + 1}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one = Dataset()
    one.file_meta = meta
    one.SOPClassUID = CTImageStorage
    one.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    one.StudyInstanceUID, one.SeriesInstanceUID = f"{phantom.root}.90", f"{phantom.root}.91"
    one.Modality, one.SeriesNumber, one.InstanceNumber = "CT", 2, place + 1
    one.BodyPartExamined, one.PatientSex = "HEAD", "F"
    one.ImagePositionPatient = [-100.0, -100.0, 5.0 * place]
    one.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    one.PixelSpacing, one.SliceThickness = [0.9, 0.9], 5
    one.WindowCenter, one.WindowWidth = 40, 80
    one.RescaleSlope, one.RescaleIntercept, one.RescaleType = 1, 0, "HU"
    one.Rows = one.Columns = phantom.side
    one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 16, 16, 15, 1
    one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
    pixels = phantom.paint(place, phantom.side) if phantom.paint else np.full((phantom.side,) * 2, place, np.int16)
    one.PixelData = pixels.astype("<i2").tobytes()
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    return out.getvalue()


def draft_for(author: Member, phantom: Phantom) -> Case:
    """A draft as the conveyor leaves it: verified rows, the objects they name, a release to the author alone.

    The rows of intake and clearance are written as such, because the doors need the key box; what follows
    (draft, gate, release) goes through the real actions. The look at heads is written as that of a part of the body
    without a face: what becomes of heads has its own tests.
    """
    intake = Intake.objects.create(
        institution=author.institution,
        member=author,
        door=Door.DICOM_NODE,
        state=IntakeState.READY,
        public_key=b"",
        touched_at=now(),
        settled_at=now(),
    )
    study = StudyClearance.objects.create(
        intake=intake, study_instance_uid=f"{phantom.root}.90", patient_token=phantom.root
    )
    series = SeriesClearance.objects.create(
        study=study, series_instance_uid=f"{phantom.root}.91", modality="CT", state=SeriesState.VERIFIED
    )
    told = {
        "edition": "2026d",
        "actions": {"(0010,0010)": {"Z": 1}, "(0008,0080)": {"X": 1}},
        "removed": {"private": 1},
    }
    record, _ = DeidentificationRecord.objects.get_or_create(digest="made-up", defaults={"content": told})
    store = ObjectStore.open(settings.CONFIGURATION.objects)
    for place in range(phantom.slices):
        content = slice_bytes(phantom, place)
        sha256 = hashlib.sha256(content).hexdigest()
        key = content_key(f"cleared/{author.institution_id}", sha256)
        store.put(key, content)
        InstanceClearance.objects.create(
            arrival=Arrival.objects.create(intake=intake, ordinal=place, is_complete=True, is_examined=True),
            institution=author.institution,
            series=series,
            outcome="clean",
            reason_code="ok",
            study_instance_uid=study.study_instance_uid,
            series_instance_uid=series.series_instance_uid,
            sop_instance_uid=f"{phantom.root}.{place + 1}",
            patient_token=phantom.root,
            sha256=sha256,
            object_key=key,
            facts={**clinical_facts(content), **phantom.facts},
            record=record,
        )
    return _release_to_author(author, study, phantom)


def _release_to_author(author: Member, study: StudyClearance, phantom: Phantom) -> Case:
    key_image = {
        "study": study.study_instance_uid,
        "series": f"{phantom.root}.91",
        "sop": f"{phantom.root}.{phantom.slices // 2 + 1}",
        "frame": 1,
    }
    facts = DraftFacts("CT", "Head", "50–59", "F", "workstation", phantom.slices, dict(key_image))  # noqa: RUF001
    with transaction.atomic():
        study.case_id = open_draft("conveyor", author, facts)
        study.save()
    audience = form_audience("conveyor", author.institution, [author])
    issue_release("conveyor", pass_gate("conveyor", Ask(verified_study(study.case_id), author, audience.id, "discuss")))
    ask_for_heads("conveyor", verified_study(study.case_id))
    for job in heads_due():
        shown = tuple(Shown(one.sop_instance_uid, one.sha256, Fate.SAME) for one in job.instances)
        keep_head("conveyor", job, HeadDone(held=False, reason="", outcome="other", shown=shown))
    return Case.objects.get(id=study.case_id)


def make_cast() -> Cast:
    """Two institutions, four members, one room."""
    here = found_institution("test", "Guru Nanak Hospital", "Amritsar")
    elsewhere = found_institution("test", "Sutlej Medical College", "Ludhiana")

    def enrol(name: str, institution: Institution, role: str = Role.MEMBER) -> Member:
        new = NewMember(name, f"Dr {name.title()}", PASSWORD, role, f"PMC-{name}")
        return enrol_member("test", institution, new)

    dora = enrol("dora", here, Role.MODERATOR)
    alice, bob, charlie = enrol("alice", here), enrol("bob", here), enrol("charlie", elsewhere)
    room = found_room(dora, NewRoom("Neuroradiology", "Head and spine"))
    for member in (alice, bob):
        add_member(dora, room, member)
    return Cast(alice, bob, charlie, dora, here, elsewhere, room)


@pytest.fixture(autouse=True)
def every_test_has_a_home(scratch_home: Path) -> None:  # noqa: F811  # the fixture
    """No test of a station touches a real home."""


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Bob, Charlie and Dora, with Alice, Bob and Dora in one room."""
    return make_cast()


@pytest.fixture
def draft_case(cast: Cast) -> Case:
    """Alice's draft of a three-slice CT."""
    return draft_for(cast.alice, Phantom())


@pytest.fixture
def another_draft() -> Callable[[Member], Case]:
    """Makes one more draft for a member, of another patient."""
    return lambda member: draft_for(member, Phantom(root="2.25.2000"))


@pytest.fixture
def posted_case(cast: Cast, draft_case: Case) -> Case:
    """Alice's case, posted to the room."""
    post_case(cast.alice, Post(draft_case.id, cast.room.id, "Level of obstruction?"))
    draft_case.refresh_from_db()
    return draft_case


@pytest.fixture
def sign_in() -> Callable[[Member], Client]:
    """A browser in which the given member is signed in."""

    def signed_in(member: Member) -> Client:
        client = Client(headers={"accept": "text/html"})
        client.force_login(member)
        return client

    return signed_in
