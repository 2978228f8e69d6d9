"""Content trees of reports and key object selections, item by item: what is not vouched for goes.

An item whose concept the standard's table lists follows the table. Of the others numbers, coordinates, public codes,
references and dates stay (UIDs and dates changed as everywhere). Text and names are replaced whatever the options,
for nobody reads them here. An item whose own concept is private goes with all below it; a container stays without its
title, so that what it holds keeps its place. References between items count positions in the tree (PS3.3 C.17.3.2.5)
and are counted anew.

Source: PS3.15 E.3.4 and Table E.3.4-1; PS3.3 C.17.3 (SR document content).
"""

import struct
from dataclasses import dataclass
from typing import Final

from confrere.core.deidentify import encode
from confrere.core.deidentify.codes import REMOVED, Code, code_at, is_public, written
from confrere.core.deidentify.content_table import ContentRow, content_table
from confrere.core.deidentify.policy import Action, Why
from confrere.core.deidentify.profile import Option, Profile
from confrere.core.deidentify.rewrite import Deed, RewriteContext, rewrite_nested
from confrere.core.deidentify.values import DUMMIES
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.walk import Buffer, Element
from confrere.core.terms import Held

CONTENT: Final = 0x0040A730
_VALUE_TYPE, _CONCEPT_NAME, _CONCEPT_CODE = 0x0040A040, 0x0040A043, 0x0040A168
_TEXT_VALUE, _NAME_VALUE, _POSITION = 0x0040A160, 0x0040A123, 0x0040DB73
_PLAIN_TYPES = frozenset("CODE NUM UIDREF DATE TIME DATETIME COMPOSITE IMAGE WAVEFORM SCOORD SCOORD3D TCOORD".split())
_WORDS = frozenset({"TEXT", "PNAME"})
# Birth dates and ages under concepts that the table does not list; they go as those it lists do.
_OF_THE_SUBJECT = frozenset({("LN", "21112-8"), ("SCT", "184099003"), ("LN", "30525-0"), ("SCT", "397669002")})

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Tree:
    """What was decided of a whole tree: whether the item at a position stays, and its new position then."""

    verdicts: dict[Path, bool]
    positions: dict[Path, Path]


def rewrite_content(buffer: Buffer, element: Element, context: RewriteContext, deeds: list[Deed]) -> bytes:
    """The content sequence `element` of a document's root, cleaned.

    Raises Held("structured-content-not-cleaned") when nothing of it could stay.
    """
    verdicts: dict[Path, bool] = {}
    _judge_items(buffer, element, (1,), verdicts, context.policy.profile)
    _judge_references(buffer, element, (1,), verdicts)
    tree = _Tree(verdicts, {(1,): (1,)})
    _count(element, (1,), (1,), tree)
    content = _write_items(buffer, element, (1,), tree, context, deeds)
    if not content:
        raise Held("structured-content-not-cleaned")
    return content


def stays(item: Attributes, profile: Profile) -> bool:
    """Whether an item that carries a value stays, by its concept and the type of its value alone."""
    value_type, name = item.text(_VALUE_TYPE), code_at(item, _CONCEPT_NAME)
    if value_type != "CONTAINER" and value_type not in _PLAIN_TYPES | _WORDS:
        return False
    row = None if name is None else content_table().find(name.scheme, name.value, value_type)
    if row is not None:
        return _listed(row, value_type, profile)
    if name is None or value_type == "CONTAINER":
        return True
    return is_public(name) and (name.scheme, name.value) not in _OF_THE_SUBJECT


def _listed(row: ContentRow, value_type: str, profile: Profile) -> bool:
    actions = {row.options[option] for option in profile.options if option in row.options}
    # An age over 89 would have to be capped (45 CFR 164.514(b)(2)(i)(C)): a number stays out, option or not.
    if "K" in actions and value_type != "NUM":
        return True
    moved = row.options.get(Option.MODIFIED_DATES) == "C" and Option.MODIFIED_DATES in profile.options
    return moved or "D" in row.basic


def _children(buffer: Buffer, element: Element, parent: Path) -> "list[tuple[Path, Attributes]]":
    items = element.items or ()
    return [((*parent, place), Attributes(buffer, each.elements)) for place, each in enumerate(items, 1)]


