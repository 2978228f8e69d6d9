"""The families of storage SOP classes, and whether each is cleaned or held, with the reason.

Every class that the standard's registry calls a storage class has a family here; a test walks the registry. A class
without a family, private or newer than this table, is held as one that nobody has looked at.

Source: PS3.4 Annex B.5 and PS3.6 Annex A (storage SOP classes); PS3.3 Annex A (what each IOD holds).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from confrere.core.dicom.registry import IMAGE_CLASSES


class Family(StrEnum):
    """Objects that hold the same kinds of content, and are therefore cleaned, or held, in the same way."""

    IMAGE = "image"
    IMAGE_LATER = "image of a newer kind"
    VIDEO = "video"
    STRUCTURED_REPORT = "structured report"
    KEY_OBJECTS = "key object selection"
    PRESENTATION_STATE = "greyscale presentation state"
    COLOUR_PRESENTATION = "colour or volumetric presentation state"
    DOCUMENT = "encapsulated document"
    RT_DOSE = "RT dose"
    RT_STRUCTURE_SET = "RT structure set"
    RT_PLAN = "RT plan"
    RT_RECORD = "RT treatment record"
    RT_IMAGE = "RT image"
    RT_LATER = "RT object of the second generation"
    WAVEFORM = "waveform"
    VOICE = "sound recording"
    SEGMENTATION = "segmentation"
    SURFACE = "surface or track"
    PARAMETRIC_MAP = "parametric map"
    SPATIAL = "registration, fiducials or value mapping"
    DEFORMATION = "deformable registration"
    MEASUREMENTS = "measurements or annotations"
    RAW = "raw data"
    NOT_A_STUDY = "protocol, template or inventory"
    INDUSTRIAL = "security or material testing"
    RETIRED = "retired class"
    DIRECTORY = "media directory"


@dataclass(frozen=True, slots=True)
class Standing:
    """What happens to a family: `holds` is the reason's code, "" where `rules` say how it is cleaned.

    `may_have_pixels`: its IOD has a pixel data element; anywhere else one is out of place and refused.
    """

    rules: str = ""
    holds: str = ""
    may_have_pixels: bool = False


UNKNOWN_CLASS: Final = "sop-class-not-allowed"
NO_PICTURE: Final = "not-a-picture"

_TEXT: Final = (
    "content items by PS3.15 Table E.3.4-1, the rest default-deny; held without the structured content option"
)
STANDINGS: Final[dict[Family, Standing]] = {
    Family.IMAGE: Standing("header by PS3.15 Table E.1-1; pixels as the profile says", may_have_pixels=True),
    Family.IMAGE_LATER: Standing(holds="image-kind-not-cleaned-yet"),
    Family.VIDEO: Standing(holds="video-not-read-yet"),
    Family.STRUCTURED_REPORT: Standing(_TEXT),
    Family.KEY_OBJECTS: Standing(_TEXT),
    Family.PRESENTATION_STATE: Standing("display kept; graphics, layers and labels go"),
    Family.COLOUR_PRESENTATION: Standing(holds="colour-profile-not-read-yet"),
    Family.DOCUMENT: Standing(holds=UNKNOWN_CLASS),
    Family.RT_DOSE: Standing("dose grid and histograms kept; labels go", may_have_pixels=True),
    Family.RT_STRUCTURE_SET: Standing("contours kept; each name becomes ROI and its number"),
    Family.RT_PLAN: Standing("geometry and doses kept; each name becomes a word and its number"),
    Family.RT_RECORD: Standing("geometry and doses kept; each name becomes a word and its number"),
    Family.RT_IMAGE: Standing("as image; labels go", may_have_pixels=True),
    Family.RT_LATER: Standing(holds="rt-kind-not-cleaned-yet"),
    Family.WAVEFORM: Standing(
        "samples kept once their size is proven; annotations go, or are cleaned as content items"
    ),
    Family.VOICE: Standing(holds="voice-recording"),
    Family.SEGMENTATION: Standing(
        "segments kept; each label becomes SEGMENT and its number, codes of public schemes stay", may_have_pixels=True
    ),
    Family.SURFACE: Standing(holds="surface-not-cleaned-yet"),
    Family.PARAMETRIC_MAP: Standing("values kept, integer or floating point; labels go", may_have_pixels=True),
    Family.SPATIAL: Standing("matrices, points and slopes kept; labels go"),
    Family.DEFORMATION: Standing(holds="deformation-not-cleaned-yet"),
    Family.MEASUREMENTS: Standing(holds="measurements-not-cleaned-yet"),
    Family.RAW: Standing(holds="raw-data"),
    Family.NOT_A_STUDY: Standing(holds="not-part-of-a-study"),
    Family.INDUSTRIAL: Standing(holds="not-a-medical-image"),
    Family.RETIRED: Standing(holds="retired-class"),
    Family.DIRECTORY: Standing(holds="dicomdir-not-needed"),
}

_ROOT = "1.2.840.10008.5.1.4."
_TAILS: dict[Family, tuple[str, ...]] = {
    Family.IMAGE_LATER: ("6.3", "77.1.5.7", "77.1.5.8", "77.1.8", "77.1.9", "81.1", "82.1"),
    Family.VIDEO: ("77.1.1.1", "77.1.2.1", "77.1.4.1"),
    Family.STRUCTURED_REPORT: (
        *("88.11", "88.22", "88.33", "88.34", "88.35"),  # basic text, enhanced, comprehensive, 3D, extensible
        *("88.40", "88.50", "88.65", "88.69"),  # procedure log, mammography, chest and colon CAD
        *("88.67", "88.68", "88.73", "88.76"),  # radiation dose
        *("88.70", "88.71", "88.72", "88.74", "88.75", "88.77"),  # implants, context, echo, agents, waveforms
    ),
    Family.KEY_OBJECTS: ("88.59",),
    Family.PRESENTATION_STATE: ("11.1", "11.5"),
    Family.COLOUR_PRESENTATION: ("11.2", "11.3", "11.4", "11.6", "11.7", "11.8", "11.9", "11.10", "11.11", "11.12"),
    Family.DOCUMENT: ("104.1", "104.2", "104.3", "104.4", "104.5"),
    Family.RT_DOSE: ("481.2",),
    Family.RT_STRUCTURE_SET: ("481.3",),
    Family.RT_PLAN: ("481.5", "481.8"),
    Family.RT_RECORD: ("481.4", "481.6", "481.7", "481.9"),
    Family.RT_IMAGE: ("481.1",),
    Family.RT_LATER: tuple(f"481.{number}" for number in range(10, 26)),
    Family.WAVEFORM: (
        *("9.1.1", "9.1.2", "9.1.3", "9.1.4", "9.2.1", "9.3.1"),  # ECG, haemodynamic, electrophysiology
        *("9.5.1", "9.6.1", "9.6.2", "9.7.1", "9.7.2", "9.7.3", "9.7.4", "9.8.1"),  # pulse, breath, EEG, EMG, position
    ),
    Family.VOICE: ("9.4.1", "9.4.2"),
    Family.SEGMENTATION: ("66.4",),
    Family.SURFACE: ("66.5", "66.6", "68.1", "68.2"),
    Family.PARAMETRIC_MAP: ("30",),
    Family.SPATIAL: ("66.1", "66.2", "67"),
    Family.DEFORMATION: ("66.3",),
    Family.MEASUREMENTS: (
        *("77.1.5.3", "78.1", "78.2", "78.3", "78.4", "78.5", "78.6", "78.7", "78.8"),  # ophthalmic
        *("79.1", "80.1", "90.1", "91.1"),  # grids, perimetry, content assessment, microscopy annotations
    ),
    Family.RAW: ("66", "4.2"),
    Family.NOT_A_STUDY: ("131", "200.1", "200.2", "200.3", "200.7", "200.8", "201.1"),
    Family.INDUSTRIAL: ("501.1", "501.2.1", "501.2.2", "501.3", "501.4", "501.5", "501.6", "601.1", "601.2"),
    Family.RETIRED: ("8", "9", "9.1", "10", "11", "77.1", "77.2", "88.1", "88.2", "88.3", "88.4", "129"),
}
_ELSEWHERE: dict[Family, tuple[str, ...]] = {
    Family.RT_LATER: tuple(f"{_ROOT}34.{tail}" for tail in ("1", "7", "10")),
    Family.NOT_A_STUDY: tuple(f"{_ROOT}{tail}" for tail in ("38.1", "39.1", "43.1", "44.1", "45.1")),
    Family.RETIRED: ("1.2.840.10008.5.1.1.27", "1.2.840.10008.5.1.1.29", "1.2.840.10008.5.1.1.30"),
    Family.DIRECTORY: ("1.2.840.10008.1.3.10",),
}

FAMILIES: Final[dict[str, Family]] = {
    **dict.fromkeys(IMAGE_CLASSES, Family.IMAGE),
    **{f"{_ROOT}1.1.{tail}": family for family, tails in _TAILS.items() for tail in tails},
    **{uid: family for family, uids in _ELSEWHERE.items() for uid in uids},
}


def family_of(sop_class_uid: str) -> Family | None:
    """The family of a storage SOP class; None for one that is not in the table."""
    return FAMILIES.get(sop_class_uid)


def hold_reason(family: Family | None, *, images_only: bool) -> str:
    """Why an instance of `family` is held, as a reason's code; "" when it can be cleaned.

    With `images_only` everything that is not a picture is held: the way to a room, which shows pictures alone.
    """
    if family is None:
        return UNKNOWN_CLASS
    if images_only and family is not Family.IMAGE:
        return STANDINGS[family].holds or NO_PICTURE
    return STANDINGS[family].holds
