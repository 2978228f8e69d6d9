"""The PS3.15 Annex E engine: an identified instance in, a de-identified one and its record out."""

from confrere.core.deidentify.engine import Deidentified, deidentify_instance
from confrere.core.deidentify.keys import Keys, date_shift_days, patient_label, patient_token, remap_uid
from confrere.core.deidentify.profile import HEADERS, STRICT, Option, Profile
from confrere.core.deidentify.record import DeidentificationRecord

__all__ = [
    "HEADERS",
    "STRICT",
    "DeidentificationRecord",
    "Deidentified",
    "Keys",
    "Option",
    "Profile",
    "date_shift_days",
    "deidentify_instance",
    "patient_label",
    "patient_token",
    "remap_uid",
]
