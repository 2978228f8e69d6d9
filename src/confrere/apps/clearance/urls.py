"""Table of contents of clearance's pages."""

from django.urls import path

from confrere.apps.clearance.pages import desk, heads, held

urlpatterns = [
    path("intakes/<uuid:intake_id>/destroy", held.destroy, name="destroy-held"),
    path("desk/<uuid:intake_id>", desk.desk, name="desk"),
    path("desk/<uuid:intake_id>/open", desk.open_desk, name="open-desk"),
    path("desk/<uuid:intake_id>/approve", desk.approve_images, name="approve"),
    path("desk/<uuid:intake_id>/pictures/<uuid:proposal_id>/<int:place>", desk.picture, name="desk-picture"),
    path("drafts/<uuid:case_id>/heads", heads.heads, name="heads"),
    path("drafts/<uuid:case_id>/heads/ready", heads.ready, name="heads-ready"),
    path("drafts/<uuid:case_id>/heads/<uuid:look_id>/slices", heads.choose, name="choose-slices"),
    path("drafts/<uuid:case_id>/heads/<uuid:look_id>/again", heads.again, name="look-again"),
    path("drafts/<uuid:case_id>/heads/<uuid:look_id>/<slug:name>.webp", heads.strip, name="head-strip"),
]
