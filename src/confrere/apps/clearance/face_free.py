"""What others than its author may see of a case: no head with its face.

INVARIANT: the looks that are taken into account are those of the very bytes the case holds now.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from confrere.apps.clearance.cleared import VerifiedInstance, VerifiedStudy
from confrere.apps.clearance.models import FaceFree, HeadLook, HeadState
from confrere.apps.clearance.reads import verified_study
from confrere.core.dicom.registry import CROSS_SECTIONAL, IMAGE_CLASSES
from confrere.core.pixels.heads.volume import FEWEST_SLICES
from confrere.core.terms import REASONS, Reason

_STORAGE = "1.2.840.10008.5.1.4.1.1"
_VOLUMES = CROSS_SECTIONAL | {f"{_STORAGE}.13.1.1", f"{_STORAGE}.13.1.2"}
FLAT_CLASSES = IMAGE_CLASSES - _VOLUMES
"""Pictures that are no volume. CT, MR and PET are, and volumes of rotating X-ray; so is what nobody has listed."""
LOOSE = "head-loose-slices"


class FacesDue(Exception):
    """A series of the case has not been looked at yet; ask again in a few seconds."""


class FacesHeld(Exception):
    """Nothing of the case may be shown to others; `reasons` say why."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("nothing may be shown to others")


@dataclass(frozen=True, slots=True)
class SeriesBytes:
    """One series of a case that may show a face, and the name of the very bytes it consists of now."""

    series_instance_uid: str
    instances: tuple[VerifiedInstance, ...]
    fingerprint: str


def may_show_face(study: VerifiedStudy) -> list[SeriesBytes]:
    """The series of a case out of which a surface could be rendered, each whole: however many sendings it came in."""
    by_series: dict[str, list[VerifiedInstance]] = defaultdict(list)
    for one in study.instances:
        if one.facts.get("sop_class_uid") not in FLAT_CLASSES:
            by_series[one.series_instance_uid].append(one)
    return [SeriesBytes(uid, tuple(found), _fingerprint(found)) for uid, found in sorted(by_series.items())]


def _fingerprint(instances: Iterable[VerifiedInstance]) -> str:
    return hashlib.sha256("\n".join(sorted(one.sha256 for one in instances)).encode()).hexdigest()


def frames_of(instance: VerifiedInstance) -> int:
    """How many frames an instance has."""
    frames = instance.facts.get("frames")
    return frames if isinstance(frames, int) else 1


def study_for_others(case_id: uuid.UUID) -> VerifiedStudy:
    """The instances of a case as others than its author may see them.

    A cut slice stands in for the original, what may not be shown is left out. Raises FacesDue while a series waits for
    its look, FacesHeld when nothing is left.
    """
    study = verified_study(case_id)
    looks = {
        (look.series_instance_uid, look.fingerprint): look
        for look in HeadLook.objects.filter(case_id=case_id).exclude(state=HeadState.OUTGROWN)
    }
    found = [(series, looks.get((series.series_instance_uid, series.fingerprint))) for series in may_show_face(study)]
    if any(look is None or look.state == HeadState.DUE for _series, look in found):
        raise FacesDue
    told = {series.series_instance_uid: look for series, look in found if look is not None}
    loose = _loose(told.values(), study.instances)
    shown = tuple(_shown(study.instances, told, loose))
    if not shown:
        codes = dict.fromkeys([look.reason_code for look in told.values()] + ([LOOSE] if loose else []))
        raise FacesHeld([REASONS[code] for code in codes if code in REASONS])
    return replace(study, instances=shown, face_free=True)


def _loose(looks: Iterable[HeadLook], instances: Sequence[VerifiedInstance]) -> frozenset[str]:
    """The loose slices that have to stay out: of several series there may be enough for a surface."""
    uids = {uid for look in looks for uid in look.loose}
    frames = sum(frames_of(one) for one in instances if one.sop_instance_uid in uids)
    return frozenset(uids) if frames >= FEWEST_SLICES else frozenset()


def _shown(
    instances: Iterable[VerifiedInstance], looks: dict[str, HeadLook], loose: frozenset[str]
) -> Iterable[VerifiedInstance]:
    rows = FaceFree.objects.filter(look__in=[look for look in looks.values() if look.state == HeadState.DONE])
    instead = {row.sop_instance_uid: row for row in rows}
    for one in instances:
        look = looks.get(one.series_instance_uid)
        row = instead.get(one.sop_instance_uid)
        if look is None and one.facts.get("sop_class_uid") in FLAT_CLASSES:
            yield one
        elif look is None or look.state != HeadState.DONE or one.sop_instance_uid in loose:
            continue
        elif row is None:
            yield one
        elif row.sha256 and row.instead_of == one.sha256:
            yield replace(one, sha256=row.sha256, object_key=row.object_key, facts={**one.facts, **row.facts})
