"""The glossary of the company's voice through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import require_write
from proofline.records.api.tokens import user_of
from proofline.records.models import Wording

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models.wordings import Hint

router = Router(tags=["settings"])


class WordingIn(Given):
    english: str = ""
    chinese: str = ""
    avoid: str = ""
    """The words to avoid, one a line, in any language."""


class WordingOut(Schema):
    id: int
    english: str
    chinese: str
    avoid: str


class TextIn(Given):
    text: str = Field(max_length=100_000)
    language: str = "en"


class HintOut(Schema):
    found: str
    instead: str


@router.get("/wordings", response=Page[WordingOut])
def wordings(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the terms of the glossary."""
    del request
    return page_of(Wording.objects.all(), paging)


@router.post("/wordings", response={201: WordingOut})
def add_wording(request: HttpRequest, body: WordingIn) -> Status[Wording]:
    """Add a term: how it is written in each language, and which words to avoid for it."""
    require_write(user_of(request), area="settings")
    return Status(201, Wording.objects.add(**body.dict()))


@router.post("/wordings/hints", response=list[HintOut])
def hints(request: HttpRequest, body: TextIn) -> list[Hint]:
    """Tell which words of a text we avoid, and what we write instead."""
    del request
    return Wording.objects.hints(body.text, language=body.language)


@router.patch("/wordings/{int:pk}", response=WordingOut)
def change_wording(request: HttpRequest, pk: int, body: WordingIn) -> Wording:
    """Change a term."""
    require_write(user_of(request), area="settings")
    found = get_object_or_404(Wording, pk=pk)
    found.change(**body.dict(exclude_unset=True))
    return found


@router.delete("/wordings/{int:pk}", response={204: None})
def remove_wording(request: HttpRequest, pk: int) -> Status[None]:
    """Take a term out."""
    require_write(user_of(request), area="settings")
    get_object_or_404(Wording, pk=pk).remove()
    return Status(204, None)
