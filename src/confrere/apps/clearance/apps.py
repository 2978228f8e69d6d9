"""Registers the station with Django."""

from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    """De-identify, verify, gate: the only room that sees both raw and clean."""

    name = "confrere.apps.clearance"
    label = "clearance"
    default_auto_field = "django.db.models.BigAutoField"
