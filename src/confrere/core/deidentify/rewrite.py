"""Rewrite elements: copied byte for byte where they are kept, made anew where they are not.

The rewriting of an element is a pure function of its bytes and of a frozen context (policy, keys, the
patient's label, words and date shift, and the scope: character set and private attributes of the data set).
`splice` therefore keeps the result of a run of bytes and uses it again for the next instance that carries the
same run under the same context.

Source: PS3.15 Annex E; PS3.5 clause 7.5 (nesting).
"""

import re
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from confrere.core.deidentify import encode
from confrere.core.deidentify.character_sets import SPECIFIC_CHARACTER_SET, character_set
from confrere.core.deidentify.codes import CODE_PARTS, REMOVED, Code, is_public, meaning, read_code, written
from confrere.core.deidentify.days import days_of
from confrere.core.deidentify.keys import Keys, remap_uid
from confrere.core.deidentify.policy import Action, Policy, Why
from confrere.core.deidentify.private import kept_private
from confrere.core.deidentify.values import DUMMIES, capped_age, fits, shifted
from confrere.core.deidentify.words import cleaned_value, holds_own, tells_own
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.dictionary import LONG_VRS, is_registered_uid
from confrere.core.dicom.walk import Buffer, Element, Item


class Deed(NamedTuple):
    """What was done to one element: never its value."""

    tag: int
    action: str
    why: str


MISFIT = "value-not-of-its-vr"
_STRUCTURAL = frozenset({Action.ENTER, Action.ENTER_CLEANED, Action.IF_SAFE})
_PERHAPS_KEPT = frozenset({Action.NEW_UID, Action.ANSWER})
# The largest even length that a 16-bit length field can state (PS3.5 7.1.2).
_LONGEST_SHORT = 0xFFFE


class Rules(Protocol):
    """What one family of SOP classes does otherwise than the policy; equal rules always give equal bytes."""

    def rewrite(self, buffer: Buffer, element: Element, context: "RewriteContext", deeds: list[Deed]) -> bytes | None:
        """The replacement of an element at any depth, or None to leave it to the policy."""


_ANSWER = re.compile(rb"(YES|NO)?")
# Graphic annotations, and what of one is not text: graphic objects and compound graphics (PS3.3 C.10.5).
_GRAPHIC_ANNOTATION, _GEOMETRY = 0x00700001, frozenset({0x00700009, 0x00700209})
_TIMEZONE, _TIMEZONE_FORM = 0x00080201, re.compile(rb"([+-][0-9]{4})?")
# Text that may hold a name wherever it is kept; numbers and coded words may not.
_SPOKEN_VRS = frozenset(b"AE LO LT SH ST UC UR UT".split())


class Scope(NamedTuple):
    """Where an element stands: in an item, in a cleaned sequence; what its own data set or item says.

    `character_set` are the terms of text there; `private` the private tags that may stay there, with their VR.
    """

    nested: bool = False
    cleaned: bool = False
    character_set: tuple[str, ...] = ()
    private: tuple[tuple[int, bytes], ...] = ()


TOP = Scope()


@dataclass(frozen=True, slots=True)
class RewriteContext:
    """All that the output depends on besides the element's own bytes.

    `own_words` are the words of the patient's own names and identifiers: no kept text may hold one. `taboo` are
    those and the words of every other name in the instance: none stays in a cleaned description. Both are empty
    where the policy keeps no text by option. `own_days` are the days that the instance states of itself, where dates
    are shifted: no shifted one may be one of them. `scope` is that of the top level.
    """

    policy: Policy
    keys: Keys
    patient_label: bytes
    shift_days: int
    implicit: bool
    own_words: frozenset[bytes] = frozenset()
    taboo: frozenset[bytes] = frozenset()
    own_days: frozenset[bytes] = frozenset()
    scope: Scope = TOP
    rules: Rules | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The bytes that take the element's place (empty when it is removed) and what was done."""

    content: bytes
    deeds: tuple[Deed, ...]


def rewrite_element(buffer: Buffer, element: Element, context: RewriteContext) -> Rewritten:
    """The replacement of one top-level element."""
    deeds: list[Deed] = []
    return Rewritten(_rewrite(buffer, element, context, deeds, context.scope), tuple(deeds))


