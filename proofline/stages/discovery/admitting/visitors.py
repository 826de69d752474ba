"""Who looks at a proposal, as far as they said or showed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing

from proofline.records.models import Contact
from proofline.stages.discovery.admitting.models import admits, bare

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.models import Proposal

ADMITTED, WHO = "proposal-admitted", "proposal-who"
DAYS = 14
A_DAY = 24 * 3600


@dataclass(frozen=True)
class Visitor:
    """A person before a proposal: by a code (`is_shown`), by what they typed before, else the one that it was sent to."""

    name: str = ""
    email: str = ""
    contact: Contact | None = None
    is_shown: bool = False

    @property
    def is_named(self) -> bool:
        """Whether they need not be asked who they are."""
        return bool(self.name)


def admitted_email(request: HttpRequest, proposal: Proposal) -> str:
    """Return the address that the reader showed to be theirs, and that what was sent last admits; "" for none."""
    sending = proposal.last_sending
    email = request.get_signed_cookie(ADMITTED, default="", salt=proposal.token, max_age=DAYS * A_DAY)
    return email if email and sending and admits(sending, email) else ""


def must_show_code(request: HttpRequest, proposal: Proposal) -> bool:
    """Tell whether a code has to be asked for first."""
    sending = proposal.last_sending
    return bool(sending and sending.asks_code and not admitted_email(request, proposal))


def admit(response: HttpResponse, request: HttpRequest, proposal: Proposal, *, email: str) -> None:
    """Let this browser in for two weeks."""
    _keep(response, request, proposal, ADMITTED, bare(email), days=DAYS)


def remember(response: HttpResponse, request: HttpRequest, proposal: Proposal, *, who: Visitor) -> None:
    """Keep who somebody said to be, so that it is asked once: in their browser alone."""
    _keep(response, request, proposal, WHO, signing.dumps([who.name, who.email], salt=proposal.token), days=90)


def visitor_of(request: HttpRequest, proposal: Proposal) -> Visitor:
    """Return who looks."""
    sending = proposal.last_sending
    to = sending.to if sending else None
    shown = admitted_email(request, proposal) if sending and sending.asks_code else ""
    name, email = _remembered(request, proposal)
    if shown:
        contact = _contact(proposal, shown)
        return Visitor(str(contact) if contact else name, shown, contact, is_shown=True)
    if name:
        return named(proposal, name=name, email=email)
    return Visitor(str(to), to.email or "", to) if to else Visitor()


def named(proposal: Proposal, *, name: str, email: str) -> Visitor:
    """Return somebody by what they typed: a contact where it is the addressee's name or a contact's address."""
    name, email = " ".join(name.split()), email.replace("\0", "").strip()
    sending = proposal.last_sending
    to = sending.to if sending else None
    if to and name == str(to) and email in {"", to.email or ""}:
        return Visitor(name, to.email or "", to)
    return Visitor(name, email, _contact(proposal, email) if email else None)


def _contact(proposal: Proposal, email: str) -> Contact | None:
    found: Contact | None = Contact.objects.filter(account=proposal.study.account_id, email__iexact=email).first()
    return found


def _remembered(request: HttpRequest, proposal: Proposal) -> tuple[str, str]:
    kept = request.get_signed_cookie(WHO, default="", salt=proposal.token)
    if not kept:
        return "", ""
    name, email = signing.loads(kept, salt=proposal.token)
    return str(name), str(email)


def _keep(
    response: HttpResponse, request: HttpRequest, proposal: Proposal, name: str, value: str, *, days: int
) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=proposal.token,
        max_age=days * A_DAY,
        path=proposal.public_path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
