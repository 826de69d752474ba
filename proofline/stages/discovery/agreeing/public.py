"""The assumptions of a value case as the customer sees them: each with its source, to agree to or to question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from proofline.kit.links import client_ip
from proofline.kit.pacing import Pace
from proofline.stages.discovery.agreeing.answering import FigureMovedError, Speaker, answer
from proofline.stages.discovery.agreeing.models import LONGEST_NOTE, ValueCaseLink, Verdict
from proofline.stages.discovery.agreeing.premises import agreement_of
from proofline.stages.discovery.too_often import too_often
from proofline.stages.discovery.unsent import mail_body, unsent

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from proofline.stages.discovery.agreeing.premises import Premise

GUESSING = Pace(at_once=30, an_hour=120)
"""Addresses that lead nowhere, by sender."""
ANSWERING = Pace(at_once=30, an_hour=240)
"""Answers handed in, by link."""


@dataclass
class Row:
    """An assumption with what was typed for it and what is wrong with that."""

    premise: Premise
    verdict: str = ""
    note: str = ""
    error: str = ""


@csrf_exempt  # who answers has no session to misuse, and the secret address is all that it needs
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def public(request: HttpRequest, token: str) -> HttpResponse:
    """Show the assumptions; POST hands in what the customer says to them."""
    links = ValueCaseLink.objects.select_related("value_case__study__account", "value_case__study__owner", "contact")
    link: ValueCaseLink | None = links.filter(token=token).first()
    if link is None:
        if wait := GUESSING.wait(client_ip(request)):
            return too_often(request, wait)
        raise Http404
    asked_for = (request.POST if request.method == "POST" else request.GET).get("language", "")
    language = asked_for if asked_for in {"en", "zh-hans"} else link.value_case.study.account.language or "en"
    with translation.override(language):
        if link.state(now=timezone.now()) != "open":
            return _closed(request, link, language)
        if request.method == "POST":
            return _take(request, link, language)
        return _page(request, link, language, [Row(premise) for premise in agreement_of(link.value_case).premises])


def _take(request: HttpRequest, link: ValueCaseLink, language: str) -> HttpResponse:
    if wait := ANSWERING.wait(link.pk):
        return too_often(request, wait)
    rows = [_typed(premise, request.POST) for premise in agreement_of(link.value_case).premises]
    name = " ".join(request.POST.get("name", "").split())
    trouble = _keep(link, rows, name=name, given=request.POST)
    if trouble or any(row.error for row in rows):
        return _page(request, link, language, rows, name=name, trouble=trouble, status=422)
    return redirect(f"{link.public_path}?language={language}&said=1")


def _typed(premise: Premise, given: QueryDict) -> Row:
    verdict = given.get(f"verdict-{premise.key}", "")
    note = given.get(f"note-{premise.key}", "")
    if verdict not in {Verdict.AGREED, Verdict.QUESTIONED}:
        right = "all" in given and not note.strip() and premise.state in {"open", "changed"}
        verdict = Verdict.AGREED if right else ""
    return Row(premise, verdict, note)


def _keep(link: ValueCaseLink, rows: list[Row], *, name: str, given: QueryDict) -> str:
    """Keep what was said, all or nothing; return what is wrong with it as a whole, each row's own fault beside it."""
    said = [row for row in rows if row.verdict or row.note.strip()]
    if not said:
        return _("Nothing was chosen yet: say for at least one figure whether it is right.")
    for row in said:
        row.verdict = row.verdict or Verdict.QUESTIONED
    is_contact = link.contact is not None and name in {"", str(link.contact)}
    who = Speaker(name=name, contact=link.contact if is_contact else None, link=link)
    trouble, now = "", timezone.now()
    with transaction.atomic():
        for row in said:
            try:
                answer(
                    link.value_case,
                    row.premise,
                    verdict=row.verdict,
                    note=row.note,
                    who=who,
                    basis=given.get(f"basis-{row.premise.key}"),
                    now=now,
                )
            except FigureMovedError as error:
                row.error = str(error)
                row.verdict = ""
            except ValidationError as error:
                found = error.message_dict
                trouble = " ".join(found.pop("name", [])) or trouble
                row.error = " ".join(text for texts in found.values() for text in texts)
        if trouble or any(row.error for row in rows):
            transaction.set_rollback(True)
    return trouble


def _page(
    request: HttpRequest,
    link: ValueCaseLink,
    language: str,
    rows: list[Row],
    *,
    name: str | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    case = link.value_case
    agreement, by_key = agreement_of(case), {row.premise.key: row for row in rows}
    context: dict[str, Any] = {
        "case": case,
        "groups": [(line, [by_key[one.key] for one in found]) for line, found in agreement.groups],
        "name": name if name is not None else str(link.contact or ""),
        "trouble": trouble,
        "said": "said" in request.GET,
        "owner": case.study.owner,
        "expires_at": link.expires_at,
        "longest": LONGEST_NOTE,
        "LANGUAGE_CODE": language,
        "languages": [pair for pair in (("en", "English"), ("zh-hans", "简体中文")) if pair[0] != language],
        "agreement": agreement,
    }
    return render(request, "discovery/agreeing/public.html", context, status=status)


def _closed(request: HttpRequest, link: ValueCaseLink, language: str) -> HttpResponse:
    texts = unsent(request)
    context: dict[str, Any] = {"unsent": texts, "mail_body": mail_body(texts)}
    context |= {"link": link, "owner": link.value_case.study.owner, "LANGUAGE_CODE": language}
    return render(request, "discovery/agreeing/link_closed.html", context, status=410)
