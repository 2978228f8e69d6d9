"""De-identify one instance: the whole of PS3.15's Basic Profile with the profile's options, default-deny.

Source: PS3.15 Annex E; the edition of the table is in every record.
"""

from dataclasses import dataclass, field

from confrere.core.deidentify import encode
from confrere.core.deidentify.context import make_context
from confrere.core.deidentify.keys import Keys, patient_token, remap_uid
from confrere.core.deidentify.pixel_value import PixelElement, pixel_element
from confrere.core.deidentify.profile import STRICT, Profile
from confrere.core.deidentify.record import DeidentificationRecord, tally
from confrere.core.deidentify.rewrite import Deed, RewriteContext, rewrite_element
from confrere.core.deidentify.stamps import STAMPED, file_meta, stamps
from confrere.core.deidentify.table import confidentiality_table
from confrere.core.dicom.burned_in import pixels_may_carry_text
from confrere.core.dicom.decodable import check_decodable
from confrere.core.dicom.inspect import ExaminedInstance, examine
from confrere.core.dicom.walk import PIXEL_TAGS, Buffer
from confrere.core.terms import Held

_PATIENT_NAME, _PATIENT_ID = 0x00100010, 0x00100020


@dataclass(frozen=True, slots=True)
class Deidentified:
    """The cleaned file, the record of what was done, and its identity: all UIDs here are those of the cleaned file."""

    content: bytes = field(repr=False)
    record: DeidentificationRecord
    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    patient_token: str


def deidentify_instance(data: Buffer, *, keys: Keys, profile: Profile = STRICT) -> Deidentified:
    """The de-identified form of the DICOM file `data`; the same arguments always give the same bytes.

    Raises Refused with the reason; Held for kinds of object that cannot be cleaned yet, for a missing patient
    id, and, where the profile judges pixels, for pixels that may carry text. Nothing is written or kept then.
    """
    examined = examine(data, streams=profile.judges_pixels)
    facts = examined.facts
    token = patient_token(keys, facts.issuer_of_patient_id, facts.patient_id)
    if profile.judges_pixels:
        if pixels_may_carry_text(facts):
            raise Held("burned-in-text")
        check_decodable(examined.attributes, examined.layout, facts.transfer_syntax_uid)
    context = make_context(examined, profile, keys)
    header, deeds, kept = _header(examined, context)
    pixels = pixel_element(examined, must_read=profile.judges_pixels)
    study, series, sop_instance_uid = (
        uid if context.policy.retains_uids else remap_uid(keys, uid)
        for uid in (facts.study_instance_uid, facts.series_instance_uid, facts.sop_instance_uid)
    )
    meta = file_meta(
        sop_class_uid=facts.sop_class_uid,
        sop_instance_uid=sop_instance_uid,
        transfer_syntax_uid=examined.plain.plain_transfer_syntax_uid,
    )
    return Deidentified(
        content=b"".join((meta, header, pixels.content)),
        record=_record(examined, profile, deeds, kept, pixels),
        study_instance_uid=study,
        series_instance_uid=series,
        sop_instance_uid=sop_instance_uid,
        patient_token=token,
    )


def _header(examined: ExaminedInstance, context: RewriteContext) -> tuple[bytes, list[Deed], int]:
    """Everything before the pixels, in tag order; what was done; how many top-level elements went through."""
    pieces: dict[int, bytes] = {}
    deeds: list[Deed] = []
    for element in examined.attributes.by_tag.values():
        if element.tag in PIXEL_TAGS or element.tag in STAMPED:
            continue
        done = rewrite_element(examined.plain.buffer, element, context)
        deeds.extend(done.deeds)
        if done.content:
            pieces[element.tag] = done.content
    kept = len(pieces)
    for tag, vr in ((_PATIENT_NAME, b"PN"), (_PATIENT_ID, b"LO")):
        pieces[tag] = encode.element(tag, vr, context.patient_label, implicit=context.implicit)
    pieces |= stamps(context.policy.profile, implicit=context.implicit)
    return b"".join(pieces[tag] for tag in sorted(pieces)), deeds, kept


def _record(
    examined: ExaminedInstance, profile: Profile, deeds: list[Deed], kept: int, pixels: PixelElement
) -> DeidentificationRecord:
    actions, removed = tally(deeds)
    return DeidentificationRecord(
        edition=confidentiality_table().edition,
        profile=profile.name,
        codes=tuple(code.value for code in profile.codes),
        actions=actions,
        removed=removed,
        kept=kept,
        dropped_bytes=len(examined.plain.buffer) - examined.end,
        preamble_cleared=examined.plain.preamble_used,
        pixels=pixels.deed or "identical",
    )
