"""A website with the browser snippet, and what it told."""

import secrets

import pytest

REST = """<!doctype html><title>Prices</title><h1>Prices</h1>
<form id="talk" name="Talk to us" action="/thanks?of=us" method="get">
<input name="id" value="trap"><input type="email" name="email" value="guest@lotus.test"><textarea name="text">secret words</textarea>
<button>Send</button></form>"""

STAYING = REST.replace("<form", "<form onsubmit='return false'")


@pytest.fixture
def site(live, website, aside):
    """A website whose pages carry the snippet; its events go to a source of its own."""
    name = f"Website {secrets.token_hex(4)}"
    key = aside.write_key(name)

    def opened(attributes="", rest=REST):
        tag = f'<script src="{live.url}/static/timeline/proofline.js" data-write-key="{key}" {attributes}></script>'
        return website({"/": (rest + tag).encode()})

    opened.source = name
    return opened


@pytest.fixture
def events(aside, site):
    return lambda least: aside.arrived(site.source, least)


def said(event):
    """What an event says, without what the page says of itself."""
    return {name: value for name, value in event["properties"].items() if name not in PAGE}


PAGE = {"path", "url", "title", "search", "referrer"}


def cookies(page):
    return {one["name"]: one["value"] for one in page.context.cookies()}


def delivered(page, act):
    """Do something and wait until the server took what it led to."""
    with page.expect_response("**/v1/batch") as answer:
        act()
    assert answer.value.status == 200
    return answer.value
