"""What runs in the jail: look, de-identify, look again; nothing that names a patient comes out."""

import gzip
import json
from dataclasses import replace

import pytest
from support.dicom_bytes import BIRTH, DEFLATED, EXPLICIT, IMPLICIT, NAME, PATIENT_ID, ROOT, ct_file
from support.sending import One, file_of, too_deep, ultrasound, with_text, zipped

from confrere.apps.clearance import jailed
from confrere.apps.clearance.jailed import age_band, examine, verify_alone
from confrere.core.deidentify.splice import Spliced, Splicer
from confrere.core.dicom.source import Source
from confrere.core.terms import Held, Refused
from confrere.core.verify import Residual
from confrere.core.verify.series import SeriesLook

ARGS = {"secret": "11" * 32, "institution": "here"}


@pytest.fixture(autouse=True)
def nothing_learnt_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailed, "_BENCHES", {})


CANARIES = ("Zaveriwal", "Quirina", PATIENT_ID, BIRTH, "20240311", ROOT)


@pytest.mark.parametrize(
    ("years", "band"),
    [(None, ""), (0, "0–9"), (9, "0–9"), (10, "10–19"), (63, "60–69"), (89, "80–89"), (90, "90+"), (120, "90+")],  # noqa: RUF001
)
def test_an_age_is_told_in_bands_of_ten_years_and_above_89_in_one(years: int | None, band: str) -> None:
    assert age_band(years) == band


def test_a_plain_slice_comes_out_clean_with_facts_and_record_and_no_value() -> None:
    value, blobs = examine([ct_file()], ARGS)
    assert (value["outcome"], value["reason"]) == ("clean", "ok")
    assert value["facts"]["rows"] == 8
    assert value["record"]["actions"]
    told = json.dumps(value, ensure_ascii=False).encode() + b"".join(blobs)
    assert not [canary for canary in CANARIES if canary.encode() in told]


@pytest.mark.parametrize("syntax", [IMPLICIT, DEFLATED])
def test_the_facts_of_a_slice_are_the_same_in_every_encoding(syntax: str) -> None:
    told, plain = (examine([ct_file(syntax=each)], ARGS)[0] for each in (syntax, EXPLICIT))
    assert told["outcome"] == plain["outcome"] == "clean"
    left_out = "transfer_syntax_uid"
    assert {**told["facts"], left_out: ""} == {**plain["facts"], left_out: ""}


def test_the_same_instance_gives_the_same_bytes_and_another_secret_other_ones() -> None:
    first, again = examine([ct_file()], ARGS), examine([ct_file()], ARGS)
    other = examine([ct_file()], {**ARGS, "secret": "22" * 32})
    assert first == again
    assert other[0]["grouping"]["study"] != first[0]["grouping"]["study"]
    assert other[0]["grouping"]["patient"] != first[0]["grouping"]["patient"]


def test_two_institutions_with_one_secret_still_have_other_tokens() -> None:
    tokens = {examine([ct_file()], {**ARGS, "institution": where})[0]["grouping"]["patient"] for where in ("a", "b")}
    assert len(tokens) == 2


def test_a_preamble_that_is_not_empty_is_zeroed_and_told() -> None:
    original = b"MZ" + b"\x90" * 126 + ct_file()[128:]
    value, parts = examine([original], ARGS)
    cleaned = b"".join(parts)
    assert (value["outcome"], value["reason"]) == ("clean", "preamble-not-empty")
    assert cleaned[:132] == bytes(128) + b"DICM"


@pytest.mark.parametrize("content", [with_text(), ultrasound()])
def test_pixels_that_may_carry_text_are_held_with_their_grouping_and_without_bytes(content: bytes) -> None:
    value, blobs = examine([content], ARGS)
    assert (value["outcome"], value["reason"], blobs) == ("held", "burned-in-text", [])
    assert value["grouping"]["study"] == examine([file_of(One())], ARGS)[0]["grouping"]["study"]


def test_a_residual_holds_the_instance_and_its_bytes_stay_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (Residual("name", "trailing", None),)
    monkeypatch.setattr(SeriesLook, "judge", lambda look: dict.fromkeys((str(number) for number in range(99)), found))
    value, blobs = examine([ct_file()], ARGS)
    assert (value["outcome"], value["reason"], blobs) == ("held", "residual-found", [])
    assert set(value) == {"outcome", "reason", "grouping"}


def test_an_engine_that_forgets_a_name_is_caught_by_the_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Splicer.clean
    family = NAME.partition("^")[0].encode().ljust(12)

    def forgetful(splicer: Splicer, source: Source) -> Spliced:
        done = real(splicer, source)
        left = [one._replace(cleaned=one.cleaned.replace(b"ORIGINAL\\PRI", family), parts=()) for one in done.passages]
        return replace(done, passages=tuple(left))

    monkeypatch.setattr(Splicer, "clean", forgetful)
    value, blobs = examine([ct_file()], ARGS)
    assert (value["reason"], blobs) == ("residual-found", [])


def test_an_engine_that_holds_is_told_with_the_grouping(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_told: object, **_more: object) -> None:
        raise Held("sop-class-not-allowed")

    monkeypatch.setattr(Splicer, "clean", stop)
    value, blobs = examine([ct_file()], ARGS)
    assert (value["outcome"], value["reason"], blobs) == ("held", "sop-class-not-allowed", [])


def test_what_cannot_be_read_is_refused_whole() -> None:
    with pytest.raises(Refused, match="nesting-too-deep"):
        examine([too_deep()], ARGS)
    with pytest.raises(Refused):
        examine([ct_file()[:-30]], ARGS)


@pytest.mark.parametrize("sex", ["M", "F", "O", "", "X", "MALE", "F\\M", NAME])
def test_only_a_lawful_sex_is_passed_on(sex: str) -> None:
    value, _ = examine([file_of(One(changes={0x00100040: ("CS", sex)}))], ARGS)
    assert value["grouping"]["sex"] in {"M", "F", "O", ""}


def test_verifying_alone_tells_place_and_kind_and_never_the_value() -> None:
    found, blobs = verify_alone([ct_file()], {"known": ["Quirina Zaveriwal", PATIENT_ID]})
    assert found
    assert blobs == []
    assert {tuple(sorted(one)) for one in found} == {("kind", "place", "tag")}
    assert not [canary for canary in CANARIES if canary in json.dumps(found)]


def test_a_cleaned_file_verifies_clean_against_what_was_known() -> None:
    _, parts = examine([ct_file()], ARGS)
    cleaned = b"".join(parts)
    assert verify_alone([cleaned], {"known": ["Quirina Zaveriwal", PATIENT_ID, BIRTH]}) == ([], [])
    assert verify_alone([cleaned], {"known": []}) == ([], [])


@pytest.mark.parametrize(
    "content",
    [zipped(ct_file()), gzip.compress(ct_file(), mtime=0), b"\x89PNG\r\n\x1a\n" + bytes(99), b"%PDF-1.7" + bytes(99)],
    ids=["zip", "gzip", "png", "pdf"],
)
def test_what_cannot_be_seen_into_is_not_called_clean(content: bytes) -> None:
    with pytest.raises(Held, match="format-not-supported-yet"):
        verify_alone([content], {"known": []})
