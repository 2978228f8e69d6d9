"""The PS3.15 Annex E engine: an identified instance in, a de-identified one and its record out."""

from confrere.core.deidentify.engine import Deidentified, deidentify_instance
from confrere.core.deidentify.keys import Keys, date_shift_days, patient_label, patient_token, remap_uid
from confrere.core.deidentify.profile import (
    HEADERS,
    STRICT,
    Option,
    Profile,
    ProfileError,
    load_profile,
    profile_named,
    profile_names,
)
from confrere.core.deidentify.record import DeidentificationRecord
from confrere.core.deidentify.retained import explains

__all__ = [
    "HEADERS",
    "STRICT",
    "DeidentificationRecord",
    "Deidentified",
    "Keys",
    "Option",
    "Profile",
    "ProfileError",
    "date_shift_days",
    "deidentify_instance",
    "explains",
    "load_profile",
    "patient_label",
    "patient_token",
    "profile_named",
    "profile_names",
    "remap_uid",
]
