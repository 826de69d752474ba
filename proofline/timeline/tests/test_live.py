"""A real server with real clients: nothing that was acknowledged is lost or counted twice."""

import http.client
import http.server
import json
import random
import signal
import threading
import time
from contextlib import contextmanager

from segment.analytics.client import Client

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


def test_segments_own_client_works_unchanged(live):
    before = status(live)["projected"]
    refused = []
    client = Client(write_key(live), host=live.url, gzip=True, on_error=lambda error, _items: refused.append(error))
    client.identify("u1", {"email": "lin@lotus.test"})
    for number in range(150):
        client.track("u1", "Feature Used", {"feature": "Reports", "number": number})
    client.page("u1", "Docs", "Start", {"path": "/start"})
    client.group("u1", "lotus", {"name": "Lotus"})
    client.flush()
    client.join()
    assert refused == []
    found = until(live, inbox=0)
    assert found["quarantined"] == 0
    assert found["projected"] >= before + 153


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


@contextmanager
def website(script):
    """Serve a page of somebody's website that carries the snippet."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Prices</title><h1>Prices</h1>{script}".encode())

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_snippet_follows_a_visitor_of_a_website(live, page):
    key = write_key(live, "Website")
    tag = f'<script src="{live.url}/static/timeline/proofline.js" data-write-key="{key}"></script>'
    before = until(live, inbox=0)["projected"]
    with website(tag) as address:
        page.goto(f"{address}/pricing?utm_source=wechat&utm_campaign=autumn")
        page.evaluate(
            "proofline.identify('u7', {email: 'guest@lotus.test'}); proofline.track('Plan Compared', {plan: 'basic'})"
        )
        page.evaluate("history.pushState({}, '', '/signup')")
        page.wait_for_timeout(500)
        cookie = {one["name"]: one["value"] for one in page.context.cookies()}["proofline_anonymous"]
        page.goto("about:blank")
    assert len(cookie) == 36
    until(live, inbox=0)
    assert status(live)["projected"] >= before + 4
    rows = ran(
        live,
        "import django; django.setup()\nfrom proofline.timeline import store\n"
        "for row in store.query(\"SELECT event, text['path'], text['plan'], text['context.campaign.source'] || '/' || "
        "text['context.campaign.name'], uniqExact(person) OVER () FROM events WHERE source = 'Website' ORDER BY at, event\"): print(*row, sep='|')",
    ).splitlines()
    assert sorted(rows) == [
        "Identified|||wechat/autumn|1",
        "Page Viewed|/pricing||wechat/autumn|1",
        "Page Viewed|/signup||wechat/autumn|1",
        "Plan Compared||basic|wechat/autumn|1",
    ]


def test_the_snippet_keeps_quiet_when_asked_not_to_track(live, browser):
    key = write_key(live, "Website")
    tag = f'<script src="{live.url}/static/timeline/proofline.js" data-write-key="{key}"></script>'
    before = until(live, inbox=0)["projected"]
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(navigator, 'doNotTrack', {value: '1'})")
    with website(tag) as address:
        page = context.new_page()
        page.goto(f"{address}/pricing")
        page.evaluate("proofline.track('Plan Compared')")
        page.wait_for_timeout(500)
        assert context.cookies() == []
        context.close()
    assert until(live, inbox=0)["projected"] == before
