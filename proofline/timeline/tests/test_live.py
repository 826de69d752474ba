"""A real server, killed at any moment: nothing that was acknowledged is lost or counted twice."""

import http.client
import json
import random
import signal
import threading
import time

ROUNDS = 3
SENDERS = 4


def write_key(live, name="Product"):
    return json.loads(live.run("source", "add", name, "--json").stdout)["write_key"]


def status(live):
    return json.loads(live.run("timeline", "status", "--json").stdout)


def until(live, **wanted):
    """Wait until the timeline stands so; return how it stands in the end."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        found = status(live)
        if wanted.items() <= found.items():
            return found
        time.sleep(0.2)
    return status(live)


def test_a_single_event_is_in_the_store_within_a_second(live):
    key = write_key(live)
    before = until(live, inbox=0)["projected"]
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    connection.request("POST", "/v1/track", json.dumps({"writeKey": key, "userId": "u9", "event": "Lamp Lit"}))
    assert connection.getresponse().status == 200
    connection.close()
    time.sleep(1)
    assert status(live)["projected"] == before + 1


def send_until_killed(port, key, sender, acknowledged):
    """Send batches with ids of one's own as fast as the server takes them; note the ids that it acknowledged."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for turn in range(10_000):
        ids = [f"{sender}-{port}-{time.monotonic_ns()}-{turn}-{number}" for number in range(20)]
        batch = [{"type": "track", "userId": f"u{sender}", "event": "Faulty Hour", "messageId": one} for one in ids]
        try:
            connection.request("POST", "/v1/batch", json.dumps({"writeKey": key, "batch": batch}))
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return
        if answer.status == 200:
            acknowledged += ids


def test_killed_at_any_moment_it_loses_and_doubles_nothing(live):
    key = write_key(live, "Faults")
    acknowledged = []
    for _round in range(ROUNDS):
        threads = [
            threading.Thread(target=send_until_killed, args=(live.port, key, sender, acknowledged))
            for sender in range(SENDERS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.5, 1.5))
        live.process.send_signal(signal.SIGKILL)
        live.process.wait()
        for thread in threads:
            thread.join()
        live.start()
    until(live, inbox=0)
    live.stop()
    count = (
        "import django; django.setup()\n"
        "from proofline.timeline import store\n"
        "print(*store.query(\"SELECT count(), uniqExact(id) FROM events WHERE event = 'Faulty Hour'\")[0])"
    )
    rows, ids = map(int, ran(live, count).split())
    assert len(acknowledged) > 1000
    # What was committed and not yet acknowledged when the server died is there too, each once.
    assert rows == ids
    assert len(acknowledged) <= rows <= len(acknowledged) + ROUNDS * SENDERS * 20
    rebuilt = live.run("timeline", "rebuild")
    assert rebuilt.returncode == 0
    assert ran(live, count).split() == [str(rows), str(ids)]
    live.start()


def ran(live, code):
    """Run code in a process of its own on the server's data."""
    import os
    import subprocess
    import sys

    environment = os.environ | live.environment
    environment |= {"PROOFLINE_DATA": str(live.data), "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
