"""The browser snippet in a real browser, on somebody's website, against a real server."""

import gzip
import json
import secrets
import urllib.request

import pytest

SMALL = 3000
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


def test_it_is_small(live):
    with urllib.request.urlopen(f"{live.url}/static/timeline/proofline.js") as answer:
        assert len(gzip.compress(answer.read(), 9, mtime=0)) < SMALL


def test_it_follows_a_visitor_of_a_website(page, site, events):
    with site() as address:
        page.goto(f"{address}/pricing?utm_source=wechat&utm_campaign=autumn")
        page.evaluate(
            "proofline.identify('u7', {email: 'guest@lotus.test'}); proofline.track('Plan Compared', {plan: 'basic'})"
        )
        page.evaluate("history.pushState({}, '', '/signup')")
        page.evaluate("history.replaceState({}, '', '/signup?step=2')")
        page.evaluate("history.replaceState({step: 2}, '', '/signup?step=2')")
        page.evaluate("location.hash = 'terms'")
        page.go_back()
        delivered(page, page.go_back)
        assert len(cookies(page)["proofline_anonymous"]) == 36
        page.goto(f"{address}/welcome")
        page.goto("about:blank")
    # The last view leaves with the page itself.
    found = events(7)
    views = [(one["properties"]["path"], one["properties"]["search"]) for one in found if one["event"] == "Page Viewed"]
    assert views == [
        ("/pricing", "?utm_source=wechat&utm_campaign=autumn"),
        ("/signup", ""),
        ("/signup", "?step=2"),
        ("/pricing", "?utm_source=wechat&utm_campaign=autumn"),
        ("/welcome", ""),
    ]
    came_from = [one["properties"]["referrer"] for one in found if one["event"] == "Page Viewed"]
    assert came_from[1:4] == [
        f"{address}/pricing?utm_source=wechat&utm_campaign=autumn",
        f"{address}/signup",
        f"{address}/signup?step=2",
    ]
    assert {one["context"]["campaign"]["source"] for one in found} == {"wechat"}
    assert {one["context"]["campaign"]["name"] for one in found} == {"autumn"}
    assert len({one["person"] for one in found}) == 1
    assert [said(one) for one in found if one["event"] == "Plan Compared"] == [{"plan": "basic"}]
    assert [said(one) for one in found if one["event"] == "Identified"] == [{"email": "guest@lotus.test"}]


def test_calls_made_before_it_is_there_count(page, site, events):
    with site(rest="<script>window.proofline = [['track', 'Early Bird', {n: 1}], ['nonsense']]</script>") as address:
        delivered(page, lambda: page.goto(address))
    assert {one["event"] for one in events(2)} == {"Page Viewed", "Early Bird"}


def test_events_that_cannot_be_delivered_wait(page, site, events):
    page.clock.install()
    answers = iter([503, 429])

    def refuse_twice(route):
        status = next(answers, None)
        route.fulfill(status=status, headers={"Access-Control-Allow-Origin": "*"}) if status else route.continue_()

    page.route("**/v1/batch", refuse_twice)
    with site() as address:
        page.goto(f"{address}/pricing")
        for _try in range(2):
            with page.expect_response("**/v1/batch"):
                page.clock.fast_forward(2500)
        page.evaluate("proofline.track('Later')")
        delivered(page, lambda: page.clock.fast_forward(5000))
    assert {one["event"] for one in events(2)} == {"Page Viewed", "Later"}


def test_a_tab_that_is_left_loses_nothing(page, site, events):
    page.add_init_script("window.flights = 0; window.fetch = () => { flights += 1; return new Promise(() => {}); }")
    with site() as address:
        page.goto(f"{address}/pricing")
        page.evaluate("proofline.track('Sent')")
        page.wait_for_function("flights > 0")
        # What is on its way when the page goes is sent once more; what waits is sent, in as many beacons as it takes.
        page.evaluate("for (let n = 0; n < 60; n++) proofline.track('Much', {n, text: 'x'.repeat(300)})")
        page.goto("about:blank")
    found = events(62)
    assert len(found) == 62
    assert sorted(said(one)["n"] for one in found if one["event"] == "Much") == list(range(60))


