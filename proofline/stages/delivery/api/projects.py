"""Projects, their gates and their value reports through the API. Customers sign gates in their portal, never here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import CustomOut, user_of
from proofline.records.more import with_computed
from proofline.stages.delivery.models import Gate, Measurement, Project, ValueReport, present

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["projects"])


class GateOut(Schema):
    position: int
    kind: str
    due_on: date
    presented_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str | None

    @staticmethod
    def resolve_presented_at(gate: Gate) -> datetime | None:
        """Return when the customer was asked to sign."""
        return gate.presentation.at if gate.presented else None

    @staticmethod
    def resolve_accepted_at(gate: Gate) -> datetime | None:
        """Return when the customer signed."""
        return gate.acceptance.at if gate.accepted else None

    @staticmethod
    def resolve_accepted_by(gate: Gate) -> str | None:
        """Return who signed."""
        return gate.acceptance.name if gate.accepted else None


class ProjectOut(CustomOut):
    id: int
    account_id: int
    contract_id: int | None
    name: str
    owner_id: int | None
    started_at: datetime
    went_live_at: datetime | None
    gates: list[GateOut]

    @staticmethod
    def resolve_gates(project: Project) -> list[Gate]:
        """Return the gates in order."""
        return project.gates_in_order


class PresentationIn(Given):
    note: str = Field(min_length=1)


class MeasurementOut(Schema):
    promise_id: int
    name: str
    unit: str
    promised: Decimal
    measured: Decimal
    events: int
    kept: bool

    @staticmethod
    def resolve_name(measurement: Measurement) -> str:
        """Return what was promised."""
        return measurement.promise.name

    @staticmethod
    def resolve_unit(measurement: Measurement) -> str:
        """Return the unit of the promise."""
        return measurement.promise.unit


class ReportOut(Schema):
    id: int
    project_id: int
    number: int
    from_at: datetime
    to_at: datetime
    published: bool
    created_at: datetime
    measurements: list[MeasurementOut]

    @staticmethod
    def resolve_published(report: ValueReport) -> bool:
        """Tell whether the customer sees it in the portal."""
        return hasattr(report, "publication")

    @staticmethod
    def resolve_measurements(report: ValueReport) -> list[Measurement]:
        """Return each promise with what was measured."""
        return list(report.measurements.select_related("promise").order_by("pk"))


@router.get("/projects", response=Page[ProjectOut])
def projects(request: HttpRequest, paging: PagingQuery, account_id: int | None = None) -> dict[str, Any]:
    """List the projects that you may see."""
    found = Project.objects.visible_to(user_of(request))
    found = found if account_id is None else found.filter(account_id=account_id)
    return page_of(with_computed(found, user=user_of(request)), paging)


@router.get("/projects/{int:pk}", response=ProjectOut)
def project(request: HttpRequest, pk: int) -> Project:
    """Return a project with its gates."""
    return load(Project, user=user_of(request), pk=pk)


@router.post("/projects/{int:pk}/gates/{int:position}/presentation", response={201: ProjectOut})
def present_gate(request: HttpRequest, pk: int, position: int, body: PresentationIn) -> Status[Project]:
    """Ask the customer to sign a gate; gates come in order."""
    user = user_of(request)
    found = load(Project, user=user, pk=pk, write=True)
    present(get_object_or_404(found.gates, position=position), note=body.note, by=user, now=timezone.now())
    return Status(201, load(Project, user=user, pk=pk))


@router.get("/value-reports", response=Page[ReportOut])
def reports(request: HttpRequest, paging: PagingQuery, project_id: int | None = None) -> dict[str, Any]:
    """List the value reports that you may see."""
    found = ValueReport.objects.visible_to(user_of(request)).select_related("publication")
    return page_of(found if project_id is None else found.filter(project_id=project_id), paging)


@router.get("/value-reports/{int:pk}", response=ReportOut)
def report(request: HttpRequest, pk: int) -> ValueReport:
    """Return a value report: promised against measured."""
    return load(ValueReport, user=user_of(request), pk=pk)


@router.post("/projects/{int:pk}/value-reports", response={201: ReportOut})
def make_report(request: HttpRequest, pk: int) -> Status[ValueReport]:
    """Measure now what was promised."""
    user = user_of(request)
    found = load(Project, user=user, pk=pk, write=True)
    return Status(201, ValueReport.objects.make(found, by=user, now=timezone.now()))


@router.post("/value-reports/{int:pk}/publication", response=ReportOut)
def publish_report(request: HttpRequest, pk: int) -> ValueReport:
    """Show a report to the customer in the portal."""
    user = user_of(request)
    load(ValueReport, user=user, pk=pk, write=True).publish(by=user, now=timezone.now())
    return ValueReport.objects.get(pk=pk)
