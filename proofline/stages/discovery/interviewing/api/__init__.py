"""Interviews through the API: planned, held, their questions, notes, needs and files."""

from ninja import Router

from proofline.stages.discovery.interviewing.api.files import router as files
from proofline.stages.discovery.interviewing.api.interviews import router as interviews
from proofline.stages.discovery.interviewing.api.notes import router as notes
from proofline.stages.discovery.interviewing.api.questions import router as questions

__all__ = ["router"]

router = Router()
router.add_router("", interviews)
router.add_router("", questions)
router.add_router("", notes)
router.add_router("", files)
