"""The browser's door speaks tus: an upload goes on where it stopped, and a lie about length gets nowhere.

Source: tus resumable upload protocol 1.0.0 (core, creation, checksum).
"""

import base64
import fcntl
import hashlib
import random
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.http.request import UnreadablePostError
from django.test import Client, RequestFactory

from confrere.adapters.keybox import KeyBox
from confrere.apps.accounts.models import Member
from confrere.apps.intake.actions.receive import MAX_ARRIVAL_BYTES
from confrere.apps.intake.doors import upload
from confrere.apps.intake.models import Arrival, Intake, IntakeState
from confrere.apps.intake.quarantine import quarantine

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys")]
OFFSET_STREAM = "application/offset+octet-stream"
BYTES = bytes(range(256)) * 40


@pytest.fixture
def alice(cast: SimpleNamespace, sign_in: Callable[[Member], Client]) -> Client:
    return sign_in(cast.alice)


@pytest.fixture
def intake_id(alice: Client) -> str:
    answer = alice.post("/intakes/")
    assert answer.status_code == 201
    return str(answer.json()["id"])


def metadata(intake_id: str, **more: str) -> str:
    told = {"intake": intake_id, **more}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())


def create(client: Client, intake_id: str, length: str, **more: str):  # Django's own answer type
    headers = {"Upload-Length": length, "Upload-Metadata": metadata(intake_id, **more), "Tus-Resumable": "1.0.0"}
    return client.post("/uploads/", headers=headers)


@pytest.fixture
def place(alice: Client, intake_id: str) -> str:
    """The address of an upload of BYTES, nothing of it here yet."""
    return str(create(alice, intake_id, str(len(BYTES))).headers["Location"])


def patch(client: Client, place: str, offset: object, content: bytes, **headers: str):
    told = {"Upload-Offset": str(offset), "Tus-Resumable": "1.0.0", **headers}
    return client.patch(place, content, content_type=OFFSET_STREAM, headers=told)


def offset_of(client: Client, place: str) -> int:
    return int(client.head(place).headers["Upload-Offset"])


def what_arrived(place: str, keys: KeyBox) -> bytes:
    arrival = Arrival.objects.select_related("intake").get(id=place.rsplit("/", 1)[1])
    private = keys.private_key(str(arrival.intake_id))
    parts = [quarantine().read(part.object_key, str(arrival.intake_id), private) for part in arrival.segments.all()]
    return b"".join(parts)


def test_the_door_tells_what_it_speaks(alice: Client) -> None:
    answer = alice.options("/uploads/")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,checksum"
    assert answer.headers["Tus-Max-Size"] == str(MAX_ARRIVAL_BYTES)


def test_an_upload_is_announced_sent_and_completed(alice: Client, intake_id: str, keys: KeyBox) -> None:
    answer = create(alice, intake_id, str(len(BYTES)), ext=".DCM!")
    assert answer.status_code == 201
    assert Arrival.objects.get().suffix == "dcm"
    place = answer.headers["Location"]
    assert offset_of(alice, place) == 0
    answer = patch(alice, place, 0, BYTES)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(BYTES)))
    assert what_arrived(place, keys) == BYTES
    assert alice.post(f"/intakes/{intake_id}/complete").json() == {"id": intake_id, "state": "received"}


def test_how_far_an_upload_is_can_be_asked_and_is_never_cached(alice: Client, place: str) -> None:
    patch(alice, place, 0, BYTES[:100])
    answer = alice.head(place)
    assert answer.status_code == 200
    assert answer.headers["Upload-Offset"] == "100"
    assert answer.headers["Upload-Length"] == str(len(BYTES))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_an_empty_file_is_complete_at_once(alice: Client, intake_id: str) -> None:
    assert create(alice, intake_id, "0").status_code == 201
    assert Arrival.objects.get().is_complete


