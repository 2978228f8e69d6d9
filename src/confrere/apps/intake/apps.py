"""Registers the station with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The doors and the quarantine they fill."""

    name = "confrere.apps.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
