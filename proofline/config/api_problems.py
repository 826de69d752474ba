"""What goes wrong in the REST API, told as problems."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadRequestError

from proofline.config.imports.models import AlreadyImportedError
from proofline.config.imports.passes import NothingRunsError
from proofline.config.imports.undoing import NothingToUndoError
from proofline.kit import formats
from proofline.kit.constraints import in_words
from proofline.kit.lists import FilterError
from proofline.kit.money import UnknownCurrencyError
from proofline.kit.rest import BadCursorError, problem
from proofline.records.access import MovedError
from proofline.records.api.customers import AlreadyError
from proofline.records.api.duplicates import hint
from proofline.records.merging import MergedError
from proofline.stages.closing.models import (
    ContractNotOpenError,
    ContractSentError,
    DealClosedError,
    DealOpenError,
    QuoteNotOpenError,
    QuoteSentError,
)
from proofline.stages.delivery.models import GateNotReadyError, NothingPromisedError
from proofline.stages.discovery.agreeing.answering import FigureMovedError
from proofline.stages.discovery.models import FrozenError, NotOverError, OverError, StaleNoteError
from proofline.stages.growth.models import NotRunningError
from proofline.stages.reach.models import AlreadyDecidedError
from proofline.timeline.merging import MergeRefusedError
from proofline.timeline.query import QuestionError
from proofline.timeline.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)
TOO_LARGE, MEGABYTE = 413, 1024 * 1024
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

CONFLICTS: tuple[type[Exception], ...] = (
    AlreadyDecidedError,
    FrozenError,
    FigureMovedError,
    OverError,
    NotOverError,
    StaleNoteError,
    DealClosedError,
    DealOpenError,
    QuoteSentError,
    QuoteNotOpenError,
    ContractSentError,
    ContractNotOpenError,
    GateNotReadyError,
    NothingPromisedError,
    NotRunningError,
    AlreadyImportedError,
    NothingRunsError,
    NothingToUndoError,
    MergeRefusedError,
    MergedError,
)
"""Refusals of the domain that mean: the record has already moved on."""


def bad_request(_request: HttpRequest, error: BadRequestError) -> JsonResponse:
    """The request can't be read as what the endpoint takes."""
    faults = [(".".join(str(part) for part in item["loc"][1:]), _said(item)) for item in error.errors]
    return problem(status=422, title="The request is not valid.", errors=faults)


def _said(item: dict[str, Any]) -> str:
    return "There is no such field here." if item["type"] == "extra_forbidden" else str(item["msg"])


def invalid(_request: HttpRequest, error: ValidationError) -> JsonResponse:
    """The record would not be valid."""
    return problem(status=422, title="The record would not be valid.", errors=faults_of(error))


def faults_of(error: ValidationError) -> Iterable[tuple[str, str]]:
    """Return what is wrong as (field, message); "" stands for the record as a whole."""
    if not hasattr(error, "error_dict"):
        return [in_words(message) or ("", message) for message in error.messages]
    named = error.message_dict.items()
    return [
        (in_words(message) or ("", message)) if field == NON_FIELD_ERRORS else (field, message)
        for field, found in named
        for message in found
    ]


def missing(_request: HttpRequest, _error: Http404) -> JsonResponse:
    """There is no such record, or the token's user may not see it."""
    return problem(status=404, title="There is no such record.")


def moved(request: HttpRequest, error: MovedError) -> JsonResponse:
    """The record became another one: who reads it is led there, who changes it is told."""
    winner = error.record.pk
    match = request.resolver_match
    if request.method != "GET" or match is None or set(match.kwargs) != {"pk"}:
        answer = problem(
            status=409, title="This record was merged into another.", detail=f"It is {winner} now.", merged_into=winner
        )
    else:
        answer = problem(status=301, title="This record was merged into another.", merged_into=winner)
        answer["Location"] = request.path.replace(f"/{match.kwargs['pk']}", f"/{winner}", 1)
    return answer


def already(_request: HttpRequest, error: AlreadyError) -> JsonResponse:
    """There is already what was to be added."""
    title = "There is already such a record."
    return problem(status=409, title=title, detail=str(error), duplicates=hint(error.found))


@login_not_required
@csrf_exempt
def unknown(_request: HttpRequest) -> JsonResponse:
    """There is no such endpoint."""
    return problem(status=404, title="There is no such endpoint; /api/openapi.json lists them.")


def refused(request: HttpRequest, error: PermissionDenied) -> JsonResponse:
    """The token's user may not do this, or not even look at it."""
    looks = request.method in {"GET", "HEAD"}
    detail = _("Your role may not look at this. Ask an administrator of the workspace.") if looks else str(error)
    return problem(status=403, title="Your role does not allow this.", detail=detail)


