"""Studies on their way in, for tests: send files through the real actions, then let the real conveyor work."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import Self

import pytest
from support.dicom_bytes import (
    CT,
    ROOT,
    SECONDARY_CAPTURE,
    Change,
    dataset,
    element,
    native_pixels,
    part10,
)

from confrere.adapters.jail import JailResult
from confrere.apps.accounts.models import Member
from confrere.apps.clearance import examine, heads, pixel_eye
from confrere.apps.intake.actions.receive import complete_intake, open_intake, receive_whole
from confrere.apps.intake.models import Door, Intake
from confrere.conveyor import Conveyor

ULTRASOUND = "1.2.840.10008.5.1.4.1.1.6.1"


@dataclass(frozen=True, slots=True)
class One:
    """One instance to send: numbers name its study, series and place; `shade` makes other pixels."""

    place: int = 1
    study: int = 900
    series: int = 901
    patient: str = "UHIDQX77123"
    shade: int = 0
    sop_class: str = CT
    changes: Mapping[int, Change] | None = None


def file_of(one: One) -> bytes:
    """The instance as a Part 10 file of 8 x 8 pixels."""
    pixels = bytearray(native_pixels())
    pixels[0] ^= one.shade
    uids: dict[int, Change] = {
        0x00080018: ("UI", f"{ROOT}.{one.study}.{one.place}"),
        0x0020000D: ("UI", f"{ROOT}.{one.study}"),
        0x0020000E: ("UI", f"{ROOT}.{one.study}.{one.series}"),
        0x00100020: ("LO", one.patient),
        0x00200013: ("IS", str(one.place)),
        0x00200032: ("DS", f"-125.0\\-125.0\\{one.place * 2.5}"),
        0x7FE00010: ("OW", bytes(pixels)),
    }
    body = dataset({**uids, **(one.changes or {})}, sop_class=one.sop_class)
    return part10(body, sop_class=one.sop_class)


def series(count: int = 3, **told: object) -> list[bytes]:
    """A CT series of `count` instances; further words as in One."""
    return [file_of(One(place=place, **told)) for place in range(1, count + 1)]


def with_text(study: int = 900) -> bytes:
    """A secondary capture of the same study: its pixels may carry text."""
    kind = {0x00080008: ("CS", "DERIVED\\SECONDARY"), 0x00080060: ("CS", "OT")}
    return file_of(One(place=50, study=study, series=950, sop_class=SECONDARY_CAPTURE, changes=kind))


def ultrasound(study: int = 900) -> bytes:
    """An ultrasound image of the same study: its pixels usually carry the name."""
    return file_of(One(place=60, study=study, series=960, sop_class=ULTRASOUND, changes={0x00080060: ("CS", "US")}))


def too_deep() -> bytes:
    """A file whose sequences are nested deeper than any real one."""
    inner = b""
    for _ in range(100):
        item = b"\xfe\xff\x00\xe0" + len(inner).to_bytes(4, "little") + inner
        inner = element(0x0040A730, "SQ", item)
    return file_of(One(changes={0x0040A730: inner}))


def zipped(*contents: bytes) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}.dcm", content)
    return out.getvalue()


def send(member: Member, contents: Sequence[bytes], door: str = Door.UPLOAD) -> Intake:
    """Send whole files as one intake, and complete it."""
    intake = open_intake(member, door)
    for content in contents:
        receive_whole(intake, content, "dcm")
    complete_intake(str(member.id), intake.id)
    intake.refresh_from_db()
    return intake


def clear() -> None:
    """Let the conveyor work until nothing is due."""
    Conveyor(lambda: ThreadPoolExecutor(1)).run_until_idle()


def sent_and_cleared(member: Member, contents: Sequence[bytes], door: str = Door.UPLOAD) -> Intake:
    """Send, clear, and return the intake as it is then."""
    intake = send(member, contents, door)
    clear()
    intake.refresh_from_db()
    return intake


class OpenJail:
    """The jail's interface without its walls: the target runs in this process. The real one has its own tests."""

    def __init__(self, *_limits: object, **_options: object) -> None:
        self.asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def run(self, target: str, *, blobs: Sequence[bytes] = (), args: Mapping[str, object] | None = None) -> JailResult:
        """Call the target here."""
        module, _, name = target.partition(":")
        value, found = getattr(import_module(module), name)(blobs, args or {})
        return JailResult(value, tuple(found), 0)


@pytest.fixture
def open_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    """No child process for each batch: for tests that are about what happens around it."""
    monkeypatch.setattr(examine, "JailSession", OpenJail)
    monkeypatch.setattr(pixel_eye, "JailSession", OpenJail)
    monkeypatch.setattr(heads, "JailSession", OpenJail)
