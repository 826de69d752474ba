"""What the server process runs. Importing it starts the background threads, so nothing else imports it."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proofline.config.settings")

from django.core.wsgi import get_wsgi_application

django_application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - after Django is set up

from proofline.config import runtime  # noqa: E402 - as above
from proofline.timeline import ingest  # noqa: E402 - as above

get_resolver().check()  # loads every page's code now, so that one that can't be loaded stops the start and not a visitor
application = ingest.wsgi(django_application)
runtime.start()
