"""The one way from a file that is not DICOM to pictures: photographs, films, documents and volumes.

    found = read_pictures(content, kind)
    for picture in found.pictures:
        for frame in picture.frames(): ...

Pure and bounded, but meant for the jail: decoders are large programs.
"""

from collections.abc import Callable, Mapping

from confrere.core.pixels.forms import Form, form_of
from confrere.core.pixels.pictures import Pictures
from confrere.core.pixels.readers import film, letter, pdf, photograph, slides, volume
from confrere.core.terms.kinds import FileKind

Reader = Callable[[bytes, Form], Pictures]

READERS: Mapping[Form, Reader] = {
    **dict.fromkeys((Form.JPEG, Form.PNG, Form.WEBP, Form.TIFF, Form.HEIC), photograph.read),
    **dict.fromkeys((Form.MP4, Form.AVI, Form.WEBM), film.read),
    Form.PDF: pdf.read,
    Form.PPTX: slides.read,
    Form.DOCX: letter.read,
    Form.NIFTI: volume.read,
}


def read_pictures(content: bytes, kind: FileKind) -> Pictures:
    """Everything `content` shows as pictures of nothing but pixels, and the words found in it.

    `kind` is what the file claims to be (FileKind.UNKNOWN: nothing is claimed); the bytes decide and a lie is refused.
    `needs_person` is true unless the pixels are proven to show nothing. Raises Refused for what cannot be read whole
    within bounds, with the reason of its form.
    """
    form = form_of(content, kind)
    return READERS[form](content, form)
