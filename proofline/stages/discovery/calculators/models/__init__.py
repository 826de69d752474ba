"""Calculators, their lines, and what visitors reckoned with them."""

from proofline.stages.discovery.calculators.models.calculations import Calculation, CalculationTaking
from proofline.stages.discovery.calculators.models.calculators import (
    Calculator,
    CalculatorPublication,
    CalculatorWithdrawal,
    NotPublishableError,
)
from proofline.stages.discovery.calculators.models.lines import CalculatorLine
from proofline.stages.discovery.calculators.models.visits import CalculatorUse, CalculatorVisit

__all__ = [
    "Calculation",
    "CalculationTaking",
    "Calculator",
    "CalculatorLine",
    "CalculatorPublication",
    "CalculatorUse",
    "CalculatorVisit",
    "CalculatorWithdrawal",
    "NotPublishableError",
]
