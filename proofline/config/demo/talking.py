"""What customers do with a proposal that they read: they say something of it, switch an add-on, and get a second version."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import translation

from proofline.stages.discovery.admitting.visitors import Visitor
from proofline.stages.discovery.conversing.places import places_of
from proofline.stages.discovery.conversing.speaking import answer, comment
from proofline.stages.discovery.models import OfferedAddOn, open_proposal
from proofline.stages.discovery.sending import send
from proofline.stages.discovery.showing import Shown
from proofline.stages.discovery.wishing.choosing import ForbiddenChoiceError
from proofline.stages.discovery.wishing.forms import modules_for
from proofline.stages.discovery.wishing.wishing import wish
from proofline.stages.discovery.writing.content import Milestone
from proofline.stages.discovery.writing.editing import change_block

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.config.demo.stories import Story
    from proofline.stages.discovery.models import Proposal

ANSWERED = {
    True: ("请加上财务系统的对接，我们月底要用。", "已加进计划：第 20 个工作日对接财务系统。"),
    False: ("Please add the link to our finance system; we need it by the end of the month.", "It is in the plan now: after 20 working days."),
}  # fmt: skip
OPEN = {
    True: "40% 是所有部门的平均值吗？仓库那边恐怕达不到。",
    False: "Is the 40% an average of all departments? The warehouse may not get there.",
}
NEXT = {True: ("对接财务系统", "我方，贵方财务配合"), False: ("Link to the finance system", "we, with your finance")}
MINUTES = 60


def talk(story: Story, proposal: Proposal) -> None:
    """Let the customer comment and choose an add-on, answer them, and send the second version to be read with a code."""
    chinese, at = story.company.chinese, _moments(story, proposal)
    who = Visitor(str(story.contacts[0]), story.contacts[0].email or "", story.contacts[0])
    modules = list(modules_for(proposal))
    OfferedAddOn.offer(proposal, modules)
    with translation.override(proposal.language):  # as the customer reads it
        places = places_of(Shown(proposal))
    question, reply = ANSWERED[chinese]
    said = comment(proposal, anchor="plan", basis=places["plan"], text=question, who=who, now=at[0])
    answer(said.thread, by=story.seller, text=reply, now=at[1])
    name, by_whom = NEXT[chinese]
    plan = next(block for block in proposal.content if block.key == "plan").milestones
    more = (*plan[:-1], Milestone(name=name, days=20, who=by_whom), plan[-1])
    change_block(proposal, "plan", by=story.seller, now=at[1], milestones=more)
    send(proposal, by=story.seller, now=at[2], to=story.contacts[0], asks_code=True, lets_colleagues_in=True)
    open_proposal(
        proposal, now=at[3], reader=f"r{proposal.pk}", ip="203.0.113.7", user_agent="Mozilla/5.0"
    ).note_reading({"plan": 140, "value": 95, "price": 60}, now=at[3] + timedelta(minutes=6))
    line = next(anchor for anchor in places if anchor.startswith("line-"))
    comment(proposal, anchor=line, basis=places[line], text=OPEN[chinese], who=who, now=at[3] + timedelta(minutes=4))
    for module in modules:
        try:
            wish(proposal, module=module.pk, is_on=True, who=who, now=at[3] + timedelta(minutes=5))
        except ForbiddenChoiceError:  # a rule of the catalogue keeps these two apart
            continue
        break


def _moments(story: Story, proposal: Proposal) -> list[datetime]:
    """Return when they comment, when that is answered, when the second version is sent and when it is read."""
    sent = proposal.sendings.latest("at").at
    left = story.world.now - sent
    return [sent + left * part / 100 for part in (30, 45, 60, 80)]
