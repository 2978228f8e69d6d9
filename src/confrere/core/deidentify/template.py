"""What the headers of one series have in common: runs of bytes rewritten once, and slots for what varies.

Most of a header is the same in every instance of a series. A template holds those stretches with their finished
output; an instance that carries the same bytes in the same places costs one comparison a run, and only the elements
between them are rewritten. This is sound because the rewriting of an element is a pure function of its bytes and of a
frozen context, and because nothing that the context or any check depends on may vary within a template (`is_pinned`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from confrere.core.deidentify.days import DATED_VRS, days_in
from confrere.core.deidentify.engine import Cleaned
from confrere.core.deidentify.pieces import Piece
from confrere.core.deidentify.rewrite import RewriteContext, keeps_plainly, rewrite_element
from confrere.core.deidentify.values import fits
from confrere.core.dicom.dictionary import LONG_VRS
from confrere.core.dicom.frames import EXTENDED_OFFSETS
from confrere.core.dicom.passages import Passage, joined
from confrere.core.dicom.walk import ITEM_TAG, Element, walk_element
from confrere.core.terms import Refused

SOP_INSTANCE = 0x00080018
# More than this many elements that differ: another series, which gets a template of its own.
MOST_SLOTS = 40
# How much each slot remembers: memory does not grow with what a sender thinks of.
_REMEMBERED, _LONGEST_REMEMBERED = 512, 4096
MEDIA = b"\x02\x00\x03\x00UI"

# Windows, rescale and the range of values: the only attributes of the image pixel group that may vary.
_VARYING_PIXEL_TAGS = frozenset(
    {0x00280106, 0x00280107, 0x00281050, 0x00281051, 0x00281052, 0x00281053, 0x00281055}
)  # fmt: skip
# What the checks and the facts of an instance are read from, besides whole groups.
_PINNED_TAGS = frozenset(
    {
        *(0x00080005, 0x00080008, 0x00080016, 0x00080020, 0x00080060, 0x00080070, 0x00081090),
        *(0x00180015, 0x0020000D, 0x0020000E),
    }
)


def is_pinned(tag: int) -> bool:
    """True for an attribute that some check, some fact or the context depends on: it may not vary in a template."""
    group, number = tag >> 16, tag & 0xFFFF
    if group & 1:
        return 0x10 <= number <= 0xFF  # a private creator decides for its whole block
    if group == 0x0028:
        return tag not in _VARYING_PIXEL_TAGS
    return group in {0x0010, 0x7FE0} or tag in _PINNED_TAGS


@dataclass(slots=True)
class Slot:
    """The place of one element that varies; remembers the elements it has rewritten lately."""

    tag: int
    context: RewriteContext
    shape: Element
    key: bytes
    is_long: bool
    is_kept: bool
    days: frozenset[bytes] | None
    remembered: dict[bytes, Piece] = field(default_factory=dict)

    @classmethod
    def of(cls, piece: Piece, context: RewriteContext) -> "Slot":
        """The slot for elements like that of `piece`: same tag, and same VR where one is written."""
        original = piece.passage.original
        key = original[: 4 if context.implicit else 6]
        is_long = not context.implicit and key[4:6] in LONG_VRS
        shape = walk_element(original, implicit=context.implicit)
        # The context was made of the days that the first instance states: another day is another context.
        may_date = bool(context.own_days) and (shape.vr in DATED_VRS or shape.items is not None)
        days = days_in(original, [shape]) if may_date else None
        return cls(piece.tag, context, shape, key, is_long, keeps_plainly(shape, context), days)

    def element_at(self, head: bytes, at: int) -> bytes | None:
        """The bytes of the element at `at`, up to where its length says; None when it is not one that fits here."""
        if self.context.implicit:
            stop = at + 8 + int.from_bytes(head[at + 4 : at + 8], "little")
        elif self.is_long:
            stop = at + 12 + int.from_bytes(head[at + 8 : at + 12], "little")
        else:
            stop = at + 8 + int.from_bytes(head[at + 6 : at + 8], "little")
        raw = head[at:stop]  # an undefined length reaches behind every head
        return raw if len(raw) == stop - at and raw.startswith(self.key) else None

    def read(self, head: bytes, at: int) -> Piece | None:
        """What becomes of the element at `at`; None when it is not one that fits here."""
        raw = self.element_at(head, at)
        if raw is None:
            return None
        piece = self.remembered.get(raw)
        return self._rewritten(raw) if piece is None else piece

    def _rewritten(self, raw: bytes) -> Piece | None:
        element = self.shape
        if self.is_kept and fits(self.tag, element.vr, raw[element.value :]) and not (len(raw) & 1 or ITEM_TAG in raw):
            return Piece(self.tag, Passage(raw, raw))
        if element.items is None and ITEM_TAG not in raw:  # a plain value: only its length differs
            element = element._replace(stop=len(raw), end=len(raw))
        else:
            try:
                element = walk_element(raw, implicit=self.context.implicit)
            except Refused:
                return None  # told by the plain path, in its own words
        if self.days is not None and days_in(raw, [element]) != self.days:
            return None
        done = rewrite_element(raw, element, self.context)
        piece = Piece(self.tag, Passage(raw, done.content), done.deeds)
        if len(raw) <= _LONGEST_REMEMBERED:
            if len(self.remembered) >= _REMEMBERED:
                self.remembered.clear()
            self.remembered[raw] = piece
        return piece


@dataclass(frozen=True, slots=True)
class Match:
    """An instance told by a template: its passages, with places 0 and 2 left for what depends on the new UID.

    `slots` are the pieces found where the series varies, in order. `media` is the original MediaStorageSOPInstanceUID
    element. The pixel value begins at `value` of the file.
    """

    passages: list[Passage]
    slots: list[Piece]
    media: bytes
    value: int


@dataclass(slots=True)
class Template:
    """Built from one cleaned instance, refined by those that come after it.

    `varying` are the places in `first.pieces` that have become slots; `steps` are runs, each followed by a slot but
    the last.
    """

    first: Cleaned
    varying: set[int] = field(default_factory=set)
    steps: list[tuple[Passage, Slot | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with the one element that differs in every instance."""
        self._build({at for at, piece in enumerate(self.first.pieces) if piece.tag == SOP_INSTANCE})

    def match(self, head: bytes) -> Match | None:
        """The instance that begins with `head`, or None when it does not fit.

        An element that differs for the first time becomes a slot, if it may.
        """
        opened = self._opened(head)
        if opened is None:
            return None
        match = self._matched(head, *opened)
        if match is None and self._refined(head, opened[1]):
            match = self._matched(head, *opened)
        return match

    def _opened(self, head: bytes) -> tuple[bytes, int] | None:
        """(the element MediaStorageSOPInstanceUID, where it ends) when `head` begins as this template does."""
        opening, leading = (passage.original for passage in self.first.before[:2])
        at = len(opening) + len(leading)
        if not (head.startswith(opening) and head.startswith(leading, len(opening)) and head.startswith(MEDIA, at)):
            return None
        stop = at + 8 + int.from_bytes(head[at + 6 : at + 8], "little")
        return head[at:stop], stop

    def _matched(self, head: bytes, media: bytes, at: int) -> Match | None:
        first = self.first
        passages: list[Passage] = list(first.before[:3])
        found: list[Piece] = []
        for run, slot in self.steps:
            if not head.startswith(run.original, at):
                return None
            at += len(run.original)
            passages.append(run)
            if slot is None:
                break
            piece = slot.read(head, at)
            if piece is None:
                return None
            at += len(piece.passage.original)
            found.append(piece)
            passages.append(piece.passage)
        if not head.startswith(first.pixels.header, at):
            return None
        return Match(passages, found, media, at + len(first.pixels.header))

    def _refined(self, head: bytes, at: int) -> bool:
        """Whether `head` differs only in elements that may vary; they are slots from now on."""
        closing = self.first.before[3].original
        if not head.startswith(closing, at):
            return False
        at += len(closing)
        varying = set(self.varying)
        for place, piece in enumerate(self.first.pieces):
            original = piece.passage.original
            if place not in varying and head.startswith(original, at):
                at += len(original)
                continue
            if not original or (place not in varying and is_pinned(piece.tag)):
                return False
            raw = Slot.of(piece, self.first.context).element_at(head, at)
            if raw is None:
                return False
            at += len(raw)
            varying.add(place)
        if len(varying) > MOST_SLOTS or varying == self.varying or not head.startswith(self.first.pixels.header, at):
            return False
        self._build(varying)
        return True

    def slots_of_first(self) -> list[Piece]:
        """What stands in the slots in the instance that this template was built from."""
        return [self.first.pieces[place] for place in sorted(self.varying)]

    def pieces_with(self, slots: Sequence[Piece]) -> tuple[Piece, ...]:
        """All pieces of an instance whose slots hold `slots`."""
        pieces = list(self.first.pieces)
        for at, piece in zip(sorted(self.varying), slots, strict=True):
            pieces[at] = piece
        return tuple(pieces)

    def _build(self, varying: set[int]) -> None:
        """Lay out the steps: constant passages joined into runs, the varying ones as slots."""
        self.varying = varying
        self.steps = []
        run: list[Passage] = [self.first.before[3]]
        for place, piece in enumerate(self.first.pieces):
            if place in varying:
                self.steps.append((_run(run), Slot.of(piece, self.first.context)))
                run = []
            else:
                run.append(piece.passage)
        self.steps.append((_run(run), None))


def can_be_template(cleaned: Cleaned) -> bool:
    """True when the passages of `cleaned` are its original header laid end to end, with every part a template needs.

    Only images come in such numbers; what is checked of the other families is checked in each. Pixels whose frames are
    found by a table in the header take the plain way too, which has the header at hand.
    """
    if cleaned.context.rules is not None or any(piece.tag == EXTENDED_OFFSETS for piece in cleaned.pieces):
        return False
    tags = [piece.tag for piece in cleaned.pieces if piece.passage.original]
    media = cleaned.before[2].original
    return media.startswith(MEDIA) and SOP_INSTANCE in tags and cleaned.is_in_order


def _run(parts: Sequence[Passage]) -> Passage:
    return parts[0] if len(parts) == 1 else joined(parts)
