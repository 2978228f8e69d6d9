"""What runs inside the jail for files that are not DICOM: photographs, films and pages on the same road to the desk.

`look_at_file` makes every picture of a file a proposal with its sheet. `clear_picture` makes of one approved picture a
new DICOM instance with the masks in it, and looks again.

Source: PS3.15 E.3.1 and E.3.2; the order of stations in docs/explanation/flow.md.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from confrere.apps.clearance.detectors import picture_lookers
from confrere.apps.clearance.frames_shown import PictureFrames, pictures_for, view_of
from confrere.apps.clearance.gathered import gathered
from confrere.apps.clearance.jailed import Answer
from confrere.apps.clearance.jailed_pixels import still_there
from confrere.apps.clearance.regions_told import Canvas, counts_of, regions_from, regions_told
from confrere.apps.clearance.sheets import pack
from confrere.core.deidentify import Keys, remap_uid
from confrere.core.dicom.clinical import clinical_facts
from confrere.core.pixels.arrivals import READERS, read_pictures
from confrere.core.pixels.as_dicom import NewNames, as_dicom
from confrere.core.pixels.forms import form_of
from confrere.core.pixels.look import Looked, look_at
from confrere.core.pixels.pictures import Picture, PictureKind, Pictures
from confrere.core.terms import Held, Outcome
from confrere.core.terms.kinds import FileKind
from confrere.core.verify import verify_instance

MOST_PICTURES_OF_A_FILE = 2000


def look_at_file(blobs: Sequence[bytes], args: Mapping[str, object]) -> Answer:
    """Look at every picture of the file blobs[0]; args are `secret` (hex), `institution`, `intake`, `place` and `kind`.

    `place` names the file within the intake. Returns ({pictures: [{outcome, reason, grouping, proposal}…]},
    sheets), one packed sheet for each. Raises Refused for what cannot be read, Held for a form without a reader.
    """
    keys = _keys(args)
    found = _pictures(bytes(blobs[0]), args)
    told: list[dict[str, object]] = []
    sheets: list[bytes] = []
    for number, picture in enumerate(found.pictures):
        frames = PictureFrames(picture)
        looked = look_at(picture, picture_lookers())
        shown, pictures = pictures_for(frames)
        proposal = {
            **_canvas_told(picture),
            "regions": regions_told(gathered(looked.regions)),
            "tier": "distinct",
            "pictures": shown,
            "device": "",
        }
        told.append(
            {
                "outcome": Outcome.HELD,
                "reason": _why(found, looked),
                "grouping": _grouping(picture, keys, args, number),
                "proposal": proposal,
            }
        )
        sheets.append(pack(pictures))
    return {"pictures": told}, list(sheets)


def clear_picture(blobs: Sequence[bytes], args: Mapping[str, object]) -> Answer:
    """Make picture `number` of the file blobs[0] a DICOM instance as approved; further args as in `look_at_file`.

    `approved` is {regions, kept, by, rule}. Returns what `jailed.examine` does, or for text still found
    {outcome: held, reason: text-left-in-pixels, proposal}.
    """
    number = int(str(args["number"]))
    picture = _pictures(bytes(blobs[0]), args).pictures[number]
    approved = cast("dict[str, object]", args["approved"])
    canvas = Canvas(picture.rows, picture.columns, picture.count)
    masks, kept = regions_from(approved["regions"], canvas), regions_from(approved["kept"], canvas)
    grouping = _grouping(picture, _keys(args), args, number)
    names = NewNames(str(grouping["study"]), str(grouping["series"]), str(grouping["sop"]), instance_number=number + 1)
    cleaned = as_dicom(picture, names, masks)
    held: dict[str, object] = {"outcome": Outcome.HELD, "grouping": grouping}
    if verify_instance(cleaned, None):
        return {**held, "reason": "residual-found"}, []
    left = still_there(view_of(cleaned), masks, kept)
    if left:
        proposal = {**_canvas_told(picture), "regions": regions_told([*masks, *left]), "kept": regions_told(kept)}
        return {**held, "reason": "text-left-in-pixels", "proposal": proposal}, []
    value: dict[str, object] = {
        "outcome": Outcome.CLEAN,
        "reason": "ok",
        "grouping": grouping,
        "facts": clinical_facts(cleaned, size=len(cleaned)),
        "record": {
            "edition": "",
            "profile": "strict",
            "codes": ["113100", "113101"],
            "actions": {},
            "removed": {},
            "kept": 0,
            "pixels": "a new file of approved pixels",
            "approval": {
                "regions": counts_of(masks),
                "kept": counts_of(kept),
                "by": str(approved["by"]),
                "rule": str(approved["rule"]),
            },
        },
    }
    return value, [cleaned]


def _why(found: Pictures, looked: Looked) -> str:
    """The reason a person reads first: a face that was seen says more than the kind of file."""
    reasons = (*found.holds, *looked.reasons)
    return next((code for code in reasons if code == "face-found"), next(iter(reasons), "pixels-need-a-person"))


def _pictures(content: bytes, args: Mapping[str, object]) -> Pictures:
    kind = FileKind(str(args["kind"]))
    if form_of(content, kind) not in READERS:
        raise Held("format-not-supported-yet")
    found = read_pictures(content, kind)
    if len(found.pictures) > MOST_PICTURES_OF_A_FILE:
        raise Held("too-many-pictures")
    if any(picture.kind is PictureKind.VOLUME for picture in found.pictures):
        # A volume may hold a head; key slices are chosen elsewhere.
        raise Held("volume-may-show-face")
    return found


def _keys(args: Mapping[str, object]) -> Keys:
    return Keys(bytes.fromhex(str(args["secret"])), str(args["institution"]))


def _grouping(picture: Picture, keys: Keys, args: Mapping[str, object], number: int) -> dict[str, object]:
    """New identifiers made of our own: all pictures of one sending are one study, each file is a series of it."""
    intake, place = str(args["intake"]), str(args["place"])
    return {
        "study": remap_uid(keys, f"pictures/{intake}"),
        "series": remap_uid(keys, f"pictures/{intake}/{place}"),
        "sop": remap_uid(keys, f"pictures/{intake}/{place}/{number}"),
        "patient": "",
        "modality": "XC" if picture.kind is PictureKind.PHOTOGRAPH else "OT",
        "region": "",
        "age_band": "",
        "sex": "",
    }


def _canvas_told(picture: Picture) -> dict[str, object]:
    return {"rows": picture.rows, "columns": picture.columns, "frames": picture.count}
