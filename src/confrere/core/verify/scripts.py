"""Words of other scripts among bytes whose encoding nobody tells: private blobs may hold names in any of them.

Compressed and numeric bytes look like letters now and then. What counts is a run of letters of one script, as long as
makes chance unlikely, or a shorter one among bytes that are calm: no byte of 80 or above beside it.
Source: Unicode 15, Blocks.txt (ranges); RFC 3629 (UTF-8); RFC 2781 (UTF-16); PS3.3 C.12.1.1.2 (ISO 2022 escapes);
GB/T 2312 and KS X 1001 as EUC.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from unicodedata import category

# Marks that stand between letters and show nothing: joiners, direction marks and isolates.
_MARKS = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_CJK = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_INDIC = tuple(f"{chr(first)}-{chr(first + 0x7F)}" for first in (*range(0x0900, 0x0E00, 0x80), 0x0E00, 0x1000))
_OTHERS = ("\u0370-\u03ff", "\u0400-\u052f", "\u0590-\u05ff", "\u0600-\u06ff\u0750-\u077f", "\uac00-\ud7a3")
_WORD = re.compile("|".join(f"(?:[{one}][{_MARKS}]*)+" for one in (*_INDIC, *_OTHERS, _CJK, _LATIN)))
_MARK = re.compile(f"[{_MARKS}]")
_IS_CJK = re.compile(f"[{_CJK}]")
_IS_WIDE = re.compile(f"[{_CJK}\uac00-\ud7a3]")

_TWO, _THREE = rb"[\xcd-\xdf][\x80-\xbf]", rb"[\xe0-\xed\xef][\x80-\xbf][\x80-\xbf]"
_UTF8 = re.compile(rb"(?:%b|%b)(?:[ ^=.,'/-]{0,2}(?:%b|%b))+" % (_TWO, _THREE, _TWO, _THREE))
_ACCENT = re.compile(rb"[\xc3-\xc9][\x80-\xbf]")
_LATIN_AROUND = re.compile(rb"(?:[A-Za-z]|[\xc3-\xc9][\x80-\xbf])+")
# Two bytes a letter, as EUC writes GB 2312 and KS X 1001.
_EUC = re.compile(rb"[\xb0-\xf7][\xa1-\xfe](?:[ ^=]?[\xb0-\xf7][\xa1-\xfe])+")
_ESCAPED = re.compile(rb"(\x1b(?:\$[()]?[@A-D]|[()\-.][A-Z\x62]))([\x20-\x7e\x80-\xff]{2,128})")
_BY_ESCAPE = {
    b"$)C": "euc_kr", b"$)A": "gb2312", b"-A": "latin_1", b"-B": "iso8859_2", b"-C": "iso8859_3", b"-D": "iso8859_4",
    b"-L": "iso8859_5", b"-G": "iso8859_6", b"-F": "iso8859_7", b"-H": "iso8859_8", b"-M": "iso8859_9",
    b"-T": "tis_620", b"-b": "iso8859_15", b")I": "shift_jis",
}  # fmt: skip
# The high bytes of UTF-16 letters, every other byte of the text; beside them stand ASCII letters, or nothing.
_ALPHABETS = bytes((*range(0x03, 0x0F), 0x10))
_CJK_BLOCKS = bytes((0x30, *range(0x34, 0xA0), *range(0xAC, 0xD8)))
_WIDE_BLOCKS = (
    re.compile(rb"\0[%b]{3,}(?=\0|[\0-\x7f]?\Z)" % re.escape(_ALPHABETS)),
    re.compile(rb"\0[%b]{2,24}(?=\0|\Z)" % re.escape(_CJK_BLOCKS)),
)
# The least of either, in the bytes with each put for its kind: finding that costs far less than a pattern.
_KINDS = bytes(1 if byte in _ALPHABETS else 2 if byte in _CJK_BLOCKS else 3 if byte else 0 for byte in range(256))
_LEAST = (b"\0\1\1\1", b"\0\2\2")
_MOST = 200
_LONGEST = 4 << 20
_BESIDE, _PADDING = 8, 16
_LONGEST_WORD, _LONGEST_NAME, _LONGEST_RUN, _SHORT = 32, 128, 1024, 256
_FEWEST, _FEWEST_CJK, _ENOUGH = 3, 2, 4
# Charsets whose first level holds the letters in daily use: the lead bytes of that level.
_DAILY = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("shift_jis", 0x82, 0x97), ("euc_kr", 0xB0, 0xC8))


def words_of(text: str, *, latin: bool = True) -> set[str]:
    """The words of `text` that are not ASCII and of one script each, without marks that show nothing."""
    found = set()
    for match in _WORD.finditer(text):
        word = _MARK.sub("", match[0])
        if not word.isascii() and len(word) <= _LONGEST_NAME and (latin or word[0] > "\x7f") and _is_word(word):
            found.add(word)
    return found


def _is_word(word: str) -> bool:
    """Whether letters and signs follow each other as in writing: a letter first, never three signs in a row.

    Letters all alike or all one step apart are a table of numbers.
    """
    kinds = "".join(category(letter)[0] for letter in word)
    steps = {ord(after) - ord(before) for before, after in pairwise(word)}
    if len(word) < (_FEWEST_CJK if _IS_CJK.match(word) else _FEWEST) or (len(word) >= _FEWEST and len(steps) == 1):
        return False
    return not kinds.strip("LM") and kinds[0] == "L" and "MMM" not in kinds


def foreign_words(raw: bytes) -> set[str]:
    """The words of other scripts in bytes of any kind: UTF-8, UTF-16, EUC and ISO 2022; at most a few hundred."""
    raw = raw[:_LONGEST]
    found: set[str] = set()
    for words in _readings(raw):
        found |= words
        if len(found) > _MOST:
            break
    return found


def _readings(raw: bytes) -> Iterator[set[str]]:
    if b"\x1b" in raw:
        yield from _escaped(raw)
    if not raw.isascii():
        yield from _utf8(raw)
        yield from _accented(raw)
        yield from _euc(raw)
    yield from _utf16(raw)


def _is_calm(raw: bytes, start: int, stop: int) -> bool:
    return raw[max(0, start - _BESIDE) : start].isascii() and raw[stop : stop + _BESIDE].isascii()


def _utf8(raw: bytes) -> Iterator[set[str]]:
    for match in _UTF8.finditer(raw):
        words = words_of(match[0].decode("utf-8", "replace"))
        if words and not _is_calm(raw, *match.span()):
            words = {word for word in words if len(word) >= _ENOUGH or "\u0900" <= word[0] < "\u1100"}
        yield words


def _accented(raw: bytes) -> Iterator[set[str]]:
    """Words of Latin letters with accents, as UTF-8."""
    stop = 0
    for match in _ACCENT.finditer(raw):
        start = match.start()
        if start < stop:
            continue
        while start > stop and match.start() - start < _LONGEST_WORD and raw[start - 1 : start].isalpha():
            start -= 1
        around = _LATIN_AROUND.match(raw, start)
        stop = max(match.end(), around.end() if around is not None else 0)
        if around is not None and around.end() >= match.end() and _is_calm(raw, *around.span()):
            yield {word for word in words_of(around[0].decode("utf-8", "replace")) if len(word) >= _ENOUGH}


def _euc(raw: bytes) -> Iterator[set[str]]:
    """Two bytes a letter: three letters or more, or two in a value whose other bytes are all ASCII."""
    with suppress(UnicodeDecodeError):
        raw.decode("utf-8")
        return
    rest = _EUC.sub(b"", raw)
    for match in _EUC.finditer(raw):
        if _is_calm(raw, *match.span()) and (rest.isascii() or len(match[0]) >= 2 * _FEWEST):
            for codec in ("gb2312", "euc_kr"):
                with suppress(UnicodeDecodeError):
                    yield words_of(match[0].decode(codec), latin=False)


def _escaped(raw: bytes) -> Iterator[set[str]]:
    """Text that says its character set itself, by an escape sequence."""
    for match in _ESCAPED.finditer(raw):
        escape, text = match.groups()
        codec = _BY_ESCAPE.get(escape[1:])
        if not _is_calm(raw, *match.span()):
            continue
        with suppress(UnicodeDecodeError):
            yield words_of(text.decode(codec) if codec else (escape + text).decode("iso2022_jp_2"))


def _utf16(raw: bytes) -> Iterator[set[str]]:
    for odd in (0, 1):
        for first, last in _wide_blocks(raw[odd::2], is_even=not odd):
            start, stop = 2 * first + odd, 2 * last + odd
            sure = raw[start : stop - 1]
            if sure.isascii() and sure.decode("ascii").isprintable():
                continue
            # Little endian has the high byte last: its text begins one byte before.
            for shift, codec in ((-1, "utf-16-le"), (0, "utf-16-be")):
                if start + shift >= 0:
                    yield _wide(raw, start + shift, stop + shift, codec)


def _wide_blocks(high: bytes, *, is_even: bool) -> Iterator[tuple[int, int]]:
    """Where in every other byte of a value the high bytes of letters may stand, as [first, last)."""
    # What stands before the value is nothing, which is as good as a NUL. One byte before little endian is half of
    # what nobody knows.
    whole = b"\0" + high
    after_half = b"\0\0" + high[1:] if is_even and high[:1].isascii() else b""
    kinds = whole.translate(_KINDS)
    for pattern, least in zip(_WIDE_BLOCKS, _LEAST, strict=True):
        if least in kinds:
            yield from ((match.start(), match.end() - 1) for match in pattern.finditer(whole))
        if match := pattern.match(after_half, 1):
            yield match.start(), match.end() - 1


def _wide(raw: bytes, start: int, stop: int, codec: str) -> set[str]:
    """The words of a run of UTF-16 that ASCII letters or nothing stand beside; numbers seldom keep to that."""
    run = raw[start:stop]
    if len(run) > _LONGEST_RUN:
        return set()
    before, after = raw[max(0, start - 2) : start], raw[stop : stop + 2]
    if not (before + after).isascii() or not _is_narrow(before, codec) or not _is_narrow(after, codec):
        return set()
    words = words_of(run.decode(codec, "replace"), latin=False)
    # Small numbers, read from the wrong end, are letters whose low byte is zero.
    words = {word for word in words if _IS_WIDE.match(word) or all(ord(letter) & 0xFF for letter in word)}
    if not any(_IS_WIDE.match(word) for word in words):
        return words
    letters = "".join(words)
    is_alone = (raw[:start] + raw[stop:]).isascii() if len(raw) <= _SHORT else len(letters) >= _FEWEST
    is_padded = raw[stop : stop + _PADDING].isascii() and raw[max(0, start - _BESIDE // 2) : start].isascii()
    return words if is_alone and is_padded and all(map(_is_daily, letters)) else set()


def _is_narrow(unit: bytes, codec: str) -> bool:
    """Whether two bytes are one letter of ASCII; fewer are the end of the value."""
    return len(unit) < 2 or not unit[codec == "utf-16-le"]


def _is_daily(letter: str) -> bool:
    for codec, first, last in _DAILY:
        with suppress(UnicodeEncodeError):
            if first <= letter.encode(codec)[0] <= last:
                return True
    return False
