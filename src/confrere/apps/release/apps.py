"""Registers the station with Django."""

from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    """The single window: immutable releases, and every pixel served."""

    name = "confrere.apps.release"
    label = "release"
    default_auto_field = "django.db.models.BigAutoField"
