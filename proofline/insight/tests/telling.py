"""Tells the facts of the sale as the stages do, for tests of what is counted from them."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from proofline.timeline import facts

JANUARY = datetime(2026, 1, 10, tzinfo=UTC)


class Sale:
    """Tells facts of deals, leads and what follows."""

    def __init__(self):
        self.last = 0

    def tell(self, name, at, pk, owner, account=None, **properties):
        kind = name.split(".")[0]
        slices = {
            "owner": owner.name,
            "owner_id": owner.pk,
            "team": str(owner.team or ""),
            "team_id": owner.team_id,
            "product": "Clarity",
            "source": "Google",
            "sector": "",
        }
        with transaction.atomic():
            told = {
                "name": name,
                "at": at,
                "account": account,
                "subject": (kind, pk),
                "properties": slices | {"name": "x"} | properties,
            }
            facts.record_many([told])

    def deal(self, owner, at=JANUARY, *, won=None, lost=None, value="1000", **slices):
        self.last += 1
        self.tell("deal.created", at, self.last, owner, **slices)
        if won is not None:
            self.tell("deal.won", at + timedelta(days=won), self.last, owner, base_value=value, days=won, **slices)
        if lost is not None:
            self.tell("deal.lost", at + timedelta(days=lost), self.last, owner, days=lost, **slices)
        return self.last

    def lead(self, owner, at=JANUARY, *, qualified=False, **slices):
        self.last += 1
        self.tell("lead.created", at, self.last, owner, **slices)
        if qualified:
            self.tell("lead.qualified", at + timedelta(days=3), self.last, owner, **slices)