def keeps_plainly(element: Element, context: RewriteContext) -> bool:
    """True when an element like this one (same tag and VR, top level) stays byte for byte wherever its value fits."""
    if context.rules is not None or context.own_words or element.items is not None:
        return False
    action, _ = context.policy.decide(element.tag, element.vr, nested=False)
    return action is Action.KEEP and element.coded_vr == (b"" if context.implicit else element.vr)


def rewrite_nested(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed]) -> bytes:
    """The replacement of one element of a sequence item; what was done is added to `deeds`."""
    return _rewrite(buffer, element, context, deeds, context.scope._replace(nested=True))


def _rewrite(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed], scope: Scope) -> bytes:
    if context.rules is not None:
        special = context.rules.rewrite(buffer, element, context, deeds)
        if special is not None:
            return special
    action, why = context.policy.decide(element.tag, element.vr, scope.nested, scope.cleaned)
    if action is Action.REMOVE:
        deeds.append(Deed(element.tag, action, why))
        return b""
    if action is Action.KEEP:
        value: bytes | None = _kept(element, bytes(buffer[element.value : element.stop]), context)
    elif action in _STRUCTURAL:
        return _within(buffer, element, context, deeds, scope)
    else:
        raw = bytes(buffer[element.value : element.stop])
        action, value = _changed(element, raw, action, context, scope)
    if value is None or (len(value) > _LONGEST_SHORT and element.vr not in LONG_VRS):
        deeds.append(Deed(element.tag, Action.REMOVE, why if action is Action.REMOVE else MISFIT))
        return b""
    if action is not Action.KEEP:
        deeds.append(Deed(element.tag, action, why))
    elif element.coded_vr == (b"" if context.implicit else element.vr) and (element.stop - element.value) % 2 == 0:
        return bytes(buffer[element.start : element.end])
    return encode.element(element.tag, element.vr, value, implicit=context.implicit)


def _kept(element: Element, raw: bytes, context: RewriteContext) -> bytes | None:
    """`raw` when it is what its VR says, and no text with the patient's own words; None otherwise."""
    return raw if fits(element.tag, element.vr, raw) and not _tells(element.vr, raw, context) else None


def _changed(
    element: Element, raw: bytes, action: Action, context: RewriteContext, scope: Scope
) -> tuple[Action, bytes | None]:
    """What was done in the end, which may be less or more than `action`, and the value; None when it has to go."""
    value: bytes | None
    if action is Action.WORDS:
        value = cleaned_value(element.vr, raw, scope.character_set, context.taboo)
        falls = not value
    else:
        value = _new_value(element, raw, action, context)
        falls = (
            action is Action.RETAIN and (_tells(element.vr, raw, context) or _tells_coded(element.vr, raw, context))
        ) or (action is Action.SHIFT and value is not None and not context.own_days.isdisjoint(days_of(value)))
    if falls:
        action = context.policy.fallback(element.tag, element.vr)
        value = None if action is Action.REMOVE else _new_value(element, raw, action, context)
    elif action in _PERHAPS_KEPT and value == raw.strip(b"\0 "):
        action = Action.KEEP  # a UID of the standard itself, a plain answer: nothing was done to it
    return action, value


def _within(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed], scope: Scope) -> bytes:
    """A kept sequence or a private element, which the place it stands in decides as well."""
    action, _ = context.policy.decide(element.tag, element.vr, scope.nested, scope.cleaned)
    if action is Action.IF_SAFE:
        return _private(buffer, element, context, deeds, scope)
    inside = scope._replace(cleaned=True) if action is Action.ENTER_CLEANED else scope
    return _entered(buffer, element, context, deeds, inside)


def _new_value(element: Element, raw: bytes, action: Action, context: RewriteContext) -> bytes | None:
    """The value under `action`; None when the element has to go because its value cannot be trusted."""
    match action:
        case Action.EMPTY:
            return b""
        case Action.TOKEN:
            return context.patient_label
        case Action.NEW_UID:
            return _new_uids(raw, context.keys)
        case Action.SHIFT:
            return shifted(element.vr, raw, context.shift_days)
        case Action.CAP_AGE:
            return capped_age(raw)
        case Action.RETAIN:
            return _retained(element, raw)
        case Action.ANSWER:
            bare = raw.strip(b"\0 ")
            return bare if _ANSWER.fullmatch(bare) else None
        case Action.DUMMY if element.vr == b"SQ":
            return encode.item(b"")
        case _:
            return DUMMIES.get(element.vr)


