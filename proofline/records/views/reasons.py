"""Why an event can't be taken in, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from proofline.timeline.models.quarantine import PARTICULAR, reason_of

REASONS = (
    gettext_noop("event is required"),
    gettext_noop("groupId is required"),
    gettext_noop("userId or anonymousId is required"),
    gettext_noop("properties has to be an object"),
    gettext_noop("traits has to be an object"),
    gettext_noop("timestamp … is no time"),
    gettext_noop("timestamp … is before …"),
    gettext_noop("Unknown type …"),
    gettext_noop("Unknown type None"),
    gettext_noop("Larger than … KB"),
)
"""What the tracking API says most often, so that people read it in their language."""


def worded(reason: str) -> str:
    """Return a reason in the reader's language, where there is one for it."""
    return _(reason) if reason in REASONS else reason


def told(error: str) -> str:
    """Return what is wrong with one event in the reader's language, with what it says of the event itself."""
    reason, particulars = reason_of(error), PARTICULAR.findall(error)
    first, *parts = worded(reason).split("…")
    if reason not in REASONS or len(parts) != len(particulars):
        return error
    return first + "".join(particular + part for particular, part in zip(particulars, parts, strict=True))
