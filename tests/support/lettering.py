"""A detector that sees bright blocks as lines of text, and pictures with such blocks: no network is loaded."""

import cv2
import numpy as np

Picture = np.ndarray


def blocks_are_text(picture: Picture) -> np.ndarray:
    """The stand-in for a network: every pixel far brighter than the middle is the core of a line."""
    grey = picture if picture.ndim == 2 else picture.max(axis=2)
    smooth = cv2.blur(grey, (5, 5))
    return (smooth > 200).astype(np.float32) * 0.9


def sees_nothing(picture: Picture) -> np.ndarray:
    return np.zeros(picture.shape[:2], np.float32)


def plain(rows: int = 96, columns: int = 160, *, value: int = 40, kind: type = np.uint8) -> Picture:
    return np.full((rows, columns), value, kind)


def with_line(picture: Picture, left: int = 40, top: int = 30, width: int = 60, value: int = 255) -> Picture:
    """`picture` with a line of upright strokes, 10 pixels high."""
    drawn = picture.copy()
    drawn[top : top + 10, left : left + width] = value
    return drawn


def stroked(picture: Picture, left: int, top: int, width: int, *, value: int = 255, step: int = 6) -> Picture:
    """`picture` with thin upright strokes, 10 pixels high, `step` apart."""
    drawn = picture.copy()
    for column in range(left, left + width, step):
        drawn[top : top + 10, column : column + 2] = value
    return drawn
