"""What runs inside the jail for a batch of files: de-identify each, copy its pixels, look again at the series.

The jailed child has the files it was handed, open, and the secret: no folder, no database, no network.
Source: the order of stations in docs/explanation/flow.md.
"""

import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from confrere.apps.clearance.second_look import SecondLook
from confrere.core.deidentify import Keys, Profile, profile_named
from confrere.core.deidentify.record import DeidentificationRecord
from confrere.core.deidentify.splice import Spliced, Splicer
from confrere.core.dicom.source import HEAD, Source
from confrere.core.terms import Broken, Held, Outcome, Refused

# Where one file system does not copy to another by itself, or this system cannot.
_CANNOT_COPY = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})
_PART = 8 << 20

Answer = tuple[dict[str, object], list[bytes]]


@dataclass(slots=True)
class _Batch:
    """The ends of the files so far, and the records they share: most files of a series have the same one."""

    ends: list[tuple[str, str, int | None]] = field(default_factory=list)
    records: dict[int, int] = field(default_factory=dict)
    told: list[DeidentificationRecord] = field(default_factory=list)

    def number_of(self, record: DeidentificationRecord) -> int:
        """The place of `record` in `told`; by identity, because the splicer gives equal work the same object."""
        if id(record) not in self.records:
            self.records[id(record)] = len(self.told)
            self.told.append(record)
        return self.records[id(record)]


def deidentify_files(_blobs: Sequence[bytes], args: Mapping[str, object], files: Sequence[int]) -> Answer:
    """De-identify the files `files`[0::2] into `files`[1::2]; args are `secret` (hex) and `profile`.

    Returns {ends, records}: for each file (outcome, reason, index into records or None). What was written for a file
    that is not clean must be thrown away by the caller.
    """
    profile = profile_named(str(args["profile"]))
    splicer = _splicer(str(args["secret"]), profile)
    batch, second = _Batch(), SecondLook(profile)
    for number, (source, target) in enumerate(zip(files[0::2], files[1::2], strict=True)):
        try:
            spliced = splicer.clean(_source(source))
            _write(spliced, source, target)
            second.read(spliced, str(number))
        except (Refused, Held) as stop:
            outcome = Outcome.HELD if isinstance(stop, Held) else Outcome.REFUSED
            batch.ends.append((outcome, stop.code, None))
        except Broken:
            batch.ends.append((Outcome.HELD, "clearance-failed", None))
        else:
            batch.ends.append((Outcome.CLEAN, "ok", batch.number_of(spliced.record)))
    for name in second.judge():
        batch.ends[int(name)] = (Outcome.HELD, "residual-found", None)
    return {"ends": batch.ends, "records": [record.as_json() for record in batch.told]}, []


# A child serves one institution, and what a splicer has learnt of one series changes no output of another.
_SPLICERS: dict[tuple[str, str], Splicer] = {}


def _splicer(secret: str, profile: Profile) -> Splicer:
    key = (secret, profile.name)
    if key not in _SPLICERS:
        _SPLICERS[key] = Splicer(keys=Keys(bytes.fromhex(secret), ""), profile=profile)
    return _SPLICERS[key]


def _source(handle: int) -> Source:
    size = os.fstat(handle).st_size
    return Source(os.pread(handle, HEAD, 0), size, lambda start, stop: _read(handle, start, stop))


def _read(handle: int, start: int, stop: int) -> bytes:
    content = os.pread(handle, stop - start, start)
    while len(content) < stop - start:  # a single read gives 2 GiB at most
        more = os.pread(handle, stop - start - len(content), start + len(content))
        if not more:
            raise Refused("truncated")
        content += more
    return content


def _write(spliced: Spliced, source: int, target: int) -> None:
    """Header and pixels into `target`; what is at hand in one write, the rest copied by the kernel."""
    pixels = spliced.pixels
    if pixels.replaced is not None:
        _write_all(target, [spliced.header, memoryview(pixels.replaced)])
        return
    header = spliced.header
    at_hand = memoryview(pixels.buffer)[pixels.start : pixels.stop]
    _write_all(target, [header, at_hand])
    if pixels.start + len(at_hand) < pixels.stop:
        _copy(source, target, pixels.start + len(at_hand), pixels.stop)
    for start, stop in pixels.blanks:
        os.pwrite(target, bytes(stop - start), len(header) + start - pixels.start)


def _write_all(target: int, parts: Sequence[bytes | memoryview]) -> None:
    done = os.writev(target, parts)
    if done == sum(len(part) for part in parts):
        return
    rest = memoryview(b"".join(parts))[done:]
    while rest:
        rest = rest[os.write(target, rest) :]


def _copy(source: int, target: int, start: int, stop: int) -> None:
    """Bytes [start, stop) of `source` to the end of `target`. Raises Refused when `source` has shrunk."""
    copied = 1
    try:
        while start < stop and copied:
            copied = os.copy_file_range(source, target, stop - start, start)
            start += copied
    except OSError as fault:
        if fault.errno not in _CANNOT_COPY:
            raise
    while start < stop:
        part = _read(source, start, min(stop, start + _PART))
        _write_all(target, [part])
        start += len(part)
