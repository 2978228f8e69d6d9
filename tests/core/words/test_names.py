"""Names of people in Latin letters."""

import pytest

from confrere.core.words.names import find_names
from confrere.core.words.tokens import cut


def names(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_names(cut(text))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I saw Mr Iyer again", "Mr Iyer"),
        ("S/o Late Ram Prasad", "Late Ram Prasad"),
        ("by Dr. S. Banerjee.", "Dr. S. Banerjee"),
        ("Ms. Deepika P today", "Ms. Deepika P"),
        ("SHARMA^RAJESH^KUMAR CT", "SHARMA^RAJESH^KUMAR"),
        ("Mera patient ramesh kal", "ramesh"),
        ("Sir, Savitri bai ka MRI", "Savitri bai"),
        ("name: zothanpuii", "zothanpuii"),
        ("Seen with Thangaraj today", "Thangaraj"),
        ("ramesh_kumar_ct.dcm", "ramesh_kumar"),
        ("Dr. T. Selvaganapathy signed", "Dr. T. Selvaganapathy"),
        ("husband Gopal has", "Gopal"),
        ("Thomas, 45/M with fever", "Thomas"),
    ],
)
def test_a_name_is_found_whole(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Known case of Parkinson disease; Hoffmann sign positive.",
        "Colles fracture, Hodgkin lymphoma, Virchow node, Thomas test",
        "MS plaques; MR angiography normal; c/o fever; r/o Koch",
        "Late arterial phase; Master knot of Henry",
        "Siemens Magnetom Vida, Omnipaque 350",
        "CONCLUSION: FEATURES OF ACUTE PANCREATITIS",
        "Sharma classification type II",
    ],
)
def test_eponyms_makers_and_plain_words_are_no_names(text: str) -> None:
    assert names(text) == []


def test_a_name_in_small_letters_without_a_cue_is_not_certain() -> None:
    (span,) = find_names(cut("scan of ramesh shows"))
    assert not span.sure
