"""A month in which a customer uses the product, told to the tracking API as the product would."""

import base64
import json
import urllib.request
from datetime import UTC, datetime, timedelta

DAYS = 28
PEOPLE = ("grace", "hugo", "ivy", "juan")
FEATURES = ("reports", "forecasts")


def a_month(*, company, domain, until=None):
    """Return the events of four people who each save four hours a day by reports."""
    until = until or datetime.now(UTC)
    group = {"type": "group", "groupId": domain, "traits": {"name": company, "domain": domain}}
    events = [{"type": "identify", "userId": who, "traits": {"email": f"{who}@{domain}"}} for who in PEOPLE]
    events += [group | {"userId": who} for who in PEOPLE]
    for day in range(DAYS):
        for number, who in enumerate(PEOPLE):
            events.append(
                {
                    "type": "track",
                    "event": "Report Made",
                    "userId": who,
                    "messageId": f"use-{day}-{who}",
                    "timestamp": (until - timedelta(days=day, seconds=number)).isoformat(),
                    "context": {"groupId": domain},
                    "properties": {"feature": FEATURES[number % 2], "hours_saved": 4},
                }
            )
    return events


def send(server, *, key, events):
    """Send events to /v1/batch; return the status of the answer."""
    request = urllib.request.Request(f"{server}/v1/batch", json.dumps({"batch": events}).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", "Basic " + base64.b64encode(f"{key}:".encode()).decode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status
