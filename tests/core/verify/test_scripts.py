"""Words of other scripts are read out of blobs; numbers and compressed bytes yield none."""

import math
import struct
import zlib
from array import array
from random import Random
from time import perf_counter

import pytest

from confrere.core.verify.scripts import foreign_words, words_of

NAMES = {
    "शर्मा": ("utf-8", "utf-16-le", "utf-16-be"),
    "முருகன்": ("utf-8", "utf-16-le", "utf-16-be"),
    "অনন্যা": ("utf-8", "utf-16-le", "utf-16-be"),
    "ਗੁਰਪ੍ਰੀਤ": ("utf-8", "utf-16-le", "utf-16-be"),
    "محمود": ("utf-8", "utf-16-le", "utf-16-be"),
    "王小东": ("utf-8", "utf-16-le", "utf-16-be", "gb18030"),
    "山田": ("utf-8", "iso2022_jp", "iso2022_jp_2"),
    "김희중": ("utf-8", "euc_kr"),
    "Иванов": ("utf-8", "utf-16-le"),
    "Müller": ("utf-8",),
}
AROUND = ((b"", b""), (b"\x01\x00\x10\x00\0\0\0\0", b"\0\0\0\0\x02\0"), (b"\x07\x01Name=\0\0\0", b"\0\0;end\0"))


@pytest.mark.parametrize(("name", "codec"), [(name, codec) for name, codecs in NAMES.items() for codec in codecs])
def test_a_name_is_read_out_of_a_blob(name: str, codec: str) -> None:
    for before, after in AROUND:
        assert name in foreign_words(before + name.encode(codec) + after), (before, after)


@pytest.mark.parametrize("name", ["शर्मा", "ਗੁਰਪ੍ਰੀਤ", "Иванов"])
@pytest.mark.parametrize("half", [b"X", b"\x05", b"\x10"])
def test_half_a_letter_before_a_name_of_two_bytes_a_letter_does_not_hide_it(name: str, half: bytes) -> None:
    assert name in foreign_words(half + name.encode("utf-16-le") + b"\0\0")


def test_a_name_that_says_its_character_set_is_read() -> None:
    for escape, text, codec in ((b"\x1b$)A", "王小东", "gb2312"), (b"\x1b$)C", "김희중", "euc_kr")):
        assert text in foreign_words(b"\x01\0Wang=" + escape + text.encode(codec) + b"\0\0")


def _numbers() -> dict[str, bytes]:
    chance = Random(4)
    gauss = chance.gauss
    return {
        "random": chance.randbytes(1 << 18),
        "deflated": zlib.compress(bytes(int(128 + 90 * math.sin(i / 50) + gauss(0, 9)) & 255 for i in range(1 << 17))),
        "every value": array("H", range(65536)).tobytes(),
        "a curve": array("H", [int(490 * math.log(1 + i)) for i in range(4096)]).tobytes(),
        "tissue": array("h", [int(1000 + 999 * math.sin(i / 300) + gauss(0, 20)) for i in range(1 << 16)]).tobytes(),
        "floats": struct.pack("<16384f", *[gauss(0, 1) * 10 ** chance.randint(-3, 4) for _ in range(16384)]),
        "doubles": struct.pack("<8192d", *[gauss(0, 1) * 10 ** chance.randint(-3, 4) for _ in range(8192)]),
        "zeros": bytes(1 << 16),
        "small numbers": struct.pack("<9H", 0, 0, 4, 4, 5, 4, 3, 0, 0),
        "ones": b"\x09\x09" * 4096,
    }


@pytest.mark.parametrize("kind", _numbers())
def test_numbers_and_compressed_bytes_yield_no_words(kind: str) -> None:
    assert len(foreign_words(_numbers()[kind])) <= 1


def test_text_in_ascii_yields_none() -> None:
    assert foreign_words(b"ScanOptions = HELICAL\0\0GE MEDICAL\0SHARMA\0\0RAO\0") == set()


def test_words_are_of_one_script_and_without_marks() -> None:
    assert words_of("\u202bمحمود\u202c شر\u200cमा शर्मा 12 abc ाा") == {"محمود", "शर्मा"}
    assert words_of("ЀЁЂЃЄ ਊਊਊ") == set()


@pytest.mark.parametrize(
    "unit", ["é".encode(), b"\x09\x09", "श".encode(), b"\xb0\xa1", b"\x1b$)A\xb0\xa1", b"A\xc3\xa9"]
)
def test_hostile_bytes_cost_no_more_than_their_length(unit: bytes) -> None:
    def seconds(size: int) -> float:
        begun = perf_counter()
        foreign_words(b"\xff" + unit * (size // len(unit)) + b"\xff")
        return perf_counter() - begun

    seconds(1 << 12)
    assert seconds(1 << 20) < 16 * seconds(1 << 17) + 2
