"""What happens to one attribute, decided from its tag and VR alone: the table first, then default-deny.

What neither the table nor the data dictionary vouches for is removed: private and unknown attributes, curves
and overlays, free text and binary blobs that the table does not list, and anything encoded against the
dictionary.

Where several options name an attribute, cleaning (C) goes before keeping (K), and keeping before the basic
profile. Cleaning that the engine cannot do for the attribute's VR falls back to the basic profile.

Source: PS3.15 E.1 and Table E.1-1, E.2 (basic profile), E.3 (options).
"""

from enum import StrEnum
from functools import lru_cache

from confrere.core.deidentify.profile import Option, Profile
from confrere.core.deidentify.table import Row, confidentiality_table
from confrere.core.dicom.dictionary import is_retired, keyword, registered_vrs


class Action(StrEnum):
    """What is done to an attribute. The letters are those of PS3.15 E.1 where it has one."""

    REMOVE = "X"
    EMPTY = "Z"
    DUMMY = "D"
    NEW_UID = "U"
    SHIFT = "C"
    CAP_AGE = "A"
    TOKEN = "T"  # noqa: S105 - an action, not a secret
    KEEP = "K"
    ENTER = "S"
    RETAIN = "R"  # kept because an option says so
    WORDS = "W"  # cleaned: only words of imaging stay
    ENTER_CLEANED = "E"  # a sequence kept by Clean Descriptors: all text inside is cleaned
    ANSWER = "Q"  # kept when it is YES or NO
    IF_SAFE = "P"  # private: kept when the standard's list has it under its creator


class Why(StrEnum):
    """Why an attribute without a row in the table was removed; counted in the record."""

    LISTED = "listed"
    PRIVATE = "private"
    UNKNOWN = "unknown"
    GRAPHICS = "overlay-or-curve"
    GROUP = "group"
    OTHER_VR = "other-vr"
    FREE_TEXT = "free-text"
    BLOB = "blob"


# Free text that no row lists: a sentence can name anyone.
_FREE_TEXT_VRS = frozenset(b"AE LT PN ST UC UR UT".split())
# Short text that people or order systems fill in, told by its name in the dictionary; scanner settings stay.
_TYPED_WORDS = ("Comment", "Description", "DisplayName", "OrderNumber", "ProtocolName")
_TYPED_ENDINGS = ("ID", "Identifier")
# These tie frames to stacks and optical paths within one instance.
_INNER_REFERENCES = frozenset({0x00209056, 0x00480106, 0x006A000E})
_BLOB_VRS = frozenset(b"OB OD OF OL OV OW UN".split())
# Binary values that are numbers by definition: palettes, lookup tables and offset tables.
_NUMERIC_BLOBS = frozenset(
    {*range(0x00281201, 0x00281205), *range(0x00281221, 0x00281225), 0x00283006, 0x7FE00001, 0x7FE00002}
)
# Commands, file meta, media directories, the patient, trial subjects, requests, visits and printing: unlisted means no.
_DENIED_GROUPS = frozenset(
    {
        *(0x0000, 0x0002, 0x0004, 0x0010, 0x0012, 0x0032, 0x0038),
        *(0x2000, 0x2010, 0x2020, 0x2030, 0x2040, 0x2100, 0x2110, 0x2120, 0x2130, 0x2200),
    }
)
# Attributes of a query, which no stored instance has: one flipped bit makes an accession number of them.
_OF_QUERIES = frozenset({0x00080042, 0x00080052, 0x00080053, 0x00080054, 0x00080055, 0x00080056})
_TIME_VRS = frozenset({b"DA", b"DT", b"TM"})
_PATIENT_NAME, _PATIENT_ID = 0x00100010, 0x00100020
_SHORT_TEXT = frozenset({b"LO", b"SH"})
_TEXT_VRS = frozenset(b"LO LT SH ST UC UT".split())
# Burned In Annotation and Recognizable Visual Features: what the sender said stays, and is never said for him.
_ANSWERS = frozenset({0x00280301, 0x00280302})
# Optional at the top level, but not without an item: removed there rather than emptied (PS3.3 C.7.2.1, C.7.5.1).
_NEVER_EMPTY = frozenset({0x00080082, 0x00081110})
# The text of graphic annotations: text objects, and the labels on the ticks of compound graphics.
_GRAPHIC_TEXT = frozenset({0x00700008, 0x00700287, 0x00700288})
_READ_TEXT = frozenset(
    {
        Option.CLEAN_STRUCTURED_CONTENT,
        Option.CLEAN_DESCRIPTORS,
        Option.PATIENT_CHARACTERISTICS,
        Option.DEVICE_IDENTITY,
        Option.SAFE_PRIVATE,
        Option.INSTITUTION_IDENTITY,
    }
)


