"""Rendered previews, cached by content: the same bytes, window and size are rendered once.

What lies in the cache begins with its own SHA-256: a picture damaged at rest is rendered again, never shown.
"""

import hashlib
from dataclasses import dataclass

from confrere.adapters.objects import ObjectMissing
from confrere.apps.release.window import Pane, read, store
from confrere.core.dicom.render import render_frame
from confrere.core.terms import Broken

_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class View:
    """How a frame is to be rendered: 1-based frame, (centre, width) or None, (columns, rows) at most, type."""

    frame: int
    window: tuple[float, float] | None
    viewport: tuple[int, int] | None
    media_type: str

    def key(self, sha256: str) -> str:
        """The cache key of this view of the instance with that SHA-256."""
        told = f"{self.frame}|{self.window}|{self.viewport}|{self.media_type}"
        digest = hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
        return f"previews/{sha256[:2]}/{sha256}/{digest}"


def preview(pane: Pane, view: View) -> bytes:
    """The rendered view of a pane the window has just opened; never called without it."""
    key = view.key(pane.sha256)
    kept = _kept(key)
    if kept is not None:
        return kept
    image = render_frame(
        read(pane),
        view.frame,
        window=view.window,
        viewport=view.viewport,
        media_type=view.media_type,
    )
    try:
        store().put(key, hashlib.sha256(image).digest() + image)
    except Broken:
        # Two requests rendered the same view with different encoder timing: either image is right.
        return image
    return image


def _kept(key: str) -> bytes | None:
    """The picture in the cache, None when there is none; a damaged one is thrown away."""
    try:
        found = store().get(key)
    except ObjectMissing:
        return None
    digest, image = found[:_DIGEST], found[_DIGEST:]
    if hashlib.sha256(image).digest() == digest:
        return image
    store().delete(key)
    return None
