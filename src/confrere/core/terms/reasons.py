"""Every reason a study is held or refused: one code, one sentence of what happened, one of what to do.

The doctor reads `message` and `remedy` as they stand, so they are plain words; the code is what tests,
the command line and the ledger carry.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is a slug; `message` says what happened, `remedy` what the sender can do."""

    code: str
    message: str
    remedy: str


_TABLE: dict[str, tuple[str, str]] = {
    "ok": ("Nothing stood in the way.", "Nothing to do."),
    # -- told of a clean file, so that the sender knows what was dropped
    "preamble-not-empty": ("The 128 bytes before the DICOM header were not empty; they were zeroed.", "Nothing to do."),
    # -- the file as a whole
    "not-dicom": ("This is not a DICOM file.", "Send the original file from the workstation."),
    "empty-file": ("The file is empty.", "Send it again."),
    "not-readable": ("The file or folder could not be read.", "Check its permissions and the disk, then run again."),
    "too-large": ("The file is larger than this door accepts.", "Send fewer series, or ask the administrator."),
    "format-not-supported-yet": (
        "Confrere cannot yet clean this kind of file, so it stays in quarantine.",
        "Send the DICOM study itself.",
    ),
    # -- DICOM structure (PS3.5, PS3.10)
    "truncated": ("The file ends before its contents do.", "Send it again; the copy is incomplete."),
    "length-past-end": ("An element claims more bytes than the file has.", "Export the study again."),
    "nesting-too-deep": ("Sequences are nested deeper than any real study needs.", "Export the study again."),
    "too-many-elements": ("The header holds more elements than any real study needs.", "Export the study again."),
    "expands-too-much": ("The file unfolds to far more than its size.", "Send it uncompressed."),
    "bad-uid": ("A unique identifier in the file is not a valid DICOM UID.", "Export the study again."),
    "wrong-vr": ("An element is encoded with the wrong kind of value.", "Export the study again."),
    "bad-header": ("The DICOM header cannot be read with certainty.", "Export the study again."),
    "missing-element": ("A required element is missing.", "Export the study again."),
    "transfer-syntax-not-allowed": (
        "The way the pixels are encoded or fetched is not accepted here.",
        "Export as uncompressed, JPEG, JPEG-LS, JPEG 2000 or RLE.",
    ),
    "sop-class-not-allowed": (
        "This kind of DICOM object cannot be cleaned with certainty yet.",
        "Send the images without it; it stays in quarantine.",
    ),
    # -- kinds of DICOM object (PS3.4 B.5): which family is cleaned and which is held stands in core/dicom/families.py
    "not-a-picture": (
        "This kind of DICOM object is not a picture that a room can show.",
        "Send the images without it; the command line can clean it for use elsewhere.",
    ),
    "structured-content-not-cleaned": (
        "This is a report or a selection, and the profile in use does not clean their content.",
        "Use a profile with the Clean Structured Content option; an empty report would help nobody.",
    ),
    "image-kind-not-cleaned-yet": (
        "This newer kind of image cannot be cleaned with certainty yet.",
        "Send the other images of the study; it stays in quarantine.",
    ),
    "video-not-read-yet": (
        "This is a film, and no reader for text and faces in films is installed yet.",
        "Send still images instead.",
    ),
    "colour-profile-not-read-yet": (
        "This kind of presentation state carries a colour profile or a rendering that cannot be read yet.",
        "Send the images; their own display settings stay.",
    ),
    "rt-kind-not-cleaned-yet": (
        "This newer kind of radiotherapy object cannot be cleaned with certainty yet.",
        "Export the plan, structures and dose in their classic form.",
    ),
    "voice-recording": (
        "This is a sound recording: a voice identifies a person and what it says cannot be read.",
        "Send the images without it.",
    ),
    "waveform-size-mismatch": (
        "The waveform samples do not match the size the header promises.",
        "Export the waveform again.",
    ),
    "surface-not-cleaned-yet": (
        "A surface can show a face, and surfaces cannot be cleaned yet.",
        "Send the images or the segmentation instead.",
    ),
    "deformation-not-cleaned-yet": (
        "A deformable registration cannot be cleaned with certainty yet.",
        "Send the images without it.",
    ),
    "measurements-not-cleaned-yet": (
        "This list of measurements or annotations cannot be cleaned with certainty yet.",
        "Send the images without it.",
    ),
    "raw-data": (
        "This is raw data of a scanner, which only its maker can read.",
        "Send the images made from it.",
    ),
    "not-part-of-a-study": (
        "This is a protocol, a template or an inventory, not a part of a patient's study.",
        "Send the images.",
    ),
    "not-a-medical-image": ("This kind of object is made by security or material testing.", "Send medical images."),
    "retired-class": (
        "This kind of DICOM object was retired from the standard and is not read.",
        "Export the study again with current software.",
    ),
    "path-outside-folder": ("A directory record points outside its own folder.", "Send the images, not the DICOMDIR."),
    "dicomdir-made": (
        "The DICOMDIR carries names; a new one was made of the cleaned files.",
        "Nothing to do.",
    ),
    "dicomdir-not-made": (
        "The DICOMDIR carries names and is never passed on; the cleaned files below it allow no new one.",
        "The cleaned files are whole without it.",
    ),
    "dicomdir-not-needed": ("A DICOMDIR carries names and is never passed on.", "Send the images; it is not needed."),
    # -- pixels
    "pixel-size-mismatch": ("The pixels present do not match the size the header promises.", "Export the study again."),
    "palette-mismatch": ("The colour table does not match its description.", "Export the study again."),
    "bad-pixel-stream": ("The compressed pixels cannot be decoded.", "Export the study uncompressed."),
    "too-many-pixels": ("The image is larger than any this door accepts.", "Send a smaller image."),
    "burned-in-text": (
        "The pixels may carry text.",
        "Open the clearance desk, check the boxes and approve; the command line leaves such a file alone.",
    ),
    # -- a person looks at the pixels (the clearance desk)
    "pixels-need-a-person": (
        "Pictures of this kind often carry a name or a number, so a person must look before they go on.",
        "Open the clearance desk, look at each picture and approve it.",
    ),
    "text-not-looked-for-yet": (
        "The thorough search for text in the pixels has not ended yet.",
        "Nothing to do; it goes on by itself.",
    ),
    "text-left-in-pixels": (
        "After masking, the second look still found text in the picture.",
        "Open the clearance desk: mask what is marked there, or say that it names nobody.",
    ),
    "pixel-look-stopped": (
        "Looking for text in the pixels took more time or memory than allowed.",
        "It stays in quarantine. Send fewer frames, or tell the administrator.",
    ),
    "pixel-engine-missing": (
        "A network that finds text in pixels is missing on this server or is not the one that was measured.",
        "Nothing is released without it. Tell the administrator: `confrere doctor` names the package.",
    ),
    # -- photographs, films, documents and volumes: what was left out, and why a person has to look
    "active-content-removed": (
        "Macros, scripts, links, attachments and embedded objects were left out.",
        "Nothing to do.",
    ),
    "further-pictures-dropped": (
        "The file held more than the picture it shows, such as a second one or a short film; that was left out.",
        "Send the others as files of their own.",
    ),
    "hidden-content-dropped": (
        "Hidden slides, hidden layers or what lies outside the page were left out.",
        "Nothing to do.",
    ),
    "pictures-left-out": (
        "Pictures in a form that is not read here, such as drawings, were left out.",
        "Send them as photographs if they are needed.",
    ),
    "sound-dropped": ("The film's sound was left out: a voice identifies a person.", "Nothing to do."),
    "photograph-needs-person": (
        "A photograph can show who the patient is in more ways than any detector knows.",
        "Look at it on the clearance desk and approve it.",
    ),
    "film-needs-person": (
        "A film can show who the patient is on any of its frames.",
        "Look through it on the clearance desk and approve it.",
    ),
    "document-needs-person": (
        "A document is written for people who know the patient, so a person has to look at every page.",
        "Look at the pages on the clearance desk and approve them.",
    ),
    "volume-may-show-face": (
        "This volume may hold a head, and a face can be rendered from it.",
        "Choose key slices on the clearance desk, or send the DICOM series.",
    ),
    # -- photographs, films, documents and volumes: what is turned away
    "type-mismatch": ("The file is not of the kind that it is said to be.", "Send the original file."),
    "form-not-accepted": (
        "Files of this form are not read here.",
        "Send JPEG, PNG, WebP, TIFF, HEIC, MP4, MOV, AVI, WebM, PDF, PPTX, DOCX or NIfTI.",
    ),
    "bad-picture": ("The picture cannot be decoded.", "Send it again, or save it as JPEG or PNG."),
    "animated-picture": ("This is a picture that moves.", "Send it as a film, or send the stills."),
    "too-many-pictures": ("The file holds more pages or pictures than are accepted at once.", "Send it in parts."),
    "no-video-track": ("The file holds no pictures that move.", "Send the film itself."),
    "film-too-long": ("The film is longer or larger than is accepted.", "Send the part that shows the matter."),
    "bad-document": ("The document cannot be read with certainty.", "Save it again, or send pictures of its pages."),
    "encrypted-document": ("The document is protected by a password.", "Send it without a password."),
    "doctype-not-allowed": (
        "The document's own text defines entities, which no office program writes.",
        "Save it again with an office program.",
    ),
    "bad-volume": ("The volume's header cannot be read with certainty.", "Send the DICOM series."),
    # -- faces in photographs
    "face-found": (
        "The picture shows a face, or what looks like one.",
        "Look at the proposed boxes; a bar over the eyes alone is not enough.",
    ),
    "no-face-seen": (
        "No face was seen, but eyes alone identify a person and no detector sees them.",
        "Look at the picture and say that it shows no one who could be recognised.",
    ),
    # -- heads
    "head-geometry": (
        "The slices of this head do not stand on one even lattice, so no surface can be computed and checked.",
        "Export one series with every slice; until then single slices may be approved by a person.",
    ),
    "head-cut": (
        "The face and ears were cut off this head and no face shows any more; the picture ends at a bright line.",
        "Nothing to do.",
    ),
    "head-not-cut": (
        "The face cannot be cut off because no forehead lies above it in this series.",
        "It can be shown as single slices, with the patient's consent.",
    ),
    "head-still-a-face": (
        "After the cut something still looks like a face, so the volume is not handed on.",
        "Key slices above the brow are used instead; the desk shows both renderings.",
    ),
    "head-blind": (
        "No face was seen in this head from any side, so nothing can show that it is gone.",
        "Look at the proposed single slices; the volume is not handed on.",
    ),
    "head-look-stopped": (
        "Taking the face out of this head took more time or memory than allowed, or failed.",
        "The series is left out of what others see. Send fewer slices, or tell the administrator.",
    ),
    "head-loose-slices": (
        "Single slices of several series may together show a face, and no surface can be computed of them to look at.",
        "They are left out of what others see. Send the whole series instead.",
    ),
    "head-slices-chosen": (
        "Its author looked at single slices of this series and hands on these, never the volume.",
        "Nothing to do.",
    ),
    "face-in-planes-only": (
        "This series is about the face itself: it is shown as single slices, never as a volume.",
        "Nothing to do.",
    ),
    "face-needs-consent": (
        "This series is about the face itself, and cutting the face off would destroy it.",
        "Record the patient's consent to show it as single slices.",
    ),
    # -- words
    "bad-text": ("The text is not sound UTF-8, or holds characters that no text has.", "Type it, or save it as UTF-8."),
    "looks-like-identifier": (
        "The text seems to name a person, a place or a day.",
        "Replace what is marked, or say of what is not certain that it names no one.",
    ),
    "words-not-checked": (
        "The check of words for identifiers is not working, so nothing is posted.",
        "Tell the administrator to install requirements.lock again.",
    ),
    # -- identity and consistency
    "more-than-one-patient": (
        "One study holds the images of more than one patient.",
        "Send each patient's study alone.",
    ),
    "uid-conflict": (
        "An image with the same identifier but other content is already here.",
        "The first one is unchanged. Ask which of the two is right.",
    ),
    "patient-unknown": ("The study has no patient identifier to build a token from.", "Send it from the workstation."),
    "residual-found": (
        "The second look found an identifier in the cleaned file.",
        "It stays in quarantine. Report it: this should not happen.",
    ),
    "nothing-to-clear": ("Nothing in what was sent is a usable image.", "Send the DICOM images of the study."),
    # -- archives
    "unsafe-path": ("The archive holds a file name that climbs out of its folder.", "Make the archive again."),
    "link-in-archive": ("The archive holds a link instead of a file.", "Make the archive again without links."),
    "size-lie": ("The archive says one size and holds another.", "Make the archive again."),
    "overlapping-entries": ("Entries of the archive share the same bytes.", "Make the archive again."),
    "too-many-files": ("The archive holds more files than this door accepts.", "Send it in parts."),
    "bad-archive": ("The archive cannot be read.", "Make the archive again."),
    "encrypted-archive": (
        "The archive is protected by a password.",
        "Send it without a password; the way in is encrypted.",
    ),
    "archive-not-supported": ("Only zip archives are accepted.", "Send the folder itself, or a zip."),
    # -- wire
    "pdu-too-long": ("A message claims an impossible length.", "Check the sending device."),
    "ae-not-allowed": ("This device is not on the list of senders.", "Ask the administrator to add its AE title."),
    "timeout": ("The sender went silent.", "Send it again."),
    "pdu-malformed": ("A message breaks the DICOM network protocol.", "Check the sending device."),
    "operation-not-allowed": ("This node only takes images; it answers no queries.", "Send with C-STORE."),
    "too-many-associations": ("The sender has too many connections open.", "Wait a moment; it may try again."),
    "node-full": ("The node is receiving as much as it can hold.", "Wait a moment; it may try again."),
    "node-stopping": ("The node is being stopped.", "Send it again in a few minutes."),
    "uid-mismatch": ("The announced identifier is not the one in the image.", "Export the study again."),
    "syntax-mismatch": ("The image is not encoded as was agreed.", "Check the sending device."),
    "encoding-not-allowed": ("Compressed request bodies are not accepted.", "Send without Content-Encoding."),
    "ambiguous-length": ("The request does not state its length once and plainly.", "Use a current browser."),
    "upload-mismatch": ("The bytes received do not match the checksum.", "Send the file again."),
    # -- the machine itself
    "parser-stopped": ("Reading the file took more time or memory than allowed.", "Export the study again."),
    "clearance-failed": (
        "Clearance failed three times.",
        "It stays in quarantine. Tell the administrator; nothing is lost.",
    ),
    "quarantine-limit": ("The time limit of quarantine has passed and the original was destroyed.", "Send it again."),
}

REASONS: dict[str, Reason] = {code: Reason(code, *words) for code, words in _TABLE.items()}


def reason(code: str) -> Reason:
    """The Reason for `code`; KeyError for a code that is not in the table, so none can be invented."""
    return REASONS[code]
