"""What waits for a person in this room: interviews, proposals that nobody opened, and links about to close."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.kit.clock import start_of_day
from proofline.kit.today import TodayItem
from proofline.stages.discovery.models import Interview, Proposal, ProposalThread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from proofline.records.models import User

UNREAD_AFTER = timedelta(days=3)
CLOSES_WITHIN = timedelta(days=3)
LOOKED_BACK = timedelta(days=60)
ANSWERED_WITHIN = timedelta(days=1)
MOST = 50


def waiting(user: User, now: datetime) -> Iterator[TodayItem]:
    """Yield the user's interviews of today and those not closed, what customers ask in proposals, and proposals that need a word to them."""
    yield from _asked(user)
    yield from _interviews(user, now)
    yield from _proposals(user, now)


def _interviews(user: User, now: datetime) -> Iterator[TodayItem]:
    tomorrow = start_of_day(timezone.localdate(now) + timedelta(days=1), time_zone=timezone.get_current_timezone_name())
    mine = Interview.objects.visible_to(user).to_come().filter(owner=user, planned_at__lt=tomorrow)
    for interview in mine.select_related("study__account").order_by("planned_at")[:MOST]:
        yield TodayItem(
            kind=_("Interview"),
            icon="messages",
            title=interview.title,
            note=str(interview.study.account),
            url=interview.get_absolute_url(),
            due=interview.planned_at,
        )


def _proposals(user: User, now: datetime) -> Iterator[TodayItem]:
    sent = Proposal.objects.visible_to(user).filter(study__owner=user, sendings__at__gte=now - LOOKED_BACK).distinct()
    for proposal in sent.select_related("study__account", "value_case").order_by("-pk")[:MOST]:
        sending = proposal.last_sending
        if sending is None or proposal.state(now=now) != "sent":
            continue
        if sending.expires_at and sending.expires_at <= now + CLOSES_WITHIN:
            yield _item(proposal, kind=_("Link closes soon"), icon="clock", due=sending.expires_at)
        elif sending.at <= now - UNREAD_AFTER and not proposal.openings.exists():
            yield _item(proposal, kind=_("Proposal not opened"), icon="eye-off", due=sending.at + UNREAD_AFTER)


def _asked(user: User) -> Iterator[TodayItem]:
    threads = ProposalThread.objects.visible_to(user).filter(proposal__study__owner=user).waiting()
    rows = threads.select_related("proposal__study__account", "proposal__value_case").prefetch_related("comments")
    for thread in rows.order_by("-pk")[:MOST]:
        last, proposal = thread.last, thread.proposal
        yield TodayItem(
            kind=_("Question in a proposal"),
            icon="message-circle",
            title=str(proposal.study.account),
            note=f"{last.name}: {last.text}"[:200],
            money=proposal.value_case.monthly_value if proposal.value_case else None,
            url=thread.get_absolute_url(),
            due=last.at + ANSWERED_WITHIN,
        )


def _item(proposal: Proposal, *, kind: str, icon: str, due: datetime) -> TodayItem:
    return TodayItem(
        kind=kind,
        icon=icon,
        title=str(proposal.study.account),
        note=proposal.title,
        money=proposal.value_case.monthly_value if proposal.value_case else None,
        url=proposal.get_absolute_url(),
        due=due,
        action=_("Send again"),
        action_url=reverse("discovery:proposal_sending", args=[proposal.pk]),
        dialog=True,
    )