class Policy:
    """One profile's decisions; the same tag, VR and place always get the same answer, so it is remembered.

    `retains_uids` and `retains_private` are those options; with `reads_text` some text is kept or cleaned, so the
    patient's own words have to be known.
    """

    def __init__(self, profile: Profile) -> None:
        """Decide as `profile` asks."""
        self.profile = profile
        self.retains_uids = Option.UIDS in profile.options
        self.retains_private = Option.SAFE_PRIVATE in profile.options
        self.reads_text = not _READ_TEXT.isdisjoint(profile.options)
        self._known: dict[tuple[int, bytes, bool, bool], tuple[Action, Why]] = {}

    # Asked for every element, and keywords cost time.
    def decide(self, tag: int, vr: bytes, nested: bool, cleaned: bool = False) -> tuple[Action, Why]:  # noqa: FBT001, FBT002
        """The action for an attribute of that `tag` and `vr`, and why; `cleaned` is within a cleaned sequence."""
        key = (tag, vr, nested, cleaned)
        answer = self._known.get(key)
        if answer is None:
            answer = self._known[key] = self._judge(tag, vr, nested=nested, cleaned=cleaned)
        return answer

    def fallback(self, tag: int, vr: bytes) -> Action:
        """What is done to an attribute when nothing of it is left after cleaning: the basic profile's action."""
        row = confidentiality_table().rows.get(tag)
        return Action.REMOVE if row is None else basic_action(row.basic, vr)

    def _judge(self, tag: int, vr: bytes, *, nested: bool, cleaned: bool) -> tuple[Action, Why]:
        denied = _denied(tag, vr)
        if denied is Why.PRIVATE and self.retains_private:
            return Action.IF_SAFE, Why.PRIVATE
        if denied is not None:
            return Action.REMOVE, denied
        if tag in {_PATIENT_NAME, _PATIENT_ID} and not nested:
            return Action.TOKEN, Why.LISTED
        row = confidentiality_table().rows.get(tag)
        if row is not None:
            if vr == b"SQ" and tag in _NEVER_EMPTY and not nested:
                row = Row(row.name, "X", row.options)
            return self._listed(vr, row), Why.LISTED
        if cleaned and vr in _TEXT_VRS and tag >> 16 not in _DENIED_GROUPS:
            return Action.WORDS, Why.LISTED
        return self._unlisted(tag, vr)

    def _listed(self, vr: bytes, row: Row) -> Action:
        asked = {option: row.options[option] for option in self.profile.options if option in row.options}
        if "C" in asked.values():
            cleaning = (_cleaning(option, vr) for option in Option if asked.get(option) == "C")
            return next((action for action in cleaning if action is not None), basic_action(row.basic, vr))
        if "K" in asked.values():
            if vr == b"AS":
                return Action.CAP_AGE
            return _retained(vr) or basic_action(row.basic, vr)
        return basic_action(row.basic, vr)

    def _unlisted(self, tag: int, vr: bytes) -> tuple[Action, Why]:
        if tag >> 16 in _DENIED_GROUPS or tag in _OF_QUERIES:
            return Action.REMOVE, Why.GROUP
        # Of what is retired nobody writes down any more what it may hold; a damaged tag looks like it, too.
        if tag in _GRAPHIC_TEXT or vr in _FREE_TEXT_VRS or (vr in _SHORT_TEXT and (_is_typed(tag) or is_retired(tag))):
            return Action.REMOVE, Why.FREE_TEXT
        if vr in _BLOB_VRS and tag not in _NUMERIC_BLOBS:
            return Action.REMOVE, Why.BLOB
        if vr in _TIME_VRS:
            return self._unlisted_time(), Why.LISTED
        if vr == b"UI":
            return (Action.RETAIN if self.retains_uids else Action.NEW_UID), Why.LISTED
        return (Action.ANSWER if tag in _ANSWERS else _kept(vr)), Why.LISTED

    def _unlisted_time(self) -> Action:
        if Option.FULL_DATES in self.profile.options:
            return Action.RETAIN
        return Action.SHIFT if Option.MODIFIED_DATES in self.profile.options else Action.REMOVE


