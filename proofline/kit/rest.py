"""What every endpoint of the REST API shares: cursor paging and problems (RFC 9457)."""

from __future__ import annotations

import base64
import json
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Generic, Self, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from ninja import Field, Query, Schema
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder
from ninja.schema import DjangoGetter
from pydantic import AfterValidator, ConfigDict, ModelWrapValidatorHandler, ValidationInfo, model_validator

from proofline.kit.paging import after, cursor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

ItemT = TypeVar("ItemT")
USUAL, MOST = 50, 200
ODD = "Texts can't hold the character U+0000 or half a surrogate pair."
NOT_OBJECT = "The body has to be a JSON object."
UNREADABLE_CURSOR = "The cursor is none that this API gave out."


class BadCursorError(ValueError):
    """The cursor is none that we gave out."""


class Paging(Schema):
    """Where in a list to go on, and how much of it to return."""

    cursor: str | None = Field(None, description="What `next` of the page before said; empty: the first page.")
    limit: int = Field(USUAL, ge=1, le=MOST, description="Items a page.")


PagingQuery = Annotated[Paging, Query()]
Words = Annotated[str | None, AfterValidator(lambda given: given or "")]
"""A text of a record that can be left out; null empties it, as records know no other empty text."""


class Given(Schema):
    """What a request brings: a name that it does not know is refused, so that no slip of the pen goes by in silence."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _run_root_validator(cls, values: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        del info  # ninja would look twice, to read records too: this is never made of one
        return handler(values)


class Page(Schema, Generic[ItemT]):
    """A page of a list, newest first."""

    items: list[ItemT]
    next: str | None = Field(None, description="The cursor of the next page; null on the last one.")


class Fault(Schema):
    """What is wrong with one field."""

    field: str
    message: str


class Told(Schema):
    """A record as it is told: each field is read straight from it, where ninja would look at it in five ways first."""

    @model_validator(mode="wrap")
    @classmethod
    def _run_root_validator(cls, values: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if isinstance(values, dict):
            return super()._run_root_validator(values, handler, info)  # type: ignore[no-any-return, operator]
        plain, read = cls._reading()
        told = dict(zip(plain, read(values), strict=True))
        if cls._ninja_resolvers:
            getter = DjangoGetter(values, cls, info.context)
            told |= {name: resolve(getter=getter) for name, resolve in cls._ninja_resolvers.items()}
        return handler(told)

    @classmethod
    @cache
    def _reading(cls) -> tuple[list[str], Callable[[Any], tuple[Any, ...]]]:
        plain = [name for name in cls.model_fields if name not in cls._ninja_resolvers]
        return plain, attrgetter(*plain)  # a tuple, as every record has an id and a name at least


class Json(BaseRenderer):
    """Writes answers as JSON, with what msgspec can write; what it can't is written as Django does."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        """Return the answer's body."""
        del request, response_status
        try:
            return msgspec.json.encode(data, enc_hook=_plainly)
        except (TypeError, ValueError, OverflowError):  # a number beyond 64 bits, half a surrogate pair
            return json.dumps(data, cls=NinjaJSONEncoder)


def _plainly(value: Any) -> Any:
    return NinjaJSONEncoder().default(value)


class Problem(Schema):
    """An error, as `application/problem+json` (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]


def in_files(*media: str) -> dict[str, Any]:
    """Return what an endpoint adds to its description that answers with a file."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in media}
    return {"responses": {200: {"content": content}}}


def page_of(queryset: QuerySet[Any], paging: Paging, *, order: Sequence[str] = ("-pk",)) -> dict[str, Any]:
    """Return one page of the queryset, newest first unless another order is asked for; its cost does not grow with the table.

    Raises:
        BadCursorError: the cursor is none of ours, or of a list in another order.
    """
    cursor = _read(paging.cursor, order) if paging.cursor else None
    try:
        found: list[Model] = list(after(queryset, order, cursor)[: paging.limit + 1])
    except (ValueError, ValidationError):
        raise BadCursorError(UNREADABLE_CURSOR) from None
    items = found[: paging.limit]
    return {"items": items, "next": _write(items[-1], order) if len(found) > paging.limit else None}


def _write(row: Model, order: Sequence[str]) -> str:
    said = json.dumps([",".join(order), *cursor_of(row, order)], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read(cursor: str, order: Sequence[str]) -> list[Any]:
    try:
        said = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
        if isinstance(said, list) and said and said[0] == ",".join(order):
            return said[1:]
    except (ValueError, RecursionError):  # no base64, not even ASCII, or no JSON in it
        pass
    raise BadCursorError(UNREADABLE_CURSOR)


class PlainParser(Parser):
    """Reads what a request brings, but no characters that a store can't keep: NUL in PostgreSQL, lone surrogates in UTF-8."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the JSON of the body.

        Raises:
            HttpError: it is a text, number or list, of which an endpoint would read the attributes; one of its texts can't be kept.
        """
        found = super().parse_body(request)
        if b"\\u" in request.body and _is_odd(found):
            raise HttpError(400, ODD)
        if not isinstance(found, dict | None):
            raise HttpError(422, NOT_OBJECT)
        return found

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        """Return the values of the address.

        Raises:
            HttpError: one of them can't be kept.
        """
        if _is_odd(list(data.values())):
            raise HttpError(400, ODD)
        return super().parse_querydict(data, list_fields, request)


def _is_odd(value: Any) -> bool:
    if isinstance(value, str):
        return any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return any(_is_odd(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(_is_odd, value))


def problem(
    *, status: int, title: str, detail: str = "", errors: Iterable[tuple[str, str]] = (), **more: Any
) -> JsonResponse:
    """Return a problem as the answer; `errors` are (field, message) pairs, `more` what else it says."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "errors": [{"field": field, "message": message} for field, message in errors],
        **more,
    }
    answer = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:  # noqa: PLR2004 - HTTP's own number
        answer["WWW-Authenticate"] = "Bearer"
    return answer