def test_much_goes_in_pieces_that_may_outlive_the_page(page, site, events):
    sizes = []
    page.on("request", lambda request: sizes.append(len(request.post_data or "")) if "/v1/" in request.url else None)
    with site() as address:
        page.goto(f"{address}/pricing")
        page.evaluate("for (let n = 0; n < 60; n++) proofline.track('Much', {n, text: 'x'.repeat(1500)})")
        assert len(events(61)) == 61
        page.title()  # lets the browser tell what it sent meanwhile
    assert len(sizes) > 5
    assert max(sizes) < 25_000


def test_what_no_beacon_takes_is_sent_from_the_next_page(page, site, events):
    page.add_init_script(
        "if (location.pathname === '/pricing')"
        " { window.fetch = () => Promise.reject(new TypeError()); Navigator.prototype.sendBeacon = () => false; }"
    )
    with site() as address:
        page.goto(f"{address}/pricing")
        page.evaluate("proofline.track('Kept')")
        delivered(page, lambda: page.goto(f"{address}/next"))
        assert page.evaluate("localStorage.length") == 0
    assert [one["event"] for one in events(3)].count("Kept") == 1


def test_a_form_tells_that_it_was_sent_and_nothing_of_what_was_written(page, site, events):
    with site() as address:
        page.goto(address)
        page.click("button")
        page.wait_for_url("**/thanks?**")
        page.evaluate("location.href = 'about:blank'")
    found = events(3)
    assert [said(one) for one in found if one["event"] == "Form Submitted"] == [
        {"formId": "talk", "formName": "Talk to us", "formAction": "/thanks"}
    ]
    assert "Identified" not in {one["event"] for one in found}


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("data-proofline-identify", {"Identified", "Form Submitted", "Page Viewed"}),
        ("data-proofline-ignore", {"Page Viewed"}),
    ],
)
def test_a_form_says_who_was_there_only_where_the_page_asks_for_it(page, site, events, mark, told):
    with site(rest=STAYING.replace("<form", f"<form {mark}")) as address:
        page.goto(address)
        page.click("button")
        delivered(page, lambda: page.evaluate("proofline.page('Seen')"))
    found = events(len(told) + 1)
    assert {one["event"] for one in found} == told
    assert [said(one) for one in found if one["event"] == "Identified"] == [{"email": "guest@lotus.test"}] * (
        "Identified" in told
    )
    assert "secret" not in json.dumps(found)


def test_pages_and_forms_can_be_left_to_the_page(page, site, events):
    with site("data-pages=off data-forms=off", STAYING) as address:
        page.goto(address)
        page.click("button")
        delivered(page, lambda: page.evaluate("proofline.track('Only This')"))
    assert [one["event"] for one in events(1)] == ["Only This"]


QUIET = ["navigator, 'doNotTrack', {get: () => '1'}", "navigator, 'globalPrivacyControl', {get: () => true}"]


@pytest.mark.parametrize("signal", QUIET)
def test_it_keeps_quiet_when_asked_not_to_track(page, site, signal):
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/v1/" in request.url else None)
    with site(rest=STAYING) as address:
        page.context.add_cookies([{"name": "proofline_anonymous", "value": "from-before", "url": address}])
        page.add_init_script(f"Object.defineProperty({signal})")
        page.clock.install()
        page.goto(f"{address}/pricing?utm_source=ad")
        page.evaluate("proofline.consent(true); proofline.identify('u7'); proofline.track('Plan Compared')")
        page.click("button")
        page.clock.fast_forward(60_000)
        assert page.evaluate("proofline.anonymousId()") == ""
        assert page.evaluate("sessionStorage.length + localStorage.length") == 0
        assert cookies(page) == {}
    assert sent == []