def _judge_items(buffer: Buffer, element: Element, parent: Path, verdicts: dict[Path, bool], profile: Profile) -> None:
    for path, item in _children(buffer, element, parent):
        if _POSITION in item.by_tag:
            continue
        verdicts[path] = stays(item, profile)
        below = item.by_tag.get(CONTENT)
        if verdicts[path] and below is not None:
            _judge_items(buffer, below, path, verdicts, profile)


def _judge_references(buffer: Buffer, element: Element, parent: Path, verdicts: dict[Path, bool]) -> None:
    """A reference stays when what it points at stays; the root always does."""
    for path, item in _children(buffer, element, parent):
        if _POSITION in item.by_tag:
            target = _target(item)
            verdicts[path] = target == (1,) or verdicts.get(target, False)
        elif verdicts.get(path) and (below := item.by_tag.get(CONTENT)) is not None:
            _judge_references(buffer, below, path, verdicts)


def _target(item: Attributes) -> Path:
    raw = item.raw(_POSITION) or b""
    if item.by_tag[_POSITION].vr != b"UL" or len(raw) % 4:
        return ()
    return struct.unpack(f"<{len(raw) // 4}I", raw)


def _count(element: Element, old: Path, new: Path, tree: _Tree) -> None:
    """Enter the new position of every item that stays."""
    place = 0
    for was, item in enumerate(element.items or (), 1):
        if not tree.verdicts.get((*old, was)):
            continue
        place += 1
        tree.positions[*old, was] = (*new, place)
        below = next((each for each in item.elements if each.tag == CONTENT), None)
        if below is not None:
            _count(below, (*old, was), (*new, place), tree)


def _write_items(
    buffer: Buffer, element: Element, parent: Path, tree: _Tree, context: RewriteContext, deeds: list[Deed]
) -> bytes:
    written_items = []
    for path, item in _children(buffer, element, parent):
        if not tree.verdicts.get(path):
            deeds.append(Deed(CONTENT, Action.REMOVE, Why.LISTED))
            continue
        pieces = []
        for each in sorted(item.by_tag.values()):
            if each.tag == CONTENT:
                pieces.append(_write_items(buffer, each, path, tree, context, deeds))
            elif each.tag == _POSITION:
                numbers = tree.positions[_target(item)]
                value = struct.pack(f"<{len(numbers)}I", *numbers)
                pieces.append(encode.element(_POSITION, b"UL", value, implicit=context.implicit))
            else:
                pieces.append(rewrite_in_item(item, each, context, deeds))
        written_items.append(encode.item(b"".join(pieces)))
    return encode.element(CONTENT, b"SQ", b"".join(written_items), implicit=context.implicit) if written_items else b""


def rewrite_in_item(item: Attributes, element: Element, context: RewriteContext, deeds: list[Deed]) -> bytes:
    """The replacement of one element of a content item that stays, other than its children and its reference."""
    tag, implicit = element.tag, context.implicit
    if tag in {_CONCEPT_NAME, _CONCEPT_CODE} and element.vr == b"SQ":
        code = code_at(item, tag)
        return b"" if code is None else coded(tag, code, context, deeds)
    if tag not in {_TEXT_VALUE, _NAME_VALUE}:
        return rewrite_nested(item.buffer, element, context, deeds)
    wanted = {_TEXT_VALUE: ("TEXT", b"UT"), _NAME_VALUE: ("PNAME", b"PN")}[tag]
    if (item.text(_VALUE_TYPE), element.vr) != wanted:
        deeds.append(Deed(tag, Action.REMOVE, Why.FREE_TEXT))
        return b""
    deeds.append(Deed(tag, Action.DUMMY, Why.LISTED))
    return encode.element(tag, element.vr, DUMMIES[element.vr], implicit=implicit)


def coded(tag: int, code: Code, context: RewriteContext, deeds: list[Deed]) -> bytes:
    """The code sequence `tag` with `code` alone, or with the code that stands for a removed one."""
    is_kept = is_public(code)
    deeds.append(Deed(tag, Action.KEEP if is_kept else Action.DUMMY, Why.LISTED))
    entry = written(code if is_kept else REMOVED, implicit=context.implicit)
    return encode.element(tag, b"SQ", encode.item(entry), implicit=context.implicit)
