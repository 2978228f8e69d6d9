"""WADO-RS: every address asks the window, and what it gives are the released bytes or nothing.

Source: PS3.18 sections 8.3.5 and 10.4.1, Annex F.
"""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from confrere.apps.accounts.actions.members import end_membership, leave_audience
from confrere.apps.accounts.models import Member
from confrere.apps.cases.models import Case
from confrere.apps.release import window
from confrere.apps.release.actions.issue import end_releases

pytestmark = pytest.mark.database
SERIES = "/dicom-web/studies/2.25.1000.90/series/2.25.1000.91"
FRAME = f"{SERIES}/instances/2.25.1000.2/frames/1"
RENDERED = f"{FRAME}/rendered"
ADDRESSES = (f"{SERIES}/metadata", FRAME, RENDERED, f"{RENDERED}?viewport=4,4")


@pytest.fixture
def alice(cast: SimpleNamespace, posted_case: Case, sign_in: Callable[[Member], Client]) -> Client:
    return sign_in(cast.alice)


@pytest.fixture
def bob(cast: SimpleNamespace, posted_case: Case, sign_in: Callable[[Member], Client]) -> Client:
    return sign_in(cast.bob)


def answers(client: Client, **headers: str) -> list[int]:
    return [client.get(address, headers=headers).status_code for address in ADDRESSES]


def test_the_room_sees_every_address_and_a_stranger_none(
    cast: SimpleNamespace, posted_case: Case, sign_in: Callable[[Member], Client]
) -> None:
    for member in (cast.alice, cast.bob, cast.dora):
        assert answers(sign_in(member)) == [200] * len(ADDRESSES)
    assert answers(sign_in(cast.charlie)) == [404] * len(ADDRESSES)


def test_nobody_who_is_not_signed_in_sees_anything(posted_case: Case) -> None:
    assert answers(Client()) == [404] * len(ADDRESSES)
    assert answers(Client(), accept="text/html") == [302] * len(ADDRESSES)


def test_a_draft_is_seen_by_its_author_alone(
    cast: SimpleNamespace, draft_case: Case, sign_in: Callable[[Member], Client]
) -> None:
    assert answers(sign_in(cast.alice)) == [200] * len(ADDRESSES)
    for other in (cast.bob, cast.dora, cast.charlie):
        assert answers(sign_in(other)) == [404] * len(ADDRESSES)


def test_leaving_the_room_closes_every_address_at_once(bob: Client, cast: SimpleNamespace) -> None:
    assert answers(bob) == [200] * len(ADDRESSES)
    leave_audience("bob", cast.room.audience_id, cast.bob.id)
    assert answers(bob) == [404] * len(ADDRESSES)


def test_revoking_closes_every_address_at_once(bob: Client, alice: Client, posted_case: Case) -> None:
    assert answers(bob) == [200] * len(ADDRESSES)
    end_releases("alice", posted_case.id)
    assert answers(bob) == answers(alice) == [404] * len(ADDRESSES)


def test_the_end_of_an_account_ends_its_session(bob: Client, cast: SimpleNamespace) -> None:
    assert answers(bob) == [200] * len(ADDRESSES)
    end_membership("admin", cast.bob.id)
    assert answers(bob) == [302] * len(ADDRESSES)


@pytest.mark.parametrize(
    "address",
    [
        f"{SERIES}/instances/2.25.1000.99/frames/1",
        f"{SERIES}/instances/2.25.1000.99/frames/1/rendered",
        "/dicom-web/studies/2.25.1000.91/series/2.25.1000.90/metadata",
        "/dicom-web/studies/1/series/1/metadata",
        "/dicom-web/studies/2.25.1000.90/series/2.25.1000.91/instances/*/frames/1",
        "/dicom-web/studies/2.25.1000.90/series/2.25.1000.91/metadata/",
        "/dicom-web/studies/2.25.1000.90%2F/series/2.25.1000.91/metadata",
        "/dicom-web/studies",
        "/dicom-web/studies?PatientName=*",
    ],
)
def test_what_is_not_there_and_what_is_not_yours_look_alike(
    cast: SimpleNamespace, alice: Client, sign_in: Callable[[Member], Client], address: str
) -> None:
    charlie = sign_in(cast.charlie)
    assert alice.get(address).status_code == 404
    unknown, forbidden = charlie.get(address), charlie.get(FRAME)
    assert unknown.status_code == forbidden.status_code == 404
    # The page's own token against forged posts is new each time.
    tokens = re.compile(rb"[A-Za-z0-9]{64}")
    assert tokens.sub(b"", unknown.content) == tokens.sub(b"", forbidden.content)


def test_metadata_is_dicom_json_of_every_instance_without_pixels(alice: Client) -> None:
    answer = alice.get(f"{SERIES}/metadata")
    assert answer.headers["Content-Type"] == "application/dicom+json"
    told = json.loads(answer.content)
    assert [one["00080018"]["Value"] for one in told] == [[f"2.25.1000.{number}"] for number in (1, 2, 3)]
    assert all("7FE00010" not in one for one in told)
    assert all(one["00280010"] == {"vr": "US", "Value": [16]} for one in told)


