"""What core asks of a network that finds text, and the picture it is asked about.

The network itself is loaded by `adapters.text_detector`; core never knows which weights stand behind it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(rows, columns) grey or (rows, columns, 3) RGB, 0 to 255."""

Stored = NDArray[Any]
"""Stored values of one frame as a reader sees them: (rows, columns) of any integer depth, or a Picture in colour."""

Probability = NDArray[np.float32]
"""(rows, columns), 0 to 1: how likely each pixel lies in the core of a line of text."""

Detector = Callable[[Picture], Probability]
"""A network that finds text: the same rows and columns come back. It is never asked what a text says."""
