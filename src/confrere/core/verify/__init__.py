"""The independent second look: harvest the original, then search the cleaned file for any of it.

INVARIANT: imports neither core.deidentify nor core.dicom.walk, so that it cannot share their mistakes.
"""

from confrere.core.verify.needles import Harvest, harvest_known
from confrere.core.verify.reading import harvest
from confrere.core.verify.residuals import Residual, residuals, verify_instance
from confrere.core.verify.series import PixelPart, SeriesLook

__all__ = [
    "Harvest",
    "PixelPart",
    "Residual",
    "SeriesLook",
    "harvest",
    "harvest_known",
    "residuals",
    "verify_instance",
]
