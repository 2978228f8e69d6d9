"""The two faults of the rules, and how a value is told in them: short, quoted, on one line."""

from confrere.core.terms import ConfrereError

_LONGEST = 40


class RequestError(ConfrereError):
    """The request is not in the vocabulary; the message names the key, the value and the allowed ones."""


class PackError(ConfrereError):
    """A pack breaks the form; the server must not start with it."""


def told(value: object) -> str:
    """The value as a message shows it: text alone, at most 40 characters, whatever breaks a line escaped."""
    if not isinstance(value, str):
        return f"a value that is no text ({type(value).__name__})"
    short = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    return ascii(short) if not short.isprintable() else f"'{short}'"
