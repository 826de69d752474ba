"""Importing in the browser, from the upload to the result."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from proofline.config.models import Import
from proofline.kit.jobs.running import run_pending
from proofline.records.models import Account, ApiToken, Product, User

ACCOUNTS = "account,sector,employees,Rating\nAcme,technolgy,12,hot\nBluth,medical,many,cold\n"


def upload(client, content, kind="accounts", name="accounts.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post("/imports/new/", {"kind": kind, "file": SimpleUploadedFile(name, data)})


@pytest.fixture
def begun(as_, mei):
    client = as_(mei)
    answer = upload(client, ACCOUNTS)
    return client, answer.url.removesuffix("columns/")


def test_a_file_on_its_way_into_the_records(begun):
    client, url = begun
    page = client.get(f"{url}columns/").content.decode()
    assert "2 rows for Accounts" in page
    assert '<option value="sector" selected>' in page
    assert "technolgy · medical" in page
    chosen = {"column-0": "name", "column-1": "sector", "column-2": "employees", "column-3": "+"}
    assert client.post(f"{url}columns/", chosen).url == url
    waiting = client.get(url).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    run_pending()
    checked = client.get(url).content.decode()
    assert "Would be new" in checked
    assert "“many” can&#x27;t be read; expected a number" in checked
    assert not Account.objects.exists()
    assert client.post(f"{url}run/").url == url
    run_pending()
    done = client.get(url).content.decode()
    assert "Download the rejected rows" in done
    assert Account.objects.get().extra == {"Rating": "hot"}
    errors = client.get(f"{url}errors/")
    assert errors["Content-Disposition"] == 'attachment; filename="accounts-errors.csv"'
    assert b"3,employees: " in b"".join(errors.streaming_content)
    assert client.post(f"{url}run/").status_code == 302
    run_pending()
    assert Account.objects.count() == 1
    assert "accounts.csv" in client.get("/imports/").content.decode()


def test_the_state_alone_is_answered_to_polling(begun):
    client, url = begun
    client.post(f"{url}columns/", {"column-0": "name"})
    part = client.get(url, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content.decode()
    assert part.strip().startswith('<div id="import-state"')
    assert "<html" not in part


def test_suggestions_are_taken_where_they_are_ticked(as_, mei, healthy):
    Product.objects.create(name="GTX Pro")
    client = as_(mei)
    rows = "opportunity_id,product\nA1,GTXPro\nA2,gtx-pro\nA3,GTX Pro\n"
    url = upload(client, rows, kind="deals").url.removesuffix("columns/")
    client.post(f"{url}columns/", {"column-0": "external_id", "column-1": "product"})
    run_pending()
    page = client.get(url).content.decode()
    assert "Take “GTXPro” in product for “GTX Pro”" in page
    client.post(f"{url}run/", {"accept": ["0"]})
    run_pending()
    report = Import.objects.get().run.report
    assert (report["created"], report["rejected"]) == (2, 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<!doctype html><html><body>Sign in</body></html>", "This is a web page (HTML), not a table"),
        ("", "The file is empty."),
        (b"PK\x03\x04" + b"cut off" * 20, "is cut off or damaged"),
        (",".join(f"c{number}" for number in range(1000)), "Row 1, the header, has 1,000 columns"),
        ("name,sector\n", "There are no rows below the header."),
    ],
)
def test_a_file_that_cannot_be_read_keeps_what_was_chosen(as_, ada, content, message):
    answer = upload(as_(ada), content, kind="leads")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert 'value="leads"' in page.partition("checked")[0].rpartition("<input")[2]
    assert not Import.objects.exists()


def test_columns_that_do_not_do_keep_what_was_chosen(begun):
    client, url = begun
    answer = client.post(f"{url}columns/", {"column-0": "-", "column-1": "sector", "column-2": "-", "column-3": "-"})
    assert answer.status_code == 422
    assert "Choose the column for “name”; every row needs it." in answer.content.decode()
    twice = client.post(f"{url}columns/", {"column-0": "name", "column-1": "name"})
    assert "Several columns are chosen for “name”" in twice.content.decode()
    assert "Choose one of the fields." in client.post(f"{url}columns/", {"column-0": "salary"}).content.decode()


def test_who_may_import_what(as_, ada, mei, mark, sam, rita, begun):
    _client, url = begun
    for user in (sam, rita):
        for path in ("/imports/", "/imports/new/", url, f"{url}columns/", f"{url}errors/"):
            assert as_(user).get(path).status_code == 403
        assert as_(user).post(f"{url}run/").status_code == 403
        assert upload(as_(user), ACCOUNTS).status_code == 403
    for path in (url, f"{url}columns/", f"{url}errors/"):
        assert as_(mark).get(path).status_code == 404
    assert as_(mark).post(f"{url}run/").status_code == 404
    assert as_(ada).get(f"{url}columns/").status_code == 200
    assert upload(as_(mark), ACCOUNTS, kind="accounts").status_code == 422
    assert upload(as_(mark), "email\nx@y.test\n", kind="leads").status_code == 302
    assert upload(as_(mei), "name\nEve\n", kind="users").status_code == 422


def test_chinese_users_read_reasons_in_chinese(as_, mei):
    mei.language = "zh-hans"
    mei.save()
    client = as_(mei)
    url = upload(client, "公司名称,员工人数\n云帆,很多\n").url.removesuffix("columns/")
    client.post(f"{url}columns/", {"column-0": "name", "column-1": "employees"})
    run_pending()
    assert "“很多”" in client.get(url).content.decode()
    assert Import.objects.get().last.report["problems"][0]["text"].startswith("无法识别“很多”")


class Caller:
    """A program with a user's token."""

    def __init__(self, user, now):
        self.headers = {"authorization": f"Bearer {ApiToken.issue(user=user, name='test', now=now)[1]}"} if user else {}
        self.client = Client(headers=self.headers)

    def get(self, path):
        return self.client.get(f"/api/v1{path}")

    def send(self, content, **fields):
        file = SimpleUploadedFile("accounts.csv", content.encode())
        return self.client.post("/api/v1/imports", {"kind": "accounts", "file": file, **fields})


