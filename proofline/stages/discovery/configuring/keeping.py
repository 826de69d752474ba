"""Keeping a configuration: what was offered, as it was reckoned, in every language that pages have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from proofline.stages.discovery.configuring.saying import discount_text, name_of, said
from proofline.stages.discovery.models import Configuration, ConfigurationPart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.discovery.configuring.catalogue import Catalogue
    from proofline.stages.discovery.configuring.offering import Ask, Offer
    from proofline.stages.discovery.configuring.rules import Part
    from proofline.stages.discovery.models import Study

FIELDS = {"m": "module", "t": "tier", "p": "pack"}


def keep(
    study: Study, offer: Offer, ask: Ask, catalogue: Catalogue, *, by: User | None, now: datetime
) -> Configuration:
    """Keep an offer as the study's next configuration; its parts are called as the customer's language has it."""
    with translation.override(study.account.language or translation.get_language()):
        parts = [_part(key, offer, ask, catalogue) for key in offer.bought]
    return Configuration.objects.keep(
        by=by,
        now=now,
        study=study,
        parts=parts,
        seats=ask.seats,
        months=ask.months,
        currency=ask.currency,
        monthly=offer.price.monthly,
        once=offer.price.once,
        priced_on=ask.on,
        asked={
            "product": ask.product,
            "pains": list(ask.pains),
            "put_in": list(ask.put_in),
            "left_out": list(ask.left_out),
        },
        steps=[
            {
                "text": in_all_languages(lambda step=step: step_text(step, catalogue)),  # type: ignore[misc]
                "rule": step.rule.id if step.rule else None,
                "monthly": str(step.monthly),
                "once": str(step.once),
            }
            for step in offer.price.steps
        ],
    )


def step_text(step: Any, catalogue: Catalogue) -> str:
    """Return what a step of a price is: the list price, or the rule in words."""
    return discount_text(step.rule, catalogue) if step.rule else _("List price")


def in_all_languages(text: Callable[[], Any]) -> dict[str, Any]:
    """Return what `text` says in each language."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = text()
    return found


def _for_customers(parts: Sequence[Part]) -> list[Part]:
    """Leave out that somebody of ours put a part in: what is kept is read by the customer."""
    return [part for part in parts if not part.id.startswith("in:")]


def _part(key: str, offer: Offer, ask: Ask, catalogue: Catalogue) -> ConfigurationPart:
    line = catalogue.line(key, seats=ask.seats)
    item = catalogue.items[line.key]
    return ConfigurationPart(
        kind=FIELDS[item.key[0]],
        name=name_of(item.key, catalogue),
        unlocks=[name_of(module, catalogue) for module in catalogue.items if module in item.unlocks],
        quantity=line.quantity,
        price=offer.price.lines[line.key],
        why=in_all_languages(lambda: said(_for_customers(offer.why[key]), catalogue)),
        **{f"{FIELDS[item.key[0]]}_id": item.pk},
    )
