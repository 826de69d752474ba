"""A product whose use is told day by day, for tests of *Explore*."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from proofline.timeline import inbox, projector
from proofline.timeline.models import Source

START = datetime(2026, 10, 5, 3, tzinfo=UTC)
"""A Monday, eleven in the morning in Shanghai."""
SIGN_UP, USE, SHARE = "Signed Up", "Feature Used", "Report Shared"
OCTOBER = {"from": "2026-10-01", "to": "2026-11-01"}


class Product:
    """Tells what people do in a product: `use("ann", "Signed Up", day=0, plan="pro")`."""

    def __init__(self, now):
        self.now = now
        self.source = Source.add(name="Product", now=now)
        self.told = 0

    def use(self, user, event, *, day=0, minutes=0, **properties):
        self.told += 1
        sent = {
            "type": "track",
            "event": event,
            "userId": user,
            "timestamp": (START + timedelta(days=day, minutes=minutes)).isoformat(),
            "messageId": f"m-{self.told}",
            "properties": properties,
        }
        inbox.append(self.source, [sent], self.now)

    def settle(self):
        projector.project_pending()


def address(kind, page="", **question):
    """The address of a question, as the builder writes it."""
    return f"/insight/explore/{kind}/{page}?{urlencode({'q': json.dumps({**OCTOBER, **question})})}"


def events(*names):
    return [{"event": name} for name in names]


def text_of(answer):
    return html.unescape(answer.content.decode())


def headline(answer):
    found = re.search(r'chart-headline">([^<]*)<', text_of(answer))
    return found and found[1]


def cells(answer):
    """The rows of the table behind the chart, as words."""
    body = re.search(r"explore-table.*?<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        [
            html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]*>", "", cell)).strip())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
        ]
        for row in rows
    ]


def people_of(answer, number=0):
    """The address behind a number of the table."""
    return [link for link in re.findall(r'href="([^"]*)"', text_of(answer)) if "/people/" in link][number]
