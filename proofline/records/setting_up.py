"""How a source begins to send: for each client the code to copy, with the source's key and this server's address."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from proofline.timeline.models import Source

if TYPE_CHECKING:
    from django.utils.functional import Promise

    Text = str | Promise


class Guide(NamedTuple):
    """What to do for one client: some steps, each a sentence and the code to copy."""

    anchor: str
    title: Text
    steps: list[tuple[Text, str]]


SNIPPET = """<script async src="{address}/static/timeline/proofline.js" data-write-key="{key}"></script>"""
CALLS = """proofline.identify("user-7", {{ email: "lin@example.com", name: "Lin" }});
proofline.group("acme", {{ name: "Acme", domain: "acme.example" }});
proofline.track("Plan Compared", {{ plan: "pro" }});
proofline.reset();  // on signing out"""
CONSENT = """<script async src="{address}/static/timeline/proofline.js" data-write-key="{key}" data-consent="wait"></script>

proofline.consent(true);  // when the visitor agrees; false takes it back"""
BROWSER = """npm install @segment/analytics-next

import {{ AnalyticsBrowser }} from "@segment/analytics-next";
const to = {{ apiKey: "{key}", apiHost: "{host}/v1", protocol: "{scheme}" }};
const analytics = AnalyticsBrowser.load({{
  writeKey: "{key}",
  cdnSettings: {{ integrations: {{ "Segment.io": to }} }},
}});
analytics.page();
analytics.track("Plan Compared", {{ plan: "pro" }});"""
PYTHON = """pip install segment-analytics-python

import segment.analytics as analytics

analytics.write_key = "{key}"
analytics.host = "{address}"
analytics.identify("user-7", {{"email": "lin@example.com", "name": "Lin"}})
analytics.group("user-7", "acme", {{"name": "Acme", "domain": "acme.example"}})
analytics.track("user-7", "Feature Used", {{"feature": "reports"}})"""
NODE = """npm install @segment/analytics-node

import {{ Analytics }} from "@segment/analytics-node";
const analytics = new Analytics({{ writeKey: "{key}", host: "{address}" }});
analytics.identify({{ userId: "user-7", traits: {{ email: "lin@example.com", name: "Lin" }} }});
analytics.track({{ userId: "user-7", event: "Feature Used", properties: {{ feature: "reports" }} }});"""
POSTHOG = """pip install posthog

from posthog import Posthog

posthog = Posthog("{key}", host="{address}")
posthog.set(distinct_id="user-7", properties={{"email": "lin@example.com", "name": "Lin"}})
posthog.capture("Feature Used", distinct_id="user-7", properties={{"feature": "reports"}}, groups={{"company": "acme"}})"""
ONE = """curl -u {key}: {address}/v1/track \\
  -H 'Content-Type: application/json' \\
  -d '{{"userId": "user-7", "event": "Feature Used", "properties": {{"feature": "reports"}}}}'"""
HISTORY = """curl -u {key}: {address}/v1/batch \\
  -H 'Content-Type: application/json' \\
  -d '{{"batch": [{{"type": "track", "messageId": "order-1", "userId": "user-7",
       "event": "Plan Bought", "timestamp": "2024-03-01T09:30:00Z"}}]}}'"""

GUIDES = (
    Guide(
        "snippet",
        _("For a website"),
        [
            (_("Copy this into every page, before the end of its head:"), SNIPPET),
            (_("Page views, campaigns and sent forms are told by themselves. Your scripts say the rest:"), CALLS),
            (_("To keep and send nothing before the visitor agrees:"), CONSENT),
        ],
    ),
    Guide(
        "segment-browser",
        _("Segment's library for browsers"),
        [(_("Only where the events go is different; all its calls work as they are:"), BROWSER)],
    ),
    Guide("segment-python", _("Segment's library for Python"), [(_("Set the key and this server's address:"), PYTHON)]),
    Guide("segment-node", _("Segment's library for Node.js"), [(_("Set the key and this server's address:"), NODE)]),
    Guide("posthog", _("PostHog's library for Python"), [(_("Set the key and this server's address:"), POSTHOG)]),
    Guide(
        "http",
        _("Over HTTP"),
        [
            (_("One event:"), ONE),
            (_("Many at once, history with its own times too; what has the same messageId counts once:"), HISTORY),
        ],
    ),
)
BROWSERS = {"snippet", "segment-browser"}


def guides(source: Source, *, address: str) -> list[Guide]:
    """Return how each client sends to a source, those that fit its kind first.

    Args:
        source: whose key to use.
        address: of this server, such as `https://sales.example.com`.
    """
    scheme, host = urlsplit(address)[:2]
    words = {"key": source.write_key, "address": address, "host": host, "scheme": scheme}
    filled = [
        guide._replace(steps=[(sentence, code.format(**words)) for sentence, code in guide.steps]) for guide in GUIDES
    ]
    websites_first = source.kind == Source.Kind.WEBSITE
    return sorted(filled, key=lambda guide: (guide.anchor in BROWSERS) != websites_first)
