"""Segment's own library for browsers, as it comes from its registry, on somebody's website, against a real server."""

import secrets

import pytest

from tests.fixtures.live import ROOT
from tests.fixtures.network import BROKEN_OFF

LIBRARY = ROOT / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd" / "index.js"
SITE = b"""<!doctype html><meta charset="utf-8"><title>Prices</title><h1>Prices</h1><script src="/umd/index.js"></script>"""
AT_MOST = """async (act, ...given) => Promise.race([
    act(...given), new Promise((_, give_up) => setTimeout(() => give_up(new Error("waited 60 s for the library")), 60_000)),
])"""
LOAD = """async ([apiKey, apiHost, more]) => {
    const integrations = { "Segment.io": { apiKey, apiHost, protocol: "http", ...more } };
    window.problems = [];
    window.analytics = AnalyticsNext.AnalyticsBrowser.load({ writeKey: apiKey, cdnSettings: { integrations } });
    const [loaded] = await window.analytics;
    loaded.on("error", (error) => window.problems.push(String(error.reason || error)));
}"""
EVERY_METHOD = """async (name) => {
    await analytics.page("Docs", "Start");
    await analytics.track("Visited", { step: 1 });
    await analytics.identify("u-" + name, { email: name + "@lotus.test" });
    await analytics.group("g-" + name, { name: "Lotus" });
    await analytics.track("Plan Compared", { plan: "basic", seats: 7 });
    await analytics.screen("App", "Home", { tab: 2 });
    await analytics.alias("v-" + name, "u-" + name);
    return problems;
}"""
TOLD = [
    ("alias", "Aliased"),
    ("group", "Grouped"),
    ("identify", "Identified"),
    ("page", "Page Viewed"),
    ("screen", "Screen Viewed"),
    ("track", "Plan Compared"),
    ("track", "Visited"),
]


def call(page, script, given):
    """Call a function in the page; what it waits for has to come."""
    return page.evaluate(f"(given) => ({AT_MOST})({script}, given)", given)


@pytest.fixture
def source():
    return f"Website {secrets.token_hex(4)}"


@pytest.fixture
def key(aside, source):
    return aside.write_key(source)


@pytest.fixture
def address(website):
    pages = {f"/umd/{path.name}": path.read_bytes() for path in LIBRARY.parent.glob("*.js")}
    with website({"/": SITE, **pages}) as found:
        yield found


BATCHING = {"deliveryStrategy": {"strategy": "batching", "config": {"size": 3, "timeout": 200}}}


@pytest.mark.parametrize("more", [{}, BATCHING], ids=["one by one", "in batches"])
def test_every_method(live, page, address, aside, source, key, more):
    name = secrets.token_hex(4)
    page.goto(f"{address}/prices?utm_source=wechat&utm_campaign=autumn")
    call(page, LOAD, [key, f"127.0.0.1:{live.port}/v1", more])
    assert call(page, EVERY_METHOD, name) == []
    found = aside.arrived(source, len(TOLD))
    assert sorted((one["kind"], one["event"]) for one in found) == TOLD
    by = {one["event"]: one["properties"] for one in found}
    assert (by["Page Viewed"]["path"], by["Page Viewed"]["name"], by["Page Viewed"]["title"]) == (
        "/prices",
        "Start",
        "Prices",
    )
    assert by["Plan Compared"] == {"plan": "basic", "seats": 7}
    assert by["Identified"] == {"email": f"{name}@lotus.test"}
    assert by["Grouped"] == {"name": "Lotus", "groupId": f"g-{name}"}
    assert by["Screen Viewed"]["tab"] == 2
    assert found[0]["context"]["campaign"]["source"] == "wechat"
    assert found[0]["context"]["campaign"]["name"] == "autumn"
    assert len({aside.canonical(one["person"]) for one in found}) == 1
    assert aside.quarantined(source) == []


@pytest.mark.parametrize("more", [{}, BATCHING], ids=["one by one", "in batches"])
def test_what_it_sends_again_counts_once(network, page, address, aside, source, key, more):
    with network(503, BROKEN_OFF, 429) as between:
        page.goto(address)
        call(page, LOAD, [key, f"{between.url.removeprefix('http://')}/v1", more])
        page.evaluate("() => { for (let n = 0; n < 9; n++) analytics.track('Feature Used', { n }); }")
        found = aside.arrived(source, 9)
        assert sorted(one["properties"]["n"] for one in found) == list(range(9))
        for _try in range(200):
            if any(headers.get("x-retry-count") for _path, headers, _status in between.passed):
                break
            page.wait_for_timeout(100)
        # What the library heard wrongly it said again; the server had taken it each time.
        assert set(between.statuses) == {200}
        assert {headers.get("x-retry-count") for _path, headers, _status in between.passed} > {None}
        page.goto("about:blank")
    assert len(aside.arrived(source, 9)) == 9


def test_what_is_under_way_when_the_page_goes_comes_with_the_next(live, page, address, aside, source, key):
    page.goto(address)
    call(page, LOAD, [key, f"127.0.0.1:{live.port}/v1", {}])
    page.route("**/v1/**", lambda route: route.abort())
    page.evaluate("() => { analytics.track('Left Behind'); }")
    page.wait_for_timeout(300)
    page.goto(f"{address}/next")
    page.unroute("**/v1/**")
    call(page, LOAD, [key, f"127.0.0.1:{live.port}/v1", {}])
    assert [one["event"] for one in aside.arrived(source, 1)] == ["Left Behind"]
