"""Projects: a contract being delivered through four gates, each signed by the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.addresses import record_address
from proofline.kit.clock import local_day
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, User, Workspace
from proofline.records.models.customized import Customized
from proofline.stages.closing.models import Contract
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import date, datetime


class GateKind(models.TextChoices):
    """The four gates, in order."""

    REQUIREMENTS = "requirements", _("Requirements confirmed")
    PROTOTYPE = "prototype", _("Prototype")
    USER_TEST = "user_test", _("User test")
    GO_LIVE = "go_live", _("Go-live")


WORKING_DAYS = {GateKind.REQUIREMENTS: 5, GateKind.PROTOTYPE: 15, GateKind.USER_TEST: 25, GateKind.GO_LIVE: 30}
"""Working days from the start of the project to the day that a gate is due."""


class ProjectQuerySet(VisibleQuerySet):
    """Projects."""

    def open_for(self, contract: Contract, *, by: User | None, now: datetime, owner: User | None = None) -> Project:
        """Open the project of a contract with its four gates; a second time returns the first."""
        existing = self.filter(contract=contract).first()
        if existing:
            return existing  # type: ignore[no-any-return]
        name = contract.deal.name
        return self.open(account=contract.account, contract=contract, name=name, owner=owner, by=by, now=now)

    def open(self, *, account: Account, name: str, by: User | None, now: datetime, **fields: Any) -> Project:
        """Open a project with its four gates, each due so many working days from now, and record it."""
        calendar = Workspace.current().calendar
        with transaction.atomic():
            project: Project = self.create(account=account, name=name, started_at=now, **fields)
            search.add(project)
            start = local_day(now, time_zone=calendar.time_zone)
            Gate.objects.bulk_create(
                Gate(
                    project=project,
                    kind=kind,
                    position=position,
                    due_on=calendar.shift(start, WORKING_DAYS[kind]),
                )
                for position, kind in enumerate(GateKind, 1)
            )
            project.tell("project.opened", by=by, now=now)
        return project


class Project(Visible, Customized):
    """What was signed, being delivered."""

    owner_paths = ("owner", "account__owner")
    write_area = "delivery"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account"))
    contract = models.OneToOneField(
        Contract, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contract")
    )
    name = models.CharField(_("name"), max_length=200)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    started_at = models.DateTimeField(_("started"))

    objects = ProjectQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the project's page."""
        return record_address("delivery:project", self.pk)

    @property
    def current_gate(self) -> Gate | None:
        """The first gate that is not signed; None when all are."""
        return next((gate for gate in self.gates_in_order if not gate.accepted), None)

    @property
    def gates_in_order(self) -> list[Gate]:
        """The four gates in order, with who signed them."""
        return sorted(self.gates.all(), key=lambda gate: gate.position)

    @property
    def went_live_at(self) -> datetime | None:
        """When the customer signed the go-live; None before that."""
        gate = self.gates_in_order[-1]
        return gate.acceptance.at if gate.accepted else None

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `project.changed`."""
        self.tell("project.changed", by=by, now=now, fields=fields)

    def tell(self, fact: str, *, by: User | None, now: datetime, key: str | None = None, **properties: Any) -> None:
        """Record a fact of this project."""
        facts.record(
            fact,
            at=now,
            by=by.pk if by else None,
            account=self.account_id,
            subject=("project", self.pk),
            properties={"project": self.name, **properties},
            key=key,
        )


class Gate(models.Model):
    """A point at which the customer signs what was delivered."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="gates")
    kind = models.CharField(_("gate"), max_length=20, choices=GateKind.choices)
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("due on"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "position"], name="gate_once_in_project")]
        indexes = [models.Index(fields=["due_on"], name="gate_due")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def presented(self) -> bool:
        """Whether the customer was asked to sign."""
        return hasattr(self, "presentation")

    @property
    def accepted(self) -> bool:
        """Whether the customer signed."""
        return hasattr(self, "acceptance")

    def is_late(self, *, today: date) -> bool:
        """Tell whether the gate is unsigned after its day."""
        return not self.accepted and self.due_on < today
