"""A real CT head is posted to a room: a colleague gets every slice she may, and from none of them a face."""

import hashlib
import io
import itertools

import numpy as np
import pytest
from pydicom import dcmread
from support.sending import clear, open_jail, send  # noqa: F401  # a fixture among them
from support.studies import CRANIUM, Planted, ct_series

from confrere.adapters.face_detectors import face_detectors
from confrere.adapters.jail import JailSession
from confrere.apps.cases.models import Case
from confrere.apps.clearance import heads
from confrere.apps.clearance.face_free import FacesDue, study_for_others
from confrere.apps.clearance.models import FaceFree, HeadLook, HeadState, InstanceClearance
from confrere.apps.clearance.reads import verified_study
from confrere.apps.release.models import ReleasedInstance, ReleaseState
from confrere.apps.release.window import store
from confrere.core.pixels.heads import Modality, Plane, Volume, build_volume
from confrere.core.pixels.heads.check import look_at, skin_levels

pytestmark = [
    pytest.mark.database,
    pytest.mark.real,
    pytest.mark.usefixtures("keys", "open_jail"),
    pytest.mark.skipif(not CRANIUM.exists(), reason="Debian's invesalius-examples is not installed"),
]
SKIN_HU = -300.0
FORM = {"question": "Level of obstruction?", "purpose": "discuss", "consent": "none"}


@pytest.fixture
def walls(monkeypatch: pytest.MonkeyPatch, open_jail: None) -> None:  # noqa: F811  # the fixture
    """The look at heads behind real walls: its limits have to do for a real head."""
    monkeypatch.setattr(heads, "JailSession", JailSession)


def files() -> list[bytes]:
    found = []
    for ds in ct_series(Planted()):
        out = io.BytesIO()
        ds.save_as(out, enforce_file_format=True)
        found.append(out.getvalue())
    return found


def volume_that(client, case_id) -> Volume:
    """The volume as a member's viewer could build it: the stack and every frame in it, by their addresses."""
    stack = client.get(f"/cases/{case_id}/stack.json").json()
    (series,) = stack["series"]
    planes = []
    for one in series["instances"]:
        address = stack["frames"].format(**{**series, **one})
        answer = client.get(address)
        assert answer.status_code == 200
        stored = np.frombuffer(answer.content, "<i2").reshape(series["rows"], series["columns"])
        spacing, orientation = tuple(series["spacing"]), tuple(series["orientation"])
        planes.append(Plane(stored, orientation, tuple(one["position"]), spacing))
    return build_volume(planes, Modality.CT)


def fires(volume: Volume, levels: tuple[float, ...]) -> bool:
    return look_at(volume, face_detectors(), levels).fires


def test_a_colleague_gets_every_slice_of_a_posted_head_and_no_face_from_any(cast, sign_in, walls) -> None:
    send(cast.alice, files())
    clear()
    case, look = Case.objects.get(), HeadLook.objects.get()
    originals = {one.sop_instance_uid: one for one in verified_study(case.id).instances}
    assert (look.state, look.outcome, look.reason_code) == (HeadState.DONE, "cut", "head-cut")
    cut = FaceFree.objects.exclude(sha256="")
    assert cut.count() > 50

    alice, bob = sign_in(cast.alice), sign_in(cast.bob)
    draft = volume_that(alice, case.id)
    assert fires(draft, (SKIN_HU,)), "the control: the original shows a face"
    page = alice.get(f"/drafts/{case.id}").content.decode()
    assert f"The face was taken out of {cut.count()} images." in page
    for name in ("before", "after"):
        address = f"/drafts/{case.id}/heads/{look.id}/{name}.webp"
        assert alice.get(address).content[:4] == b"RIFF"
        assert bob.get(address).status_code == 404

    assert alice.post(f"/drafts/{case.id}", {**FORM, "room": str(cast.room.id)}).status_code == 302
    seen = volume_that(bob, case.id)
    assert seen.stored.shape == draft.stored.shape == (108, 256, 256)
    assert not fires(seen, skin_levels(SKIN_HU, Modality.CT))
    assert 0.001 < (seen.stored != draft.stored).mean() < 0.2
    assert np.array_equal(volume_that(alice, case.id).stored, seen.stored), "a pin means one thing to both"
    assert alice.get(f"/drafts/{case.id}/heads/{look.id}/before.webp").status_code == 404

    given_up = set(cut.values_list("instead_of", flat=True))
    in_force = ReleasedInstance.objects.filter(release__state=ReleaseState.IN_FORCE)
    assert not given_up & set(in_force.values_list("sha256", flat=True))
    assert nothing_of(given_up, bob, case, originals)
    charlie = sign_in(cast.charlie)
    assert charlie.get(f"/cases/{case.id}/stack.json").status_code == 404


