"""This station's way to the quarantine: the door's key box client and the sealed store.

INVARIANT: with a door token these give no way to read what was written; only clearance holds a token that does.
"""

import os
from functools import cache

from django.conf import settings

from confrere.adapters.keybox import KeyBox
from confrere.adapters.objects import ObjectStore
from confrere.adapters.quarantine import Quarantine


@cache
def keybox() -> KeyBox:
    """The key box, with the token this process was given."""
    return KeyBox(settings.CONFIGURATION.keybox_socket, os.environ.get("CONFRERE_KEYBOX_TOKEN", ""))


@cache
def quarantine() -> Quarantine:
    """The sealed store of what is not yet cleared."""
    return Quarantine(ObjectStore.open(settings.CONFIGURATION.objects))
