"""The health check: 200 only when every part is up. Audience: anyone; it tells parts, nothing else."""

import os

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from confrere.adapters.heartbeat import is_fresh
from confrere.adapters.keybox import KeyBox
from confrere.core.terms import Broken

BEATING = ("events", "conveyor", "dicom-node")


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _keybox() -> bool:
    box = KeyBox(settings.CONFIGURATION.keybox_socket, os.environ.get("CONFRERE_KEYBOX_TOKEN", ""))
    try:
        box.ping()
    except Broken:
        return False
    finally:
        box.close()
    return True


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Every part and whether it is up; 503 unless all are."""
    parts = {"web": True, "database": _database(), "keybox": _keybox()}
    parts |= {part: is_fresh(settings.CONFIGURATION.run, part) for part in BEATING}
    return JsonResponse({"parts": parts}, status=200 if all(parts.values()) else 503)
