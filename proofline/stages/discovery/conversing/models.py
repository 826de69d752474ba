"""Threads of a proposal: what was said about a section or a line of it, and that it is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact, User
from proofline.stages.discovery.models.proposals import Proposal

if TYPE_CHECKING:
    from proofline.timeline.traces import Traces

LONGEST_TEXT = 2000
LONGEST_NAME = 120
LONGEST_ANCHOR = 40
LONGEST_BASIS = 300


class ThreadQuerySet(VisibleQuerySet):
    """Threads."""

    def waiting(self) -> Self:
        """Keep those in which the customer has the last word, and which nobody settled since."""
        said = ProposalComment.objects.filter(thread=OuterRef("thread"), pk__gt=OuterRef("pk"))
        settled = ThreadSettling.objects.filter(thread=OuterRef("thread"), at__gte=OuterRef("at"))
        last = ProposalComment.objects.filter(~Exists(said), ~Exists(settled), thread=OuterRef("pk"), by=None)
        return self.filter(Exists(last))


class ProposalThread(Visible):
    """What is said about one place of a proposal; there is one thread a place."""

    write_area = "discovery"
    owner_paths = ("proposal__study__owner", "proposal__study__account__owner")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="threads")
    anchor = models.CharField(max_length=LONGEST_ANCHOR)
    """What it hangs on, such as "value" for a section or "line-12" for a line of value."""
    begun_at = models.DateTimeField()

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "anchor"], name="thread_once_a_place")]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.anchor}"

    def get_absolute_url(self) -> str:
        """Return where it stands on the proposal's page."""
        return f"{self.proposal.get_absolute_url()}#talk-{self.anchor}"

    @property
    def ordered(self) -> list[ProposalComment]:
        """What was said, in its order."""
        return sorted(self.comments.all(), key=lambda comment: comment.pk)

    @property
    def last(self) -> ProposalComment:
        """What was said last."""
        return self.ordered[-1]

    @property
    def settling(self) -> ThreadSettling | None:
        """That it is settled; None while it is not, or when the customer spoke since."""
        last = max(self.settlings.all(), key=lambda one: (one.at, one.pk), default=None)
        spoken = max((comment.at for comment in self.comments.all() if comment.by_id is None), default=None)
        return last if last and (spoken is None or last.at >= spoken) else None

    @property
    def state(self) -> str:
        """`waiting` for our answer, `answered` or `settled`."""
        if self.settling:
            return "settled"
        return "waiting" if self.last.by_id is None else "answered"


class CommentQuerySet(models.QuerySet["ProposalComment"]):
    """Comments."""

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of who spoke and of what was said; return how many rows changed."""
        forgotten = 0
        names = ("name", "email", "text", "basis")
        for comment in self.filter(traces.may_stand_in(*names)).iterator(chunk_size=500):
            left = {name: traces.redacted(getattr(comment, name)) for name in names}
            if any(getattr(comment, name) != value for name, value in left.items()):
                forgotten += self.filter(pk=comment.pk).update(**left)
        return forgotten


class ProposalComment(models.Model):
    """What somebody said; never changed. `by` is set where it was one of us, else the customer said it."""

    thread = models.ForeignKey(ProposalThread, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(max_length=LONGEST_TEXT)
    basis = models.CharField(max_length=LONGEST_BASIS)
    """What stood at the place when it was said."""
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    email = models.EmailField(_("e-mail"), blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["thread", "id"], name="proposal_comment_thread")]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"


class ThreadSettling(models.Model):
    """That a thread was settled. The customer's next word opens it again."""

    thread = models.ForeignKey(ProposalThread, on_delete=models.CASCADE, related_name="settlings")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"✓ {self.thread}"


def threads_of(proposal: Proposal) -> list[ProposalThread]:
    """Return the proposal's threads with all that was said, in three questions to the store."""
    rows: Any = ProposalThread.objects.filter(proposal=proposal).order_by("pk")
    return list(rows.prefetch_related("comments__by", "settlings__by"))
