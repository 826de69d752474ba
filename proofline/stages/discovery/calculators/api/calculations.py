"""What visitors reckoned, through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from ninja import Field, Router, Schema

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.stages.discovery.api.value_cases import ValueCaseOut
from proofline.stages.discovery.calculators.taking import take
from proofline.stages.discovery.models import Calculation, Study, ValueCase

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["calculators"])


class CalculationOut(Schema):
    id: int
    calculator_id: int
    lead_id: int
    language: str
    at: datetime
    value_case_id: int | None
    sheet: dict[str, Any] = Field(
        alias="sheet_json", description="The visitor's numbers, line by line; `asked` names what they said."
    )
    outcome: dict[str, Any] = Field(description="What comes of them, as `POST /roi/{token}/reckoning/` tells it.")

    @staticmethod
    def resolve_value_case_id(one: Calculation) -> int | None:
        """Return the value case that it was taken into."""
        return one.taking.value_case_id if hasattr(one, "taking") else None

    @staticmethod
    def resolve_outcome(one: Calculation) -> dict[str, Any]:
        """Return what comes of it, in the language in which it was reckoned."""
        with translation.override(one.language):
            return one.outcome.told


class CalculationTakingIn(Given):
    study_id: int | None = Field(None, description="Left out: the account's newest discovery, else a new one.")


@router.get("/calculations", response=Page[CalculationOut])
def calculations(
    request: HttpRequest, paging: PagingQuery, lead_id: int | None = None, calculator_id: int | None = None
) -> dict[str, Any]:
    """List what visitors reckoned and left with their name, of what you may see."""
    found = Calculation.objects.visible_to(user_of(request)).select_related("taking")
    found = found if lead_id is None else found.filter(lead=lead_id)
    return page_of(found if calculator_id is None else found.filter(calculator=calculator_id), paging)


@router.get("/calculations/{int:pk}", response=CalculationOut)
def calculation(request: HttpRequest, pk: int) -> Calculation:
    """Return one of them."""
    return load(Calculation, user=user_of(request), pk=pk)


@router.post("/calculations/{int:pk}/value-case", response=ValueCaseOut)
def take_calculation(request: HttpRequest, pk: int, body: CalculationTakingIn | None = None) -> ValueCase:
    """Begin a value case with a visitor's numbers, once their lead is qualified; a second time returns the same."""
    user = user_of(request)
    found = load(Calculation, user=user, pk=pk, write=True)
    study = load(Study, user=user, pk=body.study_id, write=True) if body and body.study_id is not None else None
    return take(found, by=user, now=timezone.now(), study=study)
