"""What a value case rests on, through the API: assumptions, what was said to them, and the links that ask."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Contact
from proofline.stages.discovery.agreeing.answering import Speaker, answer
from proofline.stages.discovery.agreeing.premises import agreement_of
from proofline.stages.discovery.models import Assumption, ValueCase, ValueCaseLink

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.discovery.agreeing.premises import Agreement, Premise
    from proofline.stages.discovery.models import AssumptionAnswer

router = Router(tags=["discovery"])
States = Literal["open", "agreed", "questioned", "explained", "changed"]


class AssumptionAnswerOut(Schema):
    """What was said; `figure` is what it was said to, `by_id` who of us noted it."""

    verdict: Literal["agreed", "questioned", "explained"]
    name: str
    note: str
    figure: str
    contact_id: int | None
    by_id: int | None
    at: datetime

    @staticmethod
    def resolve_figure(said: AssumptionAnswer) -> str:
        """Return the figure that it was said to."""
        return said.basis


class PremiseOut(Schema):
    """An assumption. Of a line: its `quantity`, `improvement` or `rate`; else `other`, with `assumption_id`."""

    key: str
    kind: Literal["quantity", "improvement", "rate", "other"]
    line_id: int | None
    assumption_id: int | None
    text: str
    figure: str = Field(description="The same in no language: what was said holds as long as this stays.")
    source: str
    state: States = Field(
        description="`explained`: we answered their question. `changed`: what was said, was said to another figure."
    )
    answers: list[AssumptionAnswerOut]

    @staticmethod
    def resolve_line_id(premise: Premise) -> int | None:
        """Return the line that it is a number of."""
        return premise.line.pk if premise.line else None

    @staticmethod
    def resolve_assumption_id(premise: Premise) -> int | None:
        """Return the assumption of its own."""
        return premise.assumption.pk if premise.assumption else None

    @staticmethod
    def resolve_figure(premise: Premise) -> str:
        """Return the figure."""
        return premise.basis


class AgreementOut(Schema):
    agreed: int
    total: int
    items: list[PremiseOut]

    @staticmethod
    def resolve_items(agreement: Agreement) -> list[Premise]:
        """Return the assumptions, line by line."""
        return list(agreement.premises)


class AssumptionIn(Given):
    text: str
    source_note: str = ""
    said_on: date | None = None


class AssumptionChange(Given):
    text: Words = None
    source_note: Words = None
    said_on: date | None = None


class AssumptionOut(Schema):
    id: int
    value_case_id: int
    text: str
    source_note: str
    said_on: date | None


class AssumptionAnswerIn(Given):
    """What somebody said: a contact or a name; a question and an answer to it need a note."""

    key: str = Field(description="The assumption's `key`.")
    verdict: Literal["agreed", "questioned", "explained"]
    note: str = ""
    name: str = ""
    contact_id: int | None = None
    figure: str | None = Field(None, description="What they had before them; refused when it is another by now.")


class ValueCaseLinkIn(Given):
    to_id: int | None = None
    expires_at: datetime | None = None


class ValueCaseLinkOut(Schema):
    id: int
    value_case_id: int
    contact_id: int | None
    at: datetime
    expires_at: datetime | None
    state: Literal["open", "expired", "closed"]
    url: str

    @staticmethod
    def resolve_state(link: ValueCaseLink) -> str:
        """Tell whether it is open."""
        return link.state(now=timezone.now())

    @staticmethod
    def resolve_url(link: ValueCaseLink) -> str:
        """Return the address that the customer opens."""
        return f"{settings.PUBLIC_URL}{link.public_path}"


@router.get("/value-cases/{int:pk}/assumptions", response=AgreementOut)
def assumptions(request: HttpRequest, pk: int) -> Agreement:
    """List what a value case rests on, each with its source and what the customer said to it."""
    return agreement_of(load(ValueCase.objects.select_related("study"), user=user_of(request), pk=pk))


@router.post("/value-cases/{int:pk}/assumptions", response={201: AssumptionOut})
def add_assumption(request: HttpRequest, pk: int, body: AssumptionIn) -> Status[Assumption]:
    """Add something that has to be true, beside the numbers of the lines."""
    user = user_of(request)
    case = load(ValueCase, user=user, pk=pk, write=True)
    return Status(201, Assumption.objects.add(case, by=user, now=timezone.now(), **body.dict()))


@router.patch("/assumptions/{int:pk}", response=AssumptionOut)
def change_assumption(request: HttpRequest, pk: int, body: AssumptionChange) -> Assumption:
    """Change the fields that are given."""
    found = load(Assumption, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **body.dict(exclude_unset=True))
    return found


@router.delete("/assumptions/{int:pk}", response={204: None})
def remove_assumption(request: HttpRequest, pk: int) -> Status[None]:
    """Take an assumption away."""
    load(Assumption, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)


@router.post("/value-cases/{int:pk}/assumption-answers", response={201: PremiseOut})
def add_assumption_answer(request: HttpRequest, pk: int, body: AssumptionAnswerIn) -> Status[Premise | None]:
    """Note what the customer said to an assumption, or what we answered."""
    user = user_of(request)
    case = load(ValueCase.objects.select_related("study__account", "study__owner"), user=user, pk=pk, write=True)
    given: dict[str, Any] = linked(request, body.dict(), contact=Contact)
    premise = agreement_of(case).find(key := given.pop("key"))
    if premise is None:
        raise ValidationError({"key": _("This value case has no such assumption.")})
    who = Speaker(name=given.pop("name"), contact=given.pop("contact"), by=user)
    answer(case, premise, who=who, now=timezone.now(), basis=given.pop("figure"), **given)
    return Status(201, agreement_of(case).find(key))


@router.get("/value-cases/{int:pk}/links", response=Page[ValueCaseLinkOut])
def value_case_links(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the links through which the customer was asked."""
    case = load(ValueCase, user=user_of(request), pk=pk)
    return page_of(ValueCaseLink.objects.filter(value_case=case).select_related("closing"), paging)


@router.post("/value-cases/{int:pk}/links", response={201: ValueCaseLinkOut})
def share_value_case(request: HttpRequest, pk: int, body: ValueCaseLinkIn) -> Status[ValueCaseLink]:
    """Ask the customer to agree: open a link."""
    user = user_of(request)
    case = load(ValueCase.objects.select_related("study__account"), user=user, pk=pk, write=True)
    given = linked(request, body.dict(), to=Contact)
    return Status(201, ValueCaseLink.objects.share(case, by=user, now=timezone.now(), **given))


@router.post("/value-case-links/{int:pk}/closing", response=ValueCaseLinkOut)
def close_value_case_link(request: HttpRequest, pk: int) -> ValueCaseLink:
    """Close a link; what was said through it stays."""
    link = load(ValueCaseLink, user=user_of(request), pk=pk, write=True)
    link.close(by=user_of(request), now=timezone.now())
    return load(ValueCaseLink, user=user_of(request), pk=pk)
