"""What follows from what happens, across rooms: the one table of it.

- `AT_ONCE`: fact → function, in the transaction of the fact; when the function raises, the action fails as a whole.
- `AFTERWARDS`: event (its name, or kinds and a function that recognises it) → function, after projection, once per event; what
  raises is kept and tried again. The key names the effect for ever: never use it for something else.
- `WATCHED`: rules that people write, "so many of these events in a window" → function, once in the rule's period, kept and tried
  again likewise. The name begins the keys of its rules.
- `ERASED`: what takes somebody who is erased from the timeline out of a room's own records, in the transaction that ends the erasure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.enablement import reactions as enablement
from proofline.insight import reactions as insight
from proofline.outreach import reactions as outreach
from proofline.records import about, visitors
from proofline.stages.closing import mailing, opening
from proofline.stages.delivery import mailing as delivery_mail
from proofline.stages.delivery import reactions as delivery
from proofline.stages.discovery import reactions as discovery
from proofline.stages.growth import reactions as growth
from proofline.stages.reach import reactions as reach
from proofline.timeline import emptying, reactions, watching
from proofline.timeline.events import GROUP, IDENTIFY

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.timeline.events import Event, Fact
    from proofline.timeline.traces import Traces
    from proofline.timeline.watches import Watch
    from proofline.timeline.watching import Found

AT_ONCE: tuple[tuple[str, Callable[[Fact], Any]], ...] = (
    # fact, what follows
    ("lead.qualified", opening.open_deal_for_lead),
    ("deal.won", opening.draft_contract_for_deal),
    ("quote.sent", mailing.mail_quote),
    ("contract.sent", mailing.mail_contract),
    ("contract.accepted", opening.win_deal_of_contract),
    ("contract.accepted", delivery.open_project_for_contract),
    ("contract.accepted", growth.begin_subscription_for_contract),
    ("gate.presented", delivery_mail.mail_gate),
    ("ticket.answered", delivery_mail.mail_answer),
    ("ticket.solved", delivery_mail.mail_solution),
    ("value_report.published", delivery_mail.mail_report),
    ("portal.shared", delivery_mail.mail_portal_link),
)

AFTERWARDS: tuple[tuple[str | Callable[[Event], bool], frozenset[str], Callable[[Event], Any], str], ...] = (
    # event, of which kinds, what follows, key
    (visitors.is_identify, frozenset({IDENTIFY}), visitors.tie_contact, "tie-contact"),
    (visitors.is_group, frozenset({GROUP}), visitors.tie_account, "tie-account"),
    (visitors.is_identify, frozenset({IDENTIFY}), reach.lead_from_visitor, "lead-from-visitor"),
)

WATCHED: tuple[tuple[str, Callable[[], list[Watch]], Callable[[Watch, Event, Found], Any]], ...] = (
    # name, rules, what follows
    ("message-rule", outreach.message_rules, outreach.send_triggered_message),
    ("signal-rule", reach.signal_rules, reach.raise_signal),
)

ERASED: tuple[tuple[str, Callable[[Traces], int]], ...] = (
    # room, what takes the person out of its records
    ("records", about.forget_person),
    ("reach", reach.forget_person),
    ("discovery", discovery.forget_person),
    ("insight", insight.forget_person),
    ("enablement", enablement.forget_person),
)


def wire() -> None:
    """Put the tables into force."""
    for fact, follow in AT_ONCE:
        reactions.on_fact(fact, follow)
    for event, kinds, then, key in AFTERWARDS:
        reactions.on_event(event, then, key=key, kinds=kinds)
    for name, rules, fire in WATCHED:
        watching.provide(name, rules=rules, function=fire)
    for room, forget in ERASED:
        emptying.on_erasure(room, forget)
