"""The room's part of the REST API."""

from ninja import Router

from proofline.stages.closing.api.contracts import router as contracts
from proofline.stages.closing.api.deals import router as deals
from proofline.stages.closing.api.quotes import router as quotes

__all__ = ["router"]

router = Router()
router.add_router("", deals)
router.add_router("", quotes)
router.add_router("", contracts)
