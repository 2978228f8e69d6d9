"""De-identify instance after instance and do nothing twice: the fast way through the same engine.

A file is read only as far as its header goes; the pixels are named by where they lie and copied by whoever writes the
output, so they are never touched. What the headers of a series share is kept as a template. The output is, byte for
byte, what the plain engine makes of the same file.

Source: PS3.15 Annex E through `engine`; PS3.5 7.1 (elements), A.4 (encapsulated pixel data).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from confrere.core.deidentify.engine import (
    Cleaned,
    Identity,
    behind,
    clean_instance,
    judged_pixels,
    record_of,
)
from confrere.core.deidentify.keys import Keys
from confrere.core.deidentify.pieces import Familiar, Piece
from confrere.core.deidentify.pixel_value import PixelElement
from confrere.core.deidentify.profile import Profile
from confrere.core.deidentify.record import DeidentificationRecord
from confrere.core.deidentify.rewrite import Deed
from confrere.core.deidentify.stamps import file_meta
from confrere.core.deidentify.template import SOP_INSTANCE, Match, Template, can_be_template
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.facts import InstanceFacts
from confrere.core.dicom.normalise import is_uid
from confrere.core.dicom.passages import Passage
from confrere.core.dicom.pixels import check_pixel_value
from confrere.core.dicom.source import Source
from confrere.core.dicom.walk import HeadTooShort, walk

# A study comes series by series, so a few templates suffice; the least recently used one goes first.
_MOST_TEMPLATES = 8
# Few things are done to one series; a sender may think of any number.
_MOST_RECORDS = 64


@dataclass(frozen=True, slots=True)
class Spliced:
    """One instance as it goes out: `passages` laid end to end, then `pixels`.

    `series_facts` are those of an original of the series, `original_uid` this one's SOP Instance UID; `implicit` is the
    encoding of the output.
    """

    passages: tuple[Passage, ...]
    pixels: PixelElement
    record: DeidentificationRecord
    identity: Identity
    series_facts: InstanceFacts = field(repr=False)
    original_uid: str = field(repr=False)
    implicit: bool

    @property
    def facts(self) -> InstanceFacts:
        """The facts of the original."""
        return replace(self.series_facts, sop_instance_uid=self.original_uid)

    @property
    def header(self) -> bytes:
        """All that is written before the pixel element."""
        return b"".join([passage.cleaned for passage in self.passages])


class Splicer:
    """Cleans the files given to it one after another under one policy; the order changes nothing but the speed."""

    def __init__(self, *, keys: Keys, profile: Profile) -> None:
        """Start with nothing learnt."""
        self._keys = keys
        self._profile = profile
        self._templates: list[_Series] = []
        self._familiar: dict[bool, Familiar] = {}

    def clean(self, source: Source) -> Spliced:
        """The cleaned form of `source`. Raises as `deidentify_instance`, and nothing is kept then."""
        head = source.head
        if isinstance(head, bytes):
            for series in self._templates:
                match = series.template.match(head)
                spliced = None if match is None else self._from_template(series, match, source)
                if spliced is not None:
                    return spliced
        return self._plainly(source)

    def _plainly(self, source: Source) -> Spliced:
        try:
            cleaned = self._cleaned(source)
        except HeadTooShort:
            cleaned = self._cleaned(source.whole())
        # A policy that reads text takes its context from the whole header, so nothing in it may be passed over.
        if can_be_template(cleaned) and not cleaned.context.policy.reads_text:
            self._templates.insert(0, _Series(Template(cleaned)))
            del self._templates[_MOST_TEMPLATES:]
        return Spliced(
            cleaned.passages,
            cleaned.pixels,
            cleaned.record,
            cleaned.identity,
            cleaned.facts,
            cleaned.facts.sop_instance_uid,
            cleaned.context.implicit,
        )

    def _cleaned(self, source: Source) -> Cleaned:
        return clean_instance(source, keys=self._keys, profile=self._profile, familiar=self._familiar)

    def _from_template(self, series: "_Series", match: Match, source: Source) -> Spliced | None:
        """The instance that fits the template; None when it needs the plain way to be told what is wrong with it."""
        first = series.template.first
        instance = next(piece.passage for piece in match.slots if piece.tag == SOP_INSTANCE)
        original_uid, uid = (_uid_in(raw) for raw in (instance.original, instance.cleaned))
        if not is_uid(original_uid):
            return None
        pixels = self._pixels(first, match, source)
        if pixels is None:
            return None
        meta = file_meta(
            sop_class_uid=first.facts.sop_class_uid,
            sop_instance_uid=uid,
            transfer_syntax_uid=first.plain_transfer_syntax_uid,
        )
        match.passages[0] = series.opening(meta.opening)
        match.passages[2] = Passage(match.media, meta.instance_uid)
        end = pixels.stop
        after = behind(source, end)
        return Spliced(
            (*match.passages, *after),
            pixels,
            series.record(match, sum(len(passage.original) for passage in after), pixels.deed),
            first.identity._replace(sop_instance_uid=uid),
            first.facts,
            original_uid,
            first.context.implicit,
        )

    def _pixels(self, first: Cleaned, match: Match, source: Source) -> PixelElement | None:
        """The pixel element of an instance that fits `first`; native pixels are only measured."""
        start = match.value - len(first.pixels.header)
        if not first.pixels.is_encapsulated and (not self._profile.judges_pixels or not first.pixels.was_read):
            stop = match.value + (first.pixels.stop - first.pixels.start - len(first.pixels.header))
            if stop > source.size:
                return None
            header = first.pixels.header
            return PixelElement(start, stop, header, is_encapsulated=False, buffer=source.head, read=source.part)
        if first.layout is None:
            return None
        # Compressed frames are read one by one; of native pixels every bit has to be seen.
        seen = source if first.pixels.is_encapsulated else source.whole()
        walked = walk(seen.head, start, implicit=first.context.implicit, size=seen.size, read=seen.part)
        attributes = Attributes(seen.head, walked.elements, seen.part)
        syntax = first.facts.transfer_syntax_uid
        check_pixel_value(attributes, first.layout, syntax, streams=self._profile.judges_pixels)
        return judged_pixels(attributes, first.layout, first.facts, self._profile)


class _Series:
    """A template, and what its instances share besides: openings by length of the UID, records by what was done."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.openings: dict[bytes, Passage] = {}
        self.records: dict[tuple[object, ...], DeidentificationRecord] = {}

    def opening(self, cleaned: bytes) -> Passage:
        passage = self.openings.get(cleaned)
        if passage is None:
            original = self.template.first.before[0].original
            passage = self.openings[cleaned] = Passage(original, cleaned, raw=True)
        return passage

    def record(self, match: Match, dropped_bytes: int, pixels: str) -> DeidentificationRecord:
        """The record of an instance; where the same was done as in the first, it is that one's own."""
        first = self.template.first
        key = (_done(match.slots), dropped_bytes, pixels)
        record = self.records.get(key)
        if record is None:
            if len(self.records) >= _MOST_RECORDS:
                self.records.clear()
            as_first = (_done(self.template.slots_of_first()), first.record.dropped_bytes, first.pixels.deed)
            record = self.records[key] = (
                first.record
                if key == as_first
                else record_of(
                    first.context.policy.profile,
                    self.template.pieces_with(match.slots),
                    dropped_bytes=dropped_bytes,
                    preamble_cleared=first.record.preamble_cleared,
                    pixels=pixels,
                )
            )
        return record


def _done(slots: Iterable[Piece]) -> tuple[tuple[int, tuple[Deed, ...], bool], ...]:
    """What was done to the elements in slots, as far as a record tells it."""
    return tuple([(piece.tag, piece.deeds, bool(piece.passage.cleaned)) for piece in slots])


def _uid_in(element: bytes) -> str:
    """The UID of a UI element, which has eight bytes before its value in either encoding."""
    return element[8:].rstrip(b"\0 ").decode("ascii", "replace")
