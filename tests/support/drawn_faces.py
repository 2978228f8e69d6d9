"""A drawn face, so that no photograph of a person is needed to see that a detector is alive."""

import cv2
import numpy as np

from confrere.core.pixels.faces import Image


def drawn_face(size: int = 256, centre: tuple[int, int] | None = None) -> Image:
    """A cartoon of a face, 140 by 190 pixels, around `centre` (column, row), RGB."""
    picture = np.full((size, size, 3), (90, 110, 130), np.uint8)
    x, y = centre or (size // 2, size // 2)
    cv2.ellipse(picture, (x, y), (70, 95), 0, 0, 360, (225, 180, 150), -1)
    cv2.ellipse(picture, (x, y - 60), (76, 55), 0, 180, 360, (50, 35, 25), -1)
    for beside in (-28, 28):
        cv2.ellipse(picture, (x + beside, y - 15), (15, 7), 0, 0, 360, (250, 250, 250), -1)
        cv2.circle(picture, (x + beside, y - 15), 6, (40, 25, 20), -1)
        cv2.ellipse(picture, (x + beside, y - 32), (18, 5), 0, 180, 360, (60, 40, 30), 4)
    cv2.line(picture, (x - 4, y - 8), (x - 9, y + 18), (200, 155, 125), 2)
    cv2.ellipse(picture, (x, y + 18), (12, 8), 0, 0, 180, (180, 130, 105), 3)
    cv2.ellipse(picture, (x, y + 48), (26, 9), 0, 0, 360, (170, 75, 75), -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), np.uint8)
