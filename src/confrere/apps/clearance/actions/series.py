"""Move the series of a case together, when the case is posted or thrown away."""

import uuid

from confrere.apps.audit.actions.record import record
from confrere.apps.clearance.models import SeriesClearance, SeriesState
from confrere.core.lifecycle import SERIES, move


def move_series(actor: str, case_id: uuid.UUID, verb: str) -> None:
    """Move every verified series of a case by `verb`; the caller holds the transaction."""
    for series in SeriesClearance.objects.filter(study__case_id=case_id, state=SeriesState.VERIFIED):
        step = move(SERIES, series.state, verb)
        series.state = step.to_state
        series.save(update_fields=["state"])
        record(actor, step.event, str(series.id), {"case": str(case_id)})
