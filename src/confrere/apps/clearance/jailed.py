"""What runs inside the jail for one instance: look, de-identify, look again.

The jailed child has the bytes and the institution's secret, no database, no network and no store.
Source: the order of stations in docs/explanation/flow.md.
"""

from collections.abc import Mapping, Sequence

from confrere.core.deidentify import STRICT, Keys, deidentify_instance, patient_token, remap_uid
from confrere.core.dicom.burned_in import pixels_may_carry_text
from confrere.core.dicom.clinical import clinical_facts
from confrere.core.dicom.facts import InstanceFacts
from confrere.core.dicom.inspect import inspect_instance
from confrere.core.terms import Held, Outcome
from confrere.core.terms.kinds import HEAD_BYTES, FileKind, kind_of
from confrere.core.verify import Residual, harvest, harvest_known, residuals, verify_instance

# What is no DICOM but plain bytes is searched as such.
_SEEN_INTO = (FileKind.DICOM, FileKind.TEXT, FileKind.UNKNOWN)

Answer = tuple[dict[str, object], list[bytes]]


def age_band(years: int | None) -> str:
    """The ten-year band a draft is prefilled with; above 89 there is one band."""
    if years is None:
        return ""
    if years >= 90:
        return "90+"
    low = years // 10 * 10
    return f"{low}–{low + 9}"  # noqa: RUF001  # an en dash is how ranges are written


def _grouping(facts: InstanceFacts, keys: Keys) -> dict[str, object]:
    """The new identifiers a held instance is grouped under; none of them leads back without the secret."""
    return {
        "study": remap_uid(keys, facts.study_instance_uid),
        "series": remap_uid(keys, facts.series_instance_uid),
        "sop": remap_uid(keys, facts.sop_instance_uid),
        "patient": patient_token(keys, facts.issuer_of_patient_id, facts.patient_id),
        "modality": facts.modality,
        "region": facts.body_part,
        "age_band": age_band(facts.age_years),
        "sex": facts.patient_sex if facts.patient_sex in {"M", "F", "O"} else "",
    }


def _has_preamble(original: bytes) -> bool:
    """Whether something was written before the DICM mark (PS3.10 section 7.1 leaves it to the application)."""
    return original[128:132] == b"DICM" and any(original[:128])


def examine(blobs: Sequence[bytes], args: Mapping[str, object]) -> Answer:
    """Clear one instance: blobs[0] is the original; args are `secret` (hex) and `institution`.

    Returns ({outcome, reason, grouping, facts, record}, [cleaned bytes]). Raises Refused or Held when nothing can
    be grouped.
    """
    original = bytes(blobs[0])
    keys = Keys(bytes.fromhex(str(args["secret"])), str(args["institution"]))
    # The engine decodes the frames of what it cleans; once is enough.
    facts = inspect_instance(original, decode=False)
    grouping = _grouping(facts, keys)
    if pixels_may_carry_text(facts):
        return {"outcome": Outcome.HELD, "reason": "burned-in-text", "grouping": grouping}, []
    try:
        cleaned = deidentify_instance(original, keys=keys, profile=STRICT)
    except Held as stop:
        return {"outcome": Outcome.HELD, "reason": stop.code, "grouping": grouping}, []
    if residuals(cleaned.content, harvest(original)):
        return {"outcome": Outcome.HELD, "reason": "residual-found", "grouping": grouping}, []
    value: dict[str, object] = {
        "outcome": Outcome.CLEAN,
        "reason": "preamble-not-empty" if _has_preamble(original) else "ok",
        "grouping": grouping,
        "facts": clinical_facts(cleaned.content),
        "record": cleaned.record.as_json(),
    }
    return value, [cleaned.content]


def _told(residual: Residual) -> dict[str, object]:
    return {"kind": residual.kind, "place": residual.place, "tag": residual.tag}


def verify_alone(blobs: Sequence[bytes], args: Mapping[str, object]) -> tuple[list[dict[str, object]], list[bytes]]:
    """Look for residuals in one file; `known` holds values to search for. Returns them without their values.

    Raises Held for a file the second look cannot see into: an archive, a picture, a film.
    """
    if kind_of(bytes(blobs[0][:HEAD_BYTES])) not in _SEEN_INTO:
        raise Held("format-not-supported-yet")
    lines = args.get("known")
    known = harvest_known(str(line) for line in lines) if isinstance(lines, list) and lines else None
    return [_told(residual) for residual in verify_instance(bytes(blobs[0]), known)], []
