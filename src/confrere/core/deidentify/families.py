"""What each family of SOP classes that is not an image does otherwise than the policy: stricter, never looser.

Images keep the short texts that scanners write. In these objects people type the short texts, so only the maker's
name stays; labels become a word and their number, coded entries are judged by their scheme, content trees are cleaned
item by item. What the policy removes for being private, unknown or wrongly encoded is removed here too.

Source: PS3.15 Annex E; PS3.3 C.8.20 (segmentation), C.8.8 (RT), C.10 (presentation, waveform), C.17 (content).
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from confrere.core.deidentify import encode
from confrere.core.deidentify.codes import CODE_PARTS, is_public, read_code
from confrere.core.deidentify.content import CONTENT, rewrite_content, rewrite_in_item, stays
from confrere.core.deidentify.policy import Action, Why
from confrere.core.deidentify.profile import Option, Profile
from confrere.core.deidentify.rewrite import Deed, RewriteContext, rewrite_coded, rewrite_nested
from confrere.core.deidentify.values import DUMMIES, fits, padded
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.families import Family, family_of
from confrere.core.dicom.walk import Buffer, Element
from confrere.core.terms import Held

# Label and the number beside it that tells it apart: what is written is the word and the number.
LABELS: Final[dict[int, tuple[str, int]]] = {
    0x00620005: ("SEGMENT", 0x00620004),
    0x30060026: ("ROI", 0x30060022),
    0x30060085: ("OBS", 0x30060082),
    0x300A00C2: ("BEAM", 0x300A00C0),
}
# Texts that name what a thing is to its user, which an IOD requires: replaced where the policy would drop or keep them.
_TYPED = frozenset({0x00700080, 0x00700310, 0x00700002})
# The maker and the model, and references that tie frames together within one instance.
_SHORT_TEXT_KEPT = frozenset({0x00080070, 0x00081090, 0x00209056, 0x00480106, 0x006A000E})
_SHORT_TEXT = frozenset({b"LO", b"SH"})
# Graphics drawn by a person, their layers and groups; which scheme a private code came from; equivalents of a code.
_GONE = frozenset({0x00700001, 0x00700060, 0x00700234, 0x00080110, 0x00080121})
_SAMPLES = frozenset({0x54001010, 0x54000110, 0x54000112, 0x5400100A})
_ANNOTATIONS, _ACQUISITION_CONTEXT, _VERIFYING_OBSERVERS = 0x0040B020, 0x00400555, 0x0040A073
_FREE_VALUE, _CONCEPT_NAME = 0x00700006, 0x0040A043
_LONGEST_SHORT = 0xFFFE
_WITH_CONTENT = frozenset({Family.STRUCTURED_REPORT, Family.KEY_OBJECTS})


@cache
def rules_for(sop_class_uid: str, profile: Profile) -> "FamilyRules | None":
    """The rules for a SOP class that can be cleaned; None for images, which the policy alone decides.

    Raises Held("structured-content-not-cleaned") for a content tree that the profile does not clean.
    """
    family = family_of(sop_class_uid)
    if family is None or family is Family.IMAGE:
        return None
    cleans_content = Option.CLEAN_STRUCTURED_CONTENT in profile.options
    if family in _WITH_CONTENT and not cleans_content:
        raise Held("structured-content-not-cleaned")
    return FamilyRules(family, cleans_content)


@dataclass(frozen=True, slots=True)
class FamilyRules:
    """The rules of one family; `cleans_content` as the profile's structured content option says."""

    family: Family
    cleans_content: bool

    def rewrite(self, buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed]) -> bytes | None:
        """The replacement of an element at any depth, or None to leave it to the policy."""
        action, why = context.policy.decide(element.tag, element.vr, nested=True)
        if why not in {Why.LISTED, Why.FREE_TEXT, Why.BLOB}:
            return None
        if element.tag in _GONE:
            deeds.append(Deed(element.tag, Action.REMOVE, Why.LISTED))
            return b""
        if element.vr == b"SQ":
            return self._sequence(buffer, element, context, deeds, enters=action is Action.ENTER)
        if self.family is Family.WAVEFORM and element.tag in _SAMPLES and element.vr in {b"OB", b"OW"}:
            raw = bytes(buffer[element.value : element.stop])
            return encode.element(element.tag, element.vr, raw, implicit=context.implicit)
        if element.tag in _TYPED or _is_unlisted_text(element, action):
            return _dummy(element, context, deeds)
        if why == Why.FREE_TEXT:
            # Empty, not gone: an IOD may require the attribute (type 2), as the content description.
            deeds.append(Deed(element.tag, Action.EMPTY, why))
            return encode.element(element.tag, element.vr, b"", implicit=context.implicit)
        if action is Action.KEEP and element.vr == b"DS" and element.stop - element.value > _LONGEST_SHORT:
            return _long_numbers(buffer, element, context)
        return None

    def _sequence(
        self, buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed], *, enters: bool
    ) -> bytes | None:
        items = [Attributes(buffer, each.elements) for each in element.items or ()]
        if self.cleans_content:
            if element.tag == CONTENT:
                return rewrite_content(buffer, element, context, deeds)
            if element.tag == _ACQUISITION_CONTEXT:
                return _of_items(element, [_context_item(item, context, deeds) for item in items], context)
            if element.tag == _ANNOTATIONS:
                return _of_items(element, [_annotation(item, context, deeds) for item in items], context)
        if element.tag == _VERIFYING_OBSERVERS or enters:
            return _of_items(element, [_item(item, context, deeds) for item in items], context)
        return None


