"""Rewrite elements: copied byte for byte where they are kept, made anew where they are not.

The rewriting of an element is a pure function of its bytes and of a frozen context (policy, keys, the
patient's label and date shift). A later fast path may therefore keep the result of a whole run of bytes and
use it again for the next instance that carries the same run under the same context.

Source: PS3.15 Annex E; PS3.5 clause 7.5 (nesting).
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from confrere.core.deidentify import encode
from confrere.core.deidentify.keys import Keys, remap_uid
from confrere.core.deidentify.policy import Action, Policy
from confrere.core.deidentify.values import DUMMIES, capped_age, fits, shifted
from confrere.core.dicom.dictionary import LONG_VRS, is_registered_uid
from confrere.core.dicom.walk import Buffer, Element


class Deed(NamedTuple):
    """What was done to one element: never its value."""

    tag: int
    action: str
    why: str


MISFIT = "value-not-of-its-vr"
# The largest even length that a 16-bit length field can state (PS3.5 7.1.2).
_LONGEST_SHORT = 0xFFFE


class Rules(Protocol):
    """What one family of SOP classes does otherwise than the policy; equal rules always give equal bytes."""

    def rewrite(self, buffer: Buffer, element: Element, context: "RewriteContext", deeds: list[Deed]) -> bytes | None:
        """The replacement of an element at any depth, or None to leave it to the policy."""


@dataclass(frozen=True, slots=True)
class RewriteContext:
    """All that the output depends on besides the element's own bytes."""

    policy: Policy
    keys: Keys
    patient_label: bytes
    shift_days: int
    implicit: bool
    rules: Rules | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The bytes that take the element's place (empty when it is removed) and what was done."""

    content: bytes
    deeds: tuple[Deed, ...]


def rewrite_element(buffer: Buffer, element: Element, context: RewriteContext) -> Rewritten:
    """The replacement of one top-level element."""
    deeds: list[Deed] = []
    return Rewritten(_rewrite(buffer, element, context, deeds, nested=False), tuple(deeds))


def rewrite_nested(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed]) -> bytes:
    """The replacement of one element of a sequence item; what was done is added to `deeds`."""
    return _rewrite(buffer, element, context, deeds, nested=True)


def _rewrite(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed], *, nested: bool) -> bytes:
    if context.rules is not None:
        special = context.rules.rewrite(buffer, element, context, deeds)
        if special is not None:
            return special
    action, why = context.policy.decide(element.tag, element.vr, nested=nested)
    if action is Action.ENTER:
        return _entered(buffer, element, context, deeds)
    if action is Action.REMOVE:
        deeds.append(Deed(element.tag, action, why))
        return b""
    raw = bytes(buffer[element.value : element.stop])
    value = _new_value(element, raw, action, context)
    if value is None or (len(value) > _LONGEST_SHORT and element.vr not in LONG_VRS):
        deeds.append(Deed(element.tag, Action.REMOVE, MISFIT))
        return b""
    if action is Action.NEW_UID and value == raw.strip(b"\0 "):
        action = Action.KEEP  # a UID of the standard itself: nothing was done to it
    if action is not Action.KEEP:
        deeds.append(Deed(element.tag, action, why))
    elif element.coded_vr == (b"" if context.implicit else element.vr) and len(raw) % 2 == 0:
        return bytes(buffer[element.start : element.end])
    return encode.element(element.tag, element.vr, value, implicit=context.implicit)


def _new_value(element: Element, raw: bytes, action: Action, context: RewriteContext) -> bytes | None:
    """The value under `action`; None when the element has to go because its value cannot be trusted."""
    match action:
        case Action.KEEP:
            return raw if fits(element.tag, element.vr, raw) else None
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
        case Action.DUMMY if element.vr == b"SQ":
            return encode.item(b"")
        case _:
            return DUMMIES.get(element.vr)


def _new_uids(raw: bytes, keys: Keys) -> bytes:
    """Every UID of `raw` replaced, except those the standard itself assigns."""
    return b"\\".join(_new_uid(part.strip(b"\0 "), keys) for part in raw.strip(b"\0 ").split(b"\\"))


def _new_uid(uid: bytes, keys: Keys) -> bytes:
    text = uid.decode("latin-1")
    if not text or is_registered_uid(text):
        return uid
    return remap_uid(keys, text).encode("ascii")


def _entered(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed]) -> bytes:
    """A kept sequence, item by item, with defined lengths."""
    items = b"".join(
        encode.item(b"".join(_rewrite(buffer, each, context, deeds, nested=True) for each in item.elements))
        for item in element.items or ()
    )
    return encode.element(element.tag, b"SQ", items, implicit=context.implicit)
