"""A real server, by its tracking API and its command line."""

import http.client
import json
import time


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
