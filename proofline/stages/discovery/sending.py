"""Sending a proposal: what it says is kept as it is shown, the link opens, the value case is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.stages.discovery.models import Sending
from proofline.stages.discovery.models.sendings import check_code
from proofline.stages.discovery.writing.versions import snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Contact, User
    from proofline.stages.discovery.models import Proposal


def send(
    proposal: Proposal,
    *,
    by: User | None,
    now: datetime,
    to: Contact | None = None,
    expires_at: datetime | None = None,
    asks_code: bool = False,
    lets_colleagues_in: bool = False,
) -> Sending:
    """Open the link to a person; the value case, if it says anything, is promised from now on.

    With `asks_code` only that person reads it, who proves by a code that the e-mail address is theirs; `lets_colleagues_in` also whoever
    has an address of the same domain.

    Raises:
        ValidationError: the person is another customer's, the date has passed, or a code has nowhere to go.
    """
    if to and to.account_id not in {None, proposal.study.account_id}:
        raise ValidationError({"to": _("This contact belongs to another account.")})
    if expires_at is not None and expires_at <= now:
        raise ValidationError({"expires_at": _("This moment has passed.")})
    check_code(to, asks_code=asks_code, lets_colleagues_in=lets_colleagues_in)
    with transaction.atomic():
        if proposal.value_case and proposal.value_case.lines.exists():
            proposal.value_case.freeze(by=by, now=now)
        sending = Sending.objects.create(
            proposal=proposal,
            at=now,
            by=by,
            to=to,
            expires_at=expires_at,
            asks_code=asks_code,
            lets_colleagues_in=lets_colleagues_in,
            snapshot=snapshot(proposal),
        )
        _tell(sending)
    proposal.forget_sending()
    return sending


def _tell(sending: Sending) -> None:
    proposal = sending.proposal
    showable = proposal.evidence.showable(today=timezone.localdate(sending.at)).order_by("pk")
    proposal.study.tell(
        "proposal.sent",
        by=sending.by,
        at=sending.at,
        subject=("proposal", proposal.pk),
        contact=sending.to_id,
        key=f"proposal.sent:{sending.pk}",
        proposal=proposal.title,
        proposal_id=proposal.pk,
        to=str(sending.to or proposal.study.account),
        language=proposal.language,
        evidence=",".join(str(pk) for pk in showable.values_list("pk", flat=True)),
    )
