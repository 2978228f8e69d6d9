"""Kill -9 after a person's word: no word is lost, nothing unapproved is served, the work goes on by itself.

Source: docs/adr/0010-a-person-looks-at-pixels.md, invariant 5 of the flow.
"""

import json
import os
import re
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browserless import Browserless
from support.studies import Planted
from support.system import RunningSystem, running_system, wait_until
from support.ultrasound import ultrasound_stills

IMAGES = 4
PATIENCE_S = 240
OPEN = "select count(*) from clearance_proposal where state = 'open'"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    with running_system(tmp_path_factory.mktemp("deskkill") / "home", "--no-demo-studies") as running:
        yield running


def states(system: RunningSystem) -> set[str]:
    return {str(row[0]) for row in system.rows("select distinct state from intake_intake")}


def kill(system: RunningSystem, part: str) -> None:
    if part == "worker":
        wait_until(system.workers, 60, "a worker process")
        for pid in system.workers():
            os.kill(pid, signal.SIGKILL)
    else:
        system.kill(part)


@pytest.mark.system
@pytest.mark.parametrize("part", ["conveyor", "worker", "web", "keybox"])
def test_a_part_killed_after_the_word_loses_no_word_and_serves_nothing_unapproved(
    system: RunningSystem, tmp_path: Path, part: str
) -> None:
    planted = Planted(patient_id=f"UHIDDESK{part.upper()}01")
    files = [tmp_path / f"{number}.dcm" for number in range(IMAGES)]
    for path, content in zip(files, ultrasound_stills(planted, IMAGES, shrink=2), strict=True):
        path.write_bytes(content)
    kaur = Browserless(system, "kaur", files)
    before = system.count("select count(*) from clearance_approval")
    kaur.upload_all()
    wait_until(lambda: system.count(OPEN) == IMAGES and states(system) <= {"held", "ended"}, PATIENCE_S, "at the desk")
    intake = uuid.UUID(str(system.rows("select id from intake_intake where state = 'held'")[0][0]))
    desk = f"/desk/{intake}"
    _, _, page = kaur.request("GET", desk, Accept="text/html")
    asked = json.loads(re.search(rb"<script[^>]*data-asked>(.*?)</script>", page, re.DOTALL)[1])  # type: ignore[index]
    images = [{"proposal": one["proposal_id"], "regions": one["regions"], "kept": []} for one in asked]
    body = json.dumps({"images": images}).encode()
    status, _, said = kaur.request("POST", f"{desk}/approve", body, Content_Type="application/json")
    assert (status, json.loads(said)["approved"]) == (200, IMAGES)
    kill(system, part)
    wait_until(system.is_healthy, 30, "healthy again within 30 s")
    answered = "select count(*) from clearance_proposal where state = 'answered'"
    wait_until(lambda: system.count(answered) == 0 and "clearing" not in states(system), PATIENCE_S, "all work is done")
    assert system.count("select count(*) from clearance_approval") == before + IMAGES
    ends = (
        "select count(*) from clearance_instanceclearance"
        " where outcome = 'clean' or reason_code = 'text-left-in-pixels'"
    )
    assert system.count(ends) % IMAGES == 0
    unapproved = (
        "select count(*) from release_releasedinstance r join clearance_instanceclearance c on c.sha256 = r.sha256"
        " where not exists (select 1 from clearance_approval a where a.instance_id = c.id)"
    )
    assert system.count(unapproved) == 0
    if system.count(OPEN):  # what the second look sent back is given up, so that the next part starts from nothing
        kaur.request("POST", f"/intakes/{intake}/destroy", b"", Content_Type="application/x-www-form-urlencoded")
        wait_until(lambda: states(system) <= {"ended", "expired"}, 60, "given up")
