"""Accounts, contacts and tasks in the browser: who sees them, who changes them, what is said when it can't be."""

import pytest
from django.urls import reverse

from proofline.records.models import Account, Contact, Task
from proofline.timeline.models import PersonKey

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("healthy", "helen")
def test_lists_show_what_one_may_see(as_, sam, tom, mei, olga, rita, ada):
    for user, sees in ((sam, True), (mei, True), (ada, True), (rita, True), (tom, False), (olga, False)):
        for name, text in (("records:accounts", "Heron Robotics"), ("records:contacts", "Helen He")):
            assert (text in as_(user).get(reverse(name)).content.decode()) is sees, (user, name)


def test_a_teammate_with_the_teams_scope_sees_what_the_team_owns(as_, tom, healthy):
    tom.change(own_scope="team")
    assert as_(tom).get(healthy.get_absolute_url()).status_code == 200


def test_the_manager_of_the_team_above_sees_the_teams_below(as_, mei, everybody, west, healthy):
    mei.change(team=everybody)
    assert as_(mei).get(healthy.get_absolute_url()).status_code == 200
    mei.change(team=west)
    assert as_(mei).get(healthy.get_absolute_url()).status_code == 404


def test_an_outsider_finds_no_customer(as_, olga, healthy, helen, now):
    task = Task.objects.add(now=now, title="Call", account=healthy)
    browser = as_(olga)
    for name, pk in (
        ("account", healthy.pk),
        ("account_edit", healthy.pk),
        ("contact", helen.pk),
        ("contact_edit", helen.pk),
    ):
        assert browser.get(reverse(f"records:{name}", args=[pk])).status_code == 404, name
    for name in ("account_edit", "contact_edit", "task_completion", "task_reopening"):
        pk = {"account_edit": healthy.pk, "contact_edit": helen.pk}.get(name, task.pk)
        assert browser.post(reverse(f"records:{name}", args=[pk])).status_code == 404, name
    assert browser.get(reverse("records:contact_new") + f"?account={healthy.pk}").status_code == 404
    assert browser.get(reverse("records:task_new") + f"?account={healthy.pk}").status_code == 404
    assert browser.get(reverse("timeline:feed") + f"?account={healthy.pk}").status_code == 404


def test_a_reader_changes_no_customer(as_, rita, healthy, helen, now):
    task = Task.objects.add(now=now, title="Call", account=healthy)
    browser = as_(rita)
    for name, pk in (("account", healthy.pk), ("contact", helen.pk)):
        assert browser.get(reverse(f"records:{name}", args=[pk])).status_code == 200
        assert browser.post(reverse(f"records:{name}_edit", args=[pk]), {"name": "X"}).status_code == 403
    for name in ("account_new", "contact_new", "task_new"):
        assert browser.get(reverse(f"records:{name}")).status_code == 403
        assert browser.post(reverse(f"records:{name}"), {"name": "X"}).status_code == 403
    for name in ("task_completion", "task_reopening"):
        assert browser.post(reverse(f"records:{name}", args=[task.pk])).status_code == 403
    assert Account.objects.get().name == "Heron Robotics"


def test_without_sign_in_nothing_is_shown(client, healthy):
    for path in (reverse("records:accounts"), healthy.get_absolute_url(), reverse("records:tasks")):
        assert client.get(path).status_code == 302


