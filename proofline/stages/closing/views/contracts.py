"""Contracts: the list, drafting, the editor, sending, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.stages.closing.forms import ContractForm, SendForm
from proofline.stages.closing.lists import CONTRACTS
from proofline.stages.closing.models import Contract, ContractNotOpenError, ContractSentError, Deal
from proofline.stages.closing.papers import contract_pdf, sealed_paper
from proofline.stages.closing.views.answers import add_errors, fine_text, show_form, user_of, warn
from proofline.stages.closing.views.files import pdf_answer
from proofline.stages.closing.views.times import now_and_today

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

RELATED = ("deal__owner", "account", "product", "option", "sending__to", "acceptance", "withdrawal")


@require_GET
def contracts(request: HttpRequest) -> HttpResponse:
    """Show the contracts."""
    return RecordList.of(
        request,
        kind=CONTRACTS,
        empty=Empty(
            _("No contracts yet"),
            _("A contract is drafted from a deal: from the tier that the customer chose and the numbers we promised."),
            reverse("closing:deals"),
            _("Open the deals"),
            icon="file-text",
        ),
    ).render("closing/contracts.html")


@require_POST
def drafts(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the deal's contract, or go to the one that stands."""
    deal = load(Deal.objects.select_related("account", "product"), user=user_of(request), write=True, pk=pk)
    now, today = now_and_today()
    try:
        return redirect(Contract.objects.draft(deal=deal, by=user_of(request), now=now, today=today))
    except ValidationError as error:
        warn(request, fine_text(error))
        return redirect(f"{deal.get_absolute_url()}?tab=contract")


@require_GET
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a contract."""
    user = user_of(request)
    found = load(Contract.objects.select_related(*RELATED), user=user, pk=pk)
    path = reverse("closing:contract_public", args=[found.token])
    context = {
        "contract": found,
        "promises": found.promises.select_related("metric").order_by("position"),
        "states": [("draft", _("Draft")), ("sent", _("With the customer")), ("accepted", _("Signed by the customer"))],
        "public_url": request.build_absolute_uri(path),
        "may_write": user.may_write("closing"),
    }
    return render(request, "closing/contract.html", context)


@require_http_methods(["GET", "POST"])
def contract_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a draft."""
    found = load(Contract, user=user_of(request), write=True, pk=pk)
    if found.is_sent or found.is_withdrawn:
        warn(request, _("This contract was sent. Take it back to draft another."))
        return redirect(found)
    form = watched(ContractForm(request.POST or None, instance=found), found, user=user_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            found.edit(**form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except ContractSentError as error:
            form.add_error(None, str(error))
        else:
            toast(request, _("Saved."))
            return redirect(found)
    title = _("Edit contract %(number)s") % {"number": found.number}
    template = "closing/contract_form.html"
    return show_form(request, form, title=title, template=template, cancel=found.get_absolute_url())


@require_http_methods(["GET", "POST"])
def contract_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the contract."""
    user = user_of(request)
    found = load(Contract.objects.select_related(*RELATED), user=user, write=True, pk=pk)
    form = SendForm(request.POST or None, deal=found.deal, user=user)
    if request.method == "POST" and form.is_valid():
        now, _today = now_and_today()
        try:
            found.send(by=user, now=now, to=form.cleaned_data["to"])
        except ContractNotOpenError as error:
            form.add_error(None, str(error))
        else:
            toast(request, _("Contract sent."))
            return redirect(found)
    intro = _("From now on the contract does not change. To change it, take it back and draft another.")
    cancel = found.get_absolute_url()
    return show_form(request, form, title=_("Send the contract"), submit=_("Send"), cancel=cancel, intro=intro)


@require_POST
def contract_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the contract back."""
    found = load(Contract, user=user_of(request), write=True, pk=pk)
    now, _today = now_and_today()
    try:
        found.withdraw(by=user_of(request), now=now)
    except ContractNotOpenError as error:
        warn(request, error)
    else:
        toast(request, _("Contract taken back."))
    return redirect(found)


@require_GET
def contract_paper(request: HttpRequest, pk: int) -> FileResponse:
    """Give the contract as PDF: sealed, when it is signed."""
    found = load(Contract.objects.select_related(*RELATED), user=user_of(request), pk=pk)
    return paper_answer(found)


def paper_answer(contract: Contract) -> FileResponse:
    """Answer with the contract's PDF: sealed, when it is signed."""
    now, _today = now_and_today()
    pdf = sealed_paper(contract.acceptance, now=now) if contract.is_accepted else contract_pdf(contract, at=now)
    return pdf_answer(pdf, name=f"{contract.number}.pdf")
