"""What a de-identification is asked to do: the Basic Profile and the options of PS3.15 that are switched on.

Source: PS3.15 E.2 (basic profile), E.3 (options); PS3.16 CID 7050 (de-identification method codes).
"""

from dataclasses import dataclass
from enum import StrEnum


class Option(StrEnum):
    """An option of Table E.1-1 that the engine knows how to follow; the value is the table's column."""

    CLEAN_STRUCTURED_CONTENT = "clean_structured_content"
    PATIENT_CHARACTERISTICS = "retain_patient_characteristics"
    MODIFIED_DATES = "retain_longitudinal_modified_dates"


@dataclass(frozen=True, slots=True)
class MethodCode:
    """A code of CID 7050, scheme DCM."""

    value: str
    meaning: str


BASIC_CODE = MethodCode("113100", "Basic Application Confidentiality Profile")
OPTION_CODES = {
    Option.CLEAN_STRUCTURED_CONTENT: MethodCode("113104", "Clean Structured Content Option"),
    Option.MODIFIED_DATES: MethodCode("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
    Option.PATIENT_CHARACTERISTICS: MethodCode("113108", "Retain Patient Characteristics Option"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A named choice of options; with `judges_pixels`, pixels that may carry text stop the instance."""

    name: str
    options: frozenset[Option]
    judges_pixels: bool

    @property
    def codes(self) -> tuple[MethodCode, ...]:
        """The method codes that truthfully describe this profile, in code order."""
        return (
            BASIC_CODE,
            *sorted((OPTION_CODES[each] for each in self.options), key=lambda code: code.value),
        )


# Sex and age go too: a draft keeps them as a letter and a ten-year band, in our own row, not in the file.
_DEFAULT_OPTIONS = frozenset({Option.MODIFIED_DATES})
STRICT = Profile("strict", _DEFAULT_OPTIONS, judges_pixels=True)
HEADERS = Profile("headers", _DEFAULT_OPTIONS, judges_pixels=False)
