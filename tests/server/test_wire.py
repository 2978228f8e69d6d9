"""Raw bytes on a real socket against the real web server: lies about length and compressed bodies are refused.

Source: RFC 9112 sections 6.1 and 6.3.
"""

import gzip
import socket
from collections.abc import Iterator

import pytest
from support.browserless import Browserless
from support.system import RunningSystem, running_system

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    with running_system(tmp_path_factory.mktemp("wire") / "home", "--no-demo-studies") as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(system: RunningSystem) -> str:
    """The headers of a signed-in member."""
    visitor = Browserless(system, "kaur")
    visitor.sign_in()
    told = {cookie.name: cookie.value for cookie in visitor.cookies}
    cookies = "; ".join(f"{name}={value}" for name, value in told.items())
    return f"Cookie: {cookies}\r\nX-CSRFToken: {told['csrftoken']}\r\n"


def ask(system: RunningSystem, start: str, headers: str, body: bytes = b"") -> bytes:
    """Everything the server says to these bytes until it hangs up or goes silent."""
    with socket.create_connection(("127.0.0.1", system.port), 5) as line:
        line.settimeout(3)
        line.sendall(f"{start} HTTP/1.1\r\nHost: 127.0.0.1:{system.port}\r\n{headers}\r\n".encode() + body)
        said = b""
        try:
            while piece := line.recv(65536):
                said += piece
        except (TimeoutError, ConnectionError):
            pass
        return said


def status(said: bytes) -> int:
    return int(said.split(b" ", 2)[1])


def test_a_gzip_bomb_is_refused_unread(system: RunningSystem) -> None:
    bomb = gzip.compress(bytes(64 << 20))
    headers = f"Content-Encoding: gzip\r\nContent-Type: multipart/related\r\nContent-Length: {len(bomb)}\r\n"
    said = ask(system, "POST /dicom-web/studies", headers + "Connection: close\r\n", bomb)
    assert status(said) == 415
    assert b"encoding-not-allowed" in said


def test_an_upload_of_two_to_the_sixty_three_is_too_large(system: RunningSystem, signed_in: str) -> None:
    headers = f"{signed_in}Upload-Length: {1 << 63}\r\nTus-Resumable: 1.0.0\r\nContent-Length: 0\r\n"
    said = ask(system, "POST /uploads/", headers + "Connection: close\r\n")
    assert status(said) == 413
    assert b"too-large" in said


SMUGGLED = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 60\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked, identity\r\n",
        "Content-Length: 5\r\nTransfer-Encoding : chunked\r\n",
        "Content-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n",
    ],
)
def test_a_length_stated_twice_is_refused_and_nothing_is_smuggled(
    system: RunningSystem, signed_in: str, lengths: str
) -> None:
    before = system.count("select count(*) from intake_intake")
    said = ask(system, "POST /intakes/", signed_in + lengths, SMUGGLED)
    assert status(said) == 400
    assert said.count(b"HTTP/1.1 ") == 1
    assert b"/smuggled" not in system.log.read_bytes()
    assert system.count("select count(*) from intake_intake") == before


def test_after_all_that_the_server_serves_on(system: RunningSystem, signed_in: str) -> None:
    assert system.is_healthy()
    assert status(ask(system, "POST /intakes/", f"{signed_in}Content-Length: 0\r\nConnection: close\r\n")) == 201
