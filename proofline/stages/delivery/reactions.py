"""What a signed contract leads to here; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.records.models import User
from proofline.records.roles import Role
from proofline.stages.closing.models import Contract
from proofline.stages.delivery.models import Portal, Project

if TYPE_CHECKING:
    from proofline.timeline.events import Fact


def open_project_for_contract(fact: Fact) -> Project:
    """Open the project of a signed contract, led by whoever of delivery has the fewest, and the customer's portal."""
    contract = Contract.objects.select_related("deal", "account").get(pk=fact.properties["contract"])
    Portal.of(contract.account, now=fact.at)
    project: Project = Project.objects.open_for(contract, by=None, now=fact.at, owner=least_busy())
    return project


def least_busy() -> User | None:
    """Return the active member of delivery who leads the fewest projects; None when there is nobody."""
    people = list(User.objects.filter(role=Role.DELIVERY, is_active=True).order_by("pk"))
    counts = {user.pk: Project.objects.filter(owner=user).count() for user in people}
    return min(people, key=lambda user: counts[user.pk], default=None)
