"""Sending a questionnaire: links opened, closed and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.link_forms import OPEN_FOR
from proofline.stages.discovery.models import Questionnaire, QuestionnaireLink, Study
from proofline.stages.discovery.questionnaires.forms.sending import LinkForm
from proofline.stages.discovery.questionnaires.mailing import mail_link

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def for_study(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a questionnaire to a study's customer."""
    study = load(Study.objects.select_related("account"), user=request.user, write=True, pk=pk)
    form = LinkForm(posted(request), user=request.user, today=timezone.localdate(), study=study)
    return _send(request, form, back=study)


@require_http_methods(["GET", "POST"])
def for_questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a link to a questionnaire: public, or for a study."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    form = LinkForm(posted(request), user=request.user, today=timezone.localdate(), questionnaire=record)
    return _send(request, form, back=record)


def _send(request: HttpRequest, form: LinkForm, *, back: Study | Questionnaire) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        values, now = form.cleaned_data, timezone.now()
        try:
            link = QuestionnaireLink.objects.send(
                values["questionnaire"],
                by=request.user,
                now=now,
                study=values["study"],
                to=values["to"],
                language=values["language"],
                is_public=values["is_public"],
                expires_at=form.expires_at,
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            _told(request, link, by_mail=values["by_mail"], now=now)
            return redirect(back)
    context: dict[str, Any] = {"form": form, "back": back, "cancel": back.get_absolute_url(), "submit": _("Open link")}
    context["published"] = Questionnaire.objects.published().exists()
    return render(request, "discovery/questionnaires/link_form.html", context, status=422 if form.errors else 200)


def _told(request: HttpRequest, link: QuestionnaireLink, *, by_mail: bool, now: datetime) -> None:
    toast(request, _("The link is open."))
    url = f"{settings.PUBLIC_URL}{link.public_path}"
    if by_mail and not mail_link(link, url=url, now=now):
        toast(request, _("No e-mail was sent: this person does not want any."), level=messages.WARNING)


@require_POST
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a link."""
    link = load(QuestionnaireLink, user=request.user, write=True, pk=pk)
    link.close(by=request.user, now=timezone.now())
    toast(request, _("The link is closed. What was answered stays."))
    return redirect(link.study or link.questionnaire)


@require_POST
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a link again, for thirty days."""
    link = load(QuestionnaireLink, user=request.user, write=True, pk=pk)
    now = timezone.now()
    link.reopen(by=request.user, now=now, expires_at=now + OPEN_FOR)
    toast(request, _("The link is open."))
    return redirect(link.study or link.questionnaire)
