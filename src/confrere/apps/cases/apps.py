"""Registers the station with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The clinical story: its author, its question, its consent."""

    name = "confrere.apps.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
