"""Registers the station with Django."""

from django.apps import AppConfig


class DiscussConfig(AppConfig):
    """Comments and pins beside the images of a case."""

    name = "confrere.apps.discuss"
    label = "discuss"
    default_auto_field = "django.db.models.BigAutoField"
