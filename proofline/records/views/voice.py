"""Words that we avoid: replaced in the texts of a record, and hinted at while a text is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from proofline.kit.addresses import next_of
from proofline.kit.components import toast
from proofline.records import voice
from proofline.records.access import load
from proofline.records.forms.voice import Typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse


def rewording(model: type[Model]) -> Callable[..., HttpResponse]:
    """Return the view that writes, in a record's texts, what we write instead of a word that we avoid (`found`); goes back to `next`."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        record = load(model, user=request.user, write=True, pk=pk)
        spoken = voice.of(model)
        try:
            if texts := spoken.reworded(record, found=request.POST.get("found", "")):
                spoken.change(record, by=request.user, now=timezone.now(), **texts)
        except ValidationError as error:
            toast(request, " ".join(error.messages), level=messages.ERROR)
        except spoken.refusals as error:
            toast(request, str(error), level=messages.ERROR)
        return redirect(next_of(request) or "/")

    return view


@require_POST
def typed_hints(request: HttpRequest) -> HttpResponse:
    """The words that we avoid in what stands in a form (its fields, and their names in `voiced`); keeps nothing."""
    typed = Typed.read(request.POST, request.POST.get("voiced", "").split())
    return render(request, "records/parts/typed_hints.html", {"hints": typed.hints()})
