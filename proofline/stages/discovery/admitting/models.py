"""Codes by e-mail that let somebody read a proposal, and whom they may be sent to."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from proofline.kit.matching.texts import FREE, domain
from proofline.stages.discovery.models.proposals import Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.models.sendings import Sending
    from proofline.timeline.traces import Traces

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
DIGITS = 6


class AccessCodeQuerySet(models.QuerySet["AccessCode"]):
    """Codes."""

    def issue(self, proposal: Proposal, *, email: str, now: datetime) -> str:
        """Make a code for an address and return it; only its digest is kept, and codes that are over are forgotten."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        self.filter(at__lt=now - GOOD_FOR).delete()
        self.create(proposal=proposal, email=bare(email), digest=_digest(proposal, email, code), at=now)
        return code

    def take(self, proposal: Proposal, *, email: str, code: str, now: datetime) -> bool:
        """Tell whether it is the newest code of the address, not older than ten minutes, not used, tried five times at most; it is used then."""
        held = self.filter(proposal=proposal, email=bare(email)).order_by("-pk").first()
        digest = _digest(proposal, email, "".join(code.split()))
        if held is None:
            constant_time_compare(digest, digest)
            return False
        tried = self.filter(pk=held.pk, tries__lt=TRIES, at__gt=now - GOOD_FOR).update(tries=models.F("tries") + 1)
        if not tried or not constant_time_compare(held.digest, digest):
            return False
        try:
            with transaction.atomic():
                AccessCodeUse.objects.create(code=held, at=now)
        except IntegrityError:
            return False
        return True

    def forget(self, traces: Traces) -> int:
        """Forget the codes of somebody who is erased; return how many there were."""
        found = self.filter(traces.may_stand_in("email")).iterator(chunk_size=500)
        gone = [row.pk for row in found if traces.redacted(row.email) != row.email]
        return self.filter(pk__in=gone).delete()[0]


class AccessCode(models.Model):
    """A code that was sent to an address, by its digest."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+")
    email = models.CharField(max_length=254)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["proposal", "email", "-id"], name="access_code_newest")]

    def __str__(self) -> str:
        return f"{self.proposal} → {self.email}"


class AccessCodeUse(models.Model):
    """That a code was used; it opens once."""

    code = models.OneToOneField(AccessCode, on_delete=models.CASCADE, related_name="use")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.code)


def bare(email: str) -> str:
    """Return an address as it is compared."""
    return email.strip().casefold()


def shares_domain(email: str) -> bool:
    """Tell whether those who have the same domain work together: not with a mail service that everybody may use."""
    return domain(email.rpartition("@")[2]) not in FREE


def admits(sending: Sending, email: str) -> bool:
    """Tell whether somebody with this address may read what was sent: the addressee, and colleagues where that was allowed."""
    ours = bare(sending.to.email or "") if sending.to else ""
    if not ours:
        return False
    same = bare(email).rpartition("@")[2] == ours.rpartition("@")[2]
    return bare(email) == ours or (sending.lets_colleagues_in and same and shares_domain(ours))


def _digest(proposal: Proposal, email: str, code: str) -> str:
    return salted_hmac(f"code:{proposal.token}", f"{bare(email)} {code}", algorithm="sha256").hexdigest()
