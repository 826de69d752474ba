"""Reading what was answered: one reply, all of them, and making needs of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.files import answer_with
from proofline.records.lists import RecordList
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.models import Answer, AnswerFile, Need, Questionnaire, Reply
from proofline.stages.discovery.questionnaires.forms.sending import PlaceForm
from proofline.stages.discovery.questionnaires.lists import REPLIES
from proofline.stages.discovery.questionnaires.results import LOOKED_AT, results
from proofline.stages.discovery.questionnaires.showing import Sheet
from proofline.stages.discovery.questionnaires.submitting import apply_rules, meant, note_need

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse


@require_GET
def replies(request: HttpRequest) -> HttpResponse:
    """The list of what was answered."""
    listing = RecordList.of(
        request,
        kind=REPLIES,
        empty=Empty(
            title=_("No answers yet"),
            text=_("Send a questionnaire from a discovery, or open a public link to one."),
            url=reverse("discovery:questionnaires"),
            label=_("Go to questionnaires"),
            icon="message-2",
        ),
    )
    return listing.render("discovery/questionnaires/replies.html")


@require_GET
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """What one person answered, beside what it means."""
    record = load(_rows(), user=request.user, pk=pk)
    language = translation.get_language() or "en"
    sheet = Sheet(record.content, language=language, values=record.values)
    noted: dict[int, list[Need]] = {}
    for need in Need.objects.visible_to(request.user).filter(answer__reply=record).order_by("pk"):
        noted.setdefault(need.answer_id or 0, []).append(need)
    rules: dict[str, list[str]] = {}
    for answer, _question, option in meant(record):
        assert option.need is not None
        if not any(need.answer_option == option.key for need in noted.get(answer.pk, [])):
            rules.setdefault(answer.question, []).append(record.content.say(option.need.text, language))
    files = {kept.question: kept for kept in record.files.all()}
    band = record.band
    context = {
        "reply": record,
        "lines": [
            (part, [_line(record, asked, noted, rules, files) for asked in part.questions if asked.shown])
            for part in sheet.parts
            if part.shown
        ],
        "rules": sum(map(len, rules.values())),
        "score": record.score,
        "band": record.content.say(band.text, language) if band else "",
        "may_write": request.user.may_write("discovery"),
        "study": record.study,
    }
    return render(request, "discovery/questionnaires/reply.html", context)


def _rows() -> Any:
    links = ("link__owner", "version__questionnaire", "study__account", "study__owner", "contact", "submission")
    return Reply.objects.select_related(*links).prefetch_related("answers")


def _line(record: Reply, asked: Any, noted: Any, rules: Any, files: Any) -> dict[str, Any]:
    answer = record.rows.get(asked.key)
    return {
        "asked": asked,
        "answer": answer,
        "needs": noted.get(answer.pk, []) if answer else [],
        "whole": any(not need.answer_option for need in noted.get(answer.pk, [])) if answer else False,
        "rules": rules.get(asked.key, []),
        "file": files.get(asked.key),
    }


@require_POST
def answer_need(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an answer a need."""
    found = _answer(request, pk, write=True)
    try:
        need, is_new = note_need(found, by=request.user, now=timezone.now())
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
    else:
        toast(request, _("Noted as a need: %(need)s") % {"need": need} if is_new else _("It is a need already."))
    return redirect("discovery:reply", pk=found.reply_id)


def _answer(request: HttpRequest, pk: int, *, write: bool = False) -> Answer:
    found = Answer.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.reply = load(_rows(), user=request.user, write=write, pk=found.reply_id)
    return found


@require_POST
def reply_needs(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the needs that the chosen options mean."""
    record = load(_rows(), user=request.user, write=True, pk=pk)
    try:
        made = apply_rules(record, by=request.user, now=timezone.now())
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
    else:
        toast(request, _("Needs noted: %(count)s") % {"count": len(made)})
    return redirect(record)


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the discovery that a reply belongs to; what its options mean becomes needs there."""
    record = load(_rows(), user=request.user, write=True, pk=pk)
    form = PlaceForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            record.place(form.cleaned_data["study"])
        except ValidationError as error:
            form.add_error("study", ValidationError(error.messages))
        else:
            if record.is_submitted:
                apply_rules(record, by=request.user, now=timezone.now())
            return redirect(record)
    context = {"form": form, "reply": record, "cancel": record.get_absolute_url(), "submit": _("Choose discovery")}
    return render(request, "discovery/questionnaires/place_form.html", context, status=422 if form.errors else 200)


@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse:
    """Give a file that somebody answered with; it is only ever saved."""
    found = AnswerFile.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    load(Reply, user=request.user, pk=found.reply_id)
    return answer_with(found)


@require_GET
def questionnaire_results(request: HttpRequest, pk: int) -> HttpResponse:
    """What the replies say together."""
    record = load(Questionnaire, user=request.user, pk=pk)
    content = record.newest.content if record.newest else record.content
    rows = Reply.objects.visible_to(request.user).filter(link__questionnaire=record).submitted()
    found = list(
        rows.select_related("version", "submission", "study__account", "contact")
        .prefetch_related("answers")
        .order_by("-submission__at")[: LOOKED_AT + 1]
    )
    scores = [reply.submission.score for reply in found if reply.submission.score is not None]
    context = {
        "questionnaire": record,
        "results": results(content, found[:LOOKED_AT], language=translation.get_language() or "en"),
        "count": min(len(found), LOOKED_AT),
        "capped": len(found) > LOOKED_AT,
        "mean_score": sum(scores) / len(scores) if scores else None,
        "may_write": request.user.may_write("discovery"),
    }
    return render(request, "discovery/questionnaires/results.html", context)
