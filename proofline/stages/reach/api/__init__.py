"""The room's part of the REST API."""

from ninja import Router

from proofline.stages.reach.api.duplicates import router as duplicates
from proofline.stages.reach.api.leads import router as leads
from proofline.stages.reach.api.signals import router as signals

__all__ = ["router"]

router = Router()
router.add_router("", leads)
router.add_router("", signals)
router.add_router("", duplicates)
