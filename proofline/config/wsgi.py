"""What the server process runs. Importing it starts the background threads, so nothing else imports it."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proofline.config.settings")

from django.core.wsgi import get_wsgi_application

django_application = get_wsgi_application()

from proofline.config import runtime  # noqa: E402 - after Django is set up
from proofline.timeline import ingest  # noqa: E402 - after Django is set up

application = ingest.wsgi(django_application)
runtime.start()
