"""What a new line of a calculator begins with."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from proofline.stages.discovery.calculators import asks
from proofline.stages.discovery.calculators.asks import Ask
from proofline.stages.discovery.models import CalculatorLine
from proofline.stages.discovery.units import Unit, UnitError

if TYPE_CHECKING:
    from proofline.records.models import ValueMetric
    from proofline.stages.discovery.models import Calculator

USUAL_UNIT = "h/week"
SHARES = {"least": Decimal("0.2"), "value": Decimal("0.3"), "most": Decimal("0.4")}
HOURS = Ask(value=Decimal(5), asked=True, least=Decimal(1), most=Decimal(60))
PEOPLE = Ask(value=Decimal(5), asked=True, least=Decimal(1), most=Decimal(1000))


def first_line(calculator: Calculator, metric: ValueMetric | None) -> CalculatorLine:
    """Return an unsaved line: unit and improvement of its metric, quantity and people asked."""
    try:
        unit = Unit.parse(metric.unit if metric else USUAL_UNIT)
    except UnitError:
        unit = Unit.parse(USUAL_UNIT)
    if unit.is_money and unit.thing != calculator.currency:
        unit = Unit(calculator.currency, unit.period)
    share = metric.usual_share if metric else None
    shares: dict[str, Any] = SHARES
    if share is not None:
        shares = {"least": share / 2, "value": share, "most": min(share * Decimal("1.5"), Decimal(1))}
        shares = {name: round(value, 4) for name, value in shares.items()}
    inputs = asks.plain({"quantity": HOURS, "people": PEOPLE, "improvement": Ask(**shares)})
    names = {"name_en": metric.name, "name_zh": metric.name_zh} if metric else {}
    return CalculatorLine(calculator=calculator, metric=metric, unit=str(unit), inputs=inputs, **names)