def _is_unlisted_text(element: Element, action: Action) -> bool:
    """Whether the policy keeps a short text here that may be anyone's words; nothing needs no replacing."""
    has_value = element.stop > element.value
    return has_value and action is Action.KEEP and element.vr in _SHORT_TEXT and element.tag not in _SHORT_TEXT_KEPT


def _of_items(element: Element, items: list[bytes | None], context: RewriteContext) -> bytes:
    whole = b"".join(encode.item(each) for each in items if each is not None)
    return encode.element(element.tag, b"SQ", whole, implicit=context.implicit)


def _item(item: Attributes, context: RewriteContext, deeds: list[Deed]) -> bytes:
    """One item of a kept sequence: coded entries by their scheme, labels by their number, the rest by the policy."""
    if CODE_PARTS.intersection(item.by_tag):
        return rewrite_coded(item, context, deeds)
    return b"".join(
        _label(item, each, context, deeds) if each.tag in LABELS else rewrite_nested(item.buffer, each, context, deeds)
        for each in sorted(item.by_tag.values())
    )


def _label(item: Attributes, element: Element, context: RewriteContext, deeds: list[Deed]) -> bytes:
    word, number_tag = LABELS[element.tag]
    deeds.append(Deed(element.tag, Action.DUMMY, Why.LISTED))
    if element.vr not in _SHORT_TEXT:
        return b""
    value = f"{word} {_number(item, number_tag)}".encode("ascii")
    return encode.element(element.tag, element.vr, value, implicit=context.implicit)


def _number(item: Attributes, tag: int) -> int:
    """The number at `tag`, 0 when it is not one: then the label tells nothing apart, and nothing of anyone."""
    element = item.by_tag.get(tag)
    if element is not None and element.vr == b"US":
        return next(iter(item.shorts(tag)), 0)
    number = item.integer(tag)
    return number if number is not None and 0 <= number <= 0x7FFFFFFF else 0


def _context_item(item: Attributes, context: RewriteContext, deeds: list[Deed]) -> bytes | None:
    """One item of the acquisition context: a content item without children."""
    if not stays(item, context.policy.profile):
        deeds.append(Deed(_ACQUISITION_CONTEXT, Action.REMOVE, Why.LISTED))
        return None
    return b"".join(
        rewrite_in_item(item, each, context, deeds) for each in sorted(item.by_tag.values()) if each.tag != CONTENT
    )


def _annotation(item: Attributes, context: RewriteContext, deeds: list[Deed]) -> bytes | None:
    """One annotation of a waveform: measured or coded ones stay, written ones go."""
    name = item.item(_CONCEPT_NAME)
    if _FREE_VALUE in item.by_tag or name is None or not is_public(read_code(name)):
        deeds.append(Deed(_ANNOTATIONS, Action.REMOVE, Why.LISTED))
        return None
    return _item(item, context, deeds)


def _dummy(element: Element, context: RewriteContext, deeds: list[Deed]) -> bytes:
    deeds.append(Deed(element.tag, Action.DUMMY, Why.FREE_TEXT))
    return encode.element(element.tag, element.vr, DUMMIES[element.vr], implicit=context.implicit)


def _long_numbers(buffer: Buffer, element: Element, context: RewriteContext) -> bytes | None:
    """Numbers in text beyond 64 KiB, as contours are: explicit encodings write them as UN (PS3.5 6.2.2)."""
    raw = bytes(buffer[element.value : element.stop])
    if not fits(element.tag, element.vr, raw):
        return None
    vr = b"DS" if context.implicit else b"UN"
    return encode.element(element.tag, vr, padded(b"DS", raw), implicit=context.implicit)
