"""De-identify one instance: the whole of PS3.15's Basic Profile with the profile's options, default-deny.

The header is walked, every element rewritten, and the result told as passages; the pixels are named by where they
lie. `splice` does the same for a series and repeats nothing that it has done before.

Source: PS3.15 Annex E; the edition of the table is in every record.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from confrere.core.deidentify import encode
from confrere.core.deidentify.context import make_context
from confrere.core.deidentify.days import DATED_VRS
from confrere.core.deidentify.families import rules_for
from confrere.core.deidentify.keys import Keys, patient_token, remap_uid
from confrere.core.deidentify.pieces import Familiar, Piece
from confrere.core.deidentify.pixel_value import PixelElement, pixel_element
from confrere.core.deidentify.profile import STRICT, Profile
from confrere.core.deidentify.record import DeidentificationRecord, tally
from confrere.core.deidentify.rewrite import RewriteContext, rewrite_element
from confrere.core.deidentify.stamps import STAMPED, file_meta, stamps
from confrere.core.deidentify.table import confidentiality_table
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.burned_in import pixels_may_carry_text
from confrere.core.dicom.decodable import check_decodable
from confrere.core.dicom.facts import InstanceFacts
from confrere.core.dicom.inspect import ExaminedInstance, examine
from confrere.core.dicom.passages import Passage
from confrere.core.dicom.pixels import PixelLayout
from confrere.core.dicom.source import Source, source_of
from confrere.core.dicom.walk import PIXEL_TAGS, Buffer, walk_file_meta
from confrere.core.terms import Held

_PATIENT_NAME, _PATIENT_ID = 0x00100010, 0x00100020
MEDIA_INSTANCE = 0x00020003


class Identity(NamedTuple):
    """The new identity of an instance: every UID here is a new one."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    patient_token: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One instance as it goes out: the header as passages, then the pixel element.

    `before` are the passages of preamble and group 0002, `behind` what lay after the data set and is dropped. `facts`
    are those of the original. `is_in_order` says that the original stood in the file in the order in which the passages
    tell it: not inflated, and no private element out of its place.
    """

    before: tuple[Passage, ...]
    pieces: tuple[Piece, ...]
    behind: tuple[Passage, ...]
    pixels: PixelElement
    record: DeidentificationRecord
    identity: Identity
    facts: InstanceFacts = field(repr=False)
    layout: PixelLayout | None
    context: RewriteContext
    plain_transfer_syntax_uid: str
    is_in_order: bool

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The whole header, in the order it is written."""
        return (*self.before, *(piece.passage for piece in self.pieces), *self.behind)


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
    cleaned = clean_instance(source_of(data), keys=keys, profile=profile)
    identity = cleaned.identity
    return Deidentified(
        content=b"".join([*(passage.cleaned for passage in cleaned.passages), cleaned.pixels.content]),
        record=cleaned.record,
        study_instance_uid=identity.study_instance_uid,
        series_instance_uid=identity.series_instance_uid,
        sop_instance_uid=identity.sop_instance_uid,
        patient_token=identity.patient_token,
    )


def clean_instance(
    source: Source, *, keys: Keys, profile: Profile, familiar: dict[bool, Familiar] | None = None
) -> Cleaned:
    """The instance in `source`, of which only the head is looked at where that is enough.

    `familiar` holds what is remembered from other instances of the same profile, by encoding. Raises as
    `deidentify_instance`; HeadTooShort when the header goes on behind the head.
    """
    judged = profile.judges_pixels
    examined = examine(source, streams=judged, images_only=judged)
    facts = examined.facts
    token = patient_token(keys, facts.issuer_of_patient_id, facts.patient_id)
    pixels = judged_pixels(examined.attributes, examined.layout, facts, profile)
    context = replace(make_context(examined, profile, keys), rules=rules_for(facts.sop_class_uid, profile))
    may_know = familiar is not None and context.rules is None and not context.policy.reads_text
    known = familiar.setdefault(context.implicit, Familiar()) if familiar is not None and may_know else None
    pieces = _pieces(examined, context, known)
    behind = _behind(source, examined)
    study, series, instance = (
        uid if context.policy.retains_uids else remap_uid(keys, uid)
        for uid in (facts.study_instance_uid, facts.series_instance_uid, facts.sop_instance_uid)
    )
    identity = Identity(study, series, instance, token)
    return Cleaned(
        before=_before(source.head, examined, identity.sop_instance_uid),
        pieces=pieces,
        behind=behind,
        pixels=pixels,
        record=record_of(
            context.policy.profile,
            pieces,
            dropped_bytes=sum(len(passage.original) for passage in behind),
            preamble_cleared=examined.plain.preamble_used,
            pixels=pixels.deed,
        ),
        identity=identity,
        facts=facts,
        layout=examined.layout,
        context=context,
        plain_transfer_syntax_uid=examined.plain.plain_transfer_syntax_uid,
        is_in_order=examined.plain.buffer is source.head and _ascends(examined),
    )


