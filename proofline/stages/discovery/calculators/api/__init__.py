"""Calculators, and what visitors reckoned, through the API."""

from ninja import Router

from proofline.stages.discovery.calculators.api.calculations import router as calculations
from proofline.stages.discovery.calculators.api.calculators import router as calculators

__all__ = ["router"]

router = Router()
router.add_router("", calculators)
router.add_router("", calculations)
