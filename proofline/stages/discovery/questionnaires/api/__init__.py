"""Questionnaires, links, and what was answered, through the API."""

from ninja import Router

from proofline.stages.discovery.questionnaires.api.links import router as links
from proofline.stages.discovery.questionnaires.api.questionnaires import router as questionnaires
from proofline.stages.discovery.questionnaires.api.replies import router as replies
from proofline.stages.discovery.questionnaires.api.results import router as results

__all__ = ["router"]

router = Router()
router.add_router("", questionnaires)
router.add_router("", results)
router.add_router("", links)
router.add_router("", replies)