def test_a_program_sends_a_file_and_asks_until_it_is_done(mei, now):
    api = Caller(mei, now)
    sent = api.send("firm,employees\nAcme,12\nBluth,many\n", mapping='{"firm": "name"}')
    assert sent.status_code == 202
    assert sent.json()["state"] == "running"
    run_pending()
    path = f"/imports/{sent.json()['id']}"
    done = api.get(path).json()
    assert {name: done[name] for name in ("state", "created", "rejected")} == {
        "state": "done",
        "created": 1,
        "rejected": 1,
    }
    assert done["problems"][0]["row"] == 3
    assert b"Bluth,many" in b"".join(api.get(f"{path}/errors").streaming_content)
    assert api.get("/imports").json()["items"][0]["id"] == sent.json()["id"]


def test_a_program_may_only_check(mei, now):
    sent = Caller(mei, now).send(ACCOUNTS, dry_run="true")
    run_pending()
    assert Caller(mei, now).get(f"/imports/{sent.json()['id']}").json()["state"] == "checked"
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("content", "fields", "field"),
    [
        ("<html></html>", {}, "file"),
        ("firm\nAcme\n", {}, "file"),
        (ACCOUNTS, {"kind": "horses"}, "kind"),
        (ACCOUNTS, {"mapping": "[1]"}, "mapping"),
    ],
)
def test_what_a_program_sends_wrong_is_said(mei, now, content, fields, field):
    answer = Caller(mei, now).send(content, **fields)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_who_may_import_through_the_api(mei, olga, rita, now):
    pk = Caller(mei, now).send(ACCOUNTS).json()["id"]
    for path in (f"/imports/{pk}", f"/imports/{pk}/errors"):
        assert Caller(olga, now).get(path).status_code == 404
        assert Caller(None, now).get(path).status_code == 401
    assert Caller(rita, now).send(ACCOUNTS).status_code == 403
    assert Caller(None, now).send(ACCOUNTS).status_code == 401
    assert Caller(olga, now).get("/imports").json()["items"] == []


@pytest.mark.django_db
def test_a_manager_whose_name_is_too_long_is_rejected_with_the_row(take):
    rows = [["name", "manager_name"], ["Acme", "x" * 300], ["Bluth", "Mei"]]
    for options in ({"dry_run": True}, {}):
        result = take("users", rows, **options)
        assert (result.counts["created"], result.counts["rejected"]) == (1, 1)
        assert "120" in result.problems[0].reason


@pytest.mark.django_db
def test_a_lead_with_a_name_and_a_blank_company_comes_in_once(take):
    rows = [["name", "company"], ["Acme", ""]]
    first, second = take("leads", rows), take("leads", rows)
    assert (first.counts["created"], second.counts["created"], second.counts["unchanged"]) == (1, 0, 1)


@pytest.mark.django_db
def test_who_is_named_as_their_own_manager_has_none(take):
    rows = [["name", "manager_name"], ["Mei", "Mei"]]
    first, second = take("users", rows), take("users", rows)
    assert (first.counts["created"], second.counts["unchanged"]) == (1, 1)
    assert User.objects.get(name="Mei").manager is None
