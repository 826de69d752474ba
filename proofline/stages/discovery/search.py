"""What of this room is found by search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from proofline.kit.search import Kind
from proofline.stages.discovery.models import Calculator, Interview, Proposal, Questionnaire, Study

KINDS = (
    Kind(
        name="studies",
        code="v",
        model=Study,
        label=_("Value cases"),
        one=_("Value case"),
        icon="calculator",
        view="discovery:study",
        owners=Study.owner_paths,
        title="title",
        note="account__name",
        text=("contact__name",),
    ),
    Kind(
        name="proposals",
        code="s",
        model=Proposal,
        label=_("Proposals"),
        one=_("Proposal"),
        icon="presentation",
        view="discovery:proposal",
        owners=Proposal.owner_paths,
        title="title",
        note="study__account__name",
        text=("intro",),
    ),
    Kind(
        name="questionnaires",
        code="f",
        model=Questionnaire,
        label=_("Questionnaires"),
        one=_("Questionnaire"),
        icon="forms",
        view="discovery:questionnaire",
        title="title",
        note="sector",
        text=("draft__title__en", "draft__title__zh-hans"),
    ),
    Kind(
        name="interviews",
        code="w",
        model=Interview,
        label=_("Interviews"),
        one=_("Interview"),
        icon="messages",
        view="discovery:interview",
        owners=Interview.owner_paths,
        title="title",
        note="study__account__name",
        text=("place",),
    ),
    Kind(
        name="calculators",
        code="r",
        model=Calculator,
        label=_("Calculators"),
        one=_("Calculator"),
        icon="math-function",
        view="discovery:calculator",
        title="name",
        note="title_en",
        text=("title_zh",),
    ),
)
