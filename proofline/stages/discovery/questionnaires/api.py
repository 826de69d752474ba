"""Questionnaires, links, and what was answered, through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from proofline.kit.rest import Given, Page, PagingQuery, in_files, page_of
from proofline.records.access import load, require_write
from proofline.records.api import linked, user_of
from proofline.records.files import answer_with
from proofline.records.models import Contact
from proofline.records.models.files import ANY
from proofline.stages.discovery.api.studies import NeedOut
from proofline.stages.discovery.models import (
    Answer,
    AnswerFile,
    Need,
    Questionnaire,
    QuestionnaireLink,
    Reply,
    Study,
    Version,
)
from proofline.stages.discovery.questionnaires import content as contents
from proofline.stages.discovery.questionnaires import industries
from proofline.stages.discovery.questionnaires.editing import missing, problems
from proofline.stages.discovery.questionnaires.results import LOOKED_AT, results
from proofline.stages.discovery.questionnaires.submitting import apply_rules, note_need

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["questionnaires"])
CONTENT = "What it asks: see `GET /questionnaire-templates` for whole examples. Every text is `{language: words}`, `en` or `zh-hans`."


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


class QuestionnaireLinkIn(Given):
    study_id: int | None = None
    to_id: int | None = None
    language: str = ""
    is_public: bool = False
    expires_at: AwareDatetime | None = None


class QuestionnaireLinkOut(Schema):
    id: int
    questionnaire_id: int
    study_id: int | None
    to_id: int | None = Field(alias="contact_id")
    owner_id: int | None
    is_public: bool
    language: str
    url: str
    state: str
    at: datetime
    expires_at: datetime | None

    @staticmethod
    def resolve_url(link: QuestionnaireLink) -> str:
        """Return the address at which it is answered."""
        return f"{settings.PUBLIC_URL}{link.public_path}"

    @staticmethod
    def resolve_state(link: QuestionnaireLink) -> str:
        """Return open, expired or closed."""
        return link.state(now=timezone.now())


class QuestionnaireOpeningIn(Given):
    expires_at: AwareDatetime | None = None


class QuestionnaireReplyOut(Schema):
    id: int
    questionnaire_id: int = Field(alias="version.questionnaire_id")
    version: int = Field(alias="version.number")
    link_id: int
    study_id: int | None
    contact_id: int | None
    name: str
    email: str
    language: str
    begun_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    score: int | None

    @staticmethod
    def resolve_submitted_at(reply: Reply) -> datetime | None:
        """Return when it was handed in."""
        return reply.submission.at if reply.is_submitted else None

    @staticmethod
    def resolve_score(reply: Reply) -> int | None:
        """Return the points when it was handed in."""
        return reply.submission.score if reply.is_submitted else None


class QuestionnaireAnswerOut(Schema):
    id: int
    question: str
    value: Any
    text: str = Field(description="The answer in words.")
    asked: bool = Field(description="Whether the question is asked, given the other answers.")
    file_id: int | None


class QuestionnaireReplyWhole(QuestionnaireReplyOut):
    answers: list[QuestionnaireAnswerOut]

    @staticmethod
    def resolve_answers(reply: Reply) -> list[dict[str, Any]]:
        """Return the answers."""
        asked, files = reply.asked, {kept.question: kept.pk for kept in reply.files.all()}
        return [
            {
                "id": one.pk,
                "question": key,
                "value": one.value,
                "text": one.text,
                "asked": key in asked,
                "file_id": files.get(key),
            }
            for key, one in reply.rows.items()
        ]


class QuestionnaireReplyPlaceIn(Given):
    study_id: int


class QuestionResultOut(Schema):
    question: str
    text: str
    answers: int
    headline: str
    counts: list[dict[str, Any]]


class QuestionnaireResultsOut(Schema):
    submitted: int = Field(description=f"How many are counted: at most the newest {LOOKED_AT}.")
    questions: list[QuestionResultOut]


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


@router.get("/questionnaires/{int:pk}/results", response=QuestionnaireResultsOut)
def questionnaire_results(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the replies that you may see say together, question by question."""
    user = user_of(request)
    found = load(Questionnaire, user=user, pk=pk)
    content = found.newest.content if found.newest else found.content
    rows = _replies().visible_to(user).filter(link__questionnaire=found, submission__isnull=False)
    replies = list(rows.prefetch_related("answers").order_by("-submission__at")[:LOOKED_AT])
    told = results(content, replies, language=translation.get_language() or "en")
    return {
        "submitted": len(replies),
        "questions": [
            {
                "question": one.question.key,
                "text": one.text,
                "answers": one.answers,
                "headline": one.headline,
                "counts": [{"label": bar.label, "count": bar.count} for bar in one.bars],
            }
            for one in told
        ],
    }


