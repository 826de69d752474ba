"""The browser snippet in a real browser, on somebody's website, against a real server."""

import gzip
import urllib.request

from proofline.timeline.tests.snippets import cookies, delivered, said

SMALL = 3000


def test_it_is_small(live):
    with urllib.request.urlopen(f"{live.url}/static/timeline/proofline.js", timeout=30) as answer:
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
