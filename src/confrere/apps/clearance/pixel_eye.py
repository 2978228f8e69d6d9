"""The worker's side of the look at pixels: a jailed child of its own with the networks, and the sealed desk sheets.

The child is started when the first instance in doubt comes, so a sending of plain CT pays nothing for it; its networks
are loaded once. Source: docs/adr/0010-a-person-looks-at-pixels.md.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from confrere.adapters.jail import JailSession, Json, Limits
from confrere.adapters.keybox import KeyBox
from confrere.adapters.objects import ObjectStore
from confrere.adapters.quarantine import Quarantine
from confrere.apps.clearance.sheets import SHELF, pack
from confrere.core.terms import Broken, Held, Outcome, Refused

log = logging.getLogger(__name__)

IN_DOUBT = "burned-in-text"
"""The engine's own word for pixels that may carry text."""

ROOM = "confrere.apps.clearance.jailed_pixels"
PICTURE_ROOM = "confrere.apps.clearance.jailed_pictures"
LOOK_LIMITS = Limits(wall_s=600.0, cpu_s=400, memory_bytes=4 << 30)
"""Measured: 0.5 GiB resident for ultrasound, 1 GiB for a photograph of 12 million points; a film takes minutes."""

Looked = tuple[dict[str, object], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Approved:
    """A person's word on one instance of an arrival: what to mask, what she saw and left (as regions_told)."""

    index: int
    regions: list[list[object]]
    kept: list[list[object]]
    by: str
    rule: str = ""


class PixelEye:
    """Looks at the instances in doubt of one batch, and does what a person approved."""

    def __init__(self, intake_id: str, store: ObjectStore, keybox: KeyBox, args: Mapping[str, str]) -> None:
        self._intake_id = intake_id
        self._sheets = Quarantine(store, SHELF)
        self._keybox = keybox
        self._args = args
        self._jail: JailSession | None = None
        self._desk: bytes | None = None

    def look_at(self, original: bytes, first: dict[str, object], approved: Approved | None) -> Looked:
        """What becomes of an instance in doubt: a proposal for the desk, or the cleaned parts once it is approved.

        `first` is what `jailed.examine` said of it. Whatever goes wrong with this one instance holds it with a reason.
        Raises Broken, to be tried again, when the key box or the store is away.
        """
        verb, args = ("clear", {"approved": asdict(approved)}) if approved else ("look", {})
        value, parts = self._asked(f"{ROOM}:{verb}", original, args, first)
        if verb == "look" and value.get("proposal"):
            return self._with_sheet(value, pack(parts)), ()
        return value, parts

    def look_at_file(self, content: bytes, about: Mapping[str, object]) -> list[dict[str, object]]:
        """A proposal for every picture of a file that is not DICOM, or the one reason why there is none.

        `about` is what `jailed_pictures` wants to know of it. Raises as `look_at`.
        """
        value, sheets = self._asked(f"{PICTURE_ROOM}:look_at_file", content, about, {"grouping": {}})
        if "pictures" not in value:
            return [value]
        told = cast("list[dict[str, object]]", value["pictures"])
        if not told or len(told) != len(sheets):
            return [{"outcome": Outcome.REFUSED, "reason": "nothing-to-clear", "grouping": {}}]
        return [self._with_sheet(one, sheet) for one, sheet in zip(told, sheets, strict=True)]

    def clear_picture(self, content: bytes, about: Mapping[str, object], approved: Approved) -> Looked:
        """What becomes of one picture of a file after a person's word. Raises as `look_at`."""
        told = {**about, "approved": asdict(approved)}
        return self._asked(f"{PICTURE_ROOM}:clear_picture", content, told, {"grouping": {}})

    def _with_sheet(self, value: dict[str, object], sheet: bytes) -> dict[str, object]:
        proposal = cast("dict[str, object]", value["proposal"])
        return {**value, "proposal": {**proposal, "sheet_key": self._seal(sheet)}}

    def _asked(self, target: str, content: bytes, args: Mapping[str, object], first: dict[str, object]) -> Looked:
        """What the child answers; a stop becomes the end of this one instance, `first` with outcome and reason."""
        told = cast("Mapping[str, Json]", {**self._args, **args})
        try:
            answer = self._child().run(target, blobs=[content], args=told)
        except Refused as stop:
            if stop.code == "parser-stopped":
                return {**first, "outcome": Outcome.HELD, "reason": "pixel-look-stopped"}, ()
            return {**first, "outcome": Outcome.REFUSED, "reason": stop.code}, ()
        except Held as stop:
            if stop.code == "pixel-engine-missing":
                log.error("nothing with pixels in doubt is released: a network is missing or altered; see doctor")
            return {**first, "outcome": Outcome.HELD, "reason": stop.code}, ()
        except Broken as fault:
            if fault.retryable:
                raise
            return {**first, "outcome": Outcome.HELD, "reason": "clearance-failed"}, ()
        return cast("dict[str, object]", answer.value), answer.blobs

    def _child(self) -> JailSession:
        if self._jail is None:
            self._jail = JailSession(LOOK_LIMITS, preload=(ROOM,)).__enter__()
        return self._jail

    def _seal(self, packed: bytes) -> str:
        if self._desk is None:
            self._desk = self._keybox.open_desk(self._intake_id)
        return self._sheets.put(self._intake_id, uuid.uuid4().hex, self._desk, packed)

    def close(self) -> None:
        """End the child."""
        if self._jail is not None:
            self._jail.__exit__(None, None, None)
            self._jail = None
