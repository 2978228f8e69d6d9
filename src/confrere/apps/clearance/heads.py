"""One unit of work for the executor: a series that may show a face, read from the cleared objects, judged in the jail.

Idempotent: what comes out is named by its content. Knows no table; needs the object store, and no key: what it reads is
de-identified already. Source: docs/adr/0011-a-head-is-shown-without-its-face.md.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from confrere.adapters.jail import JailResult, JailSession, Limits
from confrere.adapters.objects import ObjectStore, content_key
from confrere.apps.clearance.jailed_heads import Fate
from confrere.core.terms import Broken, Held, Refused

TARGET = "confrere.apps.clearance.jailed_heads:clear"
MEMORY_BYTES = 3 << 30
"""Measured: 0.75 GiB resident for 108 slices of 256 by 256."""
_LEAST_S, _PER_MILLION_VOXELS_S = 240.0, 3.0
STOPPED = "head-look-stopped"


@dataclass(frozen=True, slots=True)
class HeadInstance:
    """One cleared instance of a series, by its content."""

    sop_instance_uid: str
    sha256: str
    object_key: str
    voxels: int


@dataclass(frozen=True, slots=True)
class HeadJob:
    """A series to be looked at, its instances in the order of their numbers."""

    look_id: uuid.UUID
    institution_id: uuid.UUID
    modality: str
    seed: int
    instances: tuple[HeadInstance, ...]
    objects_url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What others see of one instance; `sha256`, `object_key` and `facts` are told of new bytes alone."""

    sop_instance_uid: str
    instead_of: str
    fate: Fate
    sha256: str = ""
    object_key: str = ""
    facts: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class HeadDone:
    """What a look found: with `held`, what is shown is a proposal alone. `strips` are the keys of its renderings."""

    held: bool
    reason: str
    outcome: str = ""
    shown: tuple[Shown, ...] = ()
    strips: tuple[str, ...] = ()


@cache
def _store(url: str) -> ObjectStore:
    return ObjectStore.open(url)


def limits_for(job: HeadJob) -> Limits:
    """The more voxels, the more time; memory has one bound, and a series that outgrows it is held."""
    seconds = _LEAST_S + _PER_MILLION_VOXELS_S * sum(one.voxels for one in job.instances) / 1e6
    return Limits(wall_s=seconds, cpu_s=int(seconds), memory_bytes=MEMORY_BYTES)


def strip_key(look_id: uuid.UUID, name: str) -> str:
    """Where the renderings of a look lie, `before` or `after`."""
    return f"heads/{look_id}/{name}"


def clear_series(job: HeadJob) -> HeadDone:
    """Look at one series in a jailed child of its own, and keep the new bytes.

    A child that dies, hangs or breaks holds the series. Raises Broken, to be tried again, when the store is away, and
    for good when an object is not what its row says.
    """
    store = _store(job.objects_url)
    blobs = [_read(store, one) for one in job.instances]
    try:
        with JailSession(limits_for(job), preload=(TARGET.partition(":")[0],)) as jail:
            answer = jail.run(TARGET, blobs=blobs, args={"modality": job.modality, "seed": job.seed})
    except Held as stop:
        return HeadDone(held=True, reason=stop.code)
    except Refused as stop:
        return HeadDone(held=True, reason=STOPPED if stop.code == "parser-stopped" else stop.code)
    except Broken as fault:
        if fault.retryable:
            raise
        return HeadDone(held=True, reason=STOPPED)
    return _kept(job, store, answer)


def _read(store: ObjectStore, one: HeadInstance) -> bytes:
    content = store.get(one.object_key)
    if hashlib.sha256(content).hexdigest() != one.sha256:
        raise Broken("a cleared object does not match its SHA-256", retryable=False)
    return content


def _kept(job: HeadJob, store: ObjectStore, answer: JailResult) -> HeadDone:
    """What the child said, once it is measured: the child may have been taken over by what it read."""
    value = cast("dict[str, object]", answer.value)
    fates = [Fate(str(fate)) for fate in cast("list[object]", value["fates"])]
    facts = cast("list[dict[str, object]]", value["facts"])
    held = value["held"] is True
    made = [] if held else list(answer.blobs[: fates.count(Fate.NEW)])
    pictures = answer.blobs[len(made) :]
    if len(fates) != len(job.instances) or len(facts) != len(made) or len(pictures) > 2:
        return HeadDone(held=True, reason=STOPPED)
    news = iter(zip(made, facts, strict=True))
    shown = tuple(
        _shown(job, store, one, *next(news)) if fate is Fate.NEW and not held else _plain(one, fate)
        for one, fate in zip(job.instances, fates, strict=True)
    )
    strips = _strips(job, store, pictures)
    return HeadDone(held, str(value["reason"]), str(value["outcome"])[:8], shown, strips)


def _plain(one: HeadInstance, fate: Fate) -> Shown:
    return Shown(one.sop_instance_uid, one.sha256, fate)


def _shown(job: HeadJob, store: ObjectStore, one: HeadInstance, content: bytes, facts: dict[str, object]) -> Shown:
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 == one.sha256 or facts.get("sop_instance_uid") != one.sop_instance_uid:
        raise Broken("a new file that is not of its instance", retryable=False)
    key = content_key(f"cleared/{job.institution_id}", sha256)
    store.put(key, content)
    return Shown(one.sop_instance_uid, one.sha256, Fate.NEW, sha256, key, facts)


def _strips(job: HeadJob, store: ObjectStore, pictures: Sequence[bytes]) -> tuple[str, ...]:
    names = ("before", "after")[: len(pictures)]
    for name, picture in zip(names, pictures, strict=True):
        key = strip_key(job.look_id, name)
        # A try that died may have left one; a picture made again may differ in a byte.
        store.delete(key)
        store.put(key, picture)
    return names
