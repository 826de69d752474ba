"""Links to questionnaires through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Contact
from proofline.stages.discovery.models import Questionnaire, QuestionnaireLink, Study

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["questionnaires"])


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
