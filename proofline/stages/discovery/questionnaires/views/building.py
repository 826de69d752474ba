"""The builder: a questionnaire's list, its page, its parts, its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Empty, toast
from proofline.records.access import load, require_write
from proofline.records.lists import RecordList
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.models import Questionnaire, QuestionnaireLink, Reply
from proofline.stages.discovery.questionnaires import editing, industries
from proofline.stages.discovery.questionnaires.content import Question, QuestionKind, Section, new_key
from proofline.stages.discovery.questionnaires.forms.building import ContentForm, QuestionForm, SectionForm
from proofline.stages.discovery.questionnaires.lists import QUESTIONNAIRES
from proofline.stages.discovery.questionnaires.outline import Outline

if TYPE_CHECKING:
    from django.http import HttpRequest

NEWEST = 20


@require_GET
def questionnaires(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=QUESTIONNAIRES,
        empty=Empty(
            title=_("No questionnaires yet"),
            text=_(
                "Ask about situation, pain and goal before the first talk. Begin with the one for your customer's industry."
            ),
            url=reverse("discovery:questionnaire_templates"),
            label=_("Choose a template"),
            icon="forms",
        ),
    )
    return listing.render("discovery/questionnaires/list.html", {"may_write": request.user.may_write("discovery")})


@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """The questionnaires that come with the product, to begin with."""
    language = translation.get_language() or "en"
    shown = [
        {
            "slug": one.slug,
            "title": one.content.say(one.content.title, language),
            "sector": one.content.say(one.sector, language),
            "intro": one.content.say(one.content.intro, language),
            "sections": [one.content.say(section.title, language) for section in one.content.sections],
            "questions": sum(1 for _question in one.content.questions),
        }
        for one in industries.every()
    ]
    context = {"templates": shown, "may_write": request.user.may_write("discovery")}
    return render(request, "discovery/questionnaires/templates.html", context)


@require_POST
def from_template(request: HttpRequest, industry: str) -> HttpResponse:
    """Begin a questionnaire as a copy of one that comes with the product."""
    require_write(request.user, area="discovery")
    found = industries.named(industry)
    if found is None:
        raise Http404
    sector = found.content.say(found.sector, translation.get_language() or "en")
    made = Questionnaire.objects.begin(by=request.user, now=timezone.now(), content=found.content, sector=sector)
    return redirect(made)


@require_GET
def questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """The builder."""
    record = load(Questionnaire, user=request.user, pk=pk)
    links = QuestionnaireLink.objects.visible_to(request.user).filter(questionnaire=record)
    content, now = record.content, timezone.now()
    context = {
        "questionnaire": record,
        "outline": Outline(content, language=translation.get_language() or "en"),
        "kinds": Outline.kinds(),
        "problems": editing.problems(content),
        "versions": record.versions.select_related("by").order_by("-number")[:NEWEST],
        "links": [
            (link, link.state(now=now), f"{settings.PUBLIC_URL}{link.public_path}")
            for link in links.select_related("study__account", "contact", "closing").order_by("-pk")[:NEWEST]
        ],
        "replies": Reply.objects.visible_to(request.user).filter(link__questionnaire=record).submitted()[:1],
        "may_write": request.user.may_write("discovery"),
    }
    return render(request, "discovery/questionnaires/questionnaire.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a questionnaire."""
    require_write(request.user, area="discovery")
    form = ContentForm(posted(request), initial={"languages": ["en", "zh-hans"]})
    if request.method == "POST" and form.is_valid():
        made = Questionnaire.objects.begin(
            by=request.user, now=timezone.now(), content=form.content(), sector=form.cleaned_data["sector"]
        )
        return redirect(made)
    context = {"form": form, "cancel": reverse("discovery:questionnaires"), "submit": _("Begin questionnaire")}
    return render(request, "discovery/questionnaires/content_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a questionnaire's title, languages and what stands around the questions."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    form = ContentForm(posted(request), initial=ContentForm.first_values(record))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        record.edit(form.content, by=request.user, now=now)
        record.change(by=request.user, now=now, sector=form.cleaned_data["sector"])
        return redirect(record)
    context = {"form": form, "questionnaire": record, "cancel": record.get_absolute_url()}
    return render(request, "discovery/questionnaires/content_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, pk: int, section: str = "") -> HttpResponse:
    """Add or change a section."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    content = record.content
    found = next((one for one in content.sections if one.key == section), None)
    if section and found is None:
        raise Http404
    form = SectionForm(posted(request), content=content, part=found or Section(new_key("s")))
    if request.method == "POST" and form.is_valid():
        return _edited(request, record, lambda now_is: editing.put_section(now_is, _with_questions(form, now_is)))
    context = {"form": form, "questionnaire": record, "part": found, "cancel": record.get_absolute_url()}
    return render(request, "discovery/questionnaires/section_form.html", context, status=422 if form.errors else 200)


def _with_questions(form: SectionForm, content: Any) -> Section:
    """Return the section as it was written, with the questions that it has by now."""
    written = form.section()
    there = next((one.questions for one in content.sections if one.key == written.key), ())
    return msgspec.structs.replace(written, questions=there)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int, question: str = "") -> HttpResponse:
    """Add a question (`?kind=one&section=s_1`) or change one."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    content = record.content
    found = content.question(question)
    if question and found is None:
        raise Http404
    kind = request.GET.get("kind", QuestionKind.SHORT)
    section = request.GET.get("section", "") or (content.sections[-1].key if content.sections else "")
    if kind not in QuestionKind.values:
        raise Http404
    part = found or Question(new_key("q"), kind, {})
    form = QuestionForm(posted(request), content=content, part=part)
    if request.method == "POST" and form.is_valid():
        return _edited(request, record, lambda now_is: editing.put_question(now_is, section, form.question()))
    context = {"form": form, "questionnaire": record, "part": found, "cancel": record.get_absolute_url()}
    return render(request, "discovery/questionnaires/question_form.html", context, status=422 if form.errors else 200)


@require_POST
def removal(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Take a question or a section out of the draft."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    return _edited(request, record, lambda content: editing.without(content, part))


@require_POST
def move(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Move a question or a section one place, `down` or up."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    down = "down" in request.POST
    return _edited(request, record, lambda content: editing.moved(content, part, down=down))


@require_POST
def copy(request: HttpRequest, pk: int, question: str) -> HttpResponse:
    """Put a copy of a question at the end of its section."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    found = record.content.question(question)
    section = editing.section_of(record.content, question)
    if found is None or section is None:
        raise Http404
    return _edited(request, record, lambda content: editing.put_question(content, section.key, editing.copied(found)))


def _edited(request: HttpRequest, record: Questionnaire, change: Any) -> HttpResponse:
    try:
        record.edit(change, by=request.user, now=timezone.now())
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
    return redirect(record)


@require_POST
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the draft the version that is sent from now on."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    try:
        version = record.publish(by=request.user, now=timezone.now())
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
    else:
        toast(
            request,
            _("Version %(number)s is published. Whoever has begun goes on with theirs.") % {"number": version.number},
        )
    return redirect(record)


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a questionnaire no more."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    record.retire(by=request.user, now=timezone.now())
    toast(request, _("It is sent no more."), undo=reverse("discovery:questionnaire_return", args=[pk]))
    return redirect(record)


@require_POST
def comeback(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a retired questionnaire be sent again."""
    record = load(Questionnaire, user=request.user, write=True, pk=pk)
    record.bring_back()
    return redirect(record)