def test_a_frame_is_its_pixels_byte_for_byte(alice: Client) -> None:
    answer = alice.get(FRAME)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.content == np.full((16, 16), 1, "<i2").tobytes()


@pytest.mark.parametrize("frame", ["0", "2", "99999999999999999999", "-1", "x", "1,2", "9" * 5000])
def test_a_frame_out_of_range_is_not_found(alice: Client, frame: str) -> None:
    for tail in ("", "/rendered"):
        assert alice.get(f"{SERIES}/instances/2.25.1000.2/frames/{frame}{tail}").status_code == 404


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("image/webp,image/jpeg", "image/webp"),
        ("image/avif,image/webp,*/*", "image/webp"),
        ("image/jpeg", "image/jpeg"),
        ("", "image/webp"),
        ("*/*", "image/webp"),
    ],
)
def test_a_rendered_frame_comes_in_a_type_the_browser_takes(alice: Client, accept: str, kind: str) -> None:
    answer = alice.get(RENDERED, headers={"accept": accept})
    assert answer.headers["Content-Type"] == kind
    picture = Image.open(io.BytesIO(answer.content))
    assert (Image.MIME[picture.format], picture.size) == (kind, (16, 16))
    assert answer.headers["Vary"].replace(" ", "").split(",")[:2] == ["Accept", "Cookie"]


def test_window_and_viewport_are_obeyed(alice: Client) -> None:
    def mean(query: str) -> float:
        picture = Image.open(io.BytesIO(alice.get(f"{RENDERED}?{query}").content))
        return float(np.asarray(picture.convert("L")).mean())

    assert mean("window=-500,100") > 250
    assert mean("window=500,100") < 5
    assert mean("window=500,100,linear") < 5
    small = Image.open(io.BytesIO(alice.get(f"{RENDERED}?viewport=4,4").content))
    assert small.size == (4, 4)


@pytest.mark.parametrize(
    "query",
    [
        "window=1",
        "window=a,b",
        "window=1,2,cubic",
        "window=1e9,5",
        "window=nan,5",
        "window=inf,inf",
        "window=1,-5",
        "window=1,2%0A",
        "window=%D9%A3,2",
        "viewport=0,0",
        "viewport=2049,1",
        "viewport=-1,5",
        "viewport=5",
        "viewport=5,5,5",
        "viewport=99999999,1",
    ],
)
def test_a_window_or_viewport_that_makes_no_sense_is_a_bad_request(alice: Client, query: str) -> None:
    answer = alice.get(f"{RENDERED}?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_bad_window_is_not_told_to_who_may_not_see(
    cast: SimpleNamespace, posted_case: Case, sign_in: Callable
) -> None:
    assert sign_in(cast.charlie).get(f"{RENDERED}?window=1").status_code == 404


def test_the_browser_may_keep_a_picture_but_must_ask_each_time(bob: Client, cast: SimpleNamespace) -> None:
    first = bob.get(RENDERED)
    assert first.headers["Cache-Control"] == "private, no-cache"
    told = {"if-none-match": first.headers["ETag"]}
    again = bob.get(RENDERED, headers=told)
    assert (again.status_code, again.content) == (304, b"")
    leave_audience("bob", cast.room.audience_id, cast.bob.id)
    assert bob.get(RENDERED, headers=told).status_code == 404


def test_a_picture_the_browser_has_of_another_view_is_sent_anew(bob: Client) -> None:
    other = bob.get(f"{RENDERED}?viewport=4,4").headers["ETag"]
    answer = bob.get(RENDERED, headers={"if-none-match": other})
    assert answer.status_code == 200
    assert answer.content


def test_another_view_has_another_etag(bob: Client) -> None:
    tags = [bob.get(f"{RENDERED}{query}").headers["ETag"] for query in ("", "?viewport=4,4", "?window=1,2")]
    tags.append(bob.get(f"{SERIES}/instances/2.25.1000.3/frames/1/rendered").headers["ETag"])
    tags.append(bob.get(RENDERED, headers={"accept": "image/jpeg"}).headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_pixels_and_metadata_are_never_kept_by_a_cache(bob: Client) -> None:
    for address in (FRAME, f"{SERIES}/metadata"):
        assert bob.get(address).headers["Cache-Control"] == "private, no-store"


def test_a_flipped_bit_at_rest_is_never_served(bob: Client, cast: SimpleNamespace) -> None:
    pane = window.instance(cast.bob.id, "2.25.1000.90", "2.25.1000.91", "2.25.1000.2")
    assert pane is not None
    path = Path(settings.CONFIGURATION.home) / "objects" / pane.object_key
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    bob.raise_request_exception = False
    for address in ADDRESSES:
        answer = bob.get(address)
        assert answer.status_code == 500
        assert answer.headers["Content-Type"].startswith("text/html")
        assert bytes(content[-64:]) not in answer.content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_window_can_only_be_looked_through(alice: Client, method: str) -> None:
    assert [getattr(alice, method)(address).status_code for address in ADDRESSES] == [405] * len(ADDRESSES)
