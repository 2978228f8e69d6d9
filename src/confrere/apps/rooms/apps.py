"""Registers the station with Django."""

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """Closed groups of members, and the feed of cases posted to them."""

    name = "confrere.apps.rooms"
    label = "rooms"
    default_auto_field = "django.db.models.BigAutoField"