@lru_cache(maxsize=32)
def policy_for(profile: Profile) -> Policy:
    """The policy of `profile`, with all it has decided so far."""
    return Policy(profile)


def _cleaning(option: Option, vr: bytes) -> Action | None:
    """How `option` cleans an attribute of that VR; None when it has no way to."""
    if option is Option.MODIFIED_DATES:
        return Action.SHIFT if vr in _TIME_VRS else None
    if option is Option.CLEAN_GRAPHICS:
        return Action.ENTER if vr == b"SQ" else None
    if option is Option.CLEAN_DESCRIPTORS and vr == b"SQ":
        return Action.ENTER_CLEANED
    if option in {Option.CLEAN_DESCRIPTORS, Option.PATIENT_CHARACTERISTICS}:
        return Action.WORDS if vr in _TEXT_VRS else None
    return None


def _retained(vr: bytes) -> Action | None:
    """How an attribute of that VR is retained; None for bytes that nobody can look into."""
    if vr == b"SQ":
        return Action.ENTER
    return None if vr in _BLOB_VRS else Action.RETAIN


def basic_action(basic: str, vr: bytes) -> Action:
    """The one action for a printed basic entry; of several, the one valid for every type of attribute.

    "X/Z/D" leaves the choice to the IOD; a dummy satisfies types 1, 2 and 3, an empty value 2 and 3.
    Sequences are removed or emptied where that is allowed, because a dummy item would only mislead; U* keeps
    the references.
    """
    choices = basic.rstrip("*").split("/")
    if vr == b"SQ":
        if "U" in choices:
            return Action.ENTER
        return Action.EMPTY if "Z" in choices else Action.REMOVE if "X" in choices else Action.DUMMY
    if "U" in choices or (vr == b"UI" and "D" in choices):
        return Action.NEW_UID
    return Action(max(choices, key="XZD".index))


def _is_typed(tag: int) -> bool:
    name = keyword(tag)
    ends = name.endswith(_TYPED_ENDINGS) and tag not in _INNER_REFERENCES
    return ends or any(word in name for word in _TYPED_WORDS)


def _kept(vr: bytes) -> Action:
    return Action.ENTER if vr == b"SQ" else Action.KEEP


def _denied(tag: int, vr: bytes) -> Why | None:
    """Why the attribute goes whatever the table says, or None."""
    group = tag >> 16
    if group & 1:
        return Why.PRIVATE
    if 0x5000 <= group <= 0x50FF or 0x6000 <= group <= 0x60FF:
        return Why.GRAPHICS
    if tag & 0xFFFF == 0:
        return Why.GROUP
    registered = registered_vrs(tag)
    if not registered:
        return Why.UNKNOWN
    # An LO written as SH or the reverse is a habit of devices; any other VR hides something in the value.
    if vr in registered or (vr in _SHORT_TEXT and _SHORT_TEXT.intersection(registered)):
        return None
    return Why.OTHER_VR
