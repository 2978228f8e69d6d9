"""The whole site's table of contents."""

from django.urls import URLPattern, URLResolver, include, path

from confrere.server.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("confrere.apps.accounts.urls")),
    path("", include("confrere.apps.cases.urls")),
    path("", include("confrere.apps.intake.urls")),
    path("", include("confrere.apps.intake.doors.urls")),
    path("", include("confrere.apps.clearance.urls")),
    path("dicom-web/", include("confrere.apps.release.urls")),
    path("", include("confrere.apps.rooms.urls")),
    path("", include("confrere.apps.discuss.urls")),
]