@router.post("/questionnaires/{int:pk}/links", response={201: QuestionnaireLinkOut})
def add_link(request: HttpRequest, pk: int, body: QuestionnaireLinkIn) -> Status[QuestionnaireLink]:
    """Open a link: private, for the customer of a study, or public."""
    user = user_of(request)
    found = load(Questionnaire, user=user, pk=pk, write=True)
    values = linked(request, body.dict(), study=Study, to=Contact)
    study = values["study"] and load(Study, user=user, pk=values["study"].pk, write=True)
    if study is None and not body.is_public:
        raise ValidationError({"study_id": _("Choose the discovery that it is for, or make the link public.")})
    values["study"] = study
    return Status(201, QuestionnaireLink.objects.send(found, by=user, now=timezone.now(), **values))


@router.get("/questionnaire-links", response=Page[QuestionnaireLinkOut])
def links(
    request: HttpRequest, paging: PagingQuery, study_id: int | None = None, questionnaire_id: int | None = None
) -> dict[str, Any]:
    """List the links that you may see."""
    given = {"study_id": study_id, "questionnaire_id": questionnaire_id}
    asked = {name: value for name, value in given.items() if value is not None}
    rows = QuestionnaireLink.objects.visible_to(user_of(request)).select_related("closing")
    return page_of(rows.filter(**asked), paging)


@router.post("/questionnaire-links/{int:pk}/closing", response={204: None})
def close_link(request: HttpRequest, pk: int) -> Status[None]:
    """Close a link; what was answered stays."""
    user = user_of(request)
    load(QuestionnaireLink, user=user, pk=pk, write=True).close(by=user, now=timezone.now())
    return Status(204, None)


@router.post("/questionnaire-links/{int:pk}/opening", response=QuestionnaireLinkOut)
def open_link(request: HttpRequest, pk: int, body: QuestionnaireOpeningIn) -> QuestionnaireLink:
    """Open a link again, until another moment."""
    user = user_of(request)
    link = load(QuestionnaireLink, user=user, pk=pk, write=True)
    link.reopen(by=user, now=timezone.now(), expires_at=body.expires_at)
    return link


@router.get("/replies", response=Page[QuestionnaireReplyOut])
def replies(
    request: HttpRequest, paging: PagingQuery, study_id: int | None = None, questionnaire_id: int | None = None
) -> dict[str, Any]:
    """List the answered questionnaires that you may see."""
    given = {"study_id": study_id, "version__questionnaire_id": questionnaire_id}
    asked = {name: value for name, value in given.items() if value is not None}
    return page_of(_replies().visible_to(user_of(request)).filter(**asked), paging)


def _replies() -> Any:
    return Reply.objects.select_related("version", "submission", "link", "study", "contact")


@router.get("/replies/{int:pk}", response=QuestionnaireReplyWhole)
def reply(request: HttpRequest, pk: int) -> Any:
    """Return what one person answered."""
    return load(_replies().prefetch_related("answers", "files"), user=user_of(request), pk=pk)


@router.post("/replies/{int:pk}/study", response=QuestionnaireReplyWhole)
def place_reply(request: HttpRequest, pk: int, body: QuestionnaireReplyPlaceIn) -> Any:
    """Let a reply that came by a public link belong to a study; what its options mean becomes needs there."""
    user = user_of(request)
    found = load(_replies(), user=user, pk=pk, write=True)
    found.place(linked(request, body.dict(), study=Study)["study"])
    if found.is_submitted:
        apply_rules(found, by=user, now=timezone.now())
    return found


@router.post("/replies/{int:pk}/needs", response={201: list[NeedOut]})
def note_needs(request: HttpRequest, pk: int) -> Status[list[Need]]:
    """Note the needs that the chosen options mean; those that were noted before are not noted again."""
    user = user_of(request)
    found = load(_replies(), user=user, pk=pk, write=True)
    return Status(201, apply_rules(found, by=user, now=timezone.now()))


@router.post("/answers/{int:pk}/need", response={201: NeedOut})
def answer_need(request: HttpRequest, pk: int) -> Status[Need]:
    """Make an answer a need, in its own words; the one that was made of it before is returned."""
    user = user_of(request)
    found = Answer.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.reply = load(_replies(), user=user, pk=found.reply_id, write=True)
    return Status(201, note_need(found, by=user, now=timezone.now())[0])


@router.get("/answer-files/{int:pk}/content", openapi_extra=in_files(ANY))
def answer_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give a file that somebody answered with."""
    found = AnswerFile.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    load(Reply, user=user_of(request), pk=found.reply_id)
    return answer_with(found)
