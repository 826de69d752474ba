"""What sellers write into proposals themselves: a plan, and a block of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.stages.discovery.writing.content import Milestone
from proofline.stages.discovery.writing.editing import add_block, change_block

if TYPE_CHECKING:
    from proofline.records.models import User
    from proofline.stages.discovery.models import Proposal

PLAN = {
    True: (
        ("启动会", 3, "双方"),
        ("首批报表上线", 10, "我方，贵方 IT 配合"),
        ("全员培训", 15, "我方"),
        ("按数据验收", 30, "双方"),
    ),
    False: (
        ("Kick-off", 3, "both"),
        ("First reports live", 10, "we, with your IT"),
        ("Training for all", 15, "we"),
        ("Acceptance by the figures", 30, "both"),
    ),
}
PROMISED = {
    True: ("我们的承诺", "- 三个工作日内给出首版方案\n- **每一项价值都由数据验收**\n- 每月一次迭代"),
    False: (
        "What you can hold us to",
        "- A first plan within three working days\n- **Every line of value is accepted by its figures**\n- An iteration every month",
    ),
}


def write(proposal: Proposal, *, by: User, chinese: bool) -> None:
    """Give a proposal a plan, and a block of its seller's own."""
    now = proposal.created_at
    plan = tuple(Milestone(name=name, days=days, who=who) for name, days, who in PLAN[chinese])
    change_block(proposal, "plan", by=by, now=now, milestones=plan)
    heading, text = PROMISED[chinese]
    add_block(proposal, by=by, now=now, kind="text", after="plan", heading=heading, text=text)
