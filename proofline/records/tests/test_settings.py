"""Settings: only an administrator changes them; what is secret is shown once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from proofline.kit.colour import contrast
from proofline.records.models import ApiToken, ExchangeRate, Team, User, Workspace
from proofline.timeline.models import Source

pytestmark = pytest.mark.django_db

PAGES = ("workspace", "rate_new", "people", "person_new", "teams", "team_new", "sources", "source_new")


def test_only_an_administrator_sees_the_settings(as_, ada, mei, sam, rita, everybody):
    source = Source.add(name="Website", now=sam.created_at)
    for user in (mei, sam, rita):
        browser = as_(user)
        for name in PAGES:
            assert browser.get(reverse(f"records:{name}")).status_code == 403, name
        for name, pk in (
            ("password", ada.pk),
            ("deactivation", ada.pk),
            ("reactivation", ada.pk),
            ("team_removal", everybody.pk),
            ("source_revocation", source.pk),
        ):
            assert browser.post(reverse(f"records:{name}", args=[pk])).status_code == 403, name
        assert browser.get(reverse("records:person", args=[ada.pk])).status_code == 403
        assert browser.get(reverse("records:source", args=[source.pk])).status_code == 403
    for name in PAGES:
        assert as_(ada).get(reverse(f"records:{name}")).status_code == 200, name


def test_the_company_gets_its_brand_currency_and_hours(as_, ada):
    fields = {
        "name": "Beiming",
        "accent": "#b00020",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "opens_at": "08:30",
        "closes_at": "17:00",
        "card_days": "90",
    }
    url = reverse("records:workspace")
    assert as_(ada).post(url, fields).status_code == 302
    workspace = Workspace.current()
    assert (workspace.name, workspace.currency, workspace.time_zone) == ("Beiming", "EUR", "Europe/Berlin")
    answer = as_(ada).post(url, fields | {"closes_at": "08:00", "name": "Other"})
    assert answer.status_code == 422
    assert 'value="Other"' in answer.content.decode()
    assert as_(ada).post(url, fields | {"accent": "red"}).status_code == 422


def test_the_brand_has_a_second_colour_that_reads_on_paper(as_, ada):
    url = reverse("records:workspace")
    form = as_(ada).get(url).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields if name != "logo"}
    assert "second" not in Workspace.current().brand
    answer = as_(ada).post(url, fields | {"second": "yellow"})
    assert answer.status_code == 422
    assert "such as #8a5a00" in answer.content.decode()
    as_(ada).post(url, fields | {"second": "#ffe600"})
    assert contrast(Workspace.current().brand["second"], "#ffffff") >= 4.5
    page = as_(ada).get(url).content.decode()
    assert "Contrast of the second colour with white: 1.3 : 1." in page


def test_a_second_rate_of_the_day_replaces_the_first(as_, ada):
    for rate in ("7.1", "7.2"):
        as_(ada).post(reverse("records:rate_new"), {"currency": "USD", "rate": rate, "since": "2026-01-01"})
    assert str(ExchangeRate.objects.get().rate) == "7.20000000"
    assert (
        as_(ada).post(reverse("records:rate_new"), {"currency": "USD", "rate": "0", "since": "2026-01-01"}).status_code
        == 422
    )
    as_(ada).post(reverse("records:rate_removal", args=[ExchangeRate.objects.get().pk]))
    assert not ExchangeRate.objects.exists()


def test_a_new_person_signs_in_once_with_a_password_that_they_must_change(as_, ada, east):
    answer = as_(ada).post(
        reverse("records:person_new"),
        {"name": "Li Lei", "email": "Li@Proofline.test", "role": "sales", "team": east.pk},
    )
    password = re.search(r'id="one-time-password">([^<]+)<', answer.content.decode())[1]
    browser = Client()
    signed_in = browser.post(reverse("account_login"), {"login": "li@proofline.test", "password": password})
    assert signed_in.status_code == 302
    assert browser.get(reverse("records:accounts")).url == reverse("account_change_password")
    new = "a long password of one's own"
    given = {"oldpassword": password, "password1": new, "password2": new}
    assert browser.post(reverse("account_change_password"), given).url == reverse("records:accounts")
    assert browser.get(reverse("records:accounts")).status_code == 200
    given |= {"oldpassword": new, "password1": password, "password2": password}
    assert browser.post(reverse("account_change_password"), given).url == "/"


def test_access_ends_at_once_and_comes_back(as_, ada, sam):
    browser = as_(sam)
    as_(ada).post(reverse("records:deactivation", args=[sam.pk]))
    assert browser.get(reverse("records:accounts")).status_code == 302
    as_(ada).post(reverse("records:reactivation", args=[sam.pk]))
    assert browser.get(reverse("records:accounts")).status_code == 200


def test_the_last_administrator_does_not_lock_themselves_out(as_, ada):
    as_(ada).post(reverse("records:deactivation", args=[ada.pk]))
    ada.refresh_from_db()
    assert ada.is_active


def test_a_person_changes_role_and_team(as_, ada, sam, west):
    answer = as_(ada).post(
        reverse("records:person", args=[sam.pk]),
        {"name": "Sam Seller", "email": "sam@proofline.test", "role": "manager", "team": west.pk, "own_scope": "all"},
    )
    assert answer.status_code == 302
    sam = User.objects.get(pk=sam.pk)
    assert (sam.role, sam.team, sam.scope) == ("manager", west, "all")
    taken = {"name": "Sam", "email": ada.email, "role": "sales"}
    assert as_(ada).post(reverse("records:person", args=[sam.pk]), taken).status_code == 422


def test_teams_stand_in_a_tree_without_circles(as_, ada, everybody, east, sam):
    page = as_(ada).get(reverse("records:teams")).content.decode()
    assert page.index("Company") < page.index("East")
    circle = {"name": "Company", "parent": east.pk}
    assert as_(ada).post(reverse("records:team", args=[everybody.pk]), circle).status_code == 422
    as_(ada).post(reverse("records:team_removal", args=[east.pk]))
    assert Team.objects.filter(pk=east.pk).exists(), "people belong to it"


def test_a_source_shows_its_key_and_the_snippet_to_copy(as_, ada):
    answer = as_(ada).post(reverse("records:source_new"), {"name": "Website", "kind": "website"})
    source = Source.objects.get()
    page = as_(ada).get(answer.url).content.decode()
    assert source.write_key in page
    assert "timeline/proofline.js" in page
    as_(ada).post(reverse("records:source_revocation", args=[source.pk]))
    source.refresh_from_db()
    assert source.revoked_at


def test_a_token_is_shown_once_and_only_its_owner_ends_it(as_, sam, tom, now):
    answer = as_(sam).post(reverse("records:token_new"), {"name": "Warehouse"})
    text = re.search(r'id="token">([^<]+)<', answer.content.decode())[1]
    assert ApiToken.authenticate(text, now=now) == sam
    assert text not in as_(sam).get(reverse("records:tokens")).content.decode()
    token = ApiToken.objects.get()
    assert as_(tom).post(reverse("records:token_revocation", args=[token.pk])).status_code == 404
    as_(sam).post(reverse("records:token_revocation", args=[token.pk]))
    assert ApiToken.authenticate(text, now=now) is None


def test_everybody_chooses_their_own_language(as_, rita):
    as_(rita).post(reverse("records:profile"), {"name": "Rita", "language": "zh-hans", "time_zone": "Asia/Tokyo"})
    assert as_(rita).get(reverse("records:profile"))["Content-Language"] == "zh-hans"
    assert as_(rita).post(reverse("records:profile"), {"name": "", "language": ""}).status_code == 422
