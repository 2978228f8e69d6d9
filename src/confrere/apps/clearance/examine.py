"""One unit of work for the executor: examine a batch of arrivals, keep what came out clean.

Idempotent: outputs are named by their content, so doing it twice changes nothing. Knows no table, so that it
runs in any process that has the key box's clearance token and the object store.
"""

import hashlib
import os
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO, cast

from confrere.adapters.archive import ArchiveLimits, members
from confrere.adapters.jail import JailSession, Limits
from confrere.adapters.keybox import KeyBox
from confrere.adapters.objects import ObjectStore, content_key
from confrere.adapters.quarantine import Quarantine
from confrere.apps.clearance.pixel_eye import IN_DOUBT, Approved, PixelEye
from confrere.core.terms import Broken, Held, Outcome, Refused
from confrere.core.terms.kinds import HEAD_BYTES, FileKind, kind_of

TARGET = "confrere.apps.clearance.jailed:examine"
MAX_INSTANCE_BYTES = 2 << 30
PICTURE_STEP = 1_000_000
"""Between the pictures of one file in the numbering of an arrival's instances; no archive has so many members."""
ENOUGH_S = 20.0
"""After so long a batch tells what it has; the conveyor hands out the rest again, and the sender sees progress."""


@dataclass(frozen=True, slots=True)
class ArrivalRef:
    """An arrival by its sealed segments, in order; with `approved`, only these instances of it are due, again."""

    arrival_id: uuid.UUID
    segments: tuple[str, ...]
    approved: tuple[Approved, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrivals of one intake; carries names only: the keys are fetched where the work is done."""

    intake_id: uuid.UUID
    institution_id: uuid.UUID
    arrivals: tuple[ArrivalRef, ...]
    objects_url: str
    keybox_socket: Path


@dataclass(frozen=True, slots=True)
class Examined:
    """How one instance of one arrival ended; `facts` and `record` are empty unless clean.

    `proposal` is what a person is asked at the desk, empty where nobody is asked.
    """

    arrival_id: uuid.UUID
    index: int
    outcome: str
    reason: str
    grouping: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    object_key: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    record: dict[str, object] = field(default_factory=dict)
    proposal: dict[str, object] = field(default_factory=dict)


@cache
def _keybox(socket: Path) -> KeyBox:
    return KeyBox(socket, os.environ.get("CONFRERE_KEYBOX_TOKEN", ""))


@cache
def _store(url: str) -> ObjectStore:
    return ObjectStore.open(url)


class Bench:
    """Where a batch is worked on: the jail, the store, and the keys of one intake."""

    def __init__(self, batch: Batch, jail: JailSession) -> None:
        keybox = _keybox(batch.keybox_socket)
        self.batch = batch
        self.jail = jail
        self.store = _store(batch.objects_url)
        self.quarantine = Quarantine(self.store)
        self.private_key = keybox.private_key(str(batch.intake_id))
        self.secret = keybox.institution_secret(str(batch.institution_id))
        self.args = {"secret": self.secret.hex(), "institution": str(batch.institution_id)}
        self.eye = PixelEye(str(batch.intake_id), self.store, keybox, self.args)

    def close(self) -> None:
        """End what was started for this batch alone."""
        self.eye.close()

    def original(self, arrival: ArrivalRef, into: BinaryIO) -> None:
        """Write an arrival's plaintext into an unlinked file."""
        for key in arrival.segments:
            self.quarantine.read_to(key, str(self.batch.intake_id), self.private_key, into)
        into.seek(0)

    def examine_instance(self, arrival: ArrivalRef, index: int, content: bytes) -> Examined:
        """Send one instance through the jail and keep its cleaned bytes; pixels in doubt go before the eye."""
        approved = next((one for one in arrival.approved if one.index == index), None)
        try:
            answer = self.jail.run(TARGET, blobs=[content], args=self.args)
        except (Refused, Held) as stop:
            return _stopped(arrival, index, stop)
        except Broken as fault:
            if fault.retryable:
                raise
            # Something in the file broke the engine or the verifier: it alone is held, the others go on.
            return _stopped(arrival, index, Held("clearance-failed"))
        value = cast("dict[str, object]", answer.value)
        if (value["outcome"], value["reason"]) == (Outcome.HELD, IN_DOUBT):
            value, parts = self.eye.look_at(content, value, approved)
            return self._kept(arrival, index, value, parts)
        return self._kept(arrival, index, value, answer.blobs)

    def examine_pictures(self, arrival: ArrivalRef, index: int, content: bytes, kind: FileKind) -> Iterator[Examined]:
        """Every picture of a file that is not DICOM: before the eye, and after a person's word on as DICOM.

        Picture n of the file has the index n * PICTURE_STEP + `index`.
        """
        ours = [one for one in arrival.approved if one.index % PICTURE_STEP == index]
        about = {"intake": str(self.batch.intake_id), "place": f"{arrival.arrival_id}/{index}", "kind": str(kind)}
        if not arrival.approved:
            for number, value in enumerate(self.eye.look_at_file(content, about)):
                yield self._kept(arrival, number * PICTURE_STEP + index, value, ())
        for one in ours:
            value, parts = self.eye.clear_picture(content, {**about, "number": one.index // PICTURE_STEP}, one)
            yield self._kept(arrival, one.index, value, parts)

    def _kept(self, arrival: ArrivalRef, index: int, value: dict[str, object], parts: Sequence[bytes]) -> Examined:
        grouping = cast("dict[str, str]", value["grouping"])
        if value["outcome"] != Outcome.CLEAN:
            proposal = cast("dict[str, object]", value.get("proposal", {}))
            outcome, reason = str(value["outcome"]), str(value["reason"])
            return Examined(arrival.arrival_id, index, outcome, reason, grouping, proposal=proposal)
        cleaned = b"".join(parts)
        sha256 = hashlib.sha256(cleaned).hexdigest()
        key = content_key(f"cleared/{self.batch.institution_id}", sha256)
        self.store.put(key, cleaned)
        return Examined(
            arrival_id=arrival.arrival_id,
            index=index,
            outcome=Outcome.CLEAN,
            reason=str(value["reason"]),
            grouping=grouping,
            sha256=sha256,
            object_key=key,
            facts=cast("dict[str, object]", value["facts"]),
            record=cast("dict[str, object]", value["record"]),
        )


def _stopped(arrival: ArrivalRef, index: int, stop: Refused | Held) -> Examined:
    outcome = Outcome.HELD if isinstance(stop, Held) else Outcome.REFUSED
    return Examined(arrival.arrival_id, index, outcome, stop.code)


_KIND_STOPS: dict[FileKind, str] = {
    FileKind.OTHER_ARCHIVE: "archive-not-supported",
    FileKind.UNKNOWN: "not-dicom",
    FileKind.TEXT: "not-dicom",
}
PICTURE_KINDS = frozenset({FileKind.PHOTO, FileKind.VIDEO, FileKind.DOCUMENT, FileKind.VOLUME})


def _read_bounded(source: IO[bytes]) -> bytes:
    content = source.read(MAX_INSTANCE_BYTES + 1)
    if len(content) > MAX_INSTANCE_BYTES:
        raise Refused("too-large")
    return content


def _examine_single(bench: Bench, arrival: ArrivalRef, index: int, content: bytes) -> Iterator[Examined]:
    """Judge one file that is not an archive; a document has many pictures, everything else one."""
    if not content:
        yield Examined(arrival.arrival_id, index, Outcome.REFUSED, "empty-file")
        return
    kind = kind_of(content[:HEAD_BYTES])
    if kind is FileKind.ZIP:
        yield Examined(arrival.arrival_id, index, Outcome.REFUSED, "expands-too-much")
    elif kind in _KIND_STOPS:
        yield _stopped(arrival, index, Refused(_KIND_STOPS[kind]))
    elif kind in PICTURE_KINDS:
        yield from bench.examine_pictures(arrival, index, content, kind)
    else:
        yield bench.examine_instance(arrival, index, content)


def _is_due(arrival: ArrivalRef, member: int) -> bool:
    """Whether a member of an archive, or a picture in it, is to be looked at."""
    return not arrival.approved or any(one.index % PICTURE_STEP == member for one in arrival.approved)


def _examine_arrival(bench: Bench, arrival: ArrivalRef) -> Iterator[Examined]:
    with tempfile.TemporaryFile() as file:
        spool = cast("BinaryIO", file)
        bench.original(arrival, spool)
        head = spool.read(HEAD_BYTES)
        spool.seek(0)
        if kind_of(head) is not FileKind.ZIP:
            yield from _examine_single(bench, arrival, 0, _read_bounded(spool))
            return
        seen = False
        for member in members(spool, ArchiveLimits()):
            if member.is_clutter:
                continue
            seen = True
            if not _is_due(arrival, member.index):
                continue
            with member.open() as source:
                content = _read_bounded(source)
            yield from _examine_single(bench, arrival, member.index, content)
        if not seen:
            yield Examined(arrival.arrival_id, 0, Outcome.REFUSED, "nothing-to-clear")


def examine_batch(batch: Batch) -> tuple[Examined, ...]:
    """Examine the arrivals of the batch, in order, until ENOUGH_S have passed; what is left is due again.

    An archive that turns out bad halfway refuses the whole archive: nothing of it is kept. Raises Broken when the
    store or the key box is not there; the conveyor tries again.
    """
    found: list[Examined] = []
    enough = time.monotonic() + ENOUGH_S
    with JailSession(Limits(), preload=(TARGET.partition(":")[0],)) as jail, closing(Bench(batch, jail)) as bench:
        for arrival in batch.arrivals:
            try:
                found.extend(list(_examine_arrival(bench, arrival)))
            except (Refused, Held) as stop:
                found.append(_stopped(arrival, 0, stop))
            except OSError as fault:
                raise Broken(f"examining failed: {type(fault).__name__}", retryable=True) from None
            if time.monotonic() > enough:
                break
    return tuple(found)
