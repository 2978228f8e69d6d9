"""Whatever way a data set is written, the same rewriter sees the same elements: the same output, or a refusal."""

import struct
import zlib

import pytest
from support import dicom_bytes as made
from support.clearing import End, cleared
from support.encodings import Tree, Way

from confrere.core.dicom.normalise import normalise
from confrere.core.dicom.walk import Element, walk

CODE: Tree = {0x00080100: ("SH", "113014"), 0x00080102: ("SH", "DCM"), 0x00080104: ("LO", "Study")}
REFERENCE: Tree = {
    0x00081150: ("UI", made.CT),
    0x00081155: ("UI", f"{made.ROOT}.8.1"),
    0x0040A170: ("SQ", [CODE]),
}
# Numbers of every size, nesting that is kept and nesting that goes, a name at each depth.
TREE: Tree = {
    0x00080005: ("CS", "ISO_IR 192"),
    0x00080008: ("CS", "ORIGINAL\\PRIMARY\\AXIAL"),
    0x00080016: ("UI", made.CT),
    0x00080018: ("UI", made.SOP_UID),
    0x00080020: ("DA", made.STUDY_DATE),
    0x00080060: ("CS", "CT"),
    0x00080070: ("LO", "Acme Scanners"),
    0x00081030: ("LO", f"Head of {made.NAME}"),
    0x00081140: ("SQ", [REFERENCE, {**REFERENCE, 0x00204000: ("LT", made.NAME)}]),
    0x00100010: ("PN", made.NAME),
    0x00100020: ("LO", made.PATIENT_ID),
    0x00100030: ("DA", made.BIRTH),
    0x00180050: ("DS", "2.5"),
    0x00189073: ("FD", (0.5,)),
    0x0020000D: ("UI", made.STUDY_UID),
    0x0020000E: ("UI", made.SERIES_UID),
    0x00200013: ("IS", "4"),
    0x00209165: ("AT", (0x0018, 0x9073)),
    0x00280002: ("US", (1,)),
    0x00280004: ("CS", "MONOCHROME2"),
    0x00280010: ("US", (4,)),
    0x00280011: ("US", (4,)),
    0x00280100: ("US", (16,)),
    0x00280101: ("US", (12,)),
    0x00280102: ("US", (11,)),
    0x00280103: ("US", (0,)),
    0x00280106: ("US", (3,)),
    0x00290010: ("LO", "QX RIS"),
    0x00291010: ("LO", made.NAME),
    0x00400275: ("SQ", [{0x00400007: ("LO", made.NAME), 0x00400008: ("SQ", [CODE])}]),
    0x7FE00010: ("OW", tuple(range(0, 1600, 100))),
}
PLAIN = Way()


def outcome(body: bytes, syntax: str = made.EXPLICIT) -> End:
    return cleared(made.part10(body, syntax))


def expected() -> bytes:
    end = outcome(PLAIN.dataset(TREE))
    assert end.outcome == "clean"
    return end.engine_output


def without_file_meta() -> bytes:
    return PLAIN.dataset(TREE)


def with_wrong_group_length(said: int) -> bytes:
    whole = bytearray(made.part10(PLAIN.dataset(TREE)))
    assert whole[132:140] == b"\x02\0\0\0UL\4\0"
    whole[140:144] = struct.pack("<I", said)
    return bytes(whole)


def without_group_length() -> bytes:
    whole = made.part10(PLAIN.dataset(TREE))
    return whole[:132] + whole[144:]


def with_group_lengths_in_the_data_set() -> bytes:
    body = PLAIN.dataset(TREE)
    return made.part10(made.element(0x00080000, "UL", struct.pack("<I", 4711)) + body)


def with_odd_lengths() -> bytes:
    """Values that were never padded (PS3.5 7.1.1 asks for it; devices forget)."""
    body = PLAIN.dataset(TREE)
    for tag, value in ((0x00080070, b"Acme Scanners"), (0x00200013, b"4"), (0x00180050, b"2.5")):
        padded = made.element(tag, "LO" if tag == 0x00080070 else "IS" if tag == 0x00200013 else "DS", value)
        assert padded in body
        head = padded[:6] + struct.pack("<H", len(value))
        body = body.replace(padded, head + value)
    return made.part10(body)


