"""Who opened a proposal, and what they read how long. Nobody but us is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models.functions import Least
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.records.models import Notification, Task
from proofline.stages.discovery.models.forwarding import Spread, spread_of
from proofline.stages.discovery.models.proposals import Proposal
from proofline.stages.discovery.writing.content import OWN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from proofline.stages.discovery.writing.content import Block
    from proofline.timeline.traces import Traces

ONE_VISIT = timedelta(minutes=30)
LONGEST_READING = 4 * 3600
LONGEST_NAME = 60
SECTIONS = {
    "summary": gettext_lazy("In short"),
    "needs": gettext_lazy("What you told us"),
    "value": gettext_lazy("What it is worth"),
    "change": gettext_lazy("Before and after"),
    "work": gettext_lazy("The work, today and tomorrow"),
    "comparison": gettext_lazy("How we compare"),
    "evidence": gettext_lazy("Who has done it before"),
    "configuration": gettext_lazy("What we recommend"),
    "plan": gettext_lazy("How we go about it"),
    "price": gettext_lazy("What it costs"),
    "terms": gettext_lazy("Terms"),
}
"""The sections of a proposal, in order, by the names that its readers see."""


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Openings."""

    def forget(self, traces: Traces) -> int:
        """Take the address of somebody who is erased out of what they opened; return how many rows changed."""
        found = self.filter(traces.may_stand_in("email")).iterator(chunk_size=500)
        changed = [row.pk for row in found if traces.redacted(row.email) != row.email]
        return self.filter(pk__in=changed).update(email="")


def names_of(proposal: Proposal) -> dict[str, str]:
    """Return the names of all its blocks by key, in order, in the current language; what was removed lost its name, not its readings."""
    return {block.key: name_of(block) for block in proposal.content}


def name_of(block: Block) -> str:
    """Return what a block is called."""
    named = block.heading or block.source or block.alt or " ".join(block.text.split())[:LONGEST_NAME]
    return (block.heading if block.kind in SECTIONS else named) or str(SECTIONS.get(block.kind) or OWN[block.kind])


class Opening(models.Model):
    """A visit to a proposal's page by one reader. Another one within 30 minutes is the same visit."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField()
    reader = models.CharField(max_length=64)
    """What the reader's browser is known by, from a cookie of this page."""
    email = models.EmailField(blank=True)
    """Whose it was, where a code by e-mail showed it."""
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["proposal", "reader", "-at"], name="opening_reader")]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.at:%Y-%m-%d %H:%M}"

    def note_reading(self, seconds: Mapping[str, int], *, now: datetime) -> None:
        """Add seconds to the sections that were in sight. Sections that we do not know, and times out of reason, are left out."""
        names = names_of(self.proposal)
        with transaction.atomic():
            for section, more in seconds.items():
                if section in names and 0 < more <= LONGEST_READING:
                    self._add(section, more, now=now)

    def _add(self, section: str, more: int, *, now: datetime) -> None:
        reading, first = SectionReading.objects.get_or_create(opening=self, section=section, defaults={"seconds": more})
        if not first:
            SectionReading.objects.filter(pk=reading.pk).update(
                seconds=Least(models.F("seconds") + more, LONGEST_READING)
            )
            return
        with translation.override(self.proposal.language):
            name = names_of(self.proposal)[section]
        self.proposal.study.tell(
            "proposal.read",
            by=None,
            at=now,
            subject=("proposal", self.proposal_id),
            contact=_addressee(self.proposal),
            key=f"proposal.read:{self.pk}:{section}",
            proposal=self.proposal.title,
            proposal_id=self.proposal_id,
            section=section,
            section_name=name,
            seconds=more,
            reader=self.reader,
        )


class SectionReading(models.Model):
    """How long a section was in sight during a visit, in seconds."""

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="readings")
    section = models.CharField(max_length=20)
    seconds = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opening", "section"], name="section_once_a_visit")]

    def __str__(self) -> str:
        return f"{self.section}: {self.seconds} s"


def open_proposal(
    proposal: Proposal, *, now: datetime, reader: str, ip: str | None, user_agent: str, email: str = ""
) -> Opening:
    """Note that a reader opened the page; the first opening of all asks the owner to follow up.

    `email` is the address that a code showed to be theirs. That the link was passed on is told once.
    """
    of_this_visit = proposal.openings.filter(reader=reader, at__gt=now - ONE_VISIT).order_by("-at")
    if (last := of_this_visit.first()) is not None:  # most often, and without waiting for one's turn to write
        return last
    with transaction.atomic():
        if (last := of_this_visit.first()) is not None:
            return last
        first = not proposal.openings.exists()
        before = spread(proposal)
        opening = Opening.objects.create(
            proposal=proposal, at=now, reader=reader, ip=ip, user_agent=user_agent, email=email
        )
        proposal.study.tell(
            "proposal.opened",
            by=None,
            at=now,
            subject=("proposal", proposal.pk),
            contact=_addressee(proposal),
            key=f"proposal.opened:{opening.pk}",
            proposal=proposal.title,
            proposal_id=proposal.pk,
            reader=reader,
            first=first,
        )
        if first:
            _ask_owner(proposal, now=now)
        if not before.is_passed_on:
            _tell_forwarding(proposal, now=now)
    return opening


def spread(proposal: Proposal) -> Spread:
    """Return what the openings of a proposal tell of who reads it."""
    sent = proposal.sendings.filter(to__isnull=False).values_list("to__email", flat=True)
    return spread_of(proposal.openings.only("email", "user_agent", "ip"), addressees=[email for email in sent if email])


def _tell_forwarding(proposal: Proposal, *, now: datetime) -> None:
    found = spread(proposal)
    if not found.is_passed_on:
        return
    proposal.study.tell(
        "proposal.forwarded",
        by=None,
        at=now,
        subject=("proposal", proposal.pk),
        contact=_addressee(proposal),
        key=f"proposal.forwarded:{proposal.pk}",
        proposal=proposal.title,
        proposal_id=proposal.pk,
        devices=found.devices,
        places=found.places,
        others=", ".join(found.others),
    )
    Notification.objects.tell(
        user=proposal.study.owner,
        kind="proposal_forwarded",
        key=f"proposal.forwarded:{proposal.pk}",
        now=now,
        subject=("study", proposal.study_id),
        title=proposal.title,
        url=f"{proposal.get_absolute_url()}#readers",
    )


def _addressee(proposal: Proposal) -> int | None:
    sending = proposal.last_sending
    return sending.to_id if sending else None


def _ask_owner(proposal: Proposal, *, now: datetime) -> None:
    owner = proposal.study.owner
    with translation.override((owner and owner.language) or translation.get_language()):
        title = _("%(account)s opened the proposal “%(proposal)s”: follow up") % {
            "account": proposal.study.account,
            "proposal": proposal.title,
        }
    Task.objects.ask(
        key=f"proposal.opened:{proposal.pk}",
        title=title[:250],
        owner=owner,
        account=proposal.study.account,
        url=proposal.get_absolute_url(),
        created_at=now,
        due_at=now + timedelta(days=1),
    )
