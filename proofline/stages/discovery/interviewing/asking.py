"""Asking why: what is said below a need is noted in the talk and becomes the deep need, down to the business loss."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proofline.stages.discovery.models import InterviewNote, Need, Save

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Contact, User
    from proofline.stages.discovery.models import Interview


def new_key() -> str:
    """Return a key for a note that no page made."""
    return secrets.token_hex(12)


def ask_why(
    interview: Interview,
    need: Need,
    *,
    by: User | None,
    now: datetime,
    text: str = "",
    contact: Contact | None = None,
    **loss: Any,
) -> Need:
    """Note the answer to "why?" and make it the need below; without words the loss is the need's own. Return the need that has it.

    `loss` are loss, loss_amount and loss_currency.

    Raises:
        ValidationError: the need is another customer's, or a field is not valid.
    """
    if need.study_id != interview.study_id:
        raise ValidationError({"need": _("That need belongs to another customer.")})
    if not loss.get("loss") and loss.get("loss_amount") is None:
        loss = {}
    if not text:
        need.change(by=by, now=now, **loss)
        return need
    with transaction.atomic():
        note = InterviewNote.objects.write(
            interview,
            Save(text),
            key=new_key(),
            by=by,
            now=now,
            second=second_now(interview, now=now),
            contact=contact,
        )
        below, _is_new = note.become_need(by=by, now=now, kind=Need.Kind.DEEP, because_of=need, **loss)
    return below


def second_now(interview: Interview, *, now: datetime) -> int | None:
    """Return the second of a talk that runs; None before, in a pause and after it."""
    return interview.seconds(now=now) if interview.is_running else None
