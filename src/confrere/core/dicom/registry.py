"""Which transfer syntaxes and SOP classes Confrere takes; whatever is not listed is refused or held.

Source: PS3.5 Annex A (transfer syntaxes), PS3.4 Annex B.5 (storage SOP classes), PS3.6 Annex A (2026d).
"""

from typing import Final

# Confrere's own implementation class, in files it writes; a UUID-derived UID (PS3.5 B.2).
IMPLEMENTATION_CLASS_UID: Final = "2.25.230576673214956801512065398486820354408"
IMPLEMENTATION_VERSION: Final = "CONFRERE_1"

_ENCODING: Final = "1.2.840.10008.1.2"
IMPLICIT_LITTLE: Final = _ENCODING
EXPLICIT_LITTLE: Final = f"{_ENCODING}.1"
DEFLATED: Final = f"{_ENCODING}.1.99"
EXPLICIT_BIG: Final = f"{_ENCODING}.2"
RLE: Final = f"{_ENCODING}.5"
JPEG_BASELINE: Final = f"{_ENCODING}.4.50"
JPEG_EXTENDED: Final = f"{_ENCODING}.4.51"
JPEG_LOSSLESS: Final = frozenset({f"{_ENCODING}.4.57", f"{_ENCODING}.4.70"})
JPEG_LS: Final = frozenset({f"{_ENCODING}.4.80", f"{_ENCODING}.4.81"})
JPEG_2000: Final = frozenset({f"{_ENCODING}.4.90", f"{_ENCODING}.4.91"})
HTJ2K: Final = frozenset({f"{_ENCODING}.4.201", f"{_ENCODING}.4.202", f"{_ENCODING}.4.203"})

NATIVE: Final = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE, DEFLATED, EXPLICIT_BIG})
ENCAPSULATED: Final = frozenset({RLE, JPEG_BASELINE, JPEG_EXTENDED}) | JPEG_LOSSLESS | JPEG_LS | JPEG_2000 | HTJ2K
TRANSFER_SYNTAXES: Final = NATIVE | ENCAPSULATED
# What one bit of the stored value means survives only in these; a lossy stream may ring into any bit.
REVERSIBLE: Final = (
    frozenset({RLE, f"{_ENCODING}.4.80", f"{_ENCODING}.4.90", f"{_ENCODING}.4.201", f"{_ENCODING}.4.202"})
    | JPEG_LOSSLESS
)

MEDIA_DIRECTORY: Final = "1.2.840.10008.1.3.10"

_STORAGE: Final = "1.2.840.10008.5.1.4.1.1"
# CT, MR and PET, plain, enhanced and legacy-converted: classes a scanner fills with measured values.
CROSS_SECTIONAL: Final = frozenset(
    f"{_STORAGE}.{tail}" for tail in ("2", "2.1", "2.2", "4", "4.1", "4.3", "4.4", "128", "128.1", "130")
)
_OTHER_IMAGES: Final = frozenset(
    f"{_STORAGE}.{tail}"
    for tail in (
        *("1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1"),  # CR, DX, mammography, intra-oral
        *("3", "3.1", "6", "6.1", "6.2"),  # ultrasound, single, multi-frame, volume, retired
        *("5", "20"),  # nuclear medicine
        *("7", "7.1", "7.2", "7.3", "7.4"),  # secondary capture
        *("12.1", "12.1.1", "12.2", "12.2.1", "12.3"),  # angiography, fluoroscopy
        *("13.1.1", "13.1.2", "13.1.3", "13.1.4", "13.1.5"),  # 3D angiography, craniofacial, tomosynthesis
        *("14.1", "14.2"),  # intravascular OCT
        *("77.1.1", "77.1.2", "77.1.3", "77.1.4", "77.1.6", "77.1.7"),  # visible light
        *("77.1.5.1", "77.1.5.2", "77.1.5.4", "77.1.5.5", "77.1.5.6"),  # ophthalmic
    )
)
IMAGE_CLASSES: Final = CROSS_SECTIONAL | _OTHER_IMAGES
