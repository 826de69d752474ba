"""How forms of this room are answered: shown, shown again with what is wrong, or done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import render

from proofline.kit.components import toast

if TYPE_CHECKING:
    from django import forms
    from django.core.exceptions import ValidationError
    from django.http import HttpRequest, HttpResponse

    from proofline.records.models import User

UNPROCESSABLE = 422


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user; the middleware lets nobody else in."""
    user: Any = request.user
    found: User = user
    return found


def show_form(
    request: HttpRequest, form: forms.BaseForm, *, title: str, template: str = "closing/form.html", **context: Any
) -> HttpResponse:
    """Show a form; with errors it keeps what was typed and answers 422."""
    status = UNPROCESSABLE if form.errors else 200
    return render(request, template, {"form": form, "title": title, **context}, status=status)


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put the errors of a model's verb beside the fields that they are about."""
    if hasattr(error, "error_dict"):
        for field, errors in error.error_dict.items():
            form.add_error(field if field in form.fields else None, errors)
    else:
        form.add_error(None, error)


def warn(request: HttpRequest, text: object) -> None:
    """Tell the user that something did not happen, and why."""
    toast(request, str(text), level=messages.ERROR)


def fine_text(error: ValidationError) -> str:
    """Return a validation error as one sentence."""
    return " ".join(str(message) for message in error.messages)
