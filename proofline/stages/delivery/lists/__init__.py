"""Projects, tickets and value reports, as lists know them."""

from proofline.stages.delivery.lists import projects, reports, tickets
from proofline.stages.delivery.lists.projects import PROJECTS
from proofline.stages.delivery.lists.reports import REPORTS
from proofline.stages.delivery.lists.tickets import TICKETS


def register_all() -> None:
    """Make the room's kinds known to lists."""
    projects.register_all()
    tickets.register_all()
    reports.register_all()


__all__ = ["PROJECTS", "REPORTS", "TICKETS", "register_all"]
