"""The code that a source's page shows works as it stands there, against a real server."""

import json
import secrets
import shlex
import subprocess
import sys
import urllib.request
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from proofline.records import setting_up
from proofline.timeline.models import Source


class Codes(HTMLParser):
    """Reads what a person would copy: the text in the blocks of code, and what their buttons copy."""

    def __init__(self, page):
        super().__init__()
        self.shown, self.copied, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.inside = self.inside or tag == "pre"
        if tag == "pre":
            self.shown.append("")
        if copied := dict(attributes).get("data-copy"):
            self.copied.append(copied)

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "pre"

    def handle_data(self, text):
        if self.inside:
            self.shown[-1] += text


def test_a_source_shows_how_each_client_is_set_up(as_, ada, now):
    source = Source.add(name="Website", now=now, kind=Source.Kind.WEBSITE)
    page = as_(ada).get(reverse("records:source", args=[source.pk])).content.decode()
    codes = Codes(page)
    assert codes.shown == codes.copied
    assert codes.shown == [
        code for guide in setting_up.guides(source, address="http://testserver") for _sentence, code in guide.steps
    ]
    assert all(source.write_key in code for code in codes.shown if "testserver" in code)
    assert page.index('id="snippet"') < page.index('id="segment-python"')
    program = Source.add(name="Shop", now=now, kind=Source.Kind.PROGRAM)
    other = as_(ada).get(reverse("records:source", args=[program.pk])).content.decode()
    assert other.index('id="segment-python"') < other.index('id="snippet"')
    source.revoke(now=now)
    assert not Codes(as_(ada).get(reverse("records:source", args=[source.pk])).content.decode()).shown


@pytest.fixture
def shown(live, aside):
    """The code of one client for a new source of the running server, and the source's name."""

    def code(anchor):
        name = f"{anchor} {secrets.token_hex(4)}"
        source = Source(name=name, write_key=aside.write_key(name))
        guide = next(one for one in setting_up.guides(source, address=live.url) if one.anchor == anchor)
        return name, [code for _sentence, code in guide.steps]

    return code


def told(events):
    return sorted((one["kind"], one["event"]) for one in events)


@pytest.mark.parametrize(
    ("anchor", "ending", "wanted"),
    [
        ("segment-python", "analytics.shutdown()", ["group", "identify", "track"]),
        ("posthog", "posthog.shutdown()", ["identify", "track"]),
    ],
)
def test_python_as_shown(shown, aside, anchor, ending, wanted):
    name, (code,) = shown(anchor)
    install, _line, script = code.partition("\n")
    assert install.startswith("pip install ")
    subprocess.run([sys.executable, "-c", f"{script}\n{ending}"], check=True, timeout=60)
    assert [kind for kind, _event in told(aside.arrived(name, len(wanted)))] == wanted


def test_node_as_shown(shown, aside, node):
    name, (code,) = shown("segment-node")
    _install, _line, script = code.partition("\n")
    assert node(f"{script}\nawait analytics.closeAndFlush();\nconsole.log('[]')") == []
    assert told(aside.arrived(name, 2)) == [("identify", "Identified"), ("track", "Feature Used")]


def test_http_as_shown(shown, aside):
    name, codes = shown("http")
    for code in codes:
        curl, _user, key, address, _header, header, _data, data = shlex.split(code.replace("\\\n", ""))
        assert (curl, json.loads(data) != {}) == ("curl", True)
        request = urllib.request.Request(address, data.encode(), dict([header.split(": ")]))
        password = urllib.request.HTTPPasswordMgrWithPriorAuth()
        password.add_password(None, address, *key.split(":"), is_authenticated=True)
        with urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(password)).open(request) as answer:
            assert answer.status == 200
    found = aside.arrived(name, 2)
    assert told(found) == [("track", "Feature Used"), ("track", "Plan Bought")]
    assert found[0]["at"] == "2024-03-01 09:30:00.000"


def test_the_snippet_as_shown(shown, aside, website, page):
    name, (tag, calls, _consent) = shown("snippet")
    with website({"/": f"<!doctype html>{tag}<title>Prices</title>".encode()}) as address:
        page.goto(address)
        page.wait_for_function("() => Boolean(window.proofline && proofline.track)")
        page.evaluate(f"() => {{ {calls}\n }}")
        page.goto("about:blank")
    found = aside.arrived(name, 4)
    assert [kind for kind, _event in told(found)] == ["group", "identify", "page", "track"]
    people = {aside.canonical(one["person"]) for one in found}  # the first may have come before we knew who it is
    assert len(people) == 1


def test_the_snippet_that_waits_as_shown(shown, aside, website, page):
    name, (_tag, _calls, code) = shown("snippet")
    tag, _line, consent = code.partition("\n")
    with website({"/": f"<!doctype html>{tag}<title>Prices</title>".encode()}) as address:
        page.goto(address)
        page.wait_for_function("() => Boolean(window.proofline && proofline.track)")
        assert page.context.cookies() == []
        page.evaluate(f"() => {{ {consent} \n }}")
        assert [kind for kind, _event in told(aside.arrived(name, 1))] == ["page"]


def test_segments_library_for_browsers_as_shown(shown, aside, website, page):
    from tests.fixtures.live import ROOT

    name, (code,) = shown("segment-browser")
    _install, _line, script = code.partition("\n")
    script = script.replace('import { AnalyticsBrowser } from "@segment/analytics-next";', "")
    library = (ROOT / "node_modules/@segment/analytics-next/dist/umd/index.js").read_bytes()
    with website({"/": b"<!doctype html><script src='/a.js'></script>", "/a.js": library}) as address:
        page.goto(address)
        page.evaluate(f"() => {{ const {{ AnalyticsBrowser }} = AnalyticsNext; {script} }}")
        assert told(aside.arrived(name, 2)) == [("page", "Page Viewed"), ("track", "Plan Compared")]
