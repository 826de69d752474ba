"""The offer as the customer sees it: three tiers side by side, and the customer's own choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proofline.kit.links import client_ip, user_agent
from proofline.stages.closing.forms import ChoiceForm
from proofline.stages.closing.models import AlreadyChosenError, Quote, QuoteNotOpenError
from proofline.stages.closing.papers import quote_pdf
from proofline.stages.closing.views.answers import UNPROCESSABLE, add_errors, warn
from proofline.stages.closing.views.files import pdf_answer
from proofline.stages.closing.views.quotes import paper_name
from proofline.stages.closing.views.times import now_and_today

if TYPE_CHECKING:
    from proofline.stages.closing.models import QuoteOption

GONE = 410
RELATED = ("deal__account", "deal__owner", "deal__product", "sending", "choice__option")


@login_not_required
@require_GET
def quote_public(request: HttpRequest, token: str) -> HttpResponse:
    """Show the offer."""
    quote = by_token(request, token)
    with translation.override(quote.language or translation.get_language()):
        return show_offer(request, quote)


@login_not_required
@require_POST
def choice(request: HttpRequest, token: str) -> HttpResponse:
    """Take the customer's choice."""
    quote = by_token(request, token)
    now, today = now_and_today()
    with translation.override(quote.language or translation.get_language()):
        form = ChoiceForm(request.POST)
        if not form.is_valid():
            return show_offer(request, quote, form=form)
        option = next((each for each in quote.ordered_options if each.pk == form.cleaned_data["option"]), None)
        if option is None:
            raise Http404
        try:
            quote.choose(
                option,
                name=form.cleaned_data["name"],
                ip=client_ip(request),
                user_agent=user_agent(request),
                now=now,
                today=today,
            )
        except ValidationError as error:
            add_errors(form, error)
            return show_offer(request, quote, form=form)
        except AlreadyChosenError as error:
            warn(request, error)
        except QuoteNotOpenError:
            return show_offer(request, by_token(request, token))
    return redirect("closing:quote_public", token)


@login_not_required
@require_GET
def quote_public_paper(request: HttpRequest, token: str) -> FileResponse:
    """Give the offer as PDF, while it is open or chosen."""
    quote = by_token(request, token)
    if not is_open(quote):
        raise Http404
    return pdf_answer(quote_pdf(quote), name=paper_name(quote))


def by_token(request: HttpRequest, token: str) -> Quote:
    """Return the quote with the link. A draft is shown only to us, as a preview.

    Raises:
        Http404: there is none, or it is a draft.
    """
    quote: Quote | None = Quote.objects.select_related(*RELATED).filter(token=token).first()
    if quote is None or not (quote.is_sent or previews(request, quote)):
        raise Http404
    return quote


def previews(request: HttpRequest, quote: Quote) -> bool:
    """Tell whether one of us looks at it."""
    user: Any = request.user
    return bool(user.is_authenticated) and Quote.objects.visible_to(user).filter(pk=quote.pk).exists()


def is_open(quote: Quote) -> bool:
    """Tell whether the customer may read the offer: it was chosen, or is neither expired nor replaced."""
    _now, today = now_and_today()
    return quote.state(today=today) in {"draft", "sent", "chosen"}


def show_offer(request: HttpRequest, quote: Quote, *, form: ChoiceForm | None = None) -> HttpResponse:
    """Show the offer; 410 when it is expired or replaced, 422 with errors."""
    _now, today = now_and_today()
    state = quote.state(today=today)
    context = {"quote": quote, "state": state, "LANGUAGE_CODE": translation.get_language()}
    if state in {"expired", "replaced"}:
        return render(request, "closing/public_offer_gone.html", context, status=GONE)
    chosen = quote.choice.option_id if quote.is_chosen else None
    wrong = form.data.get("option", "") if form else ""
    rows: list[tuple[QuoteOption, ChoiceForm]] = [
        (
            option,
            form
            if form and wrong == str(option.pk)
            else ChoiceForm(initial={"option": option.pk}, auto_id=f"id_{option.pk}_%s"),
        )
        for option in quote.ordered_options
    ]
    context |= {
        "rows": rows,
        "chosen": chosen,
        "can_choose": state == "sent" and not quote.deal.is_closed,
        "title": _("Offer for %(customer)s") % {"customer": quote.deal.account or quote.deal.name},
    }
    return render(request, "closing/public_offer.html", context, status=UNPROCESSABLE if form else 200)
