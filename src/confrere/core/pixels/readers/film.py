"""Films: MP4, MOV, AVI and WebM, decoded frame by frame; sound, subtitles and everything written about them stay out.

OpenCV's own FFmpeg (LGPL) decodes out of memory: no file, no address, one thread. What the container claims is
bounded first (`containers.py`), because a demuxer allocates by it.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import cv2
import numpy as np

from confrere.core.pixels import containers
from confrere.core.pixels.forms import Form
from confrere.core.pixels.pictures import Frame, Picture, PictureKind, Pictures, Pixels
from confrere.core.terms import Refused

MOST_FRAMES: Final = 1800
"""A minute at 30 frames a second."""
MOST_FRAME_PIXELS: Final = 4096 * 2304
LONGEST_SIDE: Final = 1920
_USUAL_FPS: Final = 25.0


def read(content: bytes, form: Form) -> Pictures:
    """One film of at most MOST_FRAMES frames, the longer side at most LONGEST_SIDE.

    Raises Refused: no-video-track, film-too-long, too-many-pixels, truncated, bad-picture.
    """
    claimed = containers.claims(content, form)
    if claimed.frames > MOST_FRAMES:
        raise Refused("film-too-long")
    count, rows, columns, fps = _measure(content)
    if count < 0.9 * claimed.frames:
        raise Refused("truncated")
    film = Picture("film", PictureKind.FILM, rows, columns, _reader(content, rows, columns), count, 1000.0 / fps)
    return Pictures((film,), notes=("sound-dropped",) if claimed.has_sound else (), holds=("film-needs-person",))


class _Stream(io.BytesIO):
    """The film's bytes. A demuxer may be told to go anywhere; an exception in here would end the process."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Where it then stands; -1, unmoved, for a place before the beginning."""
        at = offset + (0, self.tell(), len(self.getbuffer()))[whence % 3]
        return super().seek(at) if at >= 0 else -1


@contextmanager
def _opened(content: bytes) -> Iterator[cv2.VideoCapture]:
    # INVARIANT: the stream outlives the capture, which reads from it without holding it.
    stream = _Stream(content)
    film = cv2.VideoCapture(cast("cv2.IStreamReader", stream), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    try:
        if not film.isOpened():
            raise Refused("bad-picture")
        yield film
    finally:
        film.release()
        stream.close()


def _measure(content: bytes) -> tuple[int, int, int, float]:
    """(frames, rows, columns, frames a second) as they truly come out; decodes the whole once."""
    with _opened(content) as film:
        if film.get(cv2.CAP_PROP_FRAME_WIDTH) * film.get(cv2.CAP_PROP_FRAME_HEIGHT) > MOST_FRAME_PIXELS:
            raise Refused("too-many-pixels")
        said = film.get(cv2.CAP_PROP_FPS)
        there, first = film.read()
        if not there:
            raise Refused("bad-picture")
        count = 1
        while film.grab():
            count += 1
            if count > MOST_FRAMES:
                raise Refused("film-too-long")
        rows, columns = _small(first).shape[:2]
        return count, rows, columns, said if 0.1 <= said <= 240 else _USUAL_FPS


def _reader(content: bytes, rows: int, columns: int) -> Callable[[], Iterator[Frame]]:
    def frames() -> Iterator[Frame]:
        with _opened(content) as film:
            for _ in range(MOST_FRAMES):
                there, frame = film.read()
                if not there:
                    return
                pixels = np.ascontiguousarray(_small(frame)[:, :, ::-1])
                if pixels.shape != (rows, columns, 3):
                    raise Refused("bad-picture", "frames of several sizes")
                yield pixels

    return frames


def _small(frame: Any) -> Pixels:  # Any: what cv2 calls MatLike
    rows, columns = frame.shape[:2]
    scale = LONGEST_SIDE / max(rows, columns)
    if scale >= 1:
        return cast("Pixels", frame)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    return cast("Pixels", cv2.resize(frame, size, interpolation=cv2.INTER_AREA))
