"""Table of contents of clearance's pages."""

from django.urls import path

from confrere.apps.clearance.pages import held

urlpatterns = [path("intakes/<uuid:intake_id>/destroy", held.destroy, name="destroy-held")]
