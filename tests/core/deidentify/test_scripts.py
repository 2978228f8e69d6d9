"""Names in every script and character set, rightly or wrongly tagged, go; put back, the second look finds them.

Source: PS3.3 C.12.1.1.2 and PS3.5 6.1 (character sets; in ISO 2022 and GBK a byte 5C may be half a letter).
"""

from functools import cache

import pytest
from support import dicom_bytes as made
from support.clearing import cleared

from confrere.core.verify import harvest, residuals

# Half of these letters is a backslash: read byte by byte, the value would fall into two.
BACKSLASH_IN_GBK = "許^慭琝".encode("gbk", "ignore") + b"\x81\x5c\xc3\xfb"
BACKSLASH_IN_SHIFT_JIS = "表示^ソ能".encode("shift_jis")

# What stands in (0008,0005), and the bytes of a name (PN) in whatever they are really in.
WRITTEN: dict[str, tuple[str, bytes]] = {
    "Japanese, IR 87": (
        "\\ISO 2022 IR 87",
        b"Yamadax^Tarouq=" + "山田".encode("iso2022_jp") + b"^" + "太郎".encode("iso2022_jp"),
    ),
    "Japanese, IR 13": ("ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞｶﾜ^ﾀﾛｳｲﾁ".encode("shift_jis")),
    "Japanese, shift-JIS untagged": ("", BACKSLASH_IN_SHIFT_JIS),
    "Korean, IR 149": (
        "\\ISO 2022 IR 149",
        b"Hongx^Gildongq=\x1b$)C" + "洪氏".encode("euc_kr") + b"^\x1b$)C" + "吉洞".encode("euc_kr"),
    ),
    "Chinese, IR 58": (
        "\\ISO 2022 IR 58",
        b"Zhangx^Dongq=\x1b$)A" + "张氏".encode("gb2312") + b"^\x1b$)A" + "小东".encode("gb2312"),
    ),
    "Chinese, GB18030": ("GB18030", "Wangx^Dongq=王誠譢^小东𠀀".encode("gb18030")),
    "Chinese, GBK with a backslash inside": ("GBK", BACKSLASH_IN_GBK),
    "UTF-8 called Latin-1": ("ISO_IR 100", "शर्मावत^राजेशकुमार".encode()),
    "Latin-1 called UTF-8": ("ISO_IR 192", "Müllerstädtx^Jürgenßq".encode("latin-1")),
    "UTF-8 without a tag": ("", "शर्मावत^राजेशकुमार".encode()),
    "Latin-1 without a tag": ("", "Müllerstädtx^Jürgenßq".encode("latin-1")),
    "UTF-8 under an unknown tag": ("ISO_IR 9999", "शर्मावत^राजेशकुमार".encode()),
    # Not a defined term of DICOM: opaque bytes (IS 13194: cs, r, m with vowel signs).
    "ISCII": ("ISO_IR 192", bytes.fromhex("d5cfe8cce5c6dd") + b"^" + bytes.fromhex("cfe2c7d1d4b3dd")),
    "Devanagari in three groups": ("ISO_IR 192", "Sharmaxq^Rajeshq=शर्मावत^राजेशकुमार=शरमाx^राजेq".encode()),
    "Tamil in three groups": ("ISO_IR 192", "Selvanxq^Muthuq=செல்வன்^முத்துசாமி=செல்x^முத்q".encode()),
    "Bengali in three groups": ("ISO_IR 192", "Dasguptaxq^Aniq=দাসগুপ্ত^অনির্বাণ=দাসx^অনিq".encode()),
    "Gurmukhi in three groups": ("ISO_IR 192", "Singhxq^Harjitq=ਸਿੰਘਵਾਲਾ^ਹਰਜੀਤ=ਸਿੰx^ਹਰq".encode()),
    "Urdu, right to left": ("ISO_IR 192", "Khanzadaxq^Aliq=خانزادہ^علیرضا=خانx^علیq".encode()),
    "Urdu between direction marks": ("ISO_IR 192", "Khanzadaxq^Aliq=\u202bخانزادہ^علیرضا\u202c".encode()),
    "overlong UTF-8": ("ISO_IR 192", b"\xc1\x9a\xc1\xa1verix\xc1\xb7^Quixq\xe0\x81\xb1"),
    "escape left open": ("\\ISO 2022 IR 87", b"Yamadax^Tarouq=\x1b$B;3ED"),
    "escape alone at the end": ("\\ISO 2022 IR 87", b"Yamadax^Tarouq\x1b"),
    "escape to a set that was not announced": ("ISO_IR 100", b"Yamadax^\x1b$B;3ED\x1b(B"),
    "half a letter at the end": ("ISO_IR 192", "शर्मावत^राजेशकुमार".encode()[:-1]),
}
PLACES = {
    "patient's name": (0x00100010, "PN"),
    "a name that is emptied": (0x00080090, "PN"),
    "description": (0x00081030, "LO"),
    "comment": (0x00204000, "LT"),
    "unlimited characters": (0x00189371, "UC"),
    "unlimited text": (0x0040A160, "UT"),
    "private text": (0x00291010, "LO"),
    "private bytes": (0x00291011, "UN"),
}


