"""What the log leaves out."""

from __future__ import annotations

import logging


class NotHealth(logging.Filter):
    """Leaves out that `/healthz` answered 503, which Django says each time: `timeline.troubles` says what is down, and when."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether it is written."""
        path = getattr(getattr(record, "request", None), "path", "")
        return not (record.name == "django.request" and path == "/healthz")
