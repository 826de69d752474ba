"""Who works here, and who the token speaks for, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Router, Schema

from proofline.kit.rest import Page, PagingQuery, page_of
from proofline.records.api.tokens import user_of
from proofline.records.models import Team, User

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["people"])


class UserOut(Schema):
    id: int
    name: str
    email: str | None
    role: str
    team_id: int | None
    scope: str
    is_active: bool


class TeamOut(Schema):
    id: int
    name: str
    parent_id: int | None


@router.get("/me", response=UserOut)
def me(request: HttpRequest) -> User:
    """Return the user in whose name the token speaks."""
    return user_of(request)


@router.get("/users", response=Page[UserOut])
def users(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the people who work here."""
    del request
    return page_of(User.objects.all(), paging)


@router.get("/teams", response=Page[TeamOut])
def teams(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the teams."""
    del request
    return page_of(Team.objects.all(), paging)