def test_it_waits_for_consent(page, site, events):
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/v1/" in request.url else None)
    with site('data-consent="wait"') as address:
        page.clock.install()
        page.goto(f"{address}/pricing?utm_source=ad")
        page.evaluate("proofline.identify('u7'); proofline.track('Before')")
        page.clock.fast_forward(60_000)
        assert (sent, cookies(page)) == ([], {})
        assert page.evaluate("sessionStorage.length + localStorage.length + proofline.anonymousId().length") == 0
        delivered(page, lambda: page.evaluate("proofline.consent(true)"))
        assert cookies(page).keys() == {"proofline_anonymous", "proofline_user", "proofline_consent"}
        delivered(page, lambda: [page.goto(f"{address}/next"), page.clock.fast_forward(1000)])
        page.evaluate("proofline.track('Taken Back'); proofline.consent(false); proofline.track('After')")
        page.clock.fast_forward(60_000)
        assert cookies(page) == {}
        assert page.evaluate("sessionStorage.length") == 0
    found = events(4)
    assert sorted(one["event"] for one in found) == ["Before", "Identified", "Page Viewed", "Page Viewed"]
    assert {one["context"]["campaign"]["source"] for one in found} == {"ad"}
    assert len({one["person"] for one in found}) == 1


def test_what_happens_after_a_refusal_is_never_told(page, site, events):
    with site('data-consent="wait"') as address:
        page.goto(address)
        page.evaluate("proofline.consent(false); proofline.track('Refused')")
        assert cookies(page) == {}
        delivered(page, lambda: page.evaluate("proofline.consent(true); proofline.track('Agreed')"))
    assert [one["event"] for one in events(1)] == ["Agreed"]


def test_a_refusal_is_remembered(page, site, events):
    with site() as address:
        delivered(page, lambda: page.goto(address))
        page.evaluate("proofline.consent(false)")
        page.goto(f"{address}/next")
        page.evaluate("proofline.track('Refused')")
        page.goto(f"{address}/last")
        assert cookies(page) == {"proofline_consent": "0"}
        delivered(page, lambda: page.evaluate("proofline.consent(true); proofline.track('Agreed')"))
    assert [one["event"] for one in events(2)] == ["Page Viewed", "Agreed"]


def test_the_page_goes_on_where_storage_is_blocked(page, site, events, website):
    troubles = []
    page.on("pageerror", lambda error: troubles.append(error))  # noqa: PLW0108 - a built-in method takes no attribute
    with (
        site() as address,
        website({"/": f'<iframe sandbox="allow-scripts" src="{address}/framed">'.encode()}) as outer,
    ):
        delivered(page, lambda: page.goto(outer))
        frame = page.frames[1]
        with pytest.raises(Exception, match="SecurityError"):
            frame.evaluate("document.cookie")
        odd = "const odd = {}; odd.odd = odd; proofline.track('Odd', odd); proofline.push(null); proofline.push(['no'])"
        frame.evaluate(odd)
        delivered(page, lambda: frame.evaluate("proofline.track('Framed'); proofline.identify('u8')"))
    found = events(3)
    assert {one["event"] for one in found} == {"Page Viewed", "Framed", "Identified"}
    assert len({one["person"] for one in found}) == 1
    assert troubles == []


def test_after_reset_and_with_somebody_else_it_is_another_visitor(page, site, events):
    with site() as address:
        page.goto(address)
        ids = page.evaluate("""() => {
            const ids = [proofline.anonymousId()];
            proofline.identify("u21"); ids.push(proofline.anonymousId());
            proofline.reset(); ids.push(proofline.anonymousId());
            proofline.track("Nobody"); proofline.identify("u22"); ids.push(proofline.anonymousId());
            return ids;
        }""")
        assert ids[0] == ids[1] != ids[2] == ids[3]
        page.goto(f"{address}/next")
        assert page.evaluate("proofline.anonymousId()") == ids[3]
        delivered(page, lambda: page.evaluate("proofline.identify('u23')"))
        assert page.evaluate("proofline.anonymousId()") not in ids
    found = events(6)
    people = {one["person"] for one in found}
    assert len(people) == 3
    assert [one["person"] for one in found if one["event"] == "Nobody"] != [found[0]["person"]]


def test_a_visitor_acts_in_a_group(page, site, events):
    with site() as address:
        page.goto(address)
        delivered(page, lambda: page.evaluate("proofline.identify('u31'); proofline.group('lotus', {name: 'Lotus'})"))
    grouped = next(one for one in events(3) if one["event"] == "Grouped")
    assert said(grouped) == {"name": "Lotus", "groupId": "lotus"}
