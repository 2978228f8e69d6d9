"""The worker's side of the look at heads: what the child says is measured, and a child that fails holds the series."""

import hashlib
import uuid

import pytest

from confrere.adapters.jail import JailResult
from confrere.adapters.objects import ObjectStore
from confrere.apps.clearance import heads
from confrere.apps.clearance.heads import (
    MEMORY_BYTES,
    HeadDone,
    HeadInstance,
    HeadJob,
    clear_series,
    limits_for,
    strip_key,
)
from confrere.apps.clearance.jailed_heads import Fate
from confrere.core.terms import Broken, Held, Refused


def job_of(tmp_path, count: int = 3) -> HeadJob:
    store = ObjectStore.open(tmp_path.as_uri())
    instances = []
    for place in range(count):
        content = b"slice %d" % place
        store.put(f"cleared/{place}", content)
        instances.append(HeadInstance(f"2.25.{place}", hashlib.sha256(content).hexdigest(), f"cleared/{place}", 1000))
    return HeadJob(uuid.uuid4(), uuid.uuid4(), "CT", 5, tuple(instances), tmp_path.as_uri())


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch):
    """Makes the jail answer, or fail, so."""

    def answers(said: object, *blobs: bytes) -> None:
        class Child:
            def __init__(self, *_told: object, **_more: object) -> None:
                return

            def __enter__(self):
                return self

            def __exit__(self, *_told: object) -> None:
                return

            def run(self, target: str, **_told: object) -> JailResult:
                if isinstance(said, Exception):
                    raise said
                return JailResult(said, blobs, 0)

        monkeypatch.setattr(heads, "JailSession", Child)

    return answers


def said(*fates: str, held: bool = False, facts: tuple[str, ...] = ()) -> dict[str, object]:
    told = [{"sop_instance_uid": uid} for uid in facts]
    return {"outcome": "cut", "reason": "head-cut", "held": held, "fates": list(fates), "facts": told}


def test_new_bytes_are_kept_by_their_content_and_renderings_beside_the_look(tmp_path, child) -> None:
    job = job_of(tmp_path)
    child(said("new", "same", "out", facts=("2.25.0",)), b"cut", b"before", b"after")
    done = clear_series(job)
    store = ObjectStore.open(tmp_path.as_uri())
    assert [one.fate for one in done.shown] == [Fate.NEW, Fate.SAME, Fate.OUT]
    assert store.get(done.shown[0].object_key) == b"cut"
    assert (done.held, done.strips) == (False, ("before", "after"))
    assert store.get(strip_key(job.look_id, "after")) == b"after"
    assert clear_series(job) == done, "a second time changes nothing"


def test_a_proposal_keeps_no_new_bytes(tmp_path, child) -> None:
    child(said("new", "same", "out", held=True), b"before")
    done = clear_series(job_of(tmp_path))
    assert done.held
    assert [one.sha256 for one in done.shown] == ["", "", ""]


@pytest.mark.parametrize(
    ("stop", "code"),
    [
        (Held("head-geometry"), "head-geometry"),
        (Held("pixel-engine-missing"), "pixel-engine-missing"),
        (Refused("parser-stopped"), "head-look-stopped"),
        (Refused("bad-pixel-stream"), "bad-pixel-stream"),
        (Broken("jail: IndexError", retryable=False), "head-look-stopped"),
    ],
)
def test_whatever_stops_the_child_holds_the_series_with_a_reason(tmp_path, child, stop: Exception, code: str) -> None:
    child(stop)
    assert clear_series(job_of(tmp_path)) == HeadDone(held=True, reason=code)


def test_a_start_that_fails_is_tried_again(tmp_path, child) -> None:
    child(Broken("jail: the child did not start", retryable=True))
    with pytest.raises(Broken, match="did not start"):
        clear_series(job_of(tmp_path))


@pytest.mark.parametrize(
    ("answer", "blobs"),
    [
        (said("same", "same"), ()),
        (said("new", "same", "same"), (b"cut",)),
        (said("same", "same", "same"), (b"1", b"2", b"3")),
    ],
)
def test_a_child_that_contradicts_itself_holds_the_series(tmp_path, child, answer, blobs) -> None:
    child(answer, *blobs)
    assert clear_series(job_of(tmp_path)) == HeadDone(held=True, reason="head-look-stopped")


@pytest.mark.parametrize(("content", "uid"), [(b"slice 0", "2.25.0"), (b"cut", "2.25.7")])
def test_a_new_file_of_another_instance_or_with_the_old_bytes_is_damage(tmp_path, child, content, uid) -> None:
    child(said("new", "same", "same", facts=(uid,)), content)
    with pytest.raises(Broken, match="not of its instance"):
        clear_series(job_of(tmp_path))


def test_an_object_that_is_not_what_its_row_says_is_damage(tmp_path, child) -> None:
    job = job_of(tmp_path)
    store = ObjectStore.open(tmp_path.as_uri())
    store.delete("cleared/1")
    store.put("cleared/1", b"flipped")
    with pytest.raises(Broken, match="SHA-256"):
        clear_series(job)


def test_a_larger_series_has_more_time_and_no_more_memory(tmp_path) -> None:
    small = job_of(tmp_path, 3)
    large = HeadJob(small.look_id, small.institution_id, "CT", 5, (HeadInstance("", "", "", 10**8),), "")
    assert limits_for(large).wall_s > limits_for(small).wall_s + 100
    assert limits_for(large).memory_bytes == limits_for(small).memory_bytes == MEMORY_BYTES
