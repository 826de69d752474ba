"""The shell around every page: sidebar, Today, search, settings, language, errors."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proofline.kit.colour import brand_css, contrast, mix
from proofline.records.models import Task, Workspace

pytestmark = pytest.mark.django_db


def test_everything_asks_for_sign_in_but_the_colours(client):
    for name in ("config:today", "config:search", "config:settings"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("account_login")), name
    assert client.get(reverse("config:brand"))["Content-Type"] == "text/css"


@pytest.mark.parametrize(
    ("came_from", "goes_on"), [("http://testserver/leads/?q=x", "/leads/?q=x"), ("https://evil.test/a", "/"), ("", "/")]
)
def test_who_was_signed_out_while_sending_comes_back_to_the_page_that_was_sent(client, came_from, goes_on):
    answer = client.post("/leads/5/qualification/", headers={"referer": came_from})
    assert (answer.status_code, parse_qs(urlsplit(answer["Location"]).query)["next"]) == (302, [goes_on])


def test_an_address_that_is_only_sent_to_says_so_when_it_is_opened(as_, sam, client):
    for browser in (as_(sam), client):
        answer = browser.get(reverse("config:language"))
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "only takes what a form or a button sends" in answer.content.decode()


def test_the_sidebar_shows_the_five_stages_in_order_and_where_one_is(as_, sam):
    html = as_(sam).get(reverse("records:accounts")).content.decode()
    groups = re.findall(r'class="side-group"[^>]*><span class="side-label">([^<]+)', html)
    assert groups[:5] == ["Reach", "Discovery", "Closing", "Delivery", "Growth"]
    assert re.findall(r'class="side-item active" aria-current="page" title="([^"]+)"', html) == ["Accounts"]


def test_what_waits_is_counted_once_a_page(as_, mei):
    with CaptureQueriesContext(connection) as queries:
        as_(mei).get(reverse("config:settings"))
    counted = [re.sub(r"'[^']*'", "", query["sql"]) for query in queries if query["sql"].startswith("SELECT COUNT(*)")]
    assert len(counted) > 5
    assert len(counted) == len(set(counted))


def test_no_page_allows_inline_scripts_or_styles(as_, sam):
    answer = as_(sam).get(reverse("config:today"))
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert " style=" not in answer.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", answer.content.decode())


def test_today_shows_what_waits_for_me_most_urgent_first(as_, sam, tom, healthy, now):
    for title, days in (("Later", 30), ("Late", -3), ("Soon", 3)):
        Task.objects.add(now=now, title=title, owner=sam, account=healthy, due_at=now + timedelta(days=days))
    Task.objects.add(now=now, title="Somebody else's", owner=tom, account=healthy)
    html = as_(sam).get(reverse("config:today")).content.decode()
    assert "Somebody else" not in html
    assert set(re.findall(r'class="today-title">([^<]+)', html)) == {"Late", "Soon", "Later"}
    assert html.index("Late<") < html.index("Soon<") or html.index("Late<") < html.index("Later<")


def test_a_task_is_done_from_today_and_undone(as_, sam, healthy, now):
    task = Task.objects.add(now=now, title="Call", owner=sam, account=healthy)
    browser = as_(sam)
    done = browser.post(reverse("records:task_completion", args=[task.pk]), {"next": "/"}, follow=True)
    assert done.redirect_chain[-1][0] == "/"
    assert reverse("records:task_reopening", args=[task.pk]) in done.content.decode()
    assert 'class="today-title">' not in done.content.decode()


def test_a_reader_is_offered_nothing_to_do(as_, rita, healthy, now):
    Task.objects.add(now=now, title="Read this", owner=rita, account=healthy)
    html = as_(rita).get(reverse("config:today")).content.decode()
    assert "Read this" in html
    assert 'class="btn btn-sm"' not in html
    assert reverse("records:task_new") not in html


def test_search_finds_what_one_may_see_alone(as_, sam, olga, healthy, helen):
    for text, found in (("heron", healthy), ("HELEN", helen), ("rob her", healthy)):
        assert found.get_absolute_url() in as_(sam).get(reverse("config:search"), {"q": text}).content.decode()
        assert found.get_absolute_url() not in as_(olga).get(reverse("config:search"), {"q": text}).content.decode()


def test_search_goes_to_pages_in_the_readers_language(as_, sam):
    sam.change(language="zh-hans")
    part = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    html = as_(sam).get(reverse("config:palette"), {"q": "合同"}, **part).content.decode()
    assert html.lstrip().startswith("<div")
    assert reverse("closing:contracts") in html


def test_settings_show_each_what_they_may_set(as_, ada, sam):
    people = reverse("records:people")
    assert people in as_(ada).get(reverse("config:settings")).content.decode()
    assert people not in as_(sam).get(reverse("config:settings")).content.decode()


def test_the_language_is_kept_for_the_person_and_leads_back(as_, sam, client):
    answer = as_(sam).post(reverse("config:language"), {"language": "zh-hans", "next": "/accounts/"})
    assert answer["Location"] == "/accounts/"
    sam.refresh_from_db()
    assert sam.language == "zh-hans"
    assert (
        as_(sam).post(reverse("config:language"), {"language": "xx", "next": "https://evil.example/"})["Location"]
        == "/"
    )
    client.post(reverse("config:language"), {"language": "zh-hans", "next": "/me/login/"})
    html = client.get("/me/login/").content.decode()
    assert "登录" in html
    assert '<html lang="zh-hans"' in html


def test_the_chosen_theme_is_in_the_first_answer(as_, sam):
    browser = as_(sam)
    browser.cookies["theme"] = "dark"
    assert '<html lang="en" data-bs-theme="dark"' in browser.get("/").content.decode()
    browser.cookies["theme"] = '"><script>'
    assert "data-bs-theme" not in browser.get("/").content.decode().partition("<head>")[0]


def tokens():
    return dict(
        re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", Path(finders.find("kit/base.css")).read_text())
    )


@pytest.mark.parametrize("accent", ["#2f5bea", "#ffe600", "#000000", "#ffffff", "#7ad1c2"])
def test_any_accent_can_be_read_in_light_and_dark(accent):
    given = brand_css(accent, accent)
    solids, texts, seconds = (
        re.search(rf"--{name}:light-dark\((.*?),(.*?)\)", given).groups()
        for name in ("accent-solid", "accent", "second")
    )
    assert seconds == texts
    for solid in solids:
        assert contrast(solid, "#ffffff") >= 4.5
    for ground in GROUNDS:
        for text, below in zip(texts, tokens()[ground].split(", "), strict=True):
            assert contrast(text, below) >= 4.5, (ground, text)
            assert contrast(text, mix(below, text, 0.1)) >= 4.5, (ground, text, "on its own pale self")


GROUNDS = ("ground", "ground-side", "ground-raised", "ground-hover", "ground-sunk")


@pytest.mark.parametrize("name", ["ink", "ink-2", "ink-3", "good", "warn", "bad", "info"])
def test_every_text_colour_can_be_read_on_every_ground(name):
    for ground in GROUNDS:
        for text, below in zip(tokens()[name].split(", "), tokens()[ground].split(", "), strict=True):
            assert contrast(text, below) >= 4.5, (name, text, ground, below)


def test_the_companys_colour_reaches_the_stylesheet(client):
    Workspace.objects.update_or_create(pk=1, defaults={"accent": "#0a7446"})
    assert "#0a7446" in client.get(reverse("config:brand")).content.decode()


def test_the_second_colour_is_for_customers_alone_and_changes_the_stylesheets_address(client):
    Workspace.objects.update_or_create(pk=1, defaults={"accent": "#0a7446"})
    assert "--second" not in client.get(reverse("config:brand")).content.decode()
    Workspace.current().change(by=None, now=timezone.now(), second="#8a5a00")
    sheet = client.get(reverse("config:brand")).content.decode()
    assert ".public,.proposal-sheet{--second:light-dark(#8a5a00," in sheet
    assert "brand.css?0a7446-8a5a00" in client.get(reverse("account_login")).content.decode()


def test_an_address_that_does_not_exist_says_so_to_anybody(as_, sam, client):
    assert as_(sam).get("/nothing/").status_code == 404
    html = as_(sam).get("/nothing/").content.decode()
    assert 'id="side"' in html
    assert "Not found" in html
    html = client.get("/p/no-such-link/").content.decode()
    assert 'id="side"' not in html


def test_toasts_come_with_a_part_of_a_page(as_, sam, healthy, now):
    task = Task.objects.add(now=now, title="Call", owner=sam, account=healthy)
    browser = as_(sam)
    browser.post(reverse("records:task_completion", args=[task.pk]))
    part = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    html = browser.get(reverse("config:palette"), {"q": "x"}, **part).content.decode()
    assert 'id="toasts" hx-swap-oob="beforeend"' in html
    assert "Done: Call" in html
    assert "toasts" not in browser.get(reverse("config:palette"), {"q": "x"}, **part).content.decode()


def test_the_page_of_a_broken_server_needs_nothing_of_it(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "Something broke" in render_to_string("500.html")
