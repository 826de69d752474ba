"""Questionnaires, their versions and templates through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load, require_write
from proofline.records.api import user_of
from proofline.stages.discovery.models import Questionnaire, Version
from proofline.stages.discovery.questionnaires import content as contents
from proofline.stages.discovery.questionnaires import industries
from proofline.stages.discovery.questionnaires.editing import missing, problems

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["questionnaires"])
CONTENT = (
    "What it asks: see `GET /questionnaire-templates` for whole examples. Every text is `{language: words}`, `en` or `zh-hans`. "
    "A question or section is shown always, or if `show` holds: a condition `{question, is, value}` on an earlier question, "
    "or a list of up to ten of them, with `show_if` `all` (as without it) or `any`."
)


class QuestionnaireIn(Given):
    template: str = Field("", description="Begin with this template instead of `content`.")
    content: dict[str, Any] | None = Field(None, description=CONTENT)
    sector: str = ""


class QuestionnaireChange(Given):
    content: dict[str, Any] | None = Field(None, description=CONTENT)
    sector: str | None = None


class QuestionnaireOut(Schema):
    id: int
    title: str
    sector: str
    version: int | None = Field(
        alias="number", description="The number of the version that is sent now; null before the first."
    )
    retired: bool = Field(alias="is_retired")
    created_at: datetime
    changed_at: datetime


class QuestionnaireWhole(QuestionnaireOut):
    content: dict[str, Any] = Field(alias="draft", description="The draft.")
    problems: list[str] = Field(description="What keeps the draft from being published.")
    missing: list[dict[str, str]] = Field(description="Texts that are missing in a language: part, what, language.")

    @staticmethod
    def resolve_problems(one: Questionnaire) -> list[str]:
        """Return what keeps it from being published."""
        return problems(one.content)

    @staticmethod
    def resolve_missing(one: Questionnaire) -> list[dict[str, str]]:
        """Return what is not translated."""
        return [found._asdict() for found in missing(one.content)]


class QuestionnaireVersionOut(Schema):
    id: int
    number: int
    at: datetime
    by_id: int | None
    content: dict[str, Any] = Field(alias="content_json")


class QuestionnaireTemplateOut(Schema):
    name: str
    sector: dict[str, str]
    content: dict[str, Any]


@router.get("/questionnaire-templates", response=list[QuestionnaireTemplateOut])
def templates(request: HttpRequest) -> list[dict[str, Any]]:
    """List the questionnaires that come with the product, whole, to begin with."""
    user_of(request)
    return [
        {"name": one.slug, "sector": one.sector, "content": contents.plain(one.content)} for one in industries.every()
    ]


@router.get("/questionnaires", response=Page[QuestionnaireOut])
def questionnaires(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the questionnaires."""
    user_of(request)
    return page_of(Questionnaire.objects.with_state(), paging)


@router.post("/questionnaires", response={201: QuestionnaireWhole})
def add_questionnaire(request: HttpRequest, body: QuestionnaireIn) -> Status[Questionnaire]:
    """Begin a questionnaire, as a draft, with content or from a template."""
    user = user_of(request)
    require_write(user, area="discovery")
    template = industries.named(body.template) if body.template else None
    if body.template and template is None:
        raise ValidationError({"template": _("There is no template of that name.")})
    content = template.content if template else contents.read(body.content or {})
    sector = body.sector or (content.say(template.sector, translation.get_language() or "en") if template else "")
    made = Questionnaire.objects.begin(by=user, now=timezone.now(), content=content, sector=sector)
    return Status(201, made)


@router.get("/questionnaires/{int:pk}", response=QuestionnaireWhole)
def questionnaire(request: HttpRequest, pk: int) -> Questionnaire:
    """Return a questionnaire with its draft."""
    return load(Questionnaire, user=user_of(request), pk=pk)


@router.patch("/questionnaires/{int:pk}", response=QuestionnaireWhole)
def change_questionnaire(request: HttpRequest, pk: int, body: QuestionnaireChange) -> Questionnaire:
    """Change the draft. What was published, and what is being answered, stays."""
    user, now = user_of(request), timezone.now()
    found = load(Questionnaire, user=user, pk=pk, write=True)
    if body.content is not None:
        content = contents.read(body.content)
        found.edit(lambda _before: content, by=user, now=now)
    if body.sector is not None:
        found.change(by=user, now=now, sector=body.sector)
    return found


@router.post("/questionnaires/{int:pk}/publication", response={201: QuestionnaireVersionOut})
def publish_questionnaire(request: HttpRequest, pk: int) -> Status[Version]:
    """Make the draft the version that is sent from now on."""
    user = user_of(request)
    found = load(Questionnaire, user=user, pk=pk, write=True)
    return Status(201, found.publish(by=user, now=timezone.now()))


@router.post("/questionnaires/{int:pk}/retirement", response={204: None})
def retire_questionnaire(request: HttpRequest, pk: int) -> Status[None]:
    """Send it no more."""
    user = user_of(request)
    load(Questionnaire, user=user, pk=pk, write=True).retire(by=user, now=timezone.now())
    return Status(204, None)


@router.delete("/questionnaires/{int:pk}/retirement", response={204: None})
def bring_questionnaire_back(request: HttpRequest, pk: int) -> Status[None]:
    """Let it be sent again."""
    load(Questionnaire, user=user_of(request), pk=pk, write=True).bring_back()
    return Status(204, None)


@router.get("/questionnaires/{int:pk}/versions", response=Page[QuestionnaireVersionOut])
def versions(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the versions of a questionnaire, whole."""
    return page_of(Version.objects.filter(questionnaire=load(Questionnaire, user=user_of(request), pk=pk)), paging)
