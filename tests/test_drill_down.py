"""A number of insight leads to just the records behind it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from proofline.insight import metrics, pictures
from proofline.kit.money import Money
from proofline.stages.closing.models import Deal
from proofline.stages.reach.models import Lead, Origin, qualify
from proofline.timeline import projector

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(sam, tom, suite, healthy, leaving, now):
    """Six deals of two sellers and three leads, opened, won and lost in different months."""
    day = timedelta(days=1)
    for number, (owner, account) in enumerate([(sam, healthy), (sam, leaving), (tom, healthy)] * 2):
        deal = Deal.objects.open_deal(
            by=owner,
            now=now - 90 * day,
            name=f"Deal {number}",
            owner=owner,
            account=account,
            product=suite if number % 2 else None,
            source="Google" if number < 3 else "",
            amount=1000,
        )
        if number < 3:
            deal.win(by=owner, now=now - number * 31 * day, amount=Money(1000, "CNY"))
        elif number == 3:
            deal.lose(by=owner, now=now)
    for number, source in enumerate(["Google", "Google", "Bing"]):
        lead = Lead.objects.capture(
            by=sam, now=now, origin=Origin.STAFF, name=f"Lead {number}", source=source, owner=sam
        )
        if number:
            qualify(lead, by=sam, now=now, open_deal=False)
    projector.project_pending()


@pytest.mark.parametrize("by", [*metrics.DIMENSIONS, None])
@pytest.mark.parametrize("name", ["deals.won", "deals.lost", "deals.open", "leads.count"])
@pytest.mark.usefixtures("sale")
def test_a_number_leads_to_as_many_records(as_, ada, name, by):
    metric = metrics.get(name)
    result = metric.compute(by=by)
    pairs = [(row.value, pictures.records_of(metric, **{by: row.key})) for row in result.rows] if by else []
    pairs.append((result.value, pictures.records_of(metric)))
    followed = [(value, url) for value, url in pairs if url]
    assert followed
    for value, url in followed:
        listing = as_(ada).get(url).context["listing"]
        assert listing.page.count == value, (url, parse_qs(urlsplit(url).query))
