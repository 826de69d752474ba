"""First texts of the mail that this room sends; people change them under message texts."""

from __future__ import annotations

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "Gate to sign": {
        "en": (
            "Ready for your signature: {{ gate }}",
            (
                "Hello {{ contact }},\n\n“{{ gate }}” of {{ project }} is ready. Please look at what was delivered, and sign "
                "it here:\n\n{{ link }}\n\n{{ company }}\n"
            ),
        ),
        "zh-hans": (
            "请验收：{{ gate }}",
            "{{ contact }}，您好：\n\n{{ project }}的“{{ gate }}”已准备就绪，请查看交付内容并在此签字验收：\n\n{{ link }}\n\n{{ company }}\n",
        ),
    },
    "Value report": {
        "en": (
            "What {{ project }} has brought you",
            (
                "Hello {{ contact }},\n\nwe measured what we promised: {{ kept }} of {{ all }} promises were kept. The report, with "
                "how each was measured:\n\n{{ link }}\n\n{{ company }}\n"
            ),
        ),
        "zh-hans": (
            "{{ project }}的价值验证报告",
            (
                "{{ contact }}，您好：\n\n我们对承诺逐项做了测量：{{ all }} 项承诺中已兑现 {{ kept }} 项。报告和测量方法请见：\n\n"
                "{{ link }}\n\n{{ company }}\n"
            ),
        ),
    },
    "Answer": {
        "en": (
            "Re: {{ ticket }}",
            "Hello {{ contact }},\n\n{{ text }}\n\nAnswer here:\n{{ link }}\n\n{{ company }}\n",
        ),
        "zh-hans": (
            "回复：{{ ticket }}",
            "{{ contact }}，您好：\n\n{{ text }}\n\n在此回复：\n{{ link }}\n\n{{ company }}\n",
        ),
    },
    "Solution": {
        "en": (
            "Solved: {{ ticket }}",
            (
                "Hello {{ contact }},\n\n{{ text }}\n\nIf it is not solved for you, answer here and it is open again:\n"
                "{{ link }}\n\n{{ company }}\n"
            ),
        ),
        "zh-hans": (
            "已解决：{{ ticket }}",
            "{{ contact }}，您好：\n\n{{ text }}\n\n如果问题仍未解决，请在此回复，工单将重新打开：\n{{ link }}\n\n{{ company }}\n",
        ),
    },
    "Portal": {
        "en": (
            "Your place with {{ company }}",
            (
                "Hello {{ contact }},\n\nthis is your private page: what we agreed, what we deliver, your questions, and what it "
                "brings you.\n\n{{ link }}\n\nWhoever has this link can sign for {{ account }}: please keep it to yourselves.\n\n"
                "{{ company }}\n"
            ),
        ),
        "zh-hans": (
            "{{ company }}客户门户",
            (
                "{{ contact }}，您好：\n\n这是您的专属页面，约定、交付进度、工单和价值验证报告都在这里：\n\n{{ link }}\n\n"
                "持有此链接的人可以代表{{ account }}签字，请妥善保管。\n\n{{ company }}\n"
            ),
        ),
    },
}
