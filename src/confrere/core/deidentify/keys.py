"""Identity without a link table: tokens, UIDs and date shifts are keyed hashes of what they replace.

The same input gives the same output in every run and on every machine that holds the institution's secret;
without the secret nothing can be turned back, and there is no table to steal.
"""

import hashlib
from dataclasses import dataclass, field

from confrere.core.terms import Held

LONGEST_SHIFT_DAYS = 1460
_TOKEN_BYTES = 16
# No vowels, so that a label never spells a word; no digits, so that it never looks like a number to a
# scanner.
_LABEL_LETTERS = str.maketrans("0123456789abcdef", "BCDFGHJKLMNPQRST")
_LABEL_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """An institution's secret (from the key box, at least 16 bytes) and its identifier."""

    secret: bytes = field(repr=False)
    institution: str

    def __post_init__(self) -> None:
        if len(self.secret) < 16:
            raise ValueError("the institution's secret is shorter than 16 bytes")


def patient_token(keys: Keys, issuer: str, patient_id: str) -> str:
    """The patient's token: 32 hex digits, the same for every study of that patient id and issuer.

    Raises Held("patient-unknown") for an empty patient id: such patients would all share one token.
    """
    if not patient_id.strip():
        raise Held("patient-unknown")
    parts = (keys.institution, issuer.strip(), patient_id.strip())
    return _keyed(keys, b"patient", *(part.encode("utf-8") for part in parts)).hexdigest()


def remap_uid(keys: Keys, uid: str) -> str:
    """The UID that replaces `uid`: "2.25." and a keyed 128-bit number, at most 44 characters."""
    digest = _keyed(keys, b"uid", keys.institution.encode("utf-8"), uid.encode("utf-8")).digest()
    return f"2.25.{int.from_bytes(digest, 'big')}"


def date_shift_days(keys: Keys, token: str) -> int:
    """How many days every date of the patient `token` moves: never zero, between -1460 and 1460."""
    number = int.from_bytes(_keyed(keys, b"dates", token.encode("ascii")).digest(), "big")
    shift = number % (2 * LONGEST_SHIFT_DAYS) - LONGEST_SHIFT_DAYS
    return shift if shift < 0 else shift + 1


def patient_label(token: str) -> str:
    """What stands in PatientID and PatientName for `token`: 16 capital letters."""
    return token[:_LABEL_LENGTH].translate(_LABEL_LETTERS)


def _keyed(keys: Keys, use: bytes, *parts: bytes) -> "hashlib.blake2b":
    """A keyed hash of `parts`, separated by use and by length so that no two inputs can run together."""
    key = keys.secret if len(keys.secret) <= 64 else hashlib.blake2b(keys.secret).digest()
    keyed = hashlib.blake2b(key=key, digest_size=_TOKEN_BYTES, person=use)
    for part in parts:
        keyed.update(len(part).to_bytes(4, "big") + part)
    return keyed
