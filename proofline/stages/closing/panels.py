"""What this room puts on the pages of earlier rooms. `config/panels.py` says where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.clock import local_day
from proofline.records.models import Workspace
from proofline.stages.closing import overview
from proofline.stages.closing.models import Deal, Quote
from proofline.stages.discovery.competing.panels import alternatives_card

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Account, Contact
    from proofline.stages.discovery.models import Proposal, Study
    from proofline.stages.reach.models import Lead


def deals_of_account(request: HttpRequest, account: Account) -> str:
    """Show the account's deals, the open ones first, and open another."""
    user: Any = request.user
    today = local_day(timezone.now(), time_zone=Workspace.current().time_zone)
    context = {
        "deals": overview.deals_with(account, user=user),
        "account": account,
        "offers": overview.offers_to(account, user=user, today=today),
        "contracts": overview.contracts_with(account, user=user),
        "may_write": user.may_write("closing"),
    }
    return render_to_string("closing/panels/account.html", context, request=request)


def people_of_account(request: HttpRequest, account: Account) -> str:
    """Show who decides at the account, what is missing, and its other people; stay away while nobody has a part in a deal."""
    user: Any = request.user
    found = overview.decision_map_of(account, user=user)
    if not found.placed:
        return ""
    context = {"map": found, "others": overview.others_at(account, found, user=user)}
    return render_to_string("closing/panels/people.html", context, request=request)


def deals_of_contact(request: HttpRequest, contact: Contact) -> str:
    """Show the deals in which the contact has a part."""
    user: Any = request.user
    found = overview.open_first(overview.newest(Deal.objects.visible_to(user).filter(people__contact=contact)))
    return _deals(request, found)


def deal_of_lead(request: HttpRequest, lead: Lead) -> str:
    """Show the deal that the lead became."""
    user: Any = request.user
    return _deals(request, overview.open_first(overview.newest(Deal.objects.visible_to(user).filter(lead=lead))))


def alternatives_of_deal(request: HttpRequest, deal: Deal) -> str:
    """Show what the deal's customer uses and considers instead of us, as the deal's study has it."""
    return alternatives_card(request, deal.study) if deal.study else ""


def deal_of_study(request: HttpRequest, study: Study) -> str:
    """Show the deal that the study belongs to."""
    user: Any = request.user
    return _deals(request, overview.open_first(overview.newest(Deal.objects.visible_to(user).filter(study=study))))


def price_of_proposal(request: HttpRequest, proposal: Proposal) -> str:
    """Show the offer that goes with a proposal: the tiers of the newest quote that was sent, and the way to choose.

    Before a quote was sent it is the price of what was configured, with its explanation.
    """
    quote = _quote_of(proposal)
    if quote is None and proposal.configuration is not None:
        configured = {"configuration": proposal.configuration}
        return render_to_string("closing/panels/configured_price.html", configured, request=request)
    if quote is None:
        return ""
    context = {"quote": quote, "options": quote.ordered_options}
    return render_to_string("closing/panels/price.html", context, request=request)


def note_of_offer(request: HttpRequest, proposal: Proposal) -> str:
    """Say what add-ons mean where an offer that was sent sets the price; nothing while the configuration does."""
    del request
    if _quote_of(proposal) is None:
        return ""
    return _("The prices of the offer above stand; we put what you switched here into the next one.")


def newer_configuration_of_proposal(request: HttpRequest, proposal: Proposal) -> str:
    """Tell that the last quote does not offer what was configured since, with the way to put it in; nothing where it does."""
    user: Any = request.user
    quotes = Quote.objects.visible_to(user).filter(deal__study=proposal.study_id).select_related("deal__study")
    quote = quotes.order_by("-version").first()
    newer = quote.newer_configuration if quote and not quote.deal.is_closed else None
    if newer is None:
        return ""
    context = {"quote": quote, "newer": newer, "may_write": user.may_write("closing")}
    return render_to_string("closing/panels/newer_configuration.html", context, request=request)


def price_rows_of_proposal(request: HttpRequest, proposal: Proposal) -> str:
    """Say the same for a document: one option a line, its name, price and seats parted by tabs."""
    del request
    quote = _quote_of(proposal)
    if quote is None:
        return "\n".join("\t".join(row) for row in _configured_rows(proposal))
    rows = [[_("Option"), _("a month"), _("once"), _("people")]]
    for option in quote.ordered_options:
        once = formats.money(option.once_price) if option.once else "–"
        rows.append([option.name, formats.money(option.monthly_price), once, formats.number(option.seats)])
    return "\n".join("\t".join(row) for row in rows)


def _configured_rows(proposal: Proposal) -> list[list[str]]:
    kept = proposal.configuration
    if kept is None:
        return []
    steps = [(text, monthly, once) for text, monthly, once in kept.explained if monthly or once]
    rows = [*steps, (_("Price"), kept.monthly, kept.once)]
    return [
        [_("This price, because"), _("a month"), _("once")],
        *(
            [text, formats.money(monthly, kept.currency), formats.money(once, kept.currency)]
            for text, monthly, once in rows
        ),
    ]


def _quote_of(proposal: Proposal) -> Quote | None:
    quote: Quote | None = (
        Quote.objects.filter(deal__study=proposal.study_id, sending__isnull=False)
        .select_related("deal", "choice__option")
        .order_by("-version")
        .first()
    )
    return quote


def _deals(request: HttpRequest, deals: list[Deal]) -> str:
    if not deals:
        return ""
    return render_to_string("closing/panels/deals.html", {"deals": deals}, request=request)
