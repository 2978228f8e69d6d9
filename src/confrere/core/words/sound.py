"""Whether bytes are a text at all: UTF-8 throughout, no NUL, no half of a pair of surrogates."""

from confrere.core.terms import Refused


def sound_text(content: bytes) -> str:
    """The text of `content`. Raises Refused (bad-text) when it is not sound UTF-8 or holds a NUL."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("bad-text") from None
    if "\0" in text:
        raise Refused("bad-text")
    return text