WAYS = {
    "undefined lengths": made.part10(Way(undefined=True).dataset(TREE)),
    "sequences as UN": made.part10(Way(unknown=True).dataset(TREE)),
    "sequences as UN of undefined length": made.part10(Way(unknown=True, undefined=True).dataset(TREE)),
    "big endian": made.part10(Way(">").dataset(TREE), made.BIG),
    "big endian, undefined lengths": made.part10(Way(">", undefined=True).dataset(TREE), made.BIG),
    "deflated": made.part10(PLAIN.dataset(TREE), made.DEFLATED),
    "deflated, undefined lengths": made.part10(Way(undefined=True).dataset(TREE), made.DEFLATED),
    "deflated, padded": made.part10(PLAIN.dataset(TREE), made.DEFLATED) + b"\0",
    "no preamble": made.part10(PLAIN.dataset(TREE))[132:],
    "no file meta": without_file_meta(),
    "group length too short": with_wrong_group_length(8),
    "group length too long": with_wrong_group_length(0x7FFFFFFF),
    "no group length": without_group_length(),
    "group length in the data set": with_group_lengths_in_the_data_set(),
    "trailing bytes": made.part10(PLAIN.dataset(TREE)) + made.NAME.encode(),
    "trailing elements": made.part10(PLAIN.dataset(TREE)) + made.element(0x00100010, "PN", made.NAME),
    "trailing padding": made.part10(PLAIN.dataset(TREE)) + made.element(0xFFFCFFFC, "OB", bytes(64)),
    "odd lengths": with_odd_lengths(),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_writing_it_ends_in_the_same_bytes(way: str) -> None:
    end = cleared(WAYS[way])
    assert end.outcome == "clean"
    assert end.engine_output == expected()


def values(elements: tuple[Element, ...], buffer: bytes) -> list[tuple[object, ...]]:
    """Tag, VR and value of every element at every depth."""
    return [
        (each.tag, each.vr, [values(item.elements, buffer) for item in each.items])
        if each.items is not None
        else (each.tag, each.vr, bytes(buffer[each.value : each.stop]))
        for each in elements
    ]


@pytest.mark.parametrize(
    "way",
    [
        Way(implicit=True),
        Way(implicit=True, undefined=True),
        Way(implicit=True, unknown=True),
    ],
)
def test_an_implicit_data_set_keeps_its_encoding_and_says_the_same(way: Way) -> None:
    end = outcome(way.dataset(TREE), made.IMPLICIT)
    assert end.outcome == "clean"
    told = []
    for content in (end.engine_output, expected()):
        plain = normalise(content)
        elements = walk(plain.buffer, plain.start, implicit=plain.implicit).elements
        told.append(values(elements, bytes(plain.buffer)))
    assert told[0] == told[1]


def test_a_bare_implicit_data_set_ends_as_the_one_with_file_meta() -> None:
    body = Way(implicit=True).dataset(TREE)
    assert cleared(body).engine_output == outcome(body, made.IMPLICIT).engine_output != b""


NAME = made.element(0x00100010, "PN", made.NAME)
BODY = PLAIN.dataset(TREE)


def moved(piece: bytes, before: bytes) -> bytes:
    """The body with `piece` taken out and put before `before`."""
    assert piece in BODY
    rest = BODY.replace(piece, b"")
    return rest.replace(before, piece + before)


REFUSED = {
    "wrong order": made.part10(moved(NAME, made.element(0x00280002, "US", made.us(1)))),
    "wrong order in an item": made.part10(
        made.dataset(
            {
                0x00081140: made.element(
                    0x00081140,
                    "SQ",
                    made.item(made.element(0x00081155, "UI", "1.2.3") + made.element(0x00081150, "UI", made.CT)),
                )
            }
        )
    ),
    "twice": made.part10(BODY.replace(NAME, NAME + NAME)),
    "twice in file meta": made.ct_file()[:132] + 2 * made.element(0x00020010, "UI", made.EXPLICIT) + BODY,
    "file meta in the middle": made.part10(BODY.replace(NAME, made.element(0x00020016, "AE", "QXZ") + NAME)),
    "file meta after the first element": made.ct_file()[:132]
    + made.element(0x00080005, "CS", "")
    + made.element(0x00020010, "UI", made.EXPLICIT)
    + BODY,
    "file meta of another encoding": made.ct_file()[:132]
    + made.element(0x00020010, "UI", made.EXPLICIT, implicit=True)
    + BODY,
    "implicit called explicit": made.part10(Way(implicit=True).dataset(TREE), made.EXPLICIT),
    "explicit called implicit": made.part10(BODY, made.IMPLICIT),
    "little called big": made.part10(BODY, made.BIG),
    "big called little": made.part10(Way(">").dataset(TREE), made.EXPLICIT),
    "big endian without file meta": Way(">").dataset(TREE),
    "plain called deflated": made.ct_file()[:132] + made.element(0x00020010, "UI", made.DEFLATED) + BODY,
    "zlib called deflated": made.ct_file()[:132] + made.element(0x00020010, "UI", made.DEFLATED) + zlib.compress(BODY),
    "sequence without its end": made.part10(BODY + made.sequence_of_undefined_length(0x00081140)[:-8])[:-140],
    "unknown VR": made.part10(BODY.replace(b"\x10\x00\x10\x00PN", b"\x10\x00\x10\x00ZZ")),
    "big endian with UN sequences": made.part10(Way(">", unknown=True, undefined=True).dataset(TREE), made.BIG),
    "preamble without the mark": bytes(128) + BODY,
    "only the mark": b"DICM" + made.ct_file()[132:],
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_single_meaning_is_refused_and_nothing_comes_out(case: str) -> None:
    end = cleared(REFUSED[case])
    assert end.outcome == "refused"
    assert end.engine_output == b""
