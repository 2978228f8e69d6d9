"""A second real sender: Orthanc pushes studies to the node over its REST interface."""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

pytestmark = [
    pytest.mark.orthanc,
    pytest.mark.skipif(shutil.which("Orthanc") is None, reason="Orthanc is not installed"),
]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def post(url: str, body: bytes) -> Any:
    """What Orthanc answers to a POST, read from its JSON."""
    with urllib.request.urlopen(url, data=body, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture
def orthanc(tmp_path: Path, running: Any) -> Iterator[str]:
    """The address of an Orthanc that knows the node as `confrere` and calls itself SENDER."""
    http = free_port()
    settings = {
        "StorageDirectory": str(tmp_path / "store"),
        "IndexDirectory": str(tmp_path / "store"),
        "HttpPort": http,
        "DicomServerEnabled": False,
        "DicomAet": "SENDER",
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomModalities": {"confrere": ["CONFRERE", "127.0.0.1", running.node.port]},
        "Plugins": [],
    }
    configuration = tmp_path / "orthanc.json"
    configuration.write_text(json.dumps(settings))
    process = subprocess.Popen(["Orthanc", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{http}"
    try:
        wait_for(f"{address}/system")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def wait_for(url: str) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_orthanc_echoes_and_stores_plain_and_compressed_instances(
    orthanc: str, running: Any, eventually: Callable[..., bool]
) -> None:
    post(f"{orthanc}/modalities/confrere/echo", b"{}")
    sent = {}
    for name in ("CT_small.dcm", "SC_rgb_jpeg_dcmtk.dcm", "JPEG2000.dcm", "MR_small_RLE.dcm"):
        path = Path(str(get_testdata_file(name)))
        instance = post(f"{orthanc}/instances", path.read_bytes())
        post(f"{orthanc}/modalities/confrere/store", instance["ID"].encode())
        file = dcmread(path)
        sent[str(file.file_meta.TransferSyntaxUID), str(file.SOPInstanceUID)] = file.PixelData
    assert eventually(lambda: running.node.associations == 0)
    received = {}
    for stored in running.sink.stored:
        file = dcmread(BytesIO(stored.dataset))
        received[stored.transfer_syntax_uid, str(file.SOPInstanceUID)] = file.PixelData
    assert received == sent
    assert set(running.sink.ends) == {"released"}