def _tells(vr: bytes, raw: bytes, context: RewriteContext) -> bool:
    """True for text that holds a word of the patient's own."""
    return bool(context.own_words) and vr in _SPOKEN_VRS and tells_own(raw, context.own_words)


def _tells_coded(vr: bytes, raw: bytes, context: RewriteContext) -> bool:
    """The same for a coded word that an option keeps; elsewhere a patient called Head would lose the body part."""
    return vr == b"CS" and tells_own(raw, context.own_words)


def _retained(element: Element, raw: bytes) -> bytes | None:
    """The value that an option keeps, when it is what it should be."""
    bare = raw.strip(b"\0 ")
    if element.tag == _TIMEZONE and not _TIMEZONE_FORM.fullmatch(bare):
        return None
    return raw if fits(element.tag, element.vr, raw) else None


def _private(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed], scope: Scope) -> bytes:
    """A private element: as it is when its data set's creators make it a safe one."""
    vr = dict(scope.private).get(element.tag)
    if vr is None:
        deeds.append(Deed(element.tag, Action.REMOVE, Why.PRIVATE))
        return b""
    deeds.append(Deed(element.tag, Action.RETAIN, Why.LISTED))
    value = bytes(buffer[element.value : element.stop])
    return encode.element(element.tag, vr, value, implicit=context.implicit)


def _new_uids(raw: bytes, keys: Keys) -> bytes:
    """Every UID of `raw` replaced, except those the standard itself assigns."""
    return b"\\".join(_new_uid(part.strip(b"\0 "), keys) for part in raw.strip(b"\0 ").split(b"\\"))


def _new_uid(uid: bytes, keys: Keys) -> bytes:
    text = uid.decode("latin-1")
    if not text or is_registered_uid(text):
        return uid
    return remap_uid(keys, text).encode("ascii")


def _entered(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed], scope: Scope) -> bytes:
    """A kept sequence, item by item, with defined lengths."""
    policy = context.policy
    items: list[bytes] = []
    for item in element.items or ():
        tags = [each.tag for each in item.elements]
        if element.tag == _GRAPHIC_ANNOTATION and _GEOMETRY.isdisjoint(tags):
            continue
        within = _scope_of(buffer, item, context, scope) if policy.reads_text else scope._replace(nested=True)
        if CODE_PARTS.intersection(tags):
            entry = Attributes(buffer, item.elements)
            if not scope.cleaned or _names_nobody(read_code(entry), context.taboo):
                items.append(encode.item(_coded(entry, context, deeds, within)))
            continue
        items.append(encode.item(b"".join(_rewrite(buffer, each, context, deeds, within) for each in item.elements)))
    return encode.element(element.tag, b"SQ", b"".join(items), implicit=context.implicit)


def rewrite_coded(item: Attributes, context: RewriteContext, deeds: list[Deed]) -> bytes:
    """The replacement of the elements of a coded entry within a sequence item; what was done is added to `deeds`."""
    return _coded(item, context, deeds, context.scope._replace(nested=True))


def _coded(item: Attributes, context: RewriteContext, deeds: list[Deed], scope: Scope) -> bytes:
    """A coded entry with its modifiers, in its scheme's own words; a private one is replaced and loses them."""
    code = read_code(item)
    if not is_public(code):
        deeds.append(Deed(min(CODE_PARTS.intersection(item.by_tag)), Action.DUMMY, Why.LISTED))
        return written(REMOVED, implicit=context.implicit)
    modifiers = [each for each in sorted(item.by_tag.values()) if each.vr == b"SQ"]
    return written(code, implicit=context.implicit) + b"".join(
        _rewrite(item.buffer, each, context, deeds, scope) for each in modifiers
    )


def _names_nobody(code: Code, taboo: frozenset[bytes]) -> bool:
    """Whether a coded entry stays in a cleaned sequence: public, and no word of it is one of a name in the file."""
    return is_public(code) and not holds_own(f"{code.value} {meaning(code)}".encode("ascii"), taboo)


def _scope_of(buffer: Buffer, item: Item, context: RewriteContext, outer: Scope) -> Scope:
    """The scope of an item: its own character set where it states one, and its own private creators."""
    attributes = Attributes(buffer, item.elements)
    terms = character_set(attributes) if SPECIFIC_CHARACTER_SET in attributes.by_tag else outer.character_set
    private = kept_private(buffer, item.elements, context.own_words) if context.policy.retains_private else {}
    return outer._replace(nested=True, character_set=terms, private=tuple(private.items()))
