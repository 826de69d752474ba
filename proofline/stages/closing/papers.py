"""Offers and contracts on paper: the PDF of a quote, the sealed PDF of a contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.documents import render_pdf
from proofline.records.models import Workspace
from proofline.stages.closing.terms import clauses

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.kit.sealing import SealCheck
    from proofline.stages.closing.models import Acceptance, Contract, Promise, Quote, QuoteOption

DOCUMENTS = Path(__file__).parent / "documents"


def quote_pdf(quote: Quote) -> bytes:
    """Set a quote: its options side by side, in the customer's language."""
    language = quote.language or translation.get_language()
    with translation.override(language):
        options = quote.ordered_options
        data = {
            **_brand(),
            "title": _("Offer for %(customer)s") % {"customer": quote.deal.account or quote.deal.name},
            "subtitle": _("Version %(version)s, valid until %(day)s")
            % {"version": quote.version, "day": formats.day(quote.valid_until)},
            "note": quote.note,
            "options": [_option(option) for option in options],
            "columns": [_("Tier"), _("Seats"), _("A month"), _("Once"), _("First year")],
            "modules_title": _("What is in it"),
            "after": _("Prices are stated before taxes."),
        }
        return render_pdf(DOCUMENTS / "quote.typ", data, at=quote.created_at, language=language)


def contract_pdf(contract: Contract, *, at: datetime) -> bytes:
    """Set a contract with its promises and terms, and with the signature when there is one; it bears no seal."""
    language = contract.language or translation.get_language()
    with translation.override(language):
        return render_pdf(DOCUMENTS / "contract.typ", _contract(contract), at=at, language=language)


def sealed_paper(acceptance: Acceptance, *, now: datetime) -> bytes:
    """Return the sealed PDF of a signed contract; it is made when it is first asked for, and then kept."""
    if not acceptance.digest:
        from proofline.kit.sealing import seal  # noqa: PLC0415 - what signs takes a third of a second to load

        contract = acceptance.contract
        reason = f"{contract.number}: {acceptance.name}"
        pdf = contract_pdf(contract, at=acceptance.at)
        acceptance.keep_paper(seal(pdf, reason=reason, at=now, name=Workspace.current().name))
    return acceptance.paper()


def check_seal(pdf: bytes) -> SealCheck:
    """Say whether a paper is sealed, unchanged since, and sealed by us."""
    from proofline.kit.sealing import verify  # noqa: PLC0415 - as above

    return verify(pdf)


def _brand() -> dict[str, Any]:
    return {"brand": Workspace.current().brand}


def _option(option: QuoteOption) -> dict[str, Any]:
    row = [
        option.name + (f" · {_('Recommended')}" if option.recommended else ""),
        formats.number(option.seats),
        formats.money(option.monthly_price),
        formats.money(option.once_price),
        formats.money(option.total()),
    ]
    return {"row": row, "name": option.name, "modules": option.modules}


def _contract(contract: Contract) -> dict[str, Any]:
    seller = Workspace.current().name
    return {
        **_brand(),
        "title": _("Contract %(number)s") % {"number": contract.number},
        "subtitle": contract.plan,
        "footer": f"{seller} · {contract.number}",
        "facts": contract_facts(contract, seller=seller),
        "promises_title": _("What we promise"),
        "promises": [_promise(promise) for promise in contract.promises.select_related("metric").order_by("position")],
        "columns": [_("Promise"), _("Now"), _("Improved by")],
        "terms_title": _("Terms"),
        "terms": [[head, text] for head, text in clauses(contract.terms)],
        "signature_title": _("Signature"),
        "signature": signature(contract.acceptance) if contract.is_accepted else None,
        "unsigned": _("Not signed yet."),
    }


def contract_facts(contract: Contract, *, seller: str) -> list[list[str]]:
    """Return what the contract states, as label and value, in the current language."""
    term = _("%(start)s to %(end)s (%(months)s months)") % {
        "start": formats.day(contract.starts_on),
        "end": formats.day(contract.ends_on),
        "months": contract.months,
    }
    rows = [
        [_("Provider"), seller],
        [_("Customer"), str(contract.account)],
        [_("Service"), contract.plan],
        [_("Seats"), formats.number(contract.seats)],
        [_("Term"), term],
        [_("Price a month"), formats.money(contract.monthly_price)],
    ]
    if contract.once:
        rows.append([_("Price once"), formats.money(contract.once_price)])
    return [*rows, [_("Whole term"), formats.money(contract.total)]]


def _promise(promise: Promise) -> dict[str, Any]:
    baseline = f"{formats.number(promise.baseline)} {promise.unit}"
    return {
        "row": [promise.name, baseline, f"{formats.number(promise.promised)} {promise.unit}"],
        "how": f"{promise.name}: {promise.measured_by}" if promise.measured_by else "",
    }


def signature(acceptance: Acceptance) -> list[list[str]]:
    """Return what is known of a signature, as label and value, in the current language."""
    rows = [
        [_("Signed by"), acceptance.name],
        [_("Job title"), acceptance.title],
        [_("For the company"), str(acceptance.contract.account)],
        [_("Date"), f"{formats.moment(acceptance.at)} ({timezone.localtime(acceptance.at):%z})"],
        [_("From the address"), str(acceptance.ip or "")],
        [_("Program used"), acceptance.user_agent],
    ]
    return [row for row in rows if row[1]]