@pytest.mark.parametrize("offset", ["1", "", "-1", "x", "0x0", "٣", "9" * 5000, str(1 << 63)])
def test_a_wrong_offset_is_a_conflict_and_changes_nothing(alice: Client, place: str, offset: str) -> None:
    answer = patch(alice, place, offset, BYTES)
    assert answer.status_code == 409
    assert answer.json()["reason"] == "upload-mismatch"
    assert offset_of(alice, place) == 0


def test_another_content_type_is_not_supported(alice: Client, place: str) -> None:
    for kind in ("application/octet-stream", "application/json", ""):
        answer = alice.patch(place, BYTES, content_type=kind, headers={"Upload-Offset": "0"})
        assert answer.status_code == 415
    assert offset_of(alice, place) == 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_right_checksum_is_taken(alice: Client, place: str, algorithm: str) -> None:
    told = base64.b64encode(hashlib.new(algorithm, BYTES).digest()).decode()
    assert patch(alice, place, 0, BYTES, **{"Upload-Checksum": f"{algorithm} {told}"}).status_code == 204


def test_a_wrong_checksum_keeps_nothing_of_the_piece(alice: Client, place: str) -> None:
    patch(alice, place, 0, BYTES[:10])
    told = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    answer = patch(alice, place, 10, BYTES[10:], **{"Upload-Checksum": f"sha256 {told}"})
    assert (answer.status_code, answer.json()["reason"]) == (460, "upload-mismatch")
    assert offset_of(alice, place) == 10


@pytest.mark.parametrize("header", ["md5 AAAA", "sha256 not-base64!", "sha256", "x"])
def test_a_checksum_that_makes_no_sense_is_a_bad_request(alice: Client, place: str, header: str) -> None:
    answer = patch(alice, place, 0, BYTES, **{"Upload-Checksum": header})
    assert answer.status_code in (400, 460)
    assert offset_of(alice, place) == 0


@pytest.mark.parametrize("length", [str(1 << 63), str(MAX_ARRIVAL_BYTES + 1), "9" * 5000, "-1", "ten", "1e9", "", "٣"])
def test_a_length_beyond_all_measure_is_too_large(alice: Client, intake_id: str, length: str) -> None:
    answer = create(alice, intake_id, length)
    assert (answer.status_code, answer.json()["reason"]) == (413, "too-large")
    assert not Arrival.objects.exists()


def test_more_than_was_promised_is_too_large(alice: Client, place: str) -> None:
    assert patch(alice, place, 0, BYTES + b"x").status_code == 413
    assert offset_of(alice, place) == 0


def test_a_complete_upload_takes_nothing_more(alice: Client, place: str) -> None:
    patch(alice, place, 0, BYTES)
    assert patch(alice, place, len(BYTES), b"x").status_code in (409, 413)
    assert offset_of(alice, place) == len(BYTES)


def test_a_second_writer_finds_the_upload_locked(alice: Client, place: str) -> None:
    folder = settings.CONFIGURATION.run / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / place.rsplit("/", 1)[1].replace("-", "")).open("wb") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        assert patch(alice, place, 0, BYTES).status_code == 423
        assert offset_of(alice, place) == 0
    assert patch(alice, place, 0, BYTES).status_code == 204
    assert list(folder.iterdir()) == []


def test_another_members_uploads_are_not_found(
    cast: SimpleNamespace, sign_in: Callable[[Member], Client], alice: Client, intake_id: str, place: str
) -> None:
    for stranger in (sign_in(cast.bob), sign_in(cast.charlie)):
        answers = [
            stranger.head(place),
            patch(stranger, place, 0, BYTES),
            create(stranger, intake_id, "9"),
            stranger.post(f"/intakes/{intake_id}/complete"),
            stranger.post(f"/intakes/{intake_id}/abandon"),
            stranger.head("/uploads/00000000-0000-4000-8000-000000000000"),
        ]
        assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert offset_of(alice, place) == 0
    assert Intake.objects.get(id=intake_id).state == IntakeState.RECEIVING


