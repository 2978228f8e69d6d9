"""What runs inside the jail where pixels may show who the patient is: look, and after a person's word, mask.

`look` proposes regions and draws the sheets for the desk. `clear` burns what a person approved, lets the header engine
clean the rest, and looks again with another detector than the first.

Source: PS3.15 E.3.1 (Clean Pixel Data); the order of stations in docs/explanation/flow.md.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from confrere.apps.clearance.detectors import codes_in, first_detector, second_detector
from confrere.apps.clearance.frames_shown import Frames, InstanceView, pictures_for, view_of
from confrere.apps.clearance.gathered import gathered
from confrere.apps.clearance.jailed import Answer, bench_of, grouping_of, told_of
from confrere.apps.clearance.regions_told import Canvas, counts_of, regions_from, regions_told
from confrere.core.deidentify import STRICT
from confrere.core.dicom.facts import InstanceFacts
from confrere.core.dicom.inspect import inspect_instance
from confrere.core.dicom.source import source_of
from confrere.core.pixels.burn import burn_instance
from confrere.core.pixels.propose import propose_regions
from confrere.core.pixels.regions import Region
from confrere.core.terms import Outcome

APPROVED = STRICT.with_approved_pixels()
_ENGINE = "engine"
_DEVICE_BYTES = 16
_ANSWERED = 0.8
_LEAST_MARGIN = 6


def look(blobs: Sequence[bytes], args: Mapping[str, object]) -> Answer:
    """Look at the pixels of blobs[0]; args are `secret` (hex) and `institution`.

    Returns ({outcome, reason, grouping, proposal}, pictures) for what a person has to see. Where the engine is sure, it
    masks and clears by itself and returns what `clear` does.
    """
    original = bytes(blobs[0])
    bench = bench_of(str(args["secret"]), str(args["institution"]), APPROVED)
    facts = inspect_instance(original, decode=False)
    view = view_of(original)
    proposal = propose_regions(view, facts, first_detector(), {})
    regions = gathered((*proposal.regions, *codes_in(view)))
    if proposal.sure and not regions:
        return _cleared(original, args, (), ())
    shown, pictures = pictures_for(view)
    value: dict[str, object] = {
        "outcome": Outcome.HELD,
        "reason": "text-in-pixels" if regions else proposal.reason,
        "grouping": grouping_of(facts, bench.keys),
        "proposal": {
            **_canvas_told(view),
            "regions": regions_told(regions),
            "tier": str(proposal.tier),
            "pictures": shown,
            "device": _device(facts, bytes.fromhex(str(args["secret"]))),
        },
    }
    return value, list(pictures)


def clear(blobs: Sequence[bytes], args: Mapping[str, object]) -> Answer:
    """Mask in blobs[0] what was approved, and clear it; args are those of `look` with `approved`.

    `approved` is {regions, kept, by, rule}: what to mask, what the person saw and left, and whose word it is. Returns
    what `jailed.examine` does, or for text still found {outcome: held, reason: text-left-in-pixels, proposal}.
    """
    original = bytes(blobs[0])
    approved = cast("dict[str, object]", args["approved"])
    canvas = _canvas(view_of(original))
    masks = regions_from(approved["regions"], canvas)
    kept = regions_from(approved["kept"], canvas)
    return _cleared(original, args, masks, kept, by=str(approved["by"]), rule=str(approved["rule"]))


def _cleared(
    original: bytes,
    args: Mapping[str, object],
    masks: tuple[Region, ...],
    kept: tuple[Region, ...],
    *,
    by: str = _ENGINE,
    rule: str = "",
) -> Answer:
    bench = bench_of(str(args["secret"]), str(args["institution"]), APPROVED)
    masked = burn_instance(original, masks) if masks else original
    spliced = bench.splicer.clean(source_of(masked))
    grouping = grouping_of(spliced.facts, bench.keys)
    if not bench.is_clean(spliced):
        return {"outcome": Outcome.HELD, "reason": "residual-found", "grouping": grouping}, []
    output = view_of(masked)
    left = still_there(output, masks, kept)
    if left:
        proposal = {
            **_canvas_told(output),
            "regions": regions_told([*masks, *left]),
            "kept": regions_told(kept),
        }
        return {
            "outcome": Outcome.HELD,
            "reason": "text-left-in-pixels",
            "grouping": grouping,
            "proposal": proposal,
        }, []
    value, parts = told_of(original, spliced, bench.keys)
    record = cast("dict[str, object]", value["record"])
    approval = {"regions": counts_of(masks), "kept": counts_of(kept), "by": by, "rule": rule}
    return {
        **value,
        "record": {**record, "pixels": "masked" if masks else record["pixels"], "approval": approval},
    }, parts


def still_there(output: Frames, masks: Sequence[Region], kept: Sequence[Region]) -> list[Region]:
    """What the second detector, which knows nothing of the first, still finds and no person said may stay."""
    return [one for one in second_detector()(output) if not _is_answered(one, masks, kept)]


def _is_answered(found: Region, masks: Sequence[Region], kept: Sequence[Region]) -> bool:
    """Whether what was found lies, on all its frames, under masks and what a person saw and left.

    The second detector sees in coarse cells, so what was left counts with a margin of half a line.
    """
    box = found.box
    under = np.zeros((box.bottom - box.top, box.right - box.left), bool)
    for one in (*masks, *kept):
        if one.first_frame <= found.first_frame and found.last_frame <= one.last_frame:
            grow = max(_LEAST_MARGIN, (one.box.bottom - one.box.top) // 2) if one in kept else 0
            rows = slice(max(0, one.box.top - grow - box.top), max(0, one.box.bottom + grow - box.top))
            under[rows, max(0, one.box.left - grow - box.left) : max(0, one.box.right + grow - box.left)] = True
    return float(under.mean()) >= _ANSWERED


def _canvas(view: InstanceView) -> Canvas:
    layout = view.frames.opened.layout
    return Canvas(layout.rows, layout.columns, layout.frames)


def _canvas_told(view: InstanceView) -> dict[str, object]:
    canvas = _canvas(view)
    return {"rows": canvas.rows, "columns": canvas.columns, "frames": canvas.frames}


def _device(facts: InstanceFacts, secret: bytes) -> str:
    """A keyed name of the device and its picture size: a header may say anything, so its words are not kept."""
    words = "\0".join((facts.manufacturer, facts.model, str(facts.rows), str(facts.columns)))
    return hashlib.blake2b(words.encode(), key=secret, digest_size=_DEVICE_BYTES, person=b"confrere device").hexdigest()
