"""An office package (PPTX, DOCX) opened without its program: its words, and which embedded pictures stand where.

Every XML part is read by expat event by event; one that declares a document type is refused, so there are no entities.
Nothing outside the package is ever asked for, and nothing in it is ever run.

Source: ECMA-376 part 2 (packages and relationships), part 1, 20.1.8.13 (blip), 20.1.8.55 (source rectangle).
"""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from confrere.core.terms import Refused

MOST_PARTS: Final = 5000
_ALWAYS_ALLOWED: Final = 64 << 20
_RATIO: Final = 100
_MOST_TOTAL: Final = 1 << 30
_DEEPEST: Final = 256
_ENCRYPTED: Final = 0x1
# Elements inside which one word may be split; whatever else ends, ends a line.
_WITHIN_A_LINE: Final = frozenset(
    "r t rPr fld proofErr bookmarkStart bookmarkEnd hyperlink ins del delText smartTag lang noProof".split()
)
_SAID_ASIDE: Final = frozenset(("descr", "title", "alt"))


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture by the id of its relationship, and what of it is cropped away: left, top, right, bottom, 0 to 1."""

    relationship: str
    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


@dataclass(slots=True)
class Part:
    """What one XML part says: its words, words said aside (alternative texts), pictures, and marks of its root."""

    words: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    root: dict[str, str] = field(default_factory=dict)
    relations: dict[str, tuple[str, str, bool]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its words as lines, without empty ones."""
        return "\n".join(line for line in (raw.strip() for raw in "".join(self.words).split("\n")) if line)


class Package:
    """The parts of a package, each unfolded at most once and never to more than the package claims."""

    def __init__(self, content: bytes) -> None:
        """Raise Refused: bad-document, encrypted-document, too-many-pictures, expands-too-much."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise Refused("bad-document") from None
        if len(entries) > MOST_PARTS:
            raise Refused("bad-document", "too many parts")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise Refused("encrypted-document")
        total = sum(entry.file_size for entry in entries)
        if total > min(_MOST_TOTAL, max(_ALWAYS_ALLOWED, _RATIO * len(content))):
            raise Refused("expands-too-much")
        self._entries = {entry.filename.lstrip("/"): entry for entry in entries}
        for name in self.names:
            if is_xml(name):
                self.part(name)  # one bad part refuses the package, whether it is needed or not

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, in the order of the package."""
        return tuple(self._entries)

    def bytes_of(self, name: str) -> bytes:
        """A part's content; b"" for one that is not there. Raises Refused: bad-document, expands-too-much."""
        entry = self._entries.get(name)
        if entry is None:
            return b""
        try:
            with self._zip.open(entry) as opened:
                content = opened.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
            raise Refused("bad-document") from None
        if len(content) > entry.file_size:
            raise Refused("expands-too-much")
        return content

    def part(self, name: str) -> Part:
        """What the XML part says; nothing where there is none. Raises Refused: doctype-not-allowed, bad-document."""
        content = self.bytes_of(name)
        return _Listener().heard(content) if content else Part()

    def relations(self, name: str) -> dict[str, tuple[str, str, bool]]:
        """The relationships of a part by id: (kind, name of the part or address, whether that is outside)."""
        folder, _, base = name.rpartition("/")
        found = self.part(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels").relations
        return {
            each: (
                kind,
                target if outside else posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/"),
                outside,
            )
            for each, (kind, target, outside) in found.items()
        }


def is_xml(name: str) -> bool:
    """Whether the part is one of XML, by its ending."""
    return name.lower().endswith((".xml", ".rels", ".vml"))


class _Listener:
    """Hears one part."""

    def __init__(self) -> None:
        self._part = Part()
        self._depth = 0

    def heard(self, content: bytes) -> Part:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._part.words.append
        try:
            parser.Parse(content, True)  # noqa: FBT003  # expat's own signature
        except (expat.ExpatError, ValueError, LookupError):
            raise Refused("bad-document") from None
        return self._part

    def _doctype(self, *_declared: object) -> None:
        raise Refused("doctype-not-allowed")

    def _start(self, name: str, marks: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused("nesting-too-deep")
        local = _local(name)
        said = {_local(mark): value for mark, value in marks.items()}
        if self._depth == 1:
            self._part.root = said
        self._part.aside += [said[mark] for mark in _SAID_ASIDE if said.get(mark)]
        if local == "blip" and said.get("embed"):
            self._part.placed.append(Placed(said["embed"]))
        elif local == "imagedata" and said.get("id"):
            self._part.placed.append(Placed(said["id"]))
        elif local == "srcRect" and self._part.placed:
            self._part.placed[-1] = Placed(self._part.placed[-1].relationship, _crop(said))
        elif local == "sldId":
            # Two marks are called id; the relationship's has a namespace.
            self._part.ids += [value for mark, value in marks.items() if mark.endswith("relationships id")]
        elif local == "Relationship":
            outside = said.get("TargetMode", "") == "External"
            kind = said.get("Type", "").rpartition("/")[2]
            self._part.relations[said.get("Id", "")] = (kind, said.get("Target", ""), outside)
        elif local in ("br", "tab", "cr"):
            self._part.words.append(" ")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if _local(name) not in _WITHIN_A_LINE:
            self._part.words.append("\n")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _crop(said: dict[str, str]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (_portion(said.get(side, "")) for side in ("l", "t", "r", "b"))
    return left, top, right, bottom


def _portion(value: str) -> float:
    """Thousandths of a percent, or percent with its sign; below 0 the picture is padded and nothing is cropped."""
    match = re.fullmatch(r"(-?\d{1,9})(\.\d{1,9})?(%?)", value)
    if match is None:
        return 0.0
    number = float(match[1] + (match[2] or ""))
    return min(1.0, max(0.0, number / 100 if match[3] else number / 100_000))
