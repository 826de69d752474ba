"""What went wrong with what was typed, in one line instead of a traceback."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist, ValidationError
from django.db import OperationalError

from proofline.timeline.engine import StoreError


class InputError(Exception):
    """What was typed can't be done; the message says what and why."""


def sentence_of(error: Exception) -> str | None:
    """Return one line about an error that the input or the machine causes; None for one that is our own."""
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return "; ".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
        return " ".join(error.messages)
    if isinstance(error, OSError):
        return f"{error.filename or ''}: {error.strerror or error}".removeprefix(": ")
    if isinstance(error, OperationalError):
        return f"The record store does not answer: {error}".strip().splitlines()[0]
    if isinstance(error, InputError | ObjectDoesNotExist | ImproperlyConfigured | StoreError | ValueError):
        return " ".join(str(error).split())
    return None
