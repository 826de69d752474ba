"""How soon after its arrival an event has its effect: 500 rules, 2,000 events a second over HTTP, of contacts and companies.

Each rule waits for three events of one name and feature, of a contact or of a company. Most events bring some rule closer; a few
times a second the third one for somebody arrives. Measured is from its request to the row of the rule's firing, with the need signal
that is raised with it.
"""

from __future__ import annotations

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks._runs import run
from benchmarks._sending import request
from benchmarks._serving import server
from benchmarks.ingest import key_of

RULES, NAMES, EVENTS_A_SECOND, SECONDS, BATCH, CONNECTIONS = 500, 25, 2_000, 20, 10, 4
CONTACTS, ACCOUNTS, FIRINGS_A_SECOND, TIMES, OF_COMPANIES = 4_000, 400, 25, 3, 10
SECONDS_TO_WAIT = 30
FILL = f"""
from django.utils import timezone
from proofline.records.models import Account, Contact
from proofline.stages.reach.models import SignalRule
from proofline.timeline.models import Person, PersonKey
now = timezone.now()
accounts = Account.objects.bulk_create([Account(name=f"Account {{n}}", created_at=now) for n in range({ACCOUNTS})])
contacts = Contact.objects.bulk_create(
    [Contact(name=f"Contact {{n}}", email=f"c{{n}}@bench.test", account=accounts[n % {ACCOUNTS}], created_at=now) for n in range({CONTACTS})]
)
people = Person.objects.bulk_create([Person(contact_id=one.pk, account_id=one.account_id) for one in contacts])
PersonKey.objects.bulk_create([PersonKey(kind="user", key=f"user-{{n}}", person=one) for n, one in enumerate(people)])
rules = SignalRule.objects.bulk_create([
    SignalRule(
        name=f"does {{n}} often", need=f"may need {{n}}", event=f"Done {{n % {NAMES}}}", times={TIMES},
        conditions=[{{"property": "feature", "operator": "is", "value": f"f{{n}}"}}],
        per="account" if n % {OF_COMPANIES} == 0 else "person",
    )
    for n in range({RULES})
])
print(json.dumps([[one.pk for one in rules], [one.pk for one in contacts]]))
"""
READ = """
from proofline.timeline.models import Firing
print(json.dumps([[f.rule_key, f.subject_id, f.fired_at.timestamp()] for f in Firing.objects.filter(subject_kind="contact")]))
"""
Pair = tuple[int, int]
"""A rule and a contact, by their places."""


def measure() -> list[dict[str, Any]]:
    """Return the runs.

    Raises:
        RuntimeError: an event was refused, or a rule did not fire that had to.
    """
    with tempfile.TemporaryDirectory() as folder, server(folder) as (port, _seconds):
        key = key_of(folder)
        rules, contacts = _django(folder, FILL)
        batches, hot = _batches(random.Random(7))  # noqa: S311 - the same each time
        bodies = [request("/v1/batch", key, {"batch": list(map(_message, some))}, packed=False) for some in batches]
        sent = _send(port, bodies, pause=BATCH / EVENTS_A_SECOND)
        due = {
            (f"signal-rule:{rules[rule]}", contacts[who]): max(sent[place] for place in places)
            for (rule, who), places in hot.items()
        }
        fired = _fired(folder, due)
    times = [(fired[pair] - at) * 1000 for pair, at in due.items()]
    count = sum(map(len, batches))
    return [
        run("events sent", count / (sent[-1] - sent[0]), "events/s", size=count),
        run("from arrival to effect", statistics.median(times), "ms", size=len(times), times_ms=times),
    ]


def _batches(draw: random.Random) -> tuple[list[list[Pair]], dict[Pair, list[int]]]:
    """Return the pairs of each request, and the requests of those pairs for which the rule has to fire."""
    count, a_second = EVENTS_A_SECOND * SECONDS // BATCH, EVENTS_A_SECOND // BATCH
    batches: list[list[Pair]] = [[] for _number in range(count)]
    of_people = [rule for rule in range(RULES) if rule % OF_COMPANIES]
    hot = {}
    for _number in range(FIRINGS_A_SECOND * SECONDS):
        start = draw.randrange(count - a_second)
        pair = draw.choice(of_people), draw.randrange(CONTACTS)
        hot[pair] = draw.sample(range(start, start + a_second), TIMES)
    for pair, places in hot.items():
        for place in places:
            batches[place].append(pair)
    for batch in batches:
        while len(batch) < BATCH:
            pair = draw.randrange(RULES), draw.randrange(CONTACTS)
            if pair not in hot:
                batch.append(pair)
    return batches, hot


def _message(pair: Pair) -> dict[str, Any]:
    rule, contact = pair
    properties = {"feature": f"f{rule}", "seconds": rule % 60, "path": f"/app/{rule}"}
    return {"type": "track", "event": f"Done {rule % NAMES}", "userId": f"user-{contact}", "properties": properties}


def _send(port: int, bodies: list[bytes], *, pause: float) -> list[float]:
    """Send each request at its time, by several connections; return when each was sent, by the clock of the machine."""
    sent = [0.0] * len(bodies)
    start = time.monotonic() + 0.1

    def some(part: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for place in range(part, len(bodies), CONNECTIONS):
                time.sleep(max(0.0, start + place * pause - time.monotonic()))
                sent[place] = time.time()
                connection.sendall(bodies[place])
                answer = connection.recv(65_536)
                while not answer.endswith(b"}"):
                    answer += connection.recv(65_536)
                if b" 200 " not in answer[:16]:
                    raise RuntimeError(answer.decode())

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(some, range(CONNECTIONS)))
    return sent


def _fired(folder: str, due: dict[tuple[str, int], float]) -> dict[tuple[str, int], float]:
    """Return when the rule fired for each pair.

    Raises:
        RuntimeError: it does not for some.
    """
    ends = time.monotonic() + SECONDS_TO_WAIT
    while True:
        fired = {(key, subject): at for key, subject, at in _django(folder, READ)}
        if due.keys() <= fired.keys():
            return fired
        if time.monotonic() > ends:
            raise RuntimeError(f"{len(due.keys() - fired.keys())} of {len(due)} rules did not fire")
        time.sleep(0.5)


def _django(folder: str, code: str) -> Any:
    """Run code in a process of its own on the server's data; return what it prints as JSON."""
    environment = {**os.environ, "PROOFLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    command = [sys.executable, "-c", f"import json, django; django.setup()\n{code}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
