"""Send the demo studies through the doors, post them as the demo members, and let colleagues answer."""

import io
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pynetdicom import AE

from confrere.apps.rooms.reads import demo_drafts, demo_room
from confrere.core.terms import Broken
from confrere.server.configuration import Configuration
from confrere.server.demo.studies import IDENTITIES, mr_brain, packaged
from confrere.server.demo.visitor import Visitor

DRAFT_WAIT_S = 90.0


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment by a demo member; `pin` is (slice as a share of the stack, x, y as shares of the image)."""

    username: str
    text: str
    pin: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """How a demo study is told: who posts it, where, with what question, and who answers."""

    author: str
    room: str
    question: str
    remarks: tuple[Remark, ...] = ()


BRAIN = Telling(
    "kaur",
    "Neuro reading, two hospitals",
    "Normal for age, or is the left ventricle too wide?",
    (
        Remark("arora", "Both frontal horns look alike to me. I would call it normal.", (0.55, 0.44, 0.42)),
        Remark("meena", "Agree. The sulci over the vertex are not crowded either.", (0.85, 0.5, 0.4)),
        Remark("kaur", "Thank you both. Closing it as a normal variant."),
    ),
)
SMALL_CT = Telling(
    "meena",
    "Residents' class",
    "What is the high density in the middle?",
    (Remark("sheikh", "Contrast in the vessel: compare it with the bone.", (0.5, 0.5, 0.5)),),
)


def _as_file(ds: Dataset) -> bytes:
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


def send_by_dicom(configuration: Configuration, ae_title: str, study: Iterable[Dataset]) -> None:
    """Send a study to the node as a workstation would; raises Broken when an instance was not accepted."""
    instances = list(study)
    ae = AE(ae_title=ae_title)
    for ds in instances:
        ae.add_requested_context(ds.SOPClassUID, ds.file_meta.TransferSyntaxUID)
        break
    association = ae.associate(configuration.dicom_host, configuration.dicom_port, ae_title="CONFRERE")
    if not association.is_established:
        raise Broken("the DICOM node did not accept the demo workstation", retryable=True)
    try:
        for ds in instances:
            status = association.send_c_store(ds)
            if not status or status.Status != 0x0000:
                raise Broken("the DICOM node did not take a demo instance", retryable=True)
    finally:
        association.release()


def _new_draft(author: str, before: set[str]) -> str:
    """Wait until the author has a draft that was not there before, and return its case id."""
    deadline = time.monotonic() + DRAFT_WAIT_S
    while time.monotonic() < deadline:
        fresh = demo_drafts(author) - before
        if fresh:
            return fresh.pop()
        time.sleep(0.3)
    raise Broken("a demo study did not become a draft in time", retryable=True)


def _pin_fields(visitor: Visitor, case_id: str, place: tuple[float, float, float]) -> dict[str, str]:
    stack = visitor.get_json(f"/cases/{case_id}/stack.json")
    series = stack["series"][0]  # type: ignore[index]  # our own JSON
    share, x, y = place
    instances = series["instances"]
    chosen = instances[min(int(share * len(instances)), len(instances) - 1)]
    level = series["window"] or [None, None]
    fields = {
        "sop": chosen["sop"],
        "frame": chosen["frame"],
        "x": x * series["columns"],
        "y": y * series["rows"],
        "center": level[0],
        "width": level[1],
    }
    return {f"pin_{name}": str(value) for name, value in fields.items() if value is not None}


def _settle_heads(author: Visitor, case_id: str) -> None:
    """Wait until the heads of a draft were looked at; hand on the single slices where nothing else can be."""
    deadline = time.monotonic() + DRAFT_WAIT_S
    while not author.get_json(f"/drafts/{case_id}/heads/ready")["ready"]:
        if time.monotonic() > deadline:
            raise Broken("a demo head was not looked at in time", retryable=True)
        time.sleep(0.3)
    page = author.get_page(f"/drafts/{case_id}/heads")
    for address in dict.fromkeys(re.findall(r'hx-post="(/drafts/[^"]+/slices)"', page)):
        author.post(address)


def tell(address: str, case_id: str, telling: Telling) -> None:
    """Post a draft and let colleagues answer."""
    author = Visitor(address, telling.author)
    _settle_heads(author, case_id)
    author.post(f"/drafts/{case_id}", question=telling.question, room=demo_room(telling.room), purpose="discuss")
    for remark in telling.remarks:
        visitor = Visitor(address, remark.username)
        pin = _pin_fields(visitor, case_id, remark.pin) if remark.pin else {}
        visitor.post(f"/cases/{case_id}/comments", text=remark.text, **pin)


def send_all(configuration: Configuration) -> Iterator[str]:
    """Send every demo study; yields a sentence after each."""
    address = f"http://{configuration.host}:{configuration.port}"
    before = demo_drafts("kaur")
    send_by_dicom(configuration, "WS_BATHINDA", mr_brain(IDENTITIES[0]))
    tell(address, _new_draft("kaur", before), BRAIN)
    yield "An MR brain came from the workstation and was posted."
    before = demo_drafts("meena")
    Visitor(address, "meena").upload([_as_file(ds) for ds in packaged("CT_small.dcm", IDENTITIES[1])])
    tell(address, _new_draft("meena", before), SMALL_CT)
    yield "A CT came by the browser and was posted."
    radiograph = [_as_file(ds) for ds in packaged("RG1_UNCI.dcm", IDENTITIES[2])]
    echo = [_as_file(ds) for ds in packaged("color3d_jpeg_baseline.dcm", IDENTITIES[3])]
    for files in (radiograph, echo):
        if files:
            Visitor(address, "kaur").upload(files)
    yield "A radiograph and an echo came; they wait in quarantine, because their pixels may carry text."
    before = demo_drafts("kaur")
    send_by_dicom(configuration, "WS_BATHINDA", packaged("emri_small.dcm", IDENTITIES[3]))
    _new_draft("kaur", before)
    yield "A second MR waits as a draft for its question."