def nothing_of(given_up: set[str], client, case: Case, originals: dict) -> bool:
    """Whether no route of the window gives a byte of the pixels in `given_up` to this client."""
    for original in itertools.islice((one for one in originals.values() if one.sha256 in given_up), 0, None, 9):
        base = f"/dicom-web/studies/{original.study_instance_uid}/series/{original.series_instance_uid}"
        pixels = dcmread(io.BytesIO(store().get(original.object_key))).PixelData
        frame = client.get(f"{base}/instances/{original.sop_instance_uid}/frames/1").content
        if frame == pixels or hashlib.sha256(frame).hexdigest() == original.sha256:
            return False
        said = next(
            one
            for one in client.get(f"{base}/metadata").json()
            if one["00080018"]["Value"] == [original.sop_instance_uid]
        )
        assert said["00280302"]["Value"] == ["NO"]
        assert "113102" in [code["00080100"]["Value"][0] for code in said["00120064"]["Value"]]
        assert client.get(f"{base}/instances/{original.sop_instance_uid}/frames/1/rendered").status_code == 200
    return True


def test_what_stands_in_for_a_slice_tells_what_was_done_and_differs_in_nothing_else(cast, walls) -> None:
    send(cast.alice, files())
    clear()
    rows = {row.sha256: row for row in InstanceClearance.objects.select_related("record")}
    for one in FaceFree.objects.exclude(sha256="").select_related("record")[::20]:
        before = dcmread(io.BytesIO(store().get(rows[one.instead_of].object_key)))
        after = dcmread(io.BytesIO(store().get(one.object_key)))
        told = rows[one.instead_of].record.content
        assert one.record.content["codes"] == sorted([*told["codes"], "113102"])
        assert one.record.content["features"]["face"] == "cut off"
        changed = {element.tag for element in after if element.tag not in before or before[element.tag] != element}
        assert changed == {0x00120064, 0x00280302, 0x7FE00010}
        assert (before.pixel_array != after.pixel_array).mean() < 0.5


def test_a_post_waits_for_the_look_and_says_so(cast, sign_in, walls) -> None:
    send(cast.alice, files()[:6])
    from confrere.conveyor import Conveyor

    walker = Conveyor(lambda: None)
    for name, station in itertools.cycle(walker.stations()):
        if name == "clear heads":
            if Case.objects.exists():
                break
            continue
        if name == "de-identify and verify":
            from concurrent.futures import ThreadPoolExecutor

            walker.batches.make_executor = lambda: ThreadPoolExecutor(1)
        station()
    case = Case.objects.get()
    with pytest.raises(FacesDue):
        study_for_others(case.id)
    alice = sign_in(cast.alice)
    answer = alice.post(f"/drafts/{case.id}", {**FORM, "room": str(cast.room.id)})
    assert answer.status_code == 202
    page = answer.content.decode()
    assert "Not posted yet." in page
    assert FORM["question"] in page
    assert alice.get(f"/drafts/{case.id}/heads/ready").json() == {"ready": False}
    case.refresh_from_db()
    assert case.state == "draft"
