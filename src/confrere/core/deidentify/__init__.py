"""The PS3.15 Annex E engine: an identified instance in, a de-identified one and its record out.

What is named here is loaded when it is first asked for: a command that needs the name of a profile does not wait for
the engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_ROOMS = ("profile", "keys", "record", "retained", "engine")


def __getattr__(name: str) -> object:
    """Find a name of `__all__` in the first room that has it."""
    if name in __all__:
        for room in _ROOMS:
            found = getattr(import_module(f"{__name__}.{room}"), name, None)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(name)
