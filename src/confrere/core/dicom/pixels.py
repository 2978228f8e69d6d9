"""What the header promises about the pixels, and the proof that the bytes keep it.

Sizes are compared before anything is decoded or allocated, so a lie costs a comparison, not memory.

Source: PS3.3 C.7.6.3 (image pixel module), PS3.5 clause 8 and Annex A.4 (encodings of pixel data).
"""

from dataclasses import dataclass

from confrere.core.dicom import registry
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.dictionary import tag_name
from confrere.core.dicom.frames import encapsulated_frames
from confrere.core.dicom.streams import check_rle, read_shape
from confrere.core.dicom.walk import DOUBLE_PIXEL_DATA, FLOAT_PIXEL_DATA, PIXEL_DATA, Element
from confrere.core.terms import Refused

MOST_FRAMES = 20_000
LONGEST_SIDE = 16_384

SAMPLES, PHOTOMETRIC, PLANAR, FRAMES = 0x00280002, 0x00280004, 0x00280006, 0x00280008
ROWS, COLUMNS, ALLOCATED, STORED = 0x00280010, 0x00280011, 0x00280100, 0x00280101
HIGH_BIT, SIGNED = 0x00280102, 0x00280103
_PALETTES = ((0x00281101, 0x00281201), (0x00281102, 0x00281202), (0x00281103, 0x00281203))
_SEGMENTED = frozenset({0x00281221, 0x00281222, 0x00281223})
# Floating point pixels: the one VR and the one size each may have (PS3.3 C.7.6.24 and C.7.6.25).
FLOATING = {FLOAT_PIXEL_DATA: (b"OF", 32), DOUBLE_PIXEL_DATA: (b"OD", 64)}
_INTEGER_BITS = frozenset({1, 8, 16, 32})


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """The image pixel module of one instance, checked to be consistent in itself."""

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    allocated: int
    stored: int
    high_bit: int
    signed: bool
    planar: int

    @property
    def frame_bits(self) -> int:
        """Bits of one uncompressed native frame."""
        samples: float = self.samples
        if self.photometric in {"YBR_FULL_422", "YBR_PARTIAL_422"}:
            samples = 2  # PS3.5 8.2: the two colour samples are shared by two pixels
        return int(self.rows * self.columns * samples * self.allocated)

    @property
    def native_size(self) -> int:
        """Bytes of all native frames, without the padding byte; single-bit frames are not padded each."""
        return (self.frames * self.frame_bits + 7) // 8

    @property
    def decoded_frame_size(self) -> int:
        """Bytes of one frame once decoded."""
        return self.rows * self.columns * self.samples * max(1, self.allocated // 8)


def read_layout(attributes: Attributes, sizes: frozenset[int] = _INTEGER_BITS) -> PixelLayout:
    """The layout that the header promises; `sizes` are the bits one sample may take.

    Raises Refused: missing-element, wrong-vr, or pixel-size-mismatch for values that contradict each other.
    """
    allocated = attributes.unsigned(ALLOCATED)
    stored = attributes.unsigned_or(STORED, allocated)
    photometric = attributes.text(PHOTOMETRIC)
    if not photometric:
        raise Refused("missing-element", tag_name(PHOTOMETRIC))
    layout = PixelLayout(
        rows=attributes.unsigned(ROWS),
        columns=attributes.unsigned(COLUMNS),
        frames=_frames(attributes),
        samples=attributes.unsigned_or(SAMPLES, 1),
        photometric=photometric,
        allocated=allocated,
        stored=stored,
        high_bit=attributes.unsigned_or(HIGH_BIT, stored - 1 if stored else 0),
        signed=attributes.unsigned_or(SIGNED, 0) == 1,
        planar=attributes.unsigned_or(PLANAR, 0),
    )
    if layout.allocated not in sizes or not 1 <= layout.stored <= layout.allocated:
        raise Refused("pixel-size-mismatch", tag_name(ALLOCATED))
    if not layout.stored - 1 <= layout.high_bit < layout.allocated:
        raise Refused("pixel-size-mismatch", tag_name(HIGH_BIT))
    if layout.samples not in {1, 3} or not layout.rows or not layout.columns or not layout.frames:
        raise Refused("pixel-size-mismatch", tag_name(ROWS))
    return layout


def _frames(attributes: Attributes) -> int:
    if FRAMES not in attributes.by_tag or not attributes.raw(FRAMES):
        return 1
    if attributes.by_tag[FRAMES].vr != b"IS":
        raise Refused("wrong-vr", tag_name(FRAMES))
    frames = attributes.integer(FRAMES)
    if frames is None or frames < 1:
        raise Refused("pixel-size-mismatch", tag_name(FRAMES))
    return frames


def check_pixels(attributes: Attributes, transfer_syntax_uid: str, *, streams: bool = True) -> PixelLayout:
    """The layout, once the pixel bytes are proven to have that size; compressed frames by their own headers.

    Without `streams` compressed frames are not looked into: for headers alone, which never reach a screen.

    Raises Refused: pixel-size-mismatch, bad-pixel-stream, palette-mismatch, too-many-pixels, wrong-vr,
    missing-element. Nothing is decoded.
    """
    floating = next((tag for tag in FLOATING if tag in attributes.by_tag), None)
    if floating is not None:
        return _check_floating(attributes.by_tag[floating], attributes, transfer_syntax_uid)
    layout = read_layout(attributes)
    check_pixel_value(attributes, layout, transfer_syntax_uid, streams=streams)
    if max(layout.rows, layout.columns) > LONGEST_SIDE:
        raise Refused("too-many-pixels", tag_name(ROWS))
    if layout.photometric == "PALETTE COLOR":
        _check_palettes(attributes)
    return layout


def check_pixel_value(
    attributes: Attributes, layout: PixelLayout, transfer_syntax_uid: str, *, streams: bool = True
) -> None:
    """The part of `check_pixels` that looks at the pixel element itself, not at the header around it."""
    element = attributes.by_tag.get(PIXEL_DATA)
    if element is None:
        raise Refused("missing-element", tag_name(PIXEL_DATA))
    if element.vr not in {b"OB", b"OW"} or element.coded_vr == b"UN":
        raise Refused("wrong-vr", tag_name(PIXEL_DATA))
    if transfer_syntax_uid in registry.NATIVE:
        _check_native(element, layout)
    elif not element.is_delimited:
        raise Refused("bad-pixel-stream", "compressed pixels without fragments")
    if layout.frames > MOST_FRAMES:
        raise Refused("too-many-pixels", tag_name(FRAMES))
    if streams and transfer_syntax_uid in registry.ENCAPSULATED:
        _check_streams(attributes, element, layout, transfer_syntax_uid)


def _check_floating(element: Element, attributes: Attributes, transfer_syntax_uid: str) -> PixelLayout:
    """The layout of floating point pixels, which are always native."""
    vr, size = FLOATING[element.tag]
    layout = read_layout(attributes, frozenset({size}))
    if element.vr != vr or element.coded_vr == b"UN":
        raise Refused("wrong-vr", tag_name(element.tag))
    if transfer_syntax_uid not in registry.NATIVE:
        raise Refused("bad-pixel-stream", "floating point pixels are never compressed")
    _check_native(element, layout)
    if layout.frames > MOST_FRAMES or max(layout.rows, layout.columns) > LONGEST_SIDE:
        raise Refused("too-many-pixels", tag_name(ROWS))
    return layout


def _check_native(element: Element, layout: PixelLayout) -> None:
    if element.is_delimited:
        raise Refused("bad-header", "native pixels with fragments")
    present, expected = element.stop - element.value, layout.native_size
    # PS3.5 7.1.1: an odd size carries one byte of padding.
    if present not in {expected, expected + expected % 2}:
        raise Refused("pixel-size-mismatch", f"{present} bytes for {expected}")


def _check_streams(attributes: Attributes, element: Element, layout: PixelLayout, syntax: str) -> None:
    for frame in encapsulated_frames(attributes, element, layout.frames):
        stream = frame.joined(attributes.read)
        if syntax == registry.RLE:
            check_rle(stream, layout.samples * max(1, layout.allocated // 8))
            continue
        shape = read_shape(syntax, stream)
        if (shape.rows, shape.columns) != (layout.rows, layout.columns) or shape.components != layout.samples:
            raise Refused("pixel-size-mismatch", "compressed frame header")
        if shape.precision > layout.allocated:
            raise Refused("pixel-size-mismatch", "compressed frame depth")


def _check_palettes(attributes: Attributes) -> None:
    """A palette is three tables whose sizes match their descriptors (PS3.3 C.7.6.3.1.5 and .6)."""
    for descriptor_tag, table_tag in _PALETTES:
        descriptor = attributes.shorts(descriptor_tag)
        if len(descriptor) != 3:
            raise Refused("palette-mismatch", tag_name(descriptor_tag))
        table = attributes.raw(table_tag)
        if table is None and table_tag + 0x20 in attributes.by_tag:
            continue  # a segmented table: its length says nothing before it is expanded
        if table is None or not palette_fits(descriptor, table):
            raise Refused("palette-mismatch", tag_name(table_tag))


def palette_fits(descriptor: tuple[int, ...], table: bytes) -> bool:
    """True when `table` holds what `descriptor` (entries, first, bits) promises, as bytes or words."""
    entries = descriptor[0] or 65_536
    if descriptor[2] not in {8, 16}:
        return False
    return len(table) == 2 * entries or (descriptor[2] == 8 and len(table) == entries + entries % 2)
