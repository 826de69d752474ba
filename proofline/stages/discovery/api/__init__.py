"""The room's part of the REST API."""

from ninja import Router

from proofline.stages.discovery.agreeing.api import router as agreeing
from proofline.stages.discovery.api.configurations import router as configurations
from proofline.stages.discovery.api.improving import router as improving
from proofline.stages.discovery.api.line_templates import router as line_templates
from proofline.stages.discovery.api.proposals import router as proposals
from proofline.stages.discovery.api.rules import router as rules
from proofline.stages.discovery.api.studies import router as studies
from proofline.stages.discovery.api.value_cases import router as value_cases
from proofline.stages.discovery.calculators.api import router as calculators
from proofline.stages.discovery.comparing.api import router as comparing
from proofline.stages.discovery.competing.api import router as alternatives
from proofline.stages.discovery.conversing.api import router as conversing
from proofline.stages.discovery.interviewing.api import router as interviews
from proofline.stages.discovery.questionnaires.api import router as questionnaires
from proofline.stages.discovery.telemetry.api import router as telemetry
from proofline.stages.discovery.wishing.api import router as wishing
from proofline.stages.discovery.writing.api import router as writing

__all__ = ["router"]

router = Router()
router.add_router("", studies)
router.add_router("", alternatives)
router.add_router("", comparing)
router.add_router("", value_cases)
router.add_router("", agreeing)
router.add_router("", line_templates)
router.add_router("", proposals)
router.add_router("", conversing)
router.add_router("", wishing)
router.add_router("", writing)
router.add_router("", improving)
router.add_router("", questionnaires)
router.add_router("", rules)
router.add_router("", configurations)
router.add_router("", telemetry)
router.add_router("", interviews)
router.add_router("", calculators)