def _ascends(examined: ExaminedInstance) -> bool:
    tags = list(examined.attributes.by_tag)
    return tags == sorted(tags)


def judged_pixels(
    attributes: Attributes, layout: PixelLayout | None, facts: InstanceFacts, profile: Profile
) -> PixelElement:
    """The pixel element for the output, once it is certain that `profile` lets it out.

    Where a person approved the pixels, what may carry text goes out too.

    Raises Held("burned-in-text"), Refused for pixels that cannot be shown, HeadTooShort when more has to be read.
    """
    if profile.judges_pixels:
        if pixels_may_carry_text(facts) and not profile.pixels_approved:
            raise Held("burned-in-text")
        check_decodable(attributes, layout, facts.transfer_syntax_uid)
    return pixel_element(attributes, layout, facts.transfer_syntax_uid, judged=profile.judges_pixels)


def _before(data: Buffer, examined: ExaminedInstance, sop_instance_uid: str) -> tuple[Passage, ...]:
    """Preamble and group 0002: nothing of the original's is carried over. Four passages, as `FileMeta` has parts."""
    end = examined.plain.meta_end
    original = bytes(data[:end])
    at = 132 if original[128:132] == b"DICM" else 0
    found = [element for element in walk_file_meta(original, at).elements if element.tag == MEDIA_INSTANCE]
    start, stop = (found[0].start, found[0].end) if found else (end, end)
    meta = file_meta(
        sop_class_uid=examined.facts.sop_class_uid,
        sop_instance_uid=sop_instance_uid,
        transfer_syntax_uid=examined.plain.plain_transfer_syntax_uid,
    )
    return (
        Passage(original[:at], meta.opening, raw=True),
        Passage(original[at:start], b""),
        Passage(original[start:stop], meta.instance_uid),
        Passage(original[stop:], meta.closing),
    )


def _behind(source: Source, examined: ExaminedInstance) -> tuple[Passage, ...]:
    """What lies behind the data set: dropped, but it may tell an identifier that stands elsewhere too."""
    if examined.plain.buffer is not source.head:
        rest = bytes(examined.plain.buffer[examined.end :])
        return (Passage(rest, b"", raw=True),) if rest else ()
    return behind(source, examined.end)


def behind(source: Source, end: int) -> tuple[Passage, ...]:
    """The bytes of `source` from `end` on, where its data set ends."""
    return (Passage(source.read(end, source.size), b"", raw=True),) if end < source.size else ()


def _pieces(examined: ExaminedInstance, context: RewriteContext, known: Familiar | None) -> tuple[Piece, ...]:
    """Everything between group 0002 and the pixels, in the order it is written: by tag."""
    buffer = examined.plain.buffer
    made = _made(context)
    pieces: list[Piece] = []
    for element in examined.attributes.by_tag.values():
        if element.tag in PIXEL_TAGS:
            continue
        original = bytes(buffer[element.start : element.end])
        piece = None if known is None else known.get(original)
        if piece is not None:
            pieces.append(piece)
            continue
        stamp = made.pop(element.tag, None)
        if element.tag in STAMPED:
            pieces.append(Piece(element.tag, Passage(original, stamp or b"")))
            continue
        done = rewrite_element(buffer, element, context)
        piece = Piece(element.tag, Passage(original, stamp or done.content), done.deeds)
        pieces.append(piece)
        # A date may have gone because of the other dates of this patient.
        if known is not None and stamp is None and element.vr not in DATED_VRS:
            known.note(piece)
    pieces += [Piece(tag, Passage(b"", content)) for tag, content in made.items()]
    return tuple(sorted(pieces, key=lambda piece: piece.tag))


def _made(context: RewriteContext) -> dict[int, bytes]:
    """What every output says whatever the input said: the patient's label, and what was done."""
    label = {
        tag: encode.element(tag, vr, context.patient_label, implicit=context.implicit)
        for tag, vr in ((_PATIENT_NAME, b"PN"), (_PATIENT_ID, b"LO"))
    }
    return label | stamps(context.policy.profile, implicit=context.implicit)


def record_of(
    profile: Profile, pieces: tuple[Piece, ...], *, dropped_bytes: int, preamble_cleared: bool, pixels: str
) -> DeidentificationRecord:
    """The record of what `pieces` say was done; `pixels` is what had to be done to the pixels, "" for nothing."""
    actions, removed = tally(deed for piece in pieces for deed in piece.deeds)
    return DeidentificationRecord(
        edition=confidentiality_table().edition,
        profile=profile.name,
        codes=tuple(code.value for code in profile.codes),
        actions=actions,
        removed=removed,
        kept=sum(1 for piece in pieces if piece.passage.original and piece.passage.cleaned),
        dropped_bytes=dropped_bytes,
        preamble_cleared=preamble_cleared,
        pixels=pixels or "identical",
    )
