"""Quotes: drafting, the editor, sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.stages.closing.forms import OptionForm, QuoteForm, SendForm
from proofline.stages.closing.models import Deal, DealClosedError, Quote, QuoteSentError
from proofline.stages.closing.papers import quote_pdf
from proofline.stages.closing.views.answers import UNPROCESSABLE, add_errors, fine_text, show_form, user_of, warn
from proofline.stages.closing.views.files import pdf_answer
from proofline.stages.closing.views.times import now_and_today

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

RELATED = ("deal__account", "deal__product", "deal__owner", "sending__to", "choice__option")


@require_POST
def quotes(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the deal's next quote."""
    deal = load(Deal, user=user_of(request), write=True, pk=pk)
    now, today = now_and_today()
    try:
        drafted = Quote.objects.draft(deal=deal, by=user_of(request), now=now, today=today)
    except DealClosedError as error:
        warn(request, error)
        return redirect(f"{deal.get_absolute_url()}?tab=offer")
    return redirect("closing:quote", drafted.pk)


@require_POST
def quote_configured(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the deal's last quote offer what was configured since."""
    deal = load(Deal, user=user_of(request), write=True, pk=pk)
    now, today = now_and_today()
    try:
        taken = Quote.objects.take_configuration(deal=deal, by=user_of(request), now=now, today=today)
    except (DealClosedError, ValidationError) as error:
        warn(request, fine_text(error) if isinstance(error, ValidationError) else error)
        return redirect(f"{deal.get_absolute_url()}?tab=offer")
    toast(request, _("Quote %(version)s offers what was configured.") % {"version": taken.version})
    return redirect("closing:quote", taken.pk)


@require_http_methods(["GET", "POST"])
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a quote; edit it while it is a draft."""
    user = user_of(request)
    found = load(Quote.objects.select_related(*RELATED), user=user, write=request.method == "POST", pk=pk)
    options = found.ordered_options
    may_edit = user.may_write("closing") and not found.is_sent and not found.deal.is_closed
    form = QuoteForm(request.POST or None, instance=found, options=options)
    option_forms = [OptionForm(request.POST or None, option=option) for option in options]
    if request.method == "POST":
        valid = [form.is_valid(), *(each.is_valid() for each in option_forms)]
        if all(valid) and kept(found, form, option_forms):
            toast(request, _("Saved."))
            return redirect("closing:quote", found.pk)
    return show_quote(request, found, form=form, option_forms=option_forms, may_edit=may_edit)


def kept(quote: Quote, form: QuoteForm, option_forms: list[OptionForm]) -> bool:
    """Keep what was typed; False with the form's errors where that can't be."""
    values = dict(form.cleaned_data)
    recommended = values.pop("recommended") or 0
    rows = [each.cleaned_data | {"recommended": each.instance.position == recommended} for each in option_forms]
    try:
        quote.edit(options=rows, **values)
    except ValidationError as error:
        add_errors(form, error)
        return False
    except QuoteSentError as error:
        form.add_error(None, str(error))
        return False
    return True


def show_quote(
    request: HttpRequest, quote: Quote, *, form: QuoteForm, option_forms: list[OptionForm], may_edit: bool
) -> HttpResponse:
    """Show the quote's page; 422 with errors."""
    _now, today = now_and_today()
    wrong = bool(form.errors) or any(each.errors for each in option_forms)
    path = reverse("closing:quote_public", args=[quote.token])
    context: dict[str, Any] = {
        "quote": quote,
        "state": quote.state(today=today),
        "form": form,
        "rows": list(zip(quote.ordered_options, option_forms, strict=True)),
        "may_edit": may_edit,
        "newer": quote.newer_configuration,
        "has_contract": quote.deal.contracts.standing().exists(),
        "may_write": user_of(request).may_write("closing"),
        "public_url": request.build_absolute_uri(path),
    }
    return render(request, "closing/quote.html", context, status=UNPROCESSABLE if wrong else 200)


@require_http_methods(["GET", "POST"])
def quote_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the quote."""
    user = user_of(request)
    found = load(Quote.objects.select_related(*RELATED), user=user, write=True, pk=pk)
    form = SendForm(request.POST or None, deal=found.deal, user=user)
    address = reverse("closing:quote", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        now, _today = now_and_today()
        try:
            found.send(by=user, now=now, to=form.cleaned_data["to"])
        except ValidationError as error:
            form.add_error(None, fine_text(error))
        except DealClosedError as error:
            form.add_error(None, str(error))
        else:
            toast(request, _("Quote sent."))
            return redirect(address)
    intro = _("What the customer has read does not change: a sent quote is changed by a new version.")
    return show_form(request, form, title=_("Send the quote"), submit=_("Send"), cancel=address, intro=intro)


@require_GET
def quote_paper(request: HttpRequest, pk: int) -> FileResponse:
    """Give the quote as PDF."""
    found = load(Quote.objects.select_related(*RELATED), user=user_of(request), pk=pk)
    return pdf_answer(quote_pdf(found), name=paper_name(found))


def paper_name(quote: Quote) -> str:
    """Return the file name of the quote's PDF."""
    return f"{quote.deal.account or quote.deal.name} {quote.version}.pdf"
