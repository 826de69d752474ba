"""Which room's panel stands on which page: one readable table. See `kit/WEB.md` for the slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.config import overview, proof
from proofline.config.feeds import feed_of
from proofline.enablement.panels import later_playbook_of, playbook_of
from proofline.insight import outcome_panels as outcomes
from proofline.insight import panels as insight
from proofline.kit import panels
from proofline.outreach import panels as outreach
from proofline.records.panels import tasks_of
from proofline.stages.closing import panels as closing
from proofline.stages.delivery import panels as delivery
from proofline.stages.discovery import panels as discovery
from proofline.stages.discovery.calculators import panels as calculators
from proofline.stages.discovery.competing import panels as competing
from proofline.stages.discovery.interviewing import panels as interviewing
from proofline.stages.growth import panels as growth
from proofline.stages.reach import panels as reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

TABLE: tuple[tuple[str, Callable[[HttpRequest, Any], str]], ...] = (
    # slot, panel
    ("account.said", reach.signals_of_account),
    ("account.sale", discovery.studies_of_account),
    ("account.sale", closing.deals_of_account),
    ("catalogue.check", discovery.check_of_catalogue),
    ("contact.main", reach.signals_of_contact),
    ("contact.main", closing.deals_of_contact),
    ("lead.main", reach.signals_of_lead),
    ("lead.main", calculators.calculations_of_lead),
    ("lead.main", closing.deal_of_lead),
    ("study.aside", closing.deal_of_study),
    ("proposal.price", closing.price_of_proposal),
    ("proposal.offer_note", closing.note_of_offer),
    ("proposal.price_rows", closing.price_rows_of_proposal),
    ("proposal.aside", closing.newer_configuration_of_proposal),
    ("account.delivery", delivery.value_of_account),
    ("account.delivery", delivery.projects_of_account),
    ("account.delivery", delivery.tickets_of_account),
    ("account.said", outreach.messages_of_account),
    ("contact.main", outreach.messages_of_contact),
    ("account.use", insight.use_of_account),
    ("account.use", growth.health_of_account),
    ("account.use", growth.subscriptions_of_account),
    ("competitor.aside", outcomes.outcomes_of_competitor),
    ("competitors.above", outcomes.outcomes_of_competitors),
    ("erasure", interviewing.voices_of_erasure),
    ("evidence.aside", outcomes.outcomes_of_evidence),
    ("competitor.main", competing.studies_facing),
    ("deal.main", closing.alternatives_of_deal),
    ("account.people", closing.people_of_account),
    ("account.glance", overview.of_account),
    ("account.aside", delivery.portal_of_account),
    ("deal.main", delivery.project_of_deal),
    ("account.proof", proof.of_account),
    ("study.proof", proof.of_study),
    ("deal.proof", proof.of_deal),
    ("project.proof", proof.of_project),
    ("lead.feed", feed_of("lead")),
    ("proposal.feed", feed_of("proposal")),
    ("deal.feed", feed_of("deal")),
    ("project.feed", feed_of("project")),
    ("lead.step", playbook_of("lead")),
    ("study.step", playbook_of("study")),
    ("value_case.step", playbook_of("study", lambda case: case.study)),
    ("proposal.step", playbook_of("study", lambda proposal: proposal.study)),
    ("deal.step", playbook_of("deal")),
    ("contract.step", playbook_of("deal", lambda contract: contract.deal)),
    ("project.step", playbook_of("project")),
    ("value_report.step", playbook_of("project", lambda report: report.project)),
    ("ticket.step", playbook_of("ticket")),
    ("account.aside", later_playbook_of("account")),
    ("health.step", playbook_of("account")),
    ("subscription.step", playbook_of("account", lambda subscription: subscription.account)),
    ("lead.aside", tasks_of("lead")),
    ("deal.aside", tasks_of("deal")),
    ("project.aside", tasks_of("project")),
    ("ticket.aside", tasks_of("ticket")),
)


def register_all() -> None:
    """Put every room's panels into their slots; within a slot they stand in the table's order."""
    for order, (slot, panel) in enumerate(TABLE):
        panels.register(slot, panel, order=order)
