"""What the browser snippet leaves alone: what is written in forms, and visitors who do not want to be followed or have not agreed yet."""

import json

import pytest

from proofline.timeline.tests.snippets import STAYING, cookies, delivered, said


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
