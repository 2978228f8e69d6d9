"""Kill -9 of every part in the middle of studies: nothing acknowledged is lost, nothing unverified is served.

Source: docs/explanation/flow.md, invariants 3 and 5.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import generate_uid
from pynetdicom import AE
from pynetdicom.sop_class import CTImageStorage
from support.browserless import Browserless
from support.studies import Planted, ct_series
from support.system import RunningSystem, running_system, wait_until

SLICES = 24
POINTS: tuple[tuple[str, str, int], ...] = (
    ("dicom-node", "sent", 3),
    ("dicom-node", "sent", 15),
    ("keybox", "sent", 8),
    ("conveyor", "sent", 20),
    ("conveyor", "taken up", 0),
    ("worker", "taken up", 0),
    ("conveyor", "examined", 0),
    ("worker", "sent", 23),
    ("web", "uploading", 2),
    ("web", "uploading", 5),
)


class Modality:
    """A sender that remembers what was acknowledged and sends the rest again, as a scanner does."""

    def __init__(self, system: RunningSystem, files: list[Path]) -> None:
        self.system = system
        self.waiting = list(files)
        self.acknowledged: set[str] = set()

    def send_all(self) -> None:
        deadline = time.monotonic() + 60
        while self.waiting:
            assert time.monotonic() < deadline, f"{len(self.waiting)} instances could not be sent"
            try:
                self._send_some()
            except (RuntimeError, ValueError, OSError):
                pass
            if self.waiting:
                time.sleep(0.3)

    def _send_some(self) -> None:
        ae = AE(ae_title="WS_BATHINDA")
        ae.add_requested_context(CTImageStorage)
        ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 8
        association = ae.associate("127.0.0.1", self.system.dicom_port, ae_title="CONFRERE")
        if not association.is_established:
            return
        try:
            while self.waiting:
                ds = dcmread(self.waiting[0])
                status = association.send_c_store(ds)
                if not status or status.Status != 0x0000:
                    return
                self.acknowledged.add(str(ds.SOPInstanceUID))
                self.waiting.pop(0)
        finally:
            association.release()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """One system for all ten points: what survives ten kills in a row survives one."""
    home = tmp_path_factory.mktemp("kill") / "home"
    with running_system(home, "--no-demo-studies") as running:
        yield running


def study(folder: Path, number: int) -> list[Path]:
    folder.mkdir(parents=True)
    planted = Planted(patient_id=f"UHIDKILL{number:07d}")
    paths = []
    for index, ds in enumerate(ct_series(planted, SLICES)):
        ds.StudyInstanceUID = generate_uid(entropy_srcs=["kill", str(number)])
        ds.SOPInstanceUID = generate_uid(entropy_srcs=["kill", str(number), str(index)])
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        path = folder / f"{index:03d}.dcm"
        ds.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths


def kill(system: RunningSystem, part: str) -> None:
    if part == "worker":
        wait_until(system.workers, 20, "a worker process")
        for pid in system.workers():
            os.kill(pid, signal.SIGKILL)
    else:
        system.kill(part)


def clean_instances(system: RunningSystem) -> int:
    return system.count(
        "select count(distinct sop_instance_uid) from clearance_instanceclearance where outcome = 'clean'"
    )


def open_intakes(system: RunningSystem) -> int:
    return system.count("select count(*) from intake_intake where state in ('receiving', 'received', 'clearing')")


def moment(system: RunningSystem, when: str, number: int, already: int) -> Callable[[], bool]:
    """The condition at which to strike."""
    if when == "taken up":
        return lambda: system.count("select count(*) from intake_intake where state = 'clearing'") > 0
    if when == "examined":
        return lambda: system.count("select count(*) from intake_arrival where is_examined = 1") > already
    return lambda: system.count("select count(*) from intake_arrival where is_complete = 1") >= already + number


@pytest.mark.system
@pytest.mark.parametrize(("part", "when", "number"), POINTS)
def test_a_part_killed_in_the_middle_of_a_study_loses_nothing(
    system: RunningSystem, tmp_path: Path, part: str, when: str, number: int
) -> None:
    files = study(tmp_path / "study", POINTS.index((part, when, number)))
    before = clean_instances(system)
    column = "is_examined" if when == "examined" else "is_complete"
    already = system.count(f"select count(*) from intake_arrival where {column} = 1")
    if when == "uploading":
        sender: Callable[[], None] = Browserless(system, "kaur", files).upload_all
    else:
        sender = Modality(system, files).send_all
    failures: list[BaseException] = []

    def send() -> None:
        try:
            sender()
        except BaseException as fault:
            failures.append(fault)

    thread = threading.Thread(target=send)
    thread.start()
    wait_until(moment(system, when, number, already), 30, f"the moment {when} {number}")
    kill(system, part)
    thread.join(90)
    assert not thread.is_alive()
    assert not failures, failures
    wait_until(system.is_healthy, 30, "healthy again within 30 s")
    wait_until(lambda: clean_instances(system) >= before + SLICES, 30, "every acknowledged instance is cleared")
    wait_until(lambda: open_intakes(system) == 0, 30, "no intake is left half done")
    assert clean_instances(system) == before + SLICES


@pytest.mark.system
@pytest.mark.parametrize("part", ["conveyor", "worker"])
def test_a_part_killed_in_the_middle_of_a_look_at_a_head_leaves_it_due_and_it_is_looked_at_once(
    system: RunningSystem, tmp_path: Path, part: str
) -> None:
    due = "select count(*) from clearance_headlook where state = 'due'"
    wait_until(lambda: system.count(due) == 0, 240, "no older head is due")
    before = system.count("select count(*) from clearance_headlook")
    # Fewer than there are looks: one that was outgrown by its series ended without a line of its own.
    lines = "select count(*) from audit_ledgerentry where event in ('head.held', 'head.cleared')"
    ended = system.count(lines)
    Modality(system, study(tmp_path / "study", 100 + len(part))).send_all()
    wait_until(lambda: system.count(due) == 1, 60, "a head is due")
    wait_until(lambda: system.is_healthy() and bool(system.workers()), 30, "it is being looked at")
    kill(system, part)
    assert system.count(due) == 1, "it was struck too late to prove anything"
    wait_until(lambda: system.count(due) == 0, 240, "the look is done after all")
    assert system.count("select count(*) from clearance_headlook") == before + 1
    assert system.count("select count(*) from clearance_headlook where reason_code = 'head-look-stopped'") == 0
    assert system.count(lines) == ended + 1


@pytest.mark.system
def test_after_all_kills_only_verified_objects_are_released(system: RunningSystem) -> None:
    wait_until(lambda: open_intakes(system) == 0, 30, "no intake is left half done")
    unverified = system.count(
        "select count(*) from release_releasedinstance r where not exists (select 1 from clearance_instanceclearance c"
        " where c.sha256 = r.sha256 and c.outcome = 'clean')"
    )
    assert unverified == 0
    assert system.count("select count(*) from release_releasedinstance") >= SLICES


@pytest.mark.system
def test_after_all_kills_the_ledger_is_whole(system: RunningSystem) -> None:
    from support.commands import confrere

    done = confrere("ledger", "verify", "--json", CONFRERE_HOME=str(system.home))
    assert done.returncode == 0, done.stdout
