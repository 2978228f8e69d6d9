"""The key box: quarantine keys and institution secrets, in a process and a folder of their own."""

from confrere.adapters.keybox.client import KeyBox, KeyDestroyed

__all__ = ["KeyBox", "KeyDestroyed"]
