"""Every request passes here: unclear bodies are refused, the policy is strict, strangers see only the way in."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from confrere.server.middleware import OPEN_PATHS

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).resolve().parents[2] / "src"
HTML = {"accept": "text/html,application/xhtml+xml"}
A_UUID = "00000000-0000-4000-8000-000000000000"
EXAMPLES = {"uuid": A_UUID, "uid": "2.25.1", "int": "1", "str": "x", "slug": "x", "path": "x"}


@pytest.mark.parametrize("length", ["5", "", "0"])
@pytest.mark.parametrize("encoding", ["chunked", "identity", "gzip, chunked", ""])
def test_a_length_that_is_not_stated_once_and_plainly_is_refused(length: str, encoding: str) -> None:
    answer = Client().post("/sign-in", headers={"Content-Length": length, "Transfer-Encoding": encoding})
    assert (answer.status_code, answer.json()["reason"]) == (400, "ambiguous-length")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "GZIP", "gzip, gzip"])
@pytest.mark.parametrize("path", ["/dicom-web/studies", "/uploads/", "/sign-in", "/healthz"])
def test_a_compressed_body_is_refused_before_anything_reads_it(path: str, encoding: str) -> None:
    answer = Client().post(path, b"\x1f\x8b", content_type="multipart/related", headers={"Content-Encoding": encoding})
    assert (answer.status_code, answer.json()["reason"]) == (415, "encoding-not-allowed")
    assert answer.json()["remedy"]


def test_a_body_in_its_own_encoding_passes() -> None:
    assert Client().get("/sign-in", headers={"Content-Encoding": "identity"}).status_code == 200


def test_a_stranger_who_asks_for_a_page_is_shown_the_door_and_comes_back() -> None:
    answer = Client().get("/rooms/new?x=1", headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/rooms/new%3Fx%3D1")


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
def test_to_a_stranger_everything_else_is_not_found(method: str) -> None:
    for path in ("/", "/uploads/", f"/cases/{A_UUID}", "/no-such-page", "/admin/", "/.env"):
        answer = getattr(Client(), method)(path)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "text/plain"
        assert answer.content in (b"Not found\n", b"")


def test_a_part_of_a_page_whose_session_has_ended_sends_the_whole_page_to_the_door() -> None:
    answer = Client().get("/", headers={**HTML, "HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in")


def _addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: EXAMPLES[found[1] or "str"], address)


def test_of_all_addresses_a_stranger_is_answered_only_at_the_door() -> None:
    every = set(_addresses(get_resolver()))
    assert len(every) > 20
    answered = {address for address in every if Client().get(address).status_code != 404}
    assert answered == {address for address in every if address.startswith(OPEN_PATHS)} - {"/invitations/x"}
    assert answered == {"/healthz", "/sign-in"}


def _policy(answer: object) -> dict[str, list[str]]:
    told = answer.headers["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in told.split(";")}


def test_the_policy_lets_nothing_in_from_outside() -> None:
    assert _policy(Client().get("/sign-in")) == {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }


def test_the_events_address_is_the_one_connection_more(settings: LazySettings) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, events_port=8123)
    assert _policy(Client().get("/sign-in"))["connect-src"] == ["'self'", "http://testserver:8123"]
    settings.CONFIGURATION = replace(settings.CONFIGURATION, production=True)
    assert _policy(Client().get("/sign-in"))["connect-src"] == ["'self'"]


@pytest.mark.parametrize(("path", "headers"), [("/sign-in", HTML), ("/", {}), ("/", HTML), ("/healthz", {})])
def test_every_answer_is_guarded_and_kept_by_no_cache(path: str, headers: dict[str, str]) -> None:
    answer = Client().get(path, headers=headers)
    assert "default-src" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_another_host_is_refused(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert Client().get("/sign-in", headers={"host": "evil.example"}).status_code == 400
    answer = Client().get("/", headers={**HTML, "host": "127.0.0.1", "x-forwarded-host": "evil.example"})
    assert "evil" not in answer.headers["Location"]


def test_a_forged_post_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"username": "alice", "password": "x"})
    assert answer.status_code == 403


class Inline(HTMLParser):
    """Collects what the policy would block: scripts and styles written into a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        told = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in told and told.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
                self.found.append(f"{name}=")
            if (value or "").strip().lower().startswith(("javascript:", "data:text", "js:")):
                self.found.append(f"{name}={value}")


def _inline(page: str) -> list[str]:
    # A template's own tags stand inside attributes; out of the way with them.
    reader = Inline()
    reader.feed(re.sub(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", "", page, flags=re.DOTALL))
    return reader.found


TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=[str(path.relative_to(SOURCE / "confrere")) for path in TEMPLATES])
def test_no_template_holds_a_script_or_a_style_of_its_own(path: Path) -> None:
    assert _inline(path.read_text()) == []


@pytest.mark.parametrize(
    "page",
    [
        "<script>x</script>",
        '<script type="module">x</script>',
        "<SCRIPT>x</SCRIPT>",
        "<style>p{}</style>",
        '<p style="color:red">',
        '<p {% if x %}style="color:red"{% endif %}>',
        '<a onclick="x()">',
        '<a hx-on:click="x()">',
        '<a href=" JavaScript:x()">',
    ],
)
def test_the_look_for_inline_scripts_bites(page: str) -> None:
    assert _inline(page)


def test_the_look_for_inline_scripts_lets_data_and_files_pass() -> None:
    assert _inline('<script type="application/json">{}</script><script src="a.js" defer></script><p class="on">') == []
