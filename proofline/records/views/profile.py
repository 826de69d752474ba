"""One's own profile: name, language, time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proofline.kit.components import toast
from proofline.records.forms import ProfileForm
from proofline.records.models import User
from proofline.records.views.answers import accepted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own profile."""
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, user=request.user, instance=person)
    if request.method == "POST" and accepted(form, lambda: person.change(**form.values)):
        with translation.override(person.language or translation.get_language()):
            toast(request, _("Saved."))
        return redirect("records:profile")
    context = {"form": form, "person": person}
    return render(request, "records/profile.html", context, status=422 if form.is_bound else 200)
