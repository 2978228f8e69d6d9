"""The browser's door without a browser: sign in, open an intake, upload by tus, resume after a break."""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

from support.system import RunningSystem

PASSWORD = "demo-only-2026"


def _lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by their lower-case names: servers spell them differently."""
    return {name.lower(): value for name, value in headers}


@dataclass
class Browserless:
    """A member at the HTTP interface; `upload_all` sends every file and finishes the intake."""

    system: RunningSystem
    username: str
    files: list[Path] = field(default_factory=list)
    chunk: int = 64 * 1024

    def __post_init__(self) -> None:
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """One request, tried again while the web process starts; status, headers by lower-case name, body."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), None)
        if token:
            told["X-CSRFToken"] = token
        deadline = time.monotonic() + 40
        while True:
            request = urllib.request.Request(self.system.address + path, body, told, method=method)
            try:
                with self.opener.open(request, timeout=15) as answer:
                    return answer.status, _lower(answer.headers.items()), answer.read()
            except urllib.error.HTTPError as fault:
                return fault.code, _lower(fault.headers.items()), fault.read()
            except OSError:
                if method == "PATCH" or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def sign_in(self) -> None:
        """Sign in with the demo password."""
        self.request("GET", "/sign-in", Accept="text/html")
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        form = f"username={self.username}&password={PASSWORD}&csrfmiddlewaretoken={token}&next=/".encode()
        status, _, body = self.request("POST", "/sign-in", form, Content_Type="application/x-www-form-urlencoded")
        assert status == 200, body[:500]

    def upload_all(self) -> None:
        """Upload every file into one intake and complete it."""
        self.sign_in()
        status, _, body = self.request("POST", "/intakes/", b"{}", Content_Type="application/json")
        assert status == 201, (status, body[:300])
        intake = json.loads(body)["id"]
        for path in self.files:
            self.upload(intake, path.read_bytes())
        status, _, body = self.request("POST", f"/intakes/{intake}/complete", b"")
        assert status == 200, (status, body[:300])

    def upload(self, intake: str, content: bytes) -> None:
        """Upload one file; a broken PATCH asks how far it got and goes on from there."""
        named = base64.b64encode(intake.encode()).decode()
        status, headers, body = self.request(
            "POST",
            "/uploads/",
            b"",
            Tus_Resumable="1.0.0",
            Upload_Length=str(len(content)),
            Upload_Metadata=f"intake {named}",
        )
        assert status == 201, (status, body[:300])
        location = headers["location"]
        deadline = time.monotonic() + 60
        offset = 0
        while offset < len(content):
            assert time.monotonic() < deadline
            try:
                self.request(
                    "PATCH",
                    location,
                    content[offset : offset + self.chunk],
                    Tus_Resumable="1.0.0",
                    Upload_Offset=str(offset),
                    Content_Type="application/offset+octet-stream",
                )
            except OSError:
                time.sleep(0.2)
            _, headers, _ = self.request("HEAD", location, Tus_Resumable="1.0.0")
            offset = int(headers.get("upload-offset", offset))