def test_an_account_is_added_and_owned_by_whom_the_form_says(as_, sam):
    answer = as_(sam).post(
        reverse("records:account_new"), {"name": "Beiming", "domain": "https://www.Beiming.test/about", "owner": sam.pk}
    )
    account = Account.objects.get()
    assert answer.url == account.get_absolute_url()
    assert (account.domain, account.owner) == ("beiming.test", sam)


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(as_, sam):
    answer = as_(sam).post(reverse("records:account_new"), {"name": "", "sector": "printing", "employees": "-3"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="printing"' in page
    assert 'aria-invalid="true"' in page
    assert Account.objects.count() == 0


def test_changing_an_account_tells_which_fields(as_, sam, healthy):
    url = reverse("records:account_edit", args=[healthy.pk])
    assert as_(sam).post(url, {"name": "Heron", "sector": "robotics", "owner": sam.pk}).status_code == 302
    healthy.refresh_from_db()
    assert (healthy.name, healthy.sector) == ("Heron", "robotics")
    page = as_(sam).get(healthy.get_absolute_url()).content.decode()
    assert "domain" in page


def test_an_account_is_named_by_its_name_or_its_number(as_, sam, tom, healthy, now):
    url = reverse("records:contact_new")
    assert as_(sam).post(url, {"name": "Ben", "account": "heron robotics"}).status_code == 302
    assert Contact.objects.get().account == healthy
    assert as_(sam).post(url, {"name": "Cas", "account": "Herron"}).status_code == 422
    twin = Account.objects.add(by=sam, now=now, name="Heron Robotics", owner=sam)
    assert as_(sam).post(url, {"name": "Cas", "account": "Heron Robotics"}).status_code == 422
    assert as_(sam).post(url, {"name": "Cas", "account": f"Heron Robotics #{twin.pk}"}).status_code == 302
    assert as_(tom).post(url, {"name": "Eve", "account": f"#{twin.pk}"}).status_code == 422


def test_name_fields_offer_only_what_one_may_see(as_, sam, olga, healthy):
    url = reverse("records:choices", args=["accounts"]) + "?field=account&account=her"
    assert "Heron Robotics" in as_(sam).get(url).content.decode()
    assert as_(olga).get(url).content == b""
    assert as_(sam).get(reverse("records:choices", args=["users"])).status_code == 404


def test_a_second_contact_with_the_same_email_is_refused_in_words(as_, sam, helen):
    answer = as_(sam).post(reverse("records:contact_new"), {"name": "Twin", "email": "HELEN@heron.test"})
    assert answer.status_code == 422
    assert Contact.objects.count() == 1


def test_a_contact_is_tied_to_the_visitor_with_their_email(as_, sam, healthy):
    as_(sam).post(reverse("records:contact_new"), {"name": "Li", "email": "li@heron.test", "account": healthy.name})
    person = PersonKey.objects.get(kind="email", key="li@heron.test").person
    assert (person.contact_id, person.account_id) == (Contact.objects.get().pk, healthy.pk)


def test_a_task_is_done_from_the_row_and_the_doing_undone(as_, sam, healthy):
    browser = as_(sam)
    browser.post(
        reverse("records:task_new"),
        {"title": "Call Helen", "account": healthy.name, "due_at": "2026-11-03T10:00", "owner": sam.pk},
    )
    task = Task.objects.get()
    answer = browser.post(reverse("records:task_completion", args=[task.pk]), {"next": healthy.get_absolute_url()})
    assert answer.url == healthy.get_absolute_url()
    assert Task.objects.open().count() == 0
    browser.post(reverse("records:task_reopening", args=[task.pk]))
    assert Task.objects.open().count() == 1


def test_a_task_leads_nowhere_foreign(as_, sam, healthy, now):
    task = Task.objects.add(now=now, title="Call", account=healthy, owner=sam)
    answer = as_(sam).post(reverse("records:task_completion", args=[task.pk]), {"next": "https://evil.test/"})
    assert answer.url == reverse("records:tasks")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_speaks_both_languages(as_, sam, healthy, helen, now, language):
    sam.change(language=language)
    Task.objects.add(now=now, title="Call", account=healthy, contact=helen, owner=sam)
    browser = as_(sam)
    for path in (
        reverse("records:accounts"),
        reverse("records:contacts"),
        reverse("records:tasks"),
        healthy.get_absolute_url(),
        helen.get_absolute_url(),
        reverse("records:account_new"),
        reverse("records:contact_edit", args=[helen.pk]),
        reverse("records:task_new"),
    ):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert answer["Content-Language"] == language


def test_the_feed_names_changed_fields_in_the_readers_language(healthy, sam, now):
    from django.utils import translation

    from proofline.timeline import catalogue

    said = catalogue.get("account.changed").said
    with translation.override("zh-hans"):
        assert (
            said({"name": "Heron", "fields": ["sector", "employees", "gone"]}) == "更改了“Heron”的行业、员工人数、gone"
        )
    assert said({"name": "Heron", "fields": ["sector", "employees"]}) == "changed industry, employees of Heron"


def test_a_revenue_below_nothing_is_refused(healthy, sam, as_):
    page = f"/accounts/{healthy.pk}/edit/"
    answer = as_(sam).post(page, {"name": healthy.name, "domain": "kept.test", "revenue": "-1", "owner": sam.pk})
    assert answer.status_code == 422
    assert "greater than or equal to 0" in answer.content.decode()
    assert "kept.test" in answer.content.decode()
