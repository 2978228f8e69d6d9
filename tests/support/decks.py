"""Decks, letters, pages and volumes with planted words, made by the libraries people use."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable

import docx
import nibabel
import numpy as np
import pptx
from PIL import Image
from pptx.util import Inches

from planted.pictures import scene

TITLE, BODY, NOTES, ALT, AUTHOR, COMMENT = (
    f"ZQX{name}" for name in ("TITLE", "BODY", "NOTES", "ALT", "AUTHOR", "COMM")
)


def picture(form: str = "PNG", made: Image.Image | None = None) -> bytes:
    out = io.BytesIO()
    (made or scene()).save(out, form)
    return out.getvalue()


def deck(*, crop_top: float = 0.0, slides: int = 1, form: str = "JPEG") -> bytes:
    made = pptx.Presentation()
    made.core_properties.author = AUTHOR
    for _ in range(slides):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = TITLE
        slide.placeholders[1].text = BODY
        shown = slide.shapes.add_picture(io.BytesIO(picture(form)), Inches(1), Inches(1))
        shown.crop_top = crop_top
        shown._element.nvPicPr.cNvPr.set("descr", ALT)
        slide.notes_slide.notes_text_frame.text = NOTES
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def letter() -> bytes:
    made = docx.Document()
    made.core_properties.author = AUTHOR
    line = made.add_paragraph()
    line.add_run(BODY[:4])
    line.add_run(BODY[4:])  # one word in two runs, as office programs write it
    made.sections[0].header.paragraphs[0].text = TITLE
    made.add_comment(line.runs, text=COMMENT, author="Dr", initials="D")
    made.add_picture(io.BytesIO(picture("JPEG")))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def altered(
    package: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> bytes:
    """The package with each part changed (None drops it), and `more` parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def pdf(stream: str, *, size: str = "300 200", catalog: str = "", pages: int = 1) -> bytes:
    """A PDF by hand: every page draws `stream` in Helvetica (F1)."""
    kids = " ".join(f"{10 + number} 0 R" for number in range(pages))
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {pages}>>",
        4: f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        5: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    objects |= {10 + number: page for number in range(pages)}
    out, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj{body}endobj\n".encode("latin-1")
    start, most = len(out), max(objects)
    out += f"xref\n0 {most + 1}\n0000000000 65535 f \n".encode()
    for number in range(1, most + 1):
        out += f"{places[number]:010} 00000 n \n".encode() if number in places else b"0000000000 00000 f \n"
    return out + f"trailer<</Size {most + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()


def nifti(voxels: np.ndarray, *, packed: bool = False, affine: np.ndarray | None = None) -> bytes:  # type: ignore[type-arg]
    made = nibabel.Nifti1Image(voxels, np.diag([2.0, 3.0, 4.0, 1.0]) if affine is None else affine)
    made.header["descrip"] = TITLE.encode()
    made.header["aux_file"] = BODY.encode()
    made.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", NOTES.encode()))
    content: bytes = made.to_bytes()
    return gzip.compress(content, mtime=0) if packed else content


def nifti_header(sides: list[int], kind: int = 4, bits: int = 16, start: float = 352.0) -> bytes:
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, *(sides + [1] * 8)[:8])
    struct.pack_into("<hh", head, 70, kind, bits)
    struct.pack_into("<f", head, 108, start)
    head[344:348] = b"n+1\0"
    return bytes(head)