@cache
def planted(script: str, place: str) -> bytes:
    charset, raw = WRITTEN[script]
    tag, vr = PLACES[place]
    changes: dict[int, made.Change] = {0x00080005: ("CS", charset), 0x00290010: ("LO", "QX RIS"), tag: (vr, raw)}
    return made.ct_file(changes)


def telling_pieces(raw: bytes) -> list[bytes]:
    """Four bytes in a row of `raw` that are no letters of an ordinary word, as bytes and as UTF-16."""
    pieces = {raw[at : at + 4] for at in range(len(raw) - 3)}
    return [form for piece in pieces for form in (piece, piece.decode("latin-1").encode("utf-16-le"))]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("script", WRITTEN)
def test_no_piece_of_the_name_survives_in_any_place(script: str, place: str) -> None:
    end = cleared(planted(script, place))
    assert end.outcome == "clean"
    header = end.engine_output.removesuffix(made.native_pixels())
    assert not [piece for piece in telling_pieces(WRITTEN[script][1]) if piece in header]


def put_back(content: bytes, raw: bytes) -> bytes:
    """The cleaned file with `raw` in ImageComments: what a careless rewriter would leave."""
    at = content.index(b"\x28\x00\x02\x00US")
    return content[:at] + made.element(0x00204000, "LT", raw) + content[at:]


# Bytes whose meaning nobody vouches for are harvested where they look like text.
HARVESTED_PLACES = [place for place in PLACES if not place.startswith("private")]


@pytest.mark.parametrize("place", HARVESTED_PLACES)
@pytest.mark.parametrize("script", WRITTEN)
def test_put_back_it_is_found(script: str, place: str) -> None:
    original, raw = planted(script, place), WRITTEN[script][1]
    assert residuals(put_back(cleared(original).engine_output, raw), harvest(original))


# Where the character set is told truly, the name is also known in the encodings it could come back in.
DECODED = {
    "Japanese, IR 87": "山田",
    "Korean, IR 149": "洪氏",
    "Chinese, GB18030": "王誠譢",
    "Devanagari in three groups": "शर्मावत",
    "Tamil in three groups": "செல்வன்",
    "Bengali in three groups": "দাসগুপ্ত",
    "Gurmukhi in three groups": "ਸਿੰਘਵਾਲਾ",
    "Urdu, right to left": "خانزادہ",
}


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("script", DECODED)
def test_put_back_in_another_encoding_it_is_found(script: str, codec: str) -> None:
    original = planted(script, "patient's name")
    back = put_back(cleared(original).engine_output, DECODED[script].encode(codec))
    assert residuals(back, harvest(original))


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-8", "utf-32-le"])
def test_private_bytes_in_any_width_go(codec: str) -> None:
    name = "Zaverixq Quirinax"
    blob = b"\1\2" + name.encode(codec) + b"\0\0"
    original = made.ct_file({0x00290010: ("LO", "QX RIS"), 0x00291011: ("OB", blob)})
    end = cleared(original)
    assert end.outcome == "clean"
    assert name.encode(codec) not in end.engine_output


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-8"])
def test_private_bytes_put_back_are_found(codec: str) -> None:
    name = "Zaverixq Quirinax"
    original = made.ct_file({0x00290010: ("LO", "QX RIS"), 0x00291011: ("OB", b"\1\2" + name.encode(codec) + b"\0\0")})
    assert residuals(put_back(cleared(original).engine_output, name.encode(codec)), harvest(original))
