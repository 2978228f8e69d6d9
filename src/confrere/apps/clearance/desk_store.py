"""The web process's and the shredder's way to desk sheets: the store, and the key that opens them and no original.

The renderings of heads lie in the same store: of what is de-identified already, for their author's eyes.
"""

import uuid
from functools import cache

from django.conf import settings

from confrere.adapters.objects import ObjectStore
from confrere.adapters.quarantine import Quarantine
from confrere.apps.clearance.sheets import SHELF, picture_in
from confrere.apps.intake.quarantine import keybox


@cache
def desk_sheets() -> Quarantine:
    """The sealed sheets of the clearance desk."""
    return Quarantine(ObjectStore.open(settings.CONFIGURATION.objects), SHELF)


def open_picture(intake_id: uuid.UUID, sheet_key: str, place: int) -> bytes:
    """Picture `place` of a sheet, opened with the intake's desk key.

    Raises IndexError where there is none; Broken where the sheet or its key is gone or damaged.
    """
    private_key = keybox().desk_key(str(intake_id))
    return picture_in(desk_sheets().read(sheet_key, str(intake_id), private_key), place)


@cache
def _store(url: str) -> ObjectStore:
    return ObjectStore.open(url)


def open_strip(key: str) -> bytes:
    """The renderings of a head that lie under `key`; Broken where they are gone."""
    return _store(settings.CONFIGURATION.objects).get(key)
