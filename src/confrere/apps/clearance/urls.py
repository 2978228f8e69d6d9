"""Table of contents of clearance's pages."""

from django.urls import path

from confrere.apps.clearance.pages import desk, held

urlpatterns = [
    path("intakes/<uuid:intake_id>/destroy", held.destroy, name="destroy-held"),
    path("desk/<uuid:intake_id>", desk.desk, name="desk"),
    path("desk/<uuid:intake_id>/open", desk.open_desk, name="open-desk"),
    path("desk/<uuid:intake_id>/approve", desk.approve_images, name="approve"),
    path("desk/<uuid:intake_id>/pictures/<uuid:proposal_id>/<int:place>", desk.picture, name="desk-picture"),
]
