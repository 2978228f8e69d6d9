"""The web application: pages, uploads and DICOMweb."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "confrere.server.settings")
application = get_wsgi_application()
