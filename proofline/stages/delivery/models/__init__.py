"""Projects and their gates, the portal, tickets, value reports."""

from proofline.stages.delivery.models.accepting import Acceptance, GateNotReadyError, Presentation, accept, present
from proofline.stages.delivery.models.portal import Portal
from proofline.stages.delivery.models.projects import Gate, GateKind, Project
from proofline.stages.delivery.models.reports import Measurement, NothingPromisedError, Publication, ValueReport
from proofline.stages.delivery.models.tickets import Reply, Solution, Ticket

__all__ = [
    "Acceptance",
    "Gate",
    "GateKind",
    "GateNotReadyError",
    "Measurement",
    "NothingPromisedError",
    "Portal",
    "Presentation",
    "Project",
    "Publication",
    "Reply",
    "Solution",
    "Ticket",
    "ValueReport",
    "accept",
    "present",
]
