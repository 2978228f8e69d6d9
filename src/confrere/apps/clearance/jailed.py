"""What runs inside the jail for one instance: look, de-identify, look again.

The jailed child has the bytes and the institution's secret, no database, no network and no store.
Source: the order of stations in docs/explanation/flow.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from confrere.apps.clearance.second_look import SecondLook
from confrere.core.deidentify import STRICT, Keys, Profile, patient_token, remap_uid
from confrere.core.deidentify.splice import Spliced, Splicer
from confrere.core.dicom.clinical import clinical_facts
from confrere.core.dicom.facts import InstanceFacts
from confrere.core.dicom.inspect import inspect_instance
from confrere.core.dicom.source import source_of
from confrere.core.dicom.walk import Buffer
from confrere.core.terms import Held, Outcome
from confrere.core.terms.kinds import HEAD_BYTES, FileKind, kind_of
from confrere.core.verify import Residual, harvest_known, verify_instance

# What is no DICOM but plain bytes is searched as such.
_SEEN_INTO = (FileKind.DICOM, FileKind.TEXT, FileKind.UNKNOWN)

Answer = tuple[dict[str, object], list[Buffer]]


def age_band(years: int | None) -> str:
    """The ten-year band a draft is prefilled with; above 89 there is one band."""
    if years is None:
        return ""
    if years >= 90:
        return "90+"
    low = years // 10 * 10
    return f"{low}–{low + 9}"  # noqa: RUF001  # an en dash is how ranges are written


def grouping_of(facts: InstanceFacts, keys: Keys) -> dict[str, object]:
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


@dataclass(slots=True)
class Bench:
    """What is kept from instance to instance; a child serves one intake, so it never mixes two senders."""

    keys: Keys
    splicer: Splicer
    second: SecondLook = field(default_factory=lambda: SecondLook(STRICT))
    count: int = 0

    def is_clean(self, spliced: Spliced) -> bool:
        """Whether the second look finds nothing."""
        self.count += 1
        name = str(self.count)
        self.second.read(spliced, name)
        return name not in self.second.judge()


_BENCHES: dict[tuple[str, str, Profile], Bench] = {}


def bench_of(secret: str, institution: str, profile: Profile = STRICT) -> Bench:
    """The bench of an institution under `profile`, made at the first asking."""
    key = (secret, institution, profile)
    if key not in _BENCHES:
        keys = Keys(bytes.fromhex(secret), institution)
        _BENCHES[key] = Bench(keys, Splicer(keys=keys, profile=profile))
    return _BENCHES[key]


def examine(blobs: Sequence[bytes], args: Mapping[str, object]) -> Answer:
    """Clear one instance: blobs[0] is the original; args are `secret` (hex) and `institution`.

    Returns ({outcome, reason, grouping, facts, record}, [header, pixel element]): laid end to end, the two are the
    cleaned file. Raises Refused or Held when nothing can be grouped.
    """
    original = bytes(blobs[0])
    bench = bench_of(str(args["secret"]), str(args["institution"]))
    try:
        spliced = bench.splicer.clean(source_of(original))
    except Held as stop:
        facts = inspect_instance(original, decode=False)
        return {"outcome": Outcome.HELD, "reason": stop.code, "grouping": grouping_of(facts, bench.keys)}, []
    if not bench.is_clean(spliced):
        grouping = grouping_of(spliced.facts, bench.keys)
        return {"outcome": Outcome.HELD, "reason": "residual-found", "grouping": grouping}, []
    return told_of(original, spliced, bench.keys)


def told_of(original: bytes, spliced: Spliced, keys: Keys) -> Answer:
    """What is told of a clean instance, and its bytes in two parts."""
    header, pixels = spliced.header, spliced.pixels
    # Of native pixels the element's own header tells all; compressed ones have to be walked.
    shown = header + (bytes(pixels.content) if pixels.is_encapsulated else pixels.header)
    value: dict[str, object] = {
        "outcome": Outcome.CLEAN,
        "reason": "preamble-not-empty" if _has_preamble(original) else "ok",
        "grouping": grouping_of(spliced.facts, keys),
        "facts": clinical_facts(shown, size=len(header) + len(pixels.content)),
        "record": spliced.record.as_json(),
    }
    return value, [header, pixels.content]


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
