"""The contract as the customer sees it: reading, signing, and checking the seal."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.links import client_ip, user_agent
from proofline.records.models import Workspace
from proofline.stages.closing.forms import AcceptanceForm
from proofline.stages.closing.models import AlreadyAcceptedError, Contract, ContractNotOpenError
from proofline.stages.closing.papers import check_seal, contract_facts, sealed_paper
from proofline.stages.closing.views.answers import UNPROCESSABLE, add_errors, warn
from proofline.stages.closing.views.contracts import paper_answer
from proofline.stages.closing.views.times import now_and_today

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

GONE = 410
LARGEST_PAPER = 10 * 1024 * 1024
RELATED = ("deal__owner", "account", "product", "option", "sending", "acceptance", "withdrawal")


@login_not_required
@require_GET
def contract_public(request: HttpRequest, token: str) -> HttpResponse:
    """Show the contract."""
    contract = by_token(request, token)
    with translation.override(contract.language or translation.get_language()):
        return show_contract(request, contract)


@login_not_required
@require_POST
def acceptance(request: HttpRequest, token: str) -> HttpResponse:
    """Take the customer's signature, and seal the paper."""
    contract = by_token(request, token)
    now, _today = now_and_today()
    with translation.override(contract.language or translation.get_language()):
        form = AcceptanceForm(request.POST)
        if not form.is_valid():
            return show_contract(request, contract, form=form)
        name, title = form.cleaned_data["name"], form.cleaned_data["title"]
        try:
            signed = contract.accept(
                name=name, title=title, ip=client_ip(request), user_agent=user_agent(request), now=now
            )
        except ValidationError as error:
            add_errors(form, error)
            return show_contract(request, contract, form=form)
        except AlreadyAcceptedError as error:
            warn(request, error)
        except ContractNotOpenError:
            return show_contract(request, by_token(request, token))
        else:
            sealed_paper(signed, now=now)
    return redirect("closing:contract_public", token)


@login_not_required
@require_GET
def contract_public_paper(request: HttpRequest, token: str) -> FileResponse:
    """Give the contract as PDF: sealed, when it is signed."""
    contract = by_token(request, token)
    if contract.is_withdrawn:
        raise Http404
    return paper_answer(contract)


@login_not_required
@require_http_methods(["GET", "POST"])
def verification(request: HttpRequest, token: str) -> HttpResponse:
    """Check the seal of the kept paper, or of a copy that is uploaded."""
    contract = by_token(request, token)
    if not contract.is_accepted:
        raise Http404
    now, _today = now_and_today()
    kept = sealed_paper(contract.acceptance, now=now)
    copy: Any = request.FILES.get("paper")
    with translation.override(contract.language or translation.get_language()):
        context = {
            "contract": contract,
            "acceptance": contract.acceptance,
            "check": check_seal(kept),
            "kept_matches": hashlib.sha256(kept).hexdigest() == contract.acceptance.digest,
            "copy": copy_check(copy, digest=contract.acceptance.digest) if copy else None,
            "LANGUAGE_CODE": translation.get_language(),
        }
        return render(request, "closing/public_verification.html", context)


def copy_check(copy: UploadedFile[bytes], *, digest: str) -> dict[str, Any]:
    """Say of an uploaded copy whether it is, byte for byte, the paper that was sealed."""
    if copy.size is None or copy.size > LARGEST_PAPER:
        return {"name": copy.name, "same": False, "check": None}
    content = copy.read()
    return {"name": copy.name, "same": hashlib.sha256(content).hexdigest() == digest, "check": check_seal(content)}


def by_token(request: HttpRequest, token: str) -> Contract:
    """Return the contract with the link. A draft is shown only to us, as a preview.

    Raises:
        Http404: there is none, or it is a draft.
    """
    contract: Contract | None = Contract.objects.select_related(*RELATED).filter(token=token).first()
    if contract is None or not (contract.is_sent or previews(request, contract)):
        raise Http404
    return contract


def previews(request: HttpRequest, contract: Contract) -> bool:
    """Tell whether one of us looks at it."""
    user: Any = request.user
    return bool(user.is_authenticated) and Contract.objects.visible_to(user).filter(pk=contract.pk).exists()


def show_contract(request: HttpRequest, contract: Contract, *, form: AcceptanceForm | None = None) -> HttpResponse:
    """Show the contract; 410 when it was taken back, 422 with errors."""
    workspace = Workspace.current()
    context = {"contract": contract, "LANGUAGE_CODE": translation.get_language(), "workspace": workspace}
    if contract.is_withdrawn:
        return render(request, "closing/public_contract_gone.html", context, status=GONE)
    context |= {
        "facts": contract_facts(contract, seller=workspace.name),
        "promises": contract.promises.order_by("position"),
        "form": form or AcceptanceForm(),
        "acceptance": contract.acceptance if contract.is_accepted else None,
    }
    return render(request, "closing/public_contract.html", context, status=UNPROCESSABLE if form else 200)
