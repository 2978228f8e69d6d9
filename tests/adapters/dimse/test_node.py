"""The node against real senders (dcmtk, pynetdicom) and against those who are not on the list."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pynetdicom import AE

from confrere.adapters.dimse import Peer
from confrere.adapters.dimse.node import accepted_contexts

if TYPE_CHECKING:
    from tests.adapters.dimse.conftest import Call, Eventually, Running, Start, Wire

    TlsNode = tuple[Running, Path]


needs_dcmtk = pytest.mark.skipif(shutil.which("storescu") is None, reason="dcmtk is not installed")


def run_tool(tool: str, running: Running, *words: str) -> subprocess.CompletedProcess[str]:
    command = [tool, "-aet", "SENDER", "-aec", "CONFRERE", "127.0.0.1", running.port, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def sample(name: str) -> str:
    return str(get_testdata_file(name))


@needs_dcmtk
def test_dcmtk_hears_an_echo_and_leaves_no_trace_in_the_sink(running: Running) -> None:
    assert run_tool("echoscu", running).returncode == 0
    assert running.sink.opened_by == [] and running.sink.ends == []


@needs_dcmtk
@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("CT_small.dcm", "-R"),
        ("MR_small.dcm", "-R"),
        ("MR_small_bigendian.dcm", "-xb"),
        ("JPEG2000.dcm", "-xw"),
        ("MR_small_RLE.dcm", "-xr"),
        ("SC_rgb_jpeg_dcmtk.dcm", "-xy"),
        ("image_dfl.dcm", "-xd"),
    ],
)
def test_dcmtk_stores_a_file_and_every_pixel_byte_arrives(running: Running, name: str, option: str) -> None:
    sent = dcmread(sample(name))
    result = run_tool("storescu", running, option, sample(name))
    assert result.returncode == 0, result.stderr
    assert running.sink.ended.wait(5)
    (stored,) = running.sink.stored
    received = dcmread(BytesIO(stored.dataset))
    assert received.PixelData == sent.PixelData
    assert received.file_meta.TransferSyntaxUID == sent.file_meta.TransferSyntaxUID == stored.transfer_syntax_uid
    assert received.SOPInstanceUID == sent.SOPInstanceUID == stored.sop_instance_uid
    assert (running.sink.opened_by, running.sink.ends) == ([("SENDER", "127.0.0.1")], ["released"])


@needs_dcmtk
def test_dcmtk_finds_no_query_service(running: Running) -> None:
    result = run_tool("findscu", running, "-S", "-k", "0008,0052=STUDY")
    assert result.returncode != 0
    assert "No Acceptable Presentation Contexts" in result.stderr
    assert running.sink.opened_by == []


@pytest.mark.parametrize(
    ("calling", "called", "reason"),
    [
        (b"STRANGER", b"CONFRERE", 3),
        (b"<b>EVIL", b"ANY-SCP", 3),
        (b"sender", b"CONFRERE", 3),
        (b"S\xffNDER", b"CONFRERE", 3),
        (b"", b"CONFRERE", 3),
        (b"SENDER", b"ANY-SCP", 7),
        (b"ELSEWHERE", b"CONFRERE", 3),
    ],
)
def test_who_is_not_on_the_list_is_rejected_and_not_quoted(
    start: Start,
    call: Call,
    wire: type[Wire],
    caplog: pytest.LogCaptureFixture,
    calling: bytes,
    called: bytes,
    reason: int,
) -> None:
    caplog.set_level("DEBUG")
    running = start(peers=(Peer("SENDER", ("127.0.0.1/32",)), Peer("ELSEWHERE", ("10.0.0.0/8",))))
    caller = call(running)
    caller.say(wire.associate(calling, called))
    # A-ASSOCIATE-RJ: permanent, by the service user, calling (3) or called (7) AE title not recognised.
    assert caller.hear() == bytes((3, 0, 0, 0, 0, 4, 0, 1, 1, reason))
    assert running.refused == ["ae-not-allowed"] and running.node.associations == 0
    assert "EVIL" not in caplog.text and "STRANGER" not in caplog.text


def test_a_sender_struck_off_the_list_is_out_at_its_next_call(start: Start, call: Call, wire: type[Wire]) -> None:
    peers = [Peer("SENDER", ("127.0.0.1/32",))]
    running = start(peers=peers)
    call(running).associate()
    peers.clear()
    caller = call(running)
    caller.say(wire.associate())
    assert caller.hear()[:1] == b"\x03"


def test_too_many_associations_are_rejected_for_now_and_a_freed_slot_serves(
    start: Start, call: Call, wire: type[Wire], eventually: Eventually
) -> None:
    running = start(peers=(Peer("SENDER", ("127.0.0.1/32",), max_associations=2),))
    first, second, third = (call(running) for _ in range(3))
    first.associate()
    second.associate()
    third.say(wire.associate())
    # Transient, by the service provider (presentation), local limit exceeded.
    assert third.hear() == bytes((3, 0, 0, 0, 0, 4, 0, 2, 3, 2))
    first.say(wire.RELEASE)
    assert first.hear()[:1] == b"\x06"
    assert eventually(lambda: running.node.associations == 1)
    call(running).associate()


def test_the_whole_node_has_a_limit_too(start: Start, call: Call, wire: type[Wire]) -> None:
    peers = tuple(Peer(f"S{n}", ("127.0.0.1/32",)) for n in range(3))
    running = start(peers=peers, associations=2)
    answers = []
    for peer in peers:
        caller = call(running)
        caller.say(wire.associate(peer.ae_title.encode()))
        answers.append(caller.hear()[:1])
    assert answers == [b"\x02", b"\x02", b"\x03"]


@needs_dcmtk
def test_fifty_silent_connections_do_not_slow_a_real_sender(running: Running, call: Call) -> None:
    crowd = [call(running) for _ in range(50)]
    begin = time.monotonic()
    assert run_tool("storescu", running, "-R", sample("CT_small.dcm")).returncode == 0
    assert time.monotonic() - begin < 3
    assert len(crowd) == 50 and len(running.sink.stored) == 1


def test_several_associations_store_at_the_same_time(running: Running, ct_path: Path) -> None:
    ct = dcmread(ct_path)
    statuses: list[int] = []

    def send() -> None:
        entity = AE(ae_title="SENDER")
        entity.add_requested_context(ct.SOPClassUID, ct.file_meta.TransferSyntaxUID)
        association = entity.associate("127.0.0.1", running.node.port, ae_title="CONFRERE")
        statuses.extend(association.send_c_store(ct).Status for _ in range(5))
        association.release()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert statuses == [0] * 20
    assert len(running.sink.opened_by) == 4


def test_stop_answers_the_store_in_hand_and_frees_everything(running: Running, call: Call, wire: type[Wire]) -> None:
    begun = threading.Event()

    def slowly(_: object) -> int:
        begun.set()
        time.sleep(0.5)
        return 0

    running.sink.answer = slowly
    idle, busy = call(running), call(running)
    idle.associate()
    busy.associate()
    busy.say(wire.p_data((3, wire.command(1)), (2, wire.data_set())))
    assert begun.wait(5)
    running.node.stop()
    assert busy.status() == 0
    assert running.node.associations == 0
    assert len(running.sink.stored) == 1
    with pytest.raises(ConnectionError):
        call(running)


def test_private_and_pointer_contexts_are_not_agreed_to(running: Running, call: Call, wire: type[Wire]) -> None:
    caller = call(running)
    caller.say(wire.associate(contexts=("1.2.826.0.1.3680043.99.1", wire.CT)))
    accepted = caller.hear()
    assert accepted.count(b"\x21\x00") == 2 and accepted[:1] == b"\x02"
    names = {str(uid) for context in accepted_contexts() for uid in context.transfer_syntax or ()}
    assert "1.2.840.10008.1.2.4.94" not in names and "1.2.840.10008.1.2.4.201" in names


def test_no_word_of_the_sender_reaches_a_log(
    running: Running,
    call: Call,
    wire: type[Wire],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    caller = call(running)
    caller.associate()
    assert caller.store(wire.data_set()) == 0
    assert caller.store(wire.data_set()[:-9] + b"ZZNAME^CANARY" * 9) in (0, 0xC000)
    caller.say(wire.ABORT)
    assert running.sink.ended.wait(5)
    assert "ZZNAME" not in caplog.text + "".join(capfd.readouterr())


def test_a_list_of_senders_that_cannot_be_read_lets_nobody_in(start: Start, call: Call, wire: type[Wire]) -> None:
    class Unreadable(tuple[Peer, ...]):
        def __iter__(self) -> Iterator[Peer]:
            raise RuntimeError("no such table")

    caller = call(start(peers=Unreadable()))
    caller.say(wire.associate())
    assert caller.hear() == bytes((3, 0, 0, 0, 0, 4, 0, 2, 3, 1))


def make_certificate(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "node.test")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "node.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return pem


@pytest.fixture
def tls_node(start: Start, tmp_path: Path) -> TlsNode:
    pem = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(pem))
    context.load_cert_chain(pem)
    context.verify_mode = ssl.CERT_REQUIRED
    return start(tls=context, first_pdu_seconds=1.0), pem


def client_context(pem: Path, *, with_certificate: bool = True) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(pem)
    if with_certificate:
        context.load_cert_chain(pem)
    return context


def test_a_sender_with_a_certificate_stores_over_tls(tls_node: TlsNode, ct_path: Path) -> None:
    running, pem = tls_node
    ct = dcmread(ct_path)
    entity = AE(ae_title="SENDER")
    entity.add_requested_context(ct.SOPClassUID, ct.file_meta.TransferSyntaxUID)
    association = entity.associate(
        "127.0.0.1", running.node.port, ae_title="CONFRERE", tls_args=(client_context(pem), "node.test")
    )
    assert association.is_established
    assert [association.send_c_store(ct).Status for _ in range(3)] == [0, 0, 0]
    association.release()


def test_no_certificate_an_old_protocol_or_plain_text_is_refused_over_tls(
    tls_node: TlsNode, call: Call, wire: type[Wire]
) -> None:
    running, pem = tls_node
    old = client_context(pem)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    for context in (client_context(pem, with_certificate=False), old):
        caller = call(running)
        with pytest.raises(OSError):
            caller.sock = context.wrap_socket(caller.sock)
            caller.say(wire.associate())
            # With TLS 1.3 a client learns of the refusal only when it reads.
            if not caller.sock.recv(6):
                raise ConnectionError
    plain = call(running)
    plain.say(wire.associate())
    assert plain.hear()[:1] != b"\x02"
    assert running.node.associations == 0


def test_a_silent_tls_caller_is_closed_in_time(tls_node: TlsNode, call: Call) -> None:
    running, _ = tls_node
    begin = time.monotonic()
    caller = call(running)
    caller.say(b"\x16")
    caller.hear()
    assert time.monotonic() - begin < 4