@pytest.mark.parametrize("told", ["", "intake", "intake !!!", "intake bm90LWEtdXVpZA==", "intake /w=="])
def test_an_upload_without_an_intake_of_ones_own_is_not_found(alice: Client, told: str) -> None:
    headers = {"Upload-Length": "9", "Upload-Metadata": told}
    assert alice.post("/uploads/", headers=headers).status_code == 404


def test_an_intake_with_half_an_upload_is_not_complete(alice: Client, intake_id: str, place: str) -> None:
    patch(alice, place, 0, BYTES[:50])
    answer = alice.post(f"/intakes/{intake_id}/complete")
    assert (answer.status_code, answer.json()["reason"]) == (409, "truncated")


def test_giving_up_keeps_what_came_whole(alice: Client, intake_id: str, place: str) -> None:
    patch(alice, place, 0, BYTES)
    create(alice, intake_id, "77")
    assert alice.post(f"/intakes/{intake_id}/abandon").json()["state"] == "received"
    assert Arrival.objects.count() == 1


def test_an_intake_that_is_closed_takes_no_new_file(alice: Client, intake_id: str, place: str) -> None:
    patch(alice, place, 0, BYTES)
    alice.post(f"/intakes/{intake_id}/complete")
    assert create(alice, intake_id, "9").status_code == 410


@pytest.mark.parametrize("path", ["/intakes/", "/uploads/"])
def test_a_door_is_not_opened_by_looking_at_it(alice: Client, path: str) -> None:
    assert alice.get(path).status_code == 405
    assert not Intake.objects.exists()


class BrokenLine:
    """A body that breaks off after `sound` bytes of what was promised."""

    def __init__(self, content: bytes, sound: int) -> None:
        self.rest = content[:sound]

    def read(self, size: int = -1) -> bytes:
        if not self.rest:
            raise UnreadablePostError("the line broke")
        piece, self.rest = self.rest[:size], self.rest[size:]
        return piece


def patch_over(cast: SimpleNamespace, place: str, offset: int, line: BrokenLine, promised: int):
    """A PATCH whose body comes over `line`, handed to the door as the middleware would."""
    headers = {"Upload-Offset": str(offset)}
    request = RequestFactory().patch(place, bytes(promised), content_type=OFFSET_STREAM, headers=headers)
    request.user = cast.alice
    request.read = line.read
    return upload.upload(request, Arrival.objects.get(id=place.rsplit("/", 1)[1]).id)


def test_what_came_before_the_line_broke_is_kept(
    cast: SimpleNamespace, alice: Client, place: str, keys: KeyBox
) -> None:
    patch_over(cast, place, 0, BrokenLine(BYTES, 777), len(BYTES))
    assert offset_of(alice, place) == 777
    assert what_arrived(place, keys) == BYTES[:777]
    patch(alice, place, 777, BYTES[777:])
    assert what_arrived(place, keys) == BYTES


def test_a_hundred_cuts_at_random_places_end_with_the_same_bytes(
    cast: SimpleNamespace, alice: Client, place: str, keys: KeyBox
) -> None:
    chance = random.Random(20261123)
    cuts = sorted(chance.sample(range(1, len(BYTES)), 100))
    sent = 0
    for cut in cuts:
        patch_over(cast, place, sent, BrokenLine(BYTES[sent:], cut - sent), len(BYTES) - sent)
        assert offset_of(alice, place) == cut
        # Everything that came is kept: not one byte has to be sent again.
        sent = cut
    patch(alice, place, sent, BYTES[sent:])
    assert hashlib.sha256(what_arrived(place, keys)).digest() == hashlib.sha256(BYTES).digest()
    assert Arrival.objects.get().is_complete


def test_a_long_body_is_kept_in_segments(
    alice: Client, intake_id: str, keys: KeyBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "SEGMENT_BYTES", 4096)
    place = create(alice, intake_id, str(len(BYTES))).headers["Location"]
    assert patch(alice, place, 0, BYTES).status_code == 204
    assert [part.length for part in Arrival.objects.get().segments.all()] == [4096, 4096, 2048]
    assert what_arrived(place, keys) == BYTES
