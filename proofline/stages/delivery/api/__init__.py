"""The room's part of the REST API."""

from ninja import Router

from proofline.stages.delivery.api.projects import router as projects
from proofline.stages.delivery.api.tickets import router as tickets

__all__ = ["router"]

router = Router()
router.add_router("", projects)
router.add_router("", tickets)
