"""A calculator as visitors use it: its own page, or in a frame on the company's website; without JavaScript too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.links import client_ip
from proofline.kit.pacing import Pace
from proofline.stages.discovery.calculators.asking import ask
from proofline.stages.discovery.calculators.leaving import LeavingForm, campaign, given, handed_on
from proofline.stages.discovery.calculators.sheets import Outcome
from proofline.stages.discovery.calculators.visiting import note_visit
from proofline.stages.discovery.models import Calculation, Calculator
from proofline.stages.discovery.questionnaires.content import LANGUAGES
from proofline.stages.discovery.too_often import too_often

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

    from proofline.stages.discovery.calculators.asking import Asked

GUESSING = Pace(at_once=30, an_hour=120)
"""Addresses that lead nowhere, by sender."""
RECKONING = Pace(at_once=240, an_hour=3600)
"""Results reckoned, by sender: a whole office may sit behind one address."""
LEAVING = Pace(at_once=20, an_hour=60)
"""Names left, by sender."""


def find(token: str) -> Calculator | None:
    """Return the calculator of an address, published or withdrawn; None where there is none, or it never was published."""
    found: Calculator | None = Calculator.objects.filter(token=token, publications__isnull=False).distinct().first()
    return found


def spoken(calculator: Calculator, asked_for: str) -> str:
    """Return the language to speak: the one asked for, else the visitor's, else the first that it knows."""
    known = calculator.languages
    return next((one for one in (asked_for, translation.get_language()) if one in known), known[0])


def behind_token(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to every visitor, in their language, in a frame of the calculator's websites alone."""

    @csrf_exempt  # visitors have no session to misuse; the page may stand on the company's own website
    @login_not_required
    @never_cache
    @xframe_options_exempt
    def opened(request: HttpRequest, token: str, **more: str) -> HttpResponse:
        calculator = find(token)
        if calculator is None:
            if wait := GUESSING.wait(client_ip(request)):
                return too_often(request, wait)
            raise Http404
        language = spoken(calculator, given(request).get("language", ""))

        def shown(request: HttpRequest) -> HttpResponse:
            with translation.override(language):
                if calculator.publication is None and "result" not in more:
                    context = {"calculator": calculator, "LANGUAGE_CODE": language}
                    return render(request, "discovery/calculators/withdrawn.html", context, status=410)
                return view(request, calculator, language, **more)

        framing = {"frame-ancestors": calculator.origins or ["'none'"]}
        answer: HttpResponse = csp_replace(framing)(shown)(request)  # type: ignore[assignment] # a view's answer is one
        return answer

    return opened


@behind_token
@require_http_methods(["GET", "POST"])
def public(request: HttpRequest, calculator: Calculator, language: str) -> HttpResponse:
    """The page. GET and POST reckon; POST with `leave` keeps it, with who they are."""
    if wait := RECKONING.wait(client_ip(request)):
        return too_often(request, wait)
    said = given(request)
    asked = ask(calculator, language=language, given=said)
    if not said.get("website"):  # a robot filled in what people don't see
        _note_visit(request, calculator, used=request.method == "POST" and asked.sheet is not None)
    if request.method != "POST" or "leave" not in said or calculator.asks_contact == Calculator.Asks.NEVER:
        return page(request, calculator, language, asked)
    form = LeavingForm(request.POST, calculator=calculator, language=language)
    if not form.is_valid() or asked.sheet is None:
        return page(request, calculator, language, asked, form=form)
    if form.cleaned_data["website"]:  # a robot filled in what people don't see
        return redirect(calculator.public_path)
    if wait := LEAVING.wait(client_ip(request)):
        return too_often(request, wait)
    kept = Calculation.objects.receive(
        calculator,
        now=timezone.now(),
        sheet=asked.sheet,
        language=language,
        anonymous=handed_on(request).get("anonymous_id"),
        **campaign(request),
        **form.person,
    )
    carried = {name: value for name, value in handed_on(request).items() if name in {"language", "embed"}}
    where = reverse("discovery:calculation_public", args=[calculator.token, kept.token])
    return redirect(f"{where}?{urlencode(carried)}" if carried else where)


def page(
    request: HttpRequest,
    calculator: Calculator,
    language: str,
    asked: Asked,
    *,
    form: LeavingForm | None = None,
    preview: bool = False,
) -> HttpResponse:
    """Show the calculator with what was typed; its result where it may be seen before one says who one is."""
    first = calculator.asks_contact == Calculator.Asks.BEFORE and not preview
    context = _context(request, calculator, language) | {
        "asked": asked,
        "outcome": Outcome(asked.sheet) if asked.sheet and not first else None,
        "form": form or LeavingForm(calculator=calculator, language=language),
        "first": first,
        "asks_contact": calculator.asks_contact != Calculator.Asks.NEVER and not preview,
        "preview": preview,
    }
    refused = asked.errors or (form is not None and form.errors)
    return render(request, "discovery/calculators/public.html", context, status=422 if refused else 200)


@behind_token
@require_POST
def result(request: HttpRequest, calculator: Calculator, language: str) -> HttpResponse:
    """The result alone, while one types; 422 with what is wrong."""
    if wait := RECKONING.wait(client_ip(request)):
        return too_often(request, wait)
    asked = ask(calculator, language=language, given=given(request))
    _note_visit(request, calculator, used=asked.sheet is not None)
    first = calculator.asks_contact == Calculator.Asks.BEFORE
    context: dict[str, Any] = {
        "asked": asked,
        "outcome": None if first or asked.sheet is None else Outcome(asked.sheet),
    }
    template = "discovery/calculators/parts/result.html"
    return render(request, template, context, status=422 if asked.errors else 200)


@behind_token
@require_GET
def kept_result(request: HttpRequest, calculator: Calculator, language: str, result: str) -> HttpResponse:
    """What a visitor reckoned when they left their name, at an address of its own."""
    kept = Calculation.objects.filter(calculator=calculator, token=result).first()
    if kept is None:
        if wait := GUESSING.wait(client_ip(request)):
            return too_often(request, wait)
        raise Http404
    context = _context(request, calculator, language) | {"outcome": kept.outcome, "kept": kept}
    return render(request, "discovery/calculators/kept.html", context)


def _note_visit(request: HttpRequest, calculator: Calculator, *, used: bool) -> None:
    note_visit(request, calculator, embedded=bool(handed_on(request).get("embed")), used=used)


def _context(request: HttpRequest, calculator: Calculator, language: str) -> dict[str, Any]:
    carried = handed_on(request)
    return {
        "calculator": calculator,
        "title": calculator.say("title", language),
        "intro": calculator.say("intro", language),
        "others": [
            (code, LANGUAGES[code], _address(request, code)) for code in calculator.languages if code != language
        ],
        "carried": carried | {"language": language},
        "embedded": bool(carried.get("embed")),
        "LANGUAGE_CODE": language,
    }


def _address(request: HttpRequest, language: str) -> str:
    """Return this page in another language, with all that its address says."""
    said: Mapping[str, str] = request.GET.dict()
    return "?" + urlencode({**said, "language": language})
