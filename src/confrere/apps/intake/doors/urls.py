"""Table of contents of the browser's door."""

from django.urls import path

from confrere.apps.intake.doors import upload

urlpatterns = [
    path("intakes/", upload.new_intake, name="new-intake"),
    path("intakes/<uuid:intake_id>/complete", upload.finish_intake, name="finish-intake"),
    path("intakes/<uuid:intake_id>/abandon", upload.abandon_intake, name="abandon-intake"),
    path("uploads/", upload.create_upload, name="create-upload"),
    path("uploads/<uuid:arrival_id>", upload.upload, name="upload"),
]
