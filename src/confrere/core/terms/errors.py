"""Two families of error: a rule said no (Refused, Held), or something is damaged (Broken).

INVARIANT: no message carries a DICOM value. Codes come from `reasons.REASONS`; what may be added is a tag,
a VR, a count or one of our own identifiers.
"""

from confrere.core.terms.reasons import Reason, reason


class ConfrereError(Exception):
    """Base of every error a caller is expected to catch by type."""


class Stopped(ConfrereError):
    """A reasoned stop: carries the Reason and an optional harmless detail (a tag, a count)."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.reason: Reason = reason(code)
        self.detail = detail
        super().__init__(f"{code}: {detail}" if detail else code)

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        # Exceptions cross process borders (pool, jail); rebuild from the same two words.
        return type(self), (self.reason.code, self.detail)

    @property
    def code(self) -> str:
        """The slug of the reason, as in `reasons.REASONS`."""
        return self.reason.code


class Refused(Stopped):
    """Turned away for good: nothing is kept but hash, size and reason."""


class Held(Stopped):
    """Stopped in quarantine: may go on after a person has acted."""


class Broken(ConfrereError):
    """Damage or a bug; the study goes to Hold. `retryable` says whether trying again makes sense."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        self.retryable = retryable
        super().__init__(message)

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive pickling by themselves; a pool's worker must be able to say this.
        return _broken, (type(self), str(self), self.retryable)


def _broken(kind: type[Broken], message: str, retryable: bool) -> Broken:  # noqa: FBT001  # called by pickle alone
    return kind(message, retryable=retryable)
