"""What a study's needs are covered by, kept as its configuration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from proofline.stages.discovery.configuring.asking import first_ask
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.keeping import keep
from proofline.stages.discovery.configuring.offering import Offer, market_on, offer

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Product, User
    from proofline.stages.discovery.models import Study


def configure(study: Study, *, product: Product, seats: int, by: User, at: datetime) -> None:
    """Keep the smallest set of parts of one product that covers the study's needs, where there is one."""
    catalogue = Catalogue.load()
    first = first_ask(study, catalogue, now=at)
    ask = replace(first, product=product.pk, currency=product.currency, seats=seats)
    found = offer(catalogue, ask, market=market_on(ask.on))
    if isinstance(found, Offer):
        keep(study, found, ask, catalogue, by=by, now=at)
