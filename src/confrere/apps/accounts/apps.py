"""Registers the station with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Members, institutions, invitations, and the audiences they form."""

    name = "confrere.apps.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