def not_signed_in(_request: HttpRequest, _error: AuthenticationError) -> JsonResponse:
    """There is no token, or it is not valid."""
    return problem(status=401, title="A valid token is missing.", detail="Send Authorization: Bearer <token>.")


def bad_cursor(_request: HttpRequest, error: BadCursorError) -> JsonResponse:
    """The cursor is none of ours."""
    return problem(status=422, title="The request is not valid.", errors=[("cursor", str(error))])


def unknown_currency(_request: HttpRequest, error: UnknownCurrencyError) -> JsonResponse:
    """The currency is not in use."""
    return problem(status=422, title="The request is not valid.", errors=[("currency", str(error))])


def conflict(_request: HttpRequest, error: Exception) -> JsonResponse:
    """The record has already moved on."""
    return problem(status=409, title="The record's state does not allow this.", detail=str(error))


def unreadable(_request: HttpRequest, error: HttpError) -> JsonResponse:
    """The framework could not read the request."""
    return problem(status=error.status_code, title=str(error))


def too_large(_request: HttpRequest, error: Exception) -> JsonResponse:
    """The body is larger than any record, or has more fields or files than any form."""
    with translation.override("en"):
        return problem(status=TOO_LARGE, title="The body is too large.", detail=str(too_much(error)))


def too_much(error: Exception) -> str:
    """Return what a body has too much of, and the limit."""
    if isinstance(error, TooManyFieldsSent):
        most = formats.number(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
        return _("What was sent has more than %(most)s fields.") % {"most": most}
    if isinstance(error, TooManyFilesSent):
        return _("More than %(most)s files were sent at once.") % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    return _("What was sent is larger than %(most)s MB.") % {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE}


def garbled(_request: HttpRequest, error: Exception) -> JsonResponse:
    """The body is no form, though it says so, or one that nobody would send."""
    return problem(status=400, title="The request can't be read.", detail=str(error))


def unasked(_request: HttpRequest, error: QuestionError) -> JsonResponse:
    """The question to the timeline can't be asked."""
    return problem(
        status=422, title="The question is not valid.", detail=str(error), errors=[(error.field, str(error))]
    )


def unfiltered(_request: HttpRequest, error: FilterError) -> JsonResponse:
    """The filter, order or fields of a list can't be read."""
    title = "The list can't be asked for like that."
    return problem(status=422, title=title, detail=str(error), errors=[(error.at or "filter", str(error))])


def unanswered(_request: HttpRequest, error: StoreError) -> JsonResponse:
    """The events can't be read at the moment."""
    return problem(status=503, title="The events can't be read right now; try again in a moment.", detail=str(error))


def out_of_range(_request: HttpRequest, _error: OverflowError) -> JsonResponse:
    """A number is larger than any store can hold."""
    return problem(status=422, title="The request is not valid.", detail="A number is too large.")


def broken(request: HttpRequest, error: Exception) -> JsonResponse:
    """We failed; the log says how."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(status=500, title="Something went wrong on our side; it is in the log.")


HANDLERS: dict[type[Exception], Any] = {
    BadRequestError: bad_request,
    ValidationError: invalid,
    Http404: missing,
    MovedError: moved,
    AlreadyError: already,
    PermissionDenied: refused,
    AuthenticationError: not_signed_in,
    BadCursorError: bad_cursor,
    UnknownCurrencyError: unknown_currency,
    HttpError: unreadable,
    **dict.fromkeys(TOO_MUCH, too_large),
    SuspiciousOperation: garbled,
    OverflowError: out_of_range,
    QuestionError: unasked,
    FilterError: unfiltered,
    StoreError: unanswered,
    MultiPartParserError: garbled,
    Exception: broken,
    **dict.fromkeys(CONFLICTS, conflict),
}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what leads nowhere: a program by a problem, a person by a page, a visitor without words of our house."""
    if _is_program(request):
        return unknown(request)
    page = "404_visitor.html" if _is_visitor(request) else "404.html"
    return defaults.page_not_found(request, exception, template_name=page)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what can't be read, likewise; what is too much to be read says so."""
    if isinstance(exception, TOO_MUCH):
        if _is_program(request):
            return too_large(request, exception)
        return render(request, "413.html", {"too_much": too_much(exception)}, status=TOO_LARGE)
    return garbled(request, exception) if _is_program(request) else defaults.bad_request(request, exception)


def _is_visitor(request: HttpRequest) -> bool:
    """Tell whether the address is one for everybody, such as a customer's link, or nobody is signed in."""
    found = request.resolver_match
    is_open = found is not None and not getattr(found.func, "login_required", True)
    user = getattr(request, "user", None)
    return is_open or user is None or not user.is_authenticated


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
