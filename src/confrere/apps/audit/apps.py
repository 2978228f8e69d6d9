"""Registers the station with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only ledger: everyone writes, nobody edits."""

    name = "confrere.apps.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
