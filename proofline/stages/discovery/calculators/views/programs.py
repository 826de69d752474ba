"""A calculator for the programs of the company's website: what it asks as JSON, and what comes of answers; for its websites alone."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from proofline.kit.links import client_ip
from proofline.kit.rest import problem
from proofline.stages.discovery.calculators.asking import ask
from proofline.stages.discovery.calculators.sheets import Outcome
from proofline.stages.discovery.calculators.views.public import GUESSING, RECKONING, find, spoken
from proofline.stages.discovery.calculators.visiting import note_visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from proofline.stages.discovery.calculators.asking import Asked, Question
    from proofline.stages.discovery.models import Calculator

LONGEST_BODY = 20_000
NO_CONTENT = 204


def for_websites(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a view to programs; a browser hands the answer on to pages of the calculator's websites alone."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt  # no session is looked at
        @login_not_required
        @never_cache
        @require_http_methods([*methods, "OPTIONS"])
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            calculator = find(token)
            if calculator is None or calculator.publication is None:
                return _waiting(GUESSING.wait(client_ip(request))) or problem(
                    status=404, title=_("There is no such calculator.")
                )
            answer = HttpResponse(status=NO_CONTENT) if request.method == "OPTIONS" else view(request, calculator)
            answer["Vary"] = "Origin"
            origin = request.headers.get("Origin", "")
            if origin in calculator.origins:
                answer["Access-Control-Allow-Origin"] = origin
                answer["Access-Control-Allow-Methods"] = ", ".join([*methods, "OPTIONS"])
                answer["Access-Control-Allow-Headers"] = "Content-Type"
                answer["Access-Control-Expose-Headers"] = "Retry-After"
                answer["Access-Control-Max-Age"] = "86400"
            return answer

        return opened

    return decorate


@for_websites("GET")
def definition(request: HttpRequest, calculator: Calculator) -> HttpResponse:
    """What it asks, in the language `?language=`: `{"title", "intro", "languages", "currency", "groups": [{"name", "questions"}]}`."""
    _note_visit(request, calculator)
    language = spoken(calculator, request.GET.get("language", ""))
    with translation.override(language):
        asked = ask(calculator, language=language, given={})
        return JsonResponse(
            {
                "title": calculator.say("title", language),
                "intro": calculator.say("intro", language),
                "language": language,
                "languages": calculator.languages,
                "currency": calculator.currency,
                "groups": [
                    {"name": group.name, "questions": [_question(one) for one in group.questions]}
                    for group in asked.groups
                ],
            }
        )


def _question(one: Question) -> dict[str, str]:
    """Write a question for a program; an improvement is in percent, as it is typed."""
    return {
        "key": one.key,
        "label": one.label,
        "unit": one.unit,
        "value": one.text,
        "least": one.least,
        "most": one.most,
    }


@for_websites("POST")
def reckoning(request: HttpRequest, calculator: Calculator) -> HttpResponse:
    """What comes of `{"inputs": {key: number}, "language"}`; 422 says which number is wrong, and why. Nothing is kept."""
    if wait := _waiting(RECKONING.wait(client_ip(request))):
        return wait
    body = _body(request)
    inputs = body.get("inputs", {}) if isinstance(body, dict) else None
    if not isinstance(inputs, dict) or not all(_is_plain(value) for value in inputs.values()):
        return problem(
            status=400, title=_("Send JSON such as %(example)s.") % {"example": '{"inputs": {"line-1-quantity": 20}}'}
        )
    language = spoken(calculator, str(body.get("language", "")))
    with translation.override(language):
        asked = ask(calculator, language=language, given={str(key): str(value) for key, value in inputs.items()})
        if unknown := _unknown(body, asked):
            return problem(status=422, title=_("A number can’t be used."), errors=unknown.items())
        if asked.sheet is not None:
            _note_visit(request, calculator, used=True)
        return _answer(asked)


def _unknown(body: dict[str, Any], asked: Asked) -> dict[str, str]:
    """Return what is wrong with the names in a body: a number for nothing would leave the usual one in its place unseen."""
    questions = {one.key for group in asked.groups for one in group.questions}
    wrong = dict.fromkeys(sorted({*body} - {"inputs", "language"}), _("There is no such key."))
    return wrong | dict.fromkeys(
        sorted({*body.get("inputs", {})} - questions), _("This calculator asks for no such number.")
    )


def _note_visit(request: HttpRequest, calculator: Calculator, *, used: bool = False) -> None:
    """Count a visitor of the company's website; what its server asks for itself is none."""
    if request.headers.get("Origin", "") in calculator.origins:
        note_visit(request, calculator, embedded=True, used=used)


def _answer(asked: Asked) -> HttpResponse:
    if asked.sheet is None:
        return problem(status=422, title=_("A number can’t be used."), errors=asked.errors.items())
    return JsonResponse(Outcome(asked.sheet).told)


def _body(request: HttpRequest) -> Any:
    """Return the JSON of a request; None where it is none, or too long."""
    try:
        return json.loads(request.body) if len(request.body) <= LONGEST_BODY else None
    except (ValueError, RecursionError, RequestDataTooBig):
        return None


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _waiting(seconds: float) -> HttpResponse | None:
    if not seconds:
        return None
    answer = problem(status=429, title=_("Too much at once. Try again later."))
    answer["Retry-After"] = str(math.ceil(seconds))
    return answer
