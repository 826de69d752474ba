"""A questionnaire as customers answer it: behind its link, without signing in, saved as typed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.links import client_ip
from proofline.kit.pacing import Pace
from proofline.records.access import load
from proofline.stages.discovery.models import (
    Questionnaire,
    Reply,
    StaleVersionError,
    SubmittedError,
)
from proofline.stages.discovery.questionnaires.answers import AnswerError, checked, posted
from proofline.stages.discovery.questionnaires.content import QuestionKind
from proofline.stages.discovery.questionnaires.forms.sending import WhoForm
from proofline.stages.discovery.questionnaires.showing import Sheet
from proofline.stages.discovery.questionnaires.submitting import UnansweredError, submit
from proofline.stages.discovery.questionnaires.views.entering import Place, behind_link
from proofline.stages.discovery.too_often import too_often

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.discovery.questionnaires.content import Content, Question

BEGINNING = Pace(at_once=60, an_hour=120)
"""Replies begun through one public link, by sender: a whole office may sit behind one address."""
SAVING = Pace(at_once=120, an_hour=3600)
"""Answers saved, by reply."""


@behind_link
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, place: Place, language: str) -> HttpResponse:
    """Show the questionnaire; POST hands it in."""
    link, reply = place
    if request.method == "POST":
        return _hand_in(request, place, language)
    if reply is not None and reply.is_submitted:
        return _thanks(request, reply, language)
    if reply is None and link.is_public:
        sheet = Sheet(place.version.content, language=language, values={})
        context = {"sheet": sheet, "link": link, "form": WhoForm(), "LANGUAGE_CODE": language}
        return render(request, "discovery/questionnaires/begin.html", context)
    return _page(request, place, language)


def _page(
    request: HttpRequest,
    place: Place,
    language: str,
    *,
    errors: dict[str, str] | None = None,
    has_more: bool = False,
) -> HttpResponse:
    values = place.reply.values if place.reply else {}
    given = request.POST if errors else None
    context = {
        "sheet": Sheet(place.version.content, language=language, values=values, errors=errors, given=given),
        "version": place.version,
        "token": place.reply.token if place.reply else place.link.token,
        "link": place.link,
        "reply": place.reply,
        "owner": place.link.owner,
        "has_more": has_more,
        "LANGUAGE_CODE": language,
    }
    status = 422 if errors or has_more else 200
    return render(request, "discovery/questionnaires/answer.html", context, status=status)


@behind_link
@require_POST
def beginning(request: HttpRequest, place: Place, language: str) -> HttpResponse:
    """Begin a reply through a public link, and lead to its own address."""
    if place.reply is not None or not place.link.is_public:
        return redirect("discovery:questionnaire_public", token=(place.reply or place.link).token)
    if wait := BEGINNING.wait((place.link.pk, client_ip(request))):
        return too_often(request, wait)
    form = WhoForm(request.POST)
    if not form.is_valid():
        context = {"sheet": Sheet(place.version.content, language=language, values={}), "link": place.link}
        context |= {"form": form, "LANGUAGE_CODE": language}
        return render(request, "discovery/questionnaires/begin.html", context, status=422)
    if form.cleaned_data["website"]:  # a robot filled in what people don't see
        return redirect("discovery:questionnaire_public", token=place.link.token)
    reply = Reply.objects.begin(place.link, version=place.version, now=timezone.now(), language=language)
    reply.introduce(name=form.cleaned_data["name"], email=form.cleaned_data["email"])
    return redirect("discovery:questionnaire_public", token=reply.token)


@behind_link
@require_POST
def saving(request: HttpRequest, place: Place, language: str) -> HttpResponse:
    """Keep the answers that changed (`changed`: keys of questions), and say which questions are asked now.

    `{"shown": [key], "errors": {key: text}, "answered": 3, "asked": 9}`
    """
    if wait := SAVING.wait((place.reply or place.link).token):
        answer = JsonResponse({"wait": math.ceil(wait)}, status=429)
        answer["Retry-After"] = str(math.ceil(wait))
        return answer
    if place.reply is None and place.link.is_public:
        raise Http404
    try:
        reply = _reply(request, place, language)
        values, errors = _read(request, reply.content, only=set(request.POST.getlist("changed")))
        errors |= _keep(request, reply, values, language)
    except SubmittedError:
        return JsonResponse({"submitted": True}, status=409)
    except StaleVersionError:
        return JsonResponse({"reload": True}, status=409)
    return _state(reply.content, reply.values, errors, language)


def _state(content: Content, values: dict[str, Any], errors: dict[str, str], language: str) -> JsonResponse:
    sheet = Sheet(content, language=language, values=values)
    answered, asked = sheet.progress
    return JsonResponse({"shown": list(sheet.shown), "errors": errors, "answered": answered, "asked": asked})


def _reply(request: HttpRequest, place: Place, language: str) -> Reply:
    """Return the reply, begun now if need be with the version that the page showed.

    Raises:
        StaleVersionError: the page showed none of this questionnaire.
    """
    if place.reply is not None:
        place.reply.language = language
        return place.reply
    number = request.POST.get("version", "")
    rows = place.link.questionnaire.versions.all()
    version = rows.filter(number=number).first() if number.isdecimal() and len(number) < 9 else None  # noqa: PLR2004 - no version has so many digits
    if version is None:
        raise StaleVersionError
    return Reply.objects.begin(place.link, version=version, now=timezone.now(), language=language)


def _read(
    request: HttpRequest, content: Content, *, only: set[str] | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read answers from a form; return those that can be kept, and what is wrong with the others."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for question in content.questions:
        if question.kind == QuestionKind.FILE or (only is not None and question.key not in only):
            continue
        try:
            values[question.key] = checked(question, posted(question, request.POST))
        except AnswerError as error:
            errors[question.key] = str(error)
    return values, errors


def _keep(request: HttpRequest, reply: Reply, values: dict[str, Any], language: str) -> dict[str, str]:
    """Keep answers and files; return what is wrong with files."""
    now, errors = timezone.now(), {}
    reply.language = language
    reply.save_answers(values, now=now)
    dropped = request.POST.get("drop", "")
    for question in _files(reply.content):
        upload = request.FILES.get(f"q-{question.key}")
        if question.key == dropped:
            reply.drop_file(question.key, now=now)
        elif upload is not None:
            try:
                reply.keep_file(question.key, upload, now=now)
            except ValidationError as error:
                errors[question.key] = " ".join(error.messages)
    return errors


def _files(content: Content) -> list[Question]:
    return [question for question in content.questions if question.kind == QuestionKind.FILE]


def _hand_in(request: HttpRequest, place: Place, language: str) -> HttpResponse:
    if wait := SAVING.wait((place.reply or place.link).token):
        return too_often(request, wait)
    if place.reply is None and place.link.is_public:
        raise Http404
    try:
        reply = _reply(request, place, language)
        values, errors = _read(request, reply.content)
        errors |= _keep(request, reply, values, language)
        if not errors and (turn := request.POST.get("turn", "")) in reply.content.languages:
            there = reverse("discovery:questionnaire_public", args=[reply.token])
            return redirect(f"{there}?language={turn}")  # a page without its script goes on in the other language
        errors = dict.fromkeys((one.key for one in reply.open_questions), _("This needs an answer.")) | errors
        has_more = not errors and _leads_on(request, reply)
        if not errors and not has_more:
            submit(reply, now=timezone.now())
    except StaleVersionError:
        return redirect("discovery:questionnaire_public", token=place.link.token)
    except UnansweredError as error:
        has_more, errors = False, dict.fromkeys(error.questions, _("This needs an answer."))
    except SubmittedError:
        return redirect("discovery:questionnaire_public", token=place.link.token)
    if errors or has_more:
        return _page(request, Place(place.link, reply), language, errors=errors, has_more=has_more)
    return redirect("discovery:questionnaire_public", token=reply.token)


def _leads_on(request: HttpRequest, reply: Reply) -> bool:
    """Return whether answers raise questions that a page without its script did not show (`seen`: those that it did)."""
    seen = request.POST.get("seen")
    return seen is not None and not set(reply.asked) <= {*seen.split(), *reply.values}


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as customers would see it; nothing is kept. POST says which questions are asked, as `saving` does."""
    record = load(Questionnaire, user=request.user, pk=pk)
    content = record.content
    asked_for = (request.POST if request.method == "POST" else request.GET).get("language", "")
    language = content.spoken(asked_for or translation.get_language() or "en")
    with translation.override(language):
        if request.method == "POST":
            values, errors = _read(request, content)
            return _state(content, values, errors, language)
        context = {
            "sheet": Sheet(content, language=language, values={}),
            "questionnaire": record,
            "preview": True,
            "LANGUAGE_CODE": language,
        }
        return render(request, "discovery/questionnaires/answer.html", context)


def _thanks(request: HttpRequest, reply: Reply, language: str) -> HttpResponse:
    sheet = Sheet(reply.content, language=language, values=reply.values)
    context: dict[str, Any] = {"reply": reply, "sheet": sheet, "owner": reply.link.owner, "LANGUAGE_CODE": language}
    if reply.content.tells_score:
        band = reply.band
        context |= {"score": reply.score, "band": reply.content.say(band.text, language) if band else ""}
    return render(request, "discovery/questionnaires/thanks.html", context)
