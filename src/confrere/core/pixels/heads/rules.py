"""What may be shown of a head, whatever was cut: no skin in three dimensions, and faces asked about only in planes.

Source: the figures on matching rendered heads to photographs on the page on heads and faces; PS3.15 E.3.2.
"""

from confrere.core.pixels.heads.is_head import Kind
from confrere.core.terms import Reason, reason


def may_render_skin(kind: Kind | None) -> bool:
    """Whether a 3-D view may offer a preset that shows skin: never for a head, nor where nobody knows.

    INVARIANT: a cut head is no exception. The detectors' silence is no proof against software that matches heads.
    """
    return kind is Kind.OTHER


def planes_only(kind: Kind, *, consent: bool) -> Reason | None:
    """Why an orbit, sinus, jaw or dental series stays out, or None where nothing is asked.

    The cut would destroy what is asked about, so such a series is shown as single slices, and only with the patient's
    `consent` to that; its volume is never handed on.
    """
    if kind is not Kind.FACE_ITSELF:
        return None
    return reason("face-in-planes-only" if consent else "face-needs-consent")
