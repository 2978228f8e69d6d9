"""What a de-identification is asked to do: the Basic Profile and the options of PS3.15 that are switched on.

A profile is a small TOML file, read strictly: an unknown key, option or kind of value refuses it. The shipped
ones lie in profiles/, one for each option of the standard and the two defaults.

Source: PS3.15 E.2 (basic profile), E.3 (options); PS3.16 CID 7050 (de-identification method codes).
"""

import re
import tomllib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Option(StrEnum):
    """An option of Table E.1-1 that the engine knows how to follow; the value is the table's column."""

    CLEAN_GRAPHICS = "clean_graphics"
    CLEAN_STRUCTURED_CONTENT = "clean_structured_content"
    CLEAN_DESCRIPTORS = "clean_descriptors"
    FULL_DATES = "retain_longitudinal_full_dates"
    MODIFIED_DATES = "retain_longitudinal_modified_dates"
    PATIENT_CHARACTERISTICS = "retain_patient_characteristics"
    DEVICE_IDENTITY = "retain_device_identity"
    UIDS = "retain_uids"
    SAFE_PRIVATE = "retain_safe_private"
    INSTITUTION_IDENTITY = "retain_institution_identity"

    @property
    def slug(self) -> str:
        """The option's name in a profile file."""
        return self.value.replace("_", "-")


@dataclass(frozen=True, slots=True)
class MethodCode:
    """A code of CID 7050, scheme DCM."""

    value: str
    meaning: str


BASIC_CODE = MethodCode("113100", "Basic Application Confidentiality Profile")
CLEAN_PIXELS_CODE = MethodCode("113101", "Clean Pixel Data Option")
CLEAN_FEATURES_CODE = MethodCode("113102", "Clean Recognizable Visual Features Option")
OPTION_CODES = {
    Option.CLEAN_GRAPHICS: MethodCode("113103", "Clean Graphics Option"),
    Option.CLEAN_STRUCTURED_CONTENT: MethodCode("113104", "Clean Structured Content Option"),
    Option.CLEAN_DESCRIPTORS: MethodCode("113105", "Clean Descriptors Option"),
    Option.FULL_DATES: MethodCode("113106", "Retain Longitudinal Temporal Information Full Dates Option"),
    Option.MODIFIED_DATES: MethodCode("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
    Option.PATIENT_CHARACTERISTICS: MethodCode("113108", "Retain Patient Characteristics Option"),
    Option.DEVICE_IDENTITY: MethodCode("113109", "Retain Device Identity Option"),
    Option.UIDS: MethodCode("113110", "Retain UIDs Option"),
    Option.SAFE_PRIVATE: MethodCode("113111", "Retain Safe Private Option"),
    Option.INSTITUTION_IDENTITY: MethodCode("113112", "Retain Institution Identity Option"),
}

# Options of the standard that need a look at the pixels, which no part of this engine takes.
_PIXEL_OPTIONS = frozenset({"clean-pixel-data", "clean-recognizable-visual-features"})
_KEYS = {"about": str, "options": list, "judges_pixels": bool}
# The name is stamped into Deidentification Method, whose values hold 64 characters (PS3.5 table 6.2-1, LO).
_NAME = re.compile(r"[a-z][a-z0-9-]{0,34}")
_LONGEST_FILE = 1 << 14


class ProfileError(ValueError):
    """A profile file that is not of the form; nothing is de-identified under it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named choice of options; with `judges_pixels`, pixels that may carry text stop the instance."""

    name: str
    options: frozenset[Option]
    judges_pixels: bool
    about: str = field(default="", compare=False, repr=False)
    pixels_approved: bool = False
    """A person looked at the pixels and what she marked was taken out; no profile file can say so."""

    def __post_init__(self) -> None:
        if {Option.FULL_DATES, Option.MODIFIED_DATES} <= self.options:
            raise ProfileError(f"{self.name}: dates are retained either full or modified, not both")

    @property
    def codes(self) -> tuple[MethodCode, ...]:
        """The method codes that truthfully describe this profile, in code order."""
        options = sorted((OPTION_CODES[each] for each in self.options), key=lambda code: code.value)
        return (BASIC_CODE, *([CLEAN_PIXELS_CODE] if self.pixels_approved else []), *options)

    def with_approved_pixels(self) -> "Profile":
        """This profile for an instance whose pixels a person approved: it is let out and says so truthfully."""
        return replace(self, pixels_approved=True)


def load_profile(text: str, name: str) -> Profile:
    """The profile that the TOML `text` states, under `name`.

    Raises ProfileError for an unknown or missing key, a value of another kind, an option that does not exist,
    stands twice or is not there yet, and for two options that contradict each other.
    """
    if not _NAME.fullmatch(name):
        raise ProfileError("a profile's name is at most 35 small letters, digits and hyphens")
    if len(text) > _LONGEST_FILE:
        raise ProfileError(f"{name}: too long")
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise ProfileError(f"{name}: not TOML") from None
    if set(stated) != set(_KEYS):
        raise ProfileError(f"{name}: needs exactly the keys {', '.join(_KEYS)}")
    for key, kind in _KEYS.items():
        if type(stated[key]) is not kind:
            raise ProfileError(f"{name}: {key} is of the wrong kind")
    options = [_option(each, name) for each in stated["options"]]
    if len(set(options)) != len(options):
        raise ProfileError(f"{name}: an option stands twice")
    return Profile(name, frozenset(options), judges_pixels=stated["judges_pixels"], about=stated["about"])


def _option(word: object, name: str) -> Option:
    by_slug = {option.slug: option for option in Option}
    if not isinstance(word, str):
        raise ProfileError(f"{name}: an option is a word")
    if word in _PIXEL_OPTIONS:
        raise ProfileError(f"{name}: {word} needs the pixel engine, which is not part of this version")
    if word not in by_slug:
        raise ProfileError(f"{name}: an option is not one of {', '.join(sorted(by_slug))}")
    return by_slug[word]


@cache
def profile_names() -> tuple[str, ...]:
    """The names of the shipped profiles: the defaults first, then one for each option, in order of its code."""
    return ("strict", "headers", *(option.slug for option in Option))


@cache
def profile_named(name: str) -> Profile:
    """The shipped profile of that `name`; KeyError for any other."""
    if name not in profile_names():
        raise KeyError(name)
    text = files("confrere.core.deidentify").joinpath(f"profiles/{name}.toml").read_text("utf-8")
    return load_profile(text, name)


# Sex and age go too: a draft keeps them as a letter and a ten-year band, in our own row, not in the file.
STRICT = profile_named("strict")
HEADERS = profile_named("headers")
