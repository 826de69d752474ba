"""The names of stages and outcomes in other programs."""

from __future__ import annotations

WON, LOST = -1, -2
OUTCOMES = (("Won", WON), ("Lost", LOST))
OTHER_STAGE_NAMES: dict[int, tuple[str, ...]] = {
    WON: ("closed won", "closedwon", "赢单", "成交", "已成交", "已赢单"),
    LOST: ("closed lost", "closedlost", "输单", "丢单", "已丢单", "已输单", "流失"),
}
STAGE_ALIASES: dict[str, tuple[str, ...]] = {
    "Prospecting": ("qualification", "appointment scheduled", "appointmentscheduled", "new", "初步接触", "新商机"),
    "Engaging": ("needs analysis", "value proposition", "qualified to buy", "qualifiedtobuy", "需求确认", "深入沟通"),
    "Proposal": (
        "proposal/price quote",
        "presentation scheduled",
        "presentationscheduled",
        "perception analysis",
        "方案报价",
    ),
    "Negotiation": ("negotiation/review", "contract sent", "contractsent", "decision maker bought-in", "商务谈判"),
}
