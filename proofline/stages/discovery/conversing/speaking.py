"""Saying something about a proposal: the customer's comments, our answers, and that a thread is settled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from proofline.records.models import Notification
from proofline.stages.discovery.conversing.models import (
    LONGEST_BASIS,
    LONGEST_NAME,
    LONGEST_TEXT,
    ProposalComment,
    ProposalThread,
    ThreadSettling,
)
from proofline.stages.discovery.texts import fault_of

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.discovery.admitting.visitors import Visitor
    from proofline.stages.discovery.models import Proposal

TWICE = timedelta(minutes=1)
"""Within this time the same words are the same comment."""


def comment(proposal: Proposal, *, anchor: str, basis: str, text: str, who: Visitor, now: datetime) -> ProposalComment:
    """Keep what the customer says about a place of their proposal; its owner is told.

    `basis` is what stands at the place; it stays with the comment when the place changes.

    Raises:
        ValidationError: by `text`, `name` or `email`.
    """
    errors = _faults(text, who)
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        thread, _first = ProposalThread.objects.get_or_create(
            proposal=proposal, anchor=anchor, defaults={"begun_at": now}
        )
        if same := _said_just_now(thread, text=text, name=who.name, by=None, now=now):
            return same
        said = ProposalComment.objects.create(
            thread=thread,
            text=text.strip(),
            basis=shortened(basis),
            name=who.name,
            email=who.email,
            contact=who.contact,
            at=now,
        )
        _tell("proposal.commented", said, by=None, now=now)
        _tell_owner(said, now=now)
    return said


def answer(thread: ProposalThread, *, by: User, text: str, now: datetime) -> ProposalComment:
    """Answer the customer.

    Raises:
        ValidationError: by `text`.
    """
    if fault := text_fault(text):
        raise ValidationError({"text": fault})
    name = str(by)[:LONGEST_NAME]
    with transaction.atomic():
        if same := _said_just_now(thread, text=text, name=name, by=by, now=now):
            return same
        said = ProposalComment.objects.create(
            thread=thread, text=text.strip(), basis=thread.last.basis, name=name, by=by, at=now
        )
        _tell("proposal.answered", said, by=by, now=now)
    return said


def _said_just_now(
    thread: ProposalThread, *, text: str, name: str, by: User | None, now: datetime
) -> ProposalComment | None:
    """Return the thread's last comment where it says the same, by the same person: a form that was sent twice."""
    ProposalThread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    last: ProposalComment | None = ProposalComment.objects.filter(thread=thread).order_by("-at", "-pk").first()
    if last is None or (last.text, last.name, last.by_id) != (text.strip(), name, by and by.pk):
        return None
    return last if now - last.at < TWICE else None


def settle(thread: ProposalThread, *, by: User, now: datetime) -> ThreadSettling:
    """Note that nothing is left to say; a second time changes nothing until the customer speaks again."""
    with transaction.atomic():
        held: ProposalThread = ProposalThread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
        if held.settling:
            return held.settling
        settling = ThreadSettling.objects.create(thread=held, by=by, at=now)
        _tell("proposal.settled", held.last, by=by, now=now, key=f"proposal.settled:{settling.pk}")
    return settling


def shortened(basis: str) -> str:
    """Return what stands at a place as far as it is kept."""
    return basis if len(basis) <= LONGEST_BASIS else f"{basis[: LONGEST_BASIS - 1]}…"


def text_fault(text: str) -> str:
    """Return what is wrong with what somebody wrote, "" for nothing."""
    if not text.strip():
        return _("Write what you want to say.")
    return fault_of(text, most=LONGEST_TEXT)


def name_faults(who: Visitor) -> dict[str, str]:
    """Return what is wrong with who somebody says to be, by field."""
    faults = {}
    if not who.name:
        faults["name"] = _("Type your name.")
    elif fault := fault_of(who.name, most=LONGEST_NAME):
        faults["name"] = fault
    if who.email:
        try:
            validate_email(who.email)
        except ValidationError:
            faults["email"] = _("This is not an e-mail address.")
    return faults


def _faults(text: str, who: Visitor) -> dict[str, str]:
    fault = text_fault(text)
    return ({"text": fault} if fault else {}) | name_faults(who)


def _tell(fact: str, said: ProposalComment, *, by: User | None, now: datetime, key: str = "") -> None:
    proposal = said.thread.proposal
    proposal.study.tell(
        fact,
        by=by,
        at=now,
        subject=("proposal", proposal.pk),
        contact=said.contact_id,
        key=key or f"{fact}:{said.pk}",
        proposal=proposal.title,
        proposal_id=proposal.pk,
        thread=said.thread_id,
        place=said.basis,
        who=said.name,
        text=said.text,
    )


def _tell_owner(said: ProposalComment, *, now: datetime) -> None:
    proposal = said.thread.proposal
    Notification.objects.tell(
        user=proposal.study.owner,
        kind="proposal_comment",
        key=f"proposal.commented:{said.pk}",
        now=now,
        subject=("study", proposal.study_id),
        title=proposal.title,
        url=said.thread.get_absolute_url(),
        who=said.name,
    )
