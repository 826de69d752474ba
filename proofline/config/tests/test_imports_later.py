"""Imports after things have changed: roles, custom fields, or an undo that broke off."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.base import File
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proofline.config.imports import undoing
from proofline.config.models import Import, SavedMapping
from proofline.kit.jobs.running import run_pending
from proofline.records.models import Account, CustomField, Task
from proofline.stages.delivery.models import Portal
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
TEXT = "Company name,Robots\nHeron,7\nIbis,9\n"


@pytest.fixture
def robots(ada, now):
    """A number of one's own on accounts."""
    return CustomField.objects.add(by=ada, now=now, kind="account", name="Robots", type="number")


def begun(by, now, *, text=TEXT, name="accounts.csv"):
    file = File(BytesIO(text.encode()))
    return Import.objects.begin(kind="accounts", file=file, name=name, by=by, now=now)


def ran(by, now, **given):
    one = begun(by, now, **given)
    one.start(dry=False, now=now)
    run_pending()
    return Import.objects.get(pk=one.pk)


def test_a_custom_number_comes_in_from_the_upload_to_the_undo(as_, mei, now, robots):
    one = begun(mei, now)
    url, client = one.get_absolute_url(), as_(mei)
    page = client.get(f"{url}columns/")
    assert page.status_code == 200
    assert f'<option value="{robots.attribute}" selected>' in page.content.decode()
    client.post(f"{url}columns/", {"column-0": "name", "column-1": robots.attribute})
    run_pending()
    client.post(f"{url}run/")
    run_pending()
    assert Account.objects.get(name="Ibis").custom == {robots.key: "9"}
    assert client.get(url).status_code == 200
    assert Program(mei, now).call("post", f"/imports/{one.pk}/undo").status_code == 202
    assert not Account.objects.exists()


def test_a_mapping_outlives_the_custom_field_that_it_names(as_, mei, now, robots):
    one = begun(mei, now)
    one.choose_columns({"Company name": "name", "Robots": robots.attribute})
    SavedMapping.objects.keep(of=one, name="Robots", shared=False, now=now)
    robots.retire(now=now)
    again = begun(mei, now)
    assert (again.saved.name, again.mapping) == ("Robots", {"Company name": "name"})
    for each in (one, again):
        assert as_(mei).get(f"{each.get_absolute_url()}columns/").status_code == 200
    shown = Program(mei, now).get("/imports")["items"]
    assert [each["mapping"].get("Robots") for each in shown] == [None, robots.attribute]


def test_who_may_import_no_more_sees_no_import(as_, mei, now):
    one = ran(mei, now)
    mei.role = "reader"
    mei.save()
    api = Program(mei, now)
    assert as_(mei).get(one.get_absolute_url()).status_code == 403
    for path in (f"/imports/{one.pk}", f"/imports/{one.pk}/errors"):
        assert api.call("get", path).status_code == 403
    assert api.get("/imports")["items"] == []


def test_an_undo_that_breaks_off_can_be_asked_for_again(as_, mei, now, monkeypatch):
    one = ran(mei, now)
    with monkeypatch.context() as patch:
        patch.setattr(undoing, "undo_touches", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            undoing.Undo.ask(one.run, by=mei, now=timezone.now())
    assert Import.objects.get(pk=one.pk).state == "done"
    as_(mei).post(f"{one.get_absolute_url()}undo/")
    assert Import.objects.get(pk=one.pk).state == "undone"
    assert not Account.objects.exists()


def test_what_keeps_a_record_is_told_in_the_readers_language(as_, mei, now):
    mei.language = "zh-hans"
    mei.save()
    one = ran(mei, now)
    heron, ibis = Account.objects.order_by("name")
    Task.objects.add(now=now, title="Call", owner=mei, account=heron)
    Portal.of(ibis, now=now)
    as_(mei).post(f"{one.get_absolute_url()}undo/")
    report = Import.objects.get(pk=one.pk).undo.report
    assert {kept["name"]: kept["why"] for kept in report["kept"]} == {
        "Heron": "其他记录需要它：1 × 任务",
        "Ibis": "其他记录需要它：1 × 其他记录",
    }


def test_the_list_asks_no_more_for_many_imports(as_, mei, now):
    client = as_(mei)

    def asked():
        client.get("/imports/")
        with CaptureQueriesContext(connection) as found:
            client.get("/imports/")
        return len(found)

    ran(mei, now)
    few = asked()
    for number in range(3):
        ran(mei, now, text=TEXT.replace("Heron", f"Heron {number}"))
    assert asked() == few
