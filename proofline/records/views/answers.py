"""What the room's pages answer with: a form, or its errors with what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form is bound to: what was sent, though it be nothing at all; None where nothing was."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: str,
    submit: str = "",
    cancel: str = "",
    intro: str = "",
    back: tuple[str, str] | None = None,
) -> HttpResponse:
    """Show a form; with status 422 when it came back with errors. `back` is (label, address) of the page above."""
    context = {"form": form, "title": title, "submit": submit, "cancel": cancel, "intro": intro, "back": back}
    return render(request, "records/form.html", context, status=422 if form.is_bound else 200)


def accepted(form: forms.BaseForm, act: Callable[[], Any]) -> bool:
    """Tell whether the form is valid and the domain took it; what the domain refuses becomes the form's errors."""
    if not form.is_valid():
        return False
    try:
        act()
    except ValidationError as error:
        for field, messages in named(error).items():
            form.add_error(field if field in form.fields else None, messages)
        return False
    return True


def named(error: ValidationError) -> dict[str | None, list[str]]:
    """Return the messages of an error by field."""
    if not hasattr(error, "error_dict"):
        return {None: error.messages}
    return {None if name == NON_FIELD_ERRORS else name: messages for name, messages in error.message_dict.items()}
