"""Questions through the API: asked once, or kept and asked again; as JSON or CSV, of what the token's user may see."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse  # noqa: TC002 - ninja reads the annotations
from django.utils import timezone
from ninja import Body, Router, Schema, Status

from proofline.insight.explore import answering, tables
from proofline.insight.models import SavedQuestion
from proofline.kit.rest import Given, Page, PagingQuery, in_files, page_of
from proofline.records.api import user_of
from proofline.timeline.query import Question

if TYPE_CHECKING:
    from proofline.records.models import User

router = Router(tags=["questions"])
Asked = Annotated[dict[str, Any], Body()]
CSV = "text/csv"


class SeriesOut(Schema):
    name: str
    points: list[Any]
    at: dict[str, Any]


class AnswerOut(Schema):
    kind: str
    unit: str
    columns: list[str]
    rows: list[list[Any]]
    series: list[SeriesOut]


class SavedIn(Given):
    name: str
    question: dict[str, Any]
    shared: bool = False


class SavedChange(Given):
    name: str = ""
    question: dict[str, Any] = {}
    shared: bool = False


class SavedOut(Schema):
    id: int
    name: str
    question: dict[str, Any]
    shared: bool
    owner_id: int
    created_at: datetime
    changed_at: datetime

    @staticmethod
    def resolve_question(saved: SavedQuestion) -> dict[str, Any]:
        """Return the question with its kind."""
        return saved.whole


@router.post("/questions/answer", response=AnswerOut, openapi_extra=in_files(CSV))
def answer(request: HttpRequest, question: Asked) -> Any:
    """Answer the question in the body over what you may see; with `Accept: text/csv` as CSV."""
    return answered(request, question)


@router.get("/questions", response=Page[SavedOut])
def questions(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the saved questions: your own and those shared with everybody."""
    return page_of(SavedQuestion.objects.visible_to(user_of(request)), paging)


@router.post("/questions", response={201: SavedOut})
def save(request: HttpRequest, body: SavedIn) -> Status[SavedQuestion]:
    """Save a question, for yourself or shared with everybody."""
    values = body.dict() | parts(body.question)
    return Status(201, SavedQuestion.objects.keep(**values, by=user_of(request), now=timezone.now()))


@router.get("/questions/{int:pk}", response=SavedOut)
def saved(request: HttpRequest, pk: int) -> SavedQuestion:
    """Return a saved question."""
    return SavedQuestion.objects.found(pk, user=user_of(request))


@router.patch("/questions/{int:pk}", response=SavedOut)
def change(request: HttpRequest, pk: int, body: SavedChange) -> SavedQuestion:
    """Rename, share or replace your question; only what is given changes."""
    found, values = SavedQuestion.objects.found(pk, user=user_of(request)), body.dict(exclude_unset=True)
    found.require_change(user_of(request))
    if "question" in values:
        values |= parts(values["question"])
    found.change(by=user_of(request), now=timezone.now(), **values)
    return found


@router.delete("/questions/{int:pk}", response={204: None})
def remove(request: HttpRequest, pk: int) -> Status[None]:
    """Remove your question."""
    SavedQuestion.objects.found(pk, user=user_of(request)).remove(by=user_of(request), now=timezone.now())
    return Status(204, None)


@router.get("/questions/{int:pk}/answer", response=AnswerOut, openapi_extra=in_files(CSV))
def saved_answer(request: HttpRequest, pk: int) -> Any:
    """Answer a saved question over what you may see; with `Accept: text/csv` as CSV."""
    return answered(request, SavedQuestion.objects.found(pk, user=user_of(request)).whole)


@router.get("/questions/{int:pk}/answer.csv", openapi_extra=in_files(CSV))
def saved_table(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Answer a saved question as CSV."""
    user = user_of(request)
    return as_csv(SavedQuestion.objects.found(pk, user=user).whole, user=user)


def answered(request: HttpRequest, question: dict[str, Any]) -> Any:
    """Return the answer in the form that the request accepts.

    Raises:
        QuestionError: it can't be asked.
        StoreError: the events can't be read.
    """
    user = user_of(request)
    if request.get_preferred_type(["application/json", CSV]) == CSV:
        return as_csv(question, user=user)
    return answering.answer(question, user=user).as_json()


def as_csv(question: dict[str, Any], *, user: User) -> StreamingHttpResponse:
    """Return the answer's table as a file."""
    columns, rows = answering.table(question, user=user)
    return tables.streamed(columns, rows, name="answer.csv")


def parts(question: dict[str, Any]) -> dict[str, Any]:
    """Return a question's kind and the rest of it, as they are kept.

    Raises:
        QuestionError: it can't be read.
    """
    kind = Question.of(question).kind
    return {"kind": kind, "question": {name: value for name, value in question.items() if name != "kind"}}
