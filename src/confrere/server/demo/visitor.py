"""A demo member at the web's own door: signs in, uploads, posts and comments as a browser would."""

import base64
import json
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from confrere.server.demo.people import PASSWORD

CHUNK = 4 << 20
_FORM = "application/x-www-form-urlencoded"


class Visitor:
    """One signed-in demo member. Raises urllib.error.HTTPError when the server says no."""

    def __init__(self, address: str, username: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self._ask("GET", "/sign-in")
        self.post("/sign-in", username=username, password=PASSWORD, next="/me")

    def _ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[bytes, str]:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), None)
        if token:
            told["X-CSRFToken"] = token
        told.setdefault("Accept", "text/html")
        request = urllib.request.Request(self.address + path, body, told, method=method)  # noqa: S310  # our own host
        with self.opener.open(request, timeout=60) as answer:
            return answer.read(), answer.headers.get("Location", "")

    def post(self, path: str, **fields: str) -> bytes:
        """Send a form and return the page it leads to."""
        return self._ask("POST", path, urllib.parse.urlencode(fields).encode(), Content_Type=_FORM)[0]

    def get_page(self, path: str) -> str:
        """Read a page."""
        return self._ask("GET", path)[0].decode()

    def get_json(self, path: str) -> dict[str, object]:
        """Read a JSON answer."""
        found: dict[str, object] = json.loads(self._ask("GET", path)[0])
        return found

    def upload(self, files: list[bytes]) -> str:
        """Upload files into one intake by the tus protocol and return the intake's id."""
        body, _ = self._ask("POST", "/intakes/", b"{}", Content_Type="application/json")
        intake: str = json.loads(body)["id"]
        named = base64.b64encode(intake.encode()).decode()
        for content in files:
            told = {"Upload_Length": str(len(content)), "Upload_Metadata": f"intake {named}"}
            _, location = self._ask("POST", "/uploads/", b"", Tus_Resumable="1.0.0", **told)
            for offset in range(0, len(content), CHUNK):
                self._ask(
                    "PATCH",
                    location,
                    content[offset : offset + CHUNK],
                    Tus_Resumable="1.0.0",
                    Upload_Offset=str(offset),
                    Content_Type="application/offset+octet-stream",
                )
        self._ask("POST", f"/intakes/{intake}/complete", b"")
        return intake
