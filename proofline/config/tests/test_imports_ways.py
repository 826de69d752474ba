"""How rows meet the records that there are, and how an import is stopped, goes on and is taken back."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.base import File
from django.db import connection
from django.utils import timezone

from proofline.config.models import Chunk, Import, Pass, SavedMapping
from proofline.kit.clock import local_day
from proofline.kit.imports.ways import Missing, Mode, Way
from proofline.kit.jobs.running import run_pending
from proofline.records.models import Account, Contact, CustomField, Note, Task
from proofline.stages.closing.models import Deal
from tests.fixtures import indexed

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(mei, now):
    """Return `bring(text, kind, way)`: the file as an import of Mei's that has run to its end."""

    def bring(text, kind="contacts", way=None, mapping=None, by=None):
        one = begun(text, kind, by or mei, now)
        one.choose_columns(mapping or {}, way)
        one.start(dry=False, now=now)
        run_pending()
        return Import.objects.get(pk=one.pk)

    return bring


def begun(text, kind, by, now):
    return Import.objects.begin(kind=kind, file=File(BytesIO(text.encode())), name="people.csv", by=by, now=now)


def counts(one, *names):
    return tuple(one.run.report[name] for name in names)


ANN = "Record ID,Name,Email,Phone,Job Title\n1,Ann Ng,ann@heron.test,+86 138 0013 8000,CFO\n"


def test_what_a_run_may_not_do_is_skipped(bring, mei):
    bring(ANN)
    Contact.objects.update(unmatched=False)
    two = ANN.replace("CFO", "CEO") + "2,Bo Li,bo@heron.test,,\n"
    assert counts(bring(two, way=Way(mode=Mode.CREATE)), "created", "updated", "skipped") == (1, 0, 1)
    assert Contact.objects.get(email="ann@heron.test").title == "CFO"
    three = ANN.replace("CFO", "CEO").replace("Ann Ng", "Ann N.") + "3,Cy Wu,cy@heron.test,,\n"
    assert counts(bring(three, way=Way(mode=Mode.UPDATE)), "created", "updated", "skipped") == (0, 1, 1)
    ann = Contact.objects.get(email="ann@heron.test")
    assert (ann.title, ann.unmatched) == ("CEO", True)
    assert Contact.objects.count() == 2


def test_an_empty_cell_keeps_or_empties_what_is_known(bring):
    bring(ANN)
    rows = "Email,Phone,Job Title,Name\nann@heron.test,,n/a,\n"
    assert counts(bring(rows), "unchanged") == (1,)
    assert counts(bring(rows, way=Way(clear=True)), "updated") == (1,)
    ann = Contact.objects.get()
    assert (ann.name, ann.phone, ann.title, ann.external_id) == ("Ann Ng", "", "", "1")


def test_a_record_is_found_by_the_key_that_was_chosen(bring, mei, now):
    bring(ANN)
    rows = "Name,Phone,Job Title\nAnn N.,+8613800138000,CEO\nNobody,,CEO\n"
    one = bring(rows, way=Way(key="phone"))
    assert counts(one, "updated", "rejected") == (1, 1)
    assert one.run.report["problems"][0]["text"] == "is blank; records are found by it"
    assert Contact.objects.get().name == "Ann N."
    Contact.objects.add(by=mei, now=now, name="Other Ann", phone="+86 138 0013 8000", owner=mei)
    again = bring(rows.replace("CEO", "COO"), way=Way(key="phone"))
    assert "is that of several records" in again.run.report["problems"][0]["text"]
    Account.objects.add(by=mei, now=now, name="Heron", domain="heron.test", owner=mei)
    sites = "Company name,Website\nHeron Robotics Ltd,https://www.heron.test/\n"
    assert counts(bring(sites, kind="accounts", way=Way(key="domain")), "updated") == (1,)


def test_the_same_person_twice_in_a_file_is_one(bring):
    rows = (
        "Record ID,Name,Email\n1,Ann,ann@x.test\n2,Other,ann@x.test\n,Ann,ann@x.test\n,,ANN@x.test\n1,Ann,ann@x.test\n"
    )
    one = bring(rows)
    assert counts(one, "created", "unchanged", "rejected") == (1, 1, 3)
    assert one.run.report["problems"][0] == {"row": 3, "column": "Email", "text": "is that of row 2 already"}
    assert counts(bring(rows), "created", "updated", "unchanged", "rejected") == (0, 0, 2, 3)


def test_a_key_that_hits_a_record_one_may_not_see_says_nothing_of_it(bring, mei, olga, now):
    Contact.objects.add(by=olga, now=now, name="Secret", email="s@x.test", external_id="9", owner=olga)
    rows = "Record ID,Name,Email\n9,Mine,\n8,Mine too,s@x.test\n,Mine three,s@x.test\n"
    problems = bring(rows).run.report["problems"]
    assert [problem["text"] for problem in problems] == ["is a record that you may not change"] * 3
    assert Contact.objects.count() == 1


def test_accounts_that_rows_name_are_added_and_go_again(bring):
    rows = "Name,Email,Company\nAnn,ann@x.test,Heron\nBo,bo@x.test,heron\nCy,cy@x.test,Ibis\n"
    assert counts(bring(rows), "created", "rejected") == (0, 3)
    one = bring(rows, way=Way(missing=Missing.ADD))
    assert counts(one, "created", "added") == (3, 2)
    assert Contact.objects.get(name="Bo").account.name == "Heron"
    assert Contact.objects.get(name="Cy").account.owner == one.by


def test_a_check_shows_what_would_change(as_, mei, bring):
    bring(ANN)
    one = begun(ANN.replace("CFO", "CEO") + "2,Bo,bo@x.test,,\n,,nobody,,\n", "contacts", mei, timezone.now())
    one.start(dry=True, now=timezone.now(), accepted=True)
    run_pending()
    report = one.last.report
    assert (report["created"], report["updated"], report["rejected"]) == (1, 1, 1)
    assert [sample["changes"] for sample in report["samples"] if sample["outcome"] == "updated"] == [
        [{"field": "title", "before": "CFO", "after": "CEO"}]
    ]
    page = as_(mei).get(one.get_absolute_url()).content.decode()
    assert "Some of what would change" in page
    assert "Job title" in page
    assert b"nobody" in b"".join(as_(mei).get(f"{one.get_absolute_url()}errors/").streaming_content)
    assert Contact.objects.get().title == "CFO"


def test_undo_removes_and_restores_and_says_what_it_keeps(as_, bring, mei, facts, now):
    bring(ANN)
    rows = (
        "Record ID,Name,Email,Job Title\n1,Ann Ng-Li,ann@heron.test,CEO\n"
        "2,Bo,bo@x.test,\n3,Cy,cy@x.test,\n4,Di,di@x.test,\n5,Ed,ed@x.test,\n"
    )
    one = bring(rows)
    Contact.objects.get(name="Bo").change(by=mei, now=now, title="VP")
    Task.objects.add(now=now, title="Call", owner=mei, contact=Contact.objects.get(name="Cy"))
    Note.objects.write(Contact.objects.get(name="Ed"), text="Met him", by=mei, now=now)
    Contact.objects.get(name="Ann Ng-Li").change(by=mei, now=now, name="Ann")
    as_(mei).post(f"{one.get_absolute_url()}undo/")
    assert indexed.wrong() == []
    report = Import.objects.get(pk=one.pk).undo.report
    assert report["counts"] == {"removed": 1, "restored": 1, "kept": 4}
    assert {kept["name"]: kept["why"] for kept in report["kept"]} == {
        "Bo": "was changed since",
        "Cy": "is needed by others: 1 × task",
        "Ed": "is needed by others: 1 × note",
        "Ann": "was changed since: name",
    }
    ann = Contact.objects.get(email="ann@heron.test")
    assert (ann.name, ann.title) == ("Ann", "CFO")
    assert not Contact.objects.filter(name="Di").exists()
    assert [fact["properties"]["name"] for fact in facts("record.removed")] == ["Di"]
    assert facts("contact.changed")[-1]["properties"]["fields"] == ["title"]
    page = as_(mei).get(one.get_absolute_url()).content.decode()
    assert "What was kept, and why" in page
    assert "Undo the import" not in page
    as_(mei).post(f"{one.get_absolute_url()}undo/")
    assert Import.objects.get(pk=one.pk).undo.report == report


def test_undo_of_many_goes_on_in_the_background_and_takes_added_accounts_too(as_, bring, mei):
    rows = "Name,Email,Company\n" + "".join(f"P{n},p{n}@x.test,Firm {n % 7}\n" for n in range(1200))
    one = bring(rows, way=Way(missing=Missing.ADD))
    as_(mei).post(f"{one.get_absolute_url()}undo/")
    assert Import.objects.get(pk=one.pk).state == "undoing"
    assert "The import is being undone" in as_(mei).get(one.get_absolute_url()).content.decode()
    run_pending()
    done = Import.objects.get(pk=one.pk)
    assert (done.state, done.undo.report["counts"]) == ("undone", {"removed": 1207})
    assert not Contact.objects.exists()
    assert not Account.objects.exists()


def test_a_run_that_is_cancelled_keeps_what_is_in(as_, mei, now, monkeypatch):
    one = begun("Name\n" + "".join(f"P{n}\n" for n in range(2500)), "contacts", mei, now)
    one.start(dry=False, now=now)
    keep = Chunk.objects.create

    def cancel_after_first(**fields):
        if fields["number"] == 1:
            assert as_(mei).post(f"{one.get_absolute_url()}cancellation/").status_code == 302
        return keep(**fields)

    monkeypatch.setattr(Chunk.objects, "create", cancel_after_first)
    run_pending()
    one = Import.objects.get(pk=one.pk)
    assert (one.state, one.run.report["created"], Contact.objects.count()) == ("cancelled", 1000, 1000)
    assert "Stopped after 1,000 of 2,500 rows." in as_(mei).get(one.get_absolute_url()).content.decode()
    assert not one.run.cancel(now=now)


def test_a_mapping_is_kept_for_the_next_file_with_the_same_columns(as_, mei, tom, ada, now):
    one = begun("Who,Post\nann@x.test,CFO\n", "contacts", mei, now)
    chosen = {"column-0": "email", "column-1": "title", "mode": "create", "key": "email", "clear": "yes"}
    url = one.get_absolute_url()
    as_(mei).post(f"{url}columns/", chosen | {"save_as": "Post list", "save_shared": "on"})
    saved = SavedMapping.objects.get()
    again = begun("POST,who\nCFO,bo@x.test\n", "contacts", mei, now)
    assert (again.saved, again.mode, again.key, again.clear) == (saved, "create", "email", True)
    assert "Saved mapping “Post list”" in as_(mei).get(f"{again.get_absolute_url()}columns/").content.decode()
    assert begun("POST,who,more\nCFO,bo@x.test,1\n", "contacts", mei, now).saved is None
    assert "Post list" in as_(mei).get("/imports/mappings/").content.decode()
    assert as_(ada).post(f"/imports/mappings/{saved.pk}/removal/").status_code == 404
    assert as_(mei).post(f"/imports/mappings/{saved.pk}/removal/").status_code == 302
    assert not SavedMapping.objects.exists()


NEW_GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value\nAnn,,Ng,Heron,CFO,* myContacts,Work,ann@x.test ::: a@home.test,Work,+8613800138000\n"
)
OLD_GOOGLE = (
    "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,"
    "Organization 1 - Name,Organization 1 - Title\nAnn Ng,Ann,Ng,* myContacts,* Work,ann@x.test,Work,+8613800138000,Heron,CFO\n"
)


@pytest.mark.parametrize("text", [NEW_GOOGLE, OLD_GOOGLE])
def test_contacts_from_google(as_, mei, now, text):
    one = begun(text, "contacts", mei, now)
    assert one.program == "Google Contacts"
    assert "An export of Google Contacts" in as_(mei).get(f"{one.get_absolute_url()}columns/").content.decode()
    one.choose_columns({}, Way(missing=Missing.ADD))
    one.start(dry=False, now=now)
    run_pending()
    ann = Contact.objects.get()
    assert (ann.name, ann.email, ann.phone, ann.title, ann.account.name) == (
        "Ann Ng",
        "ann@x.test",
        "+86 138 0013 8000",
        "CFO",
        "Heron",
    )


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_process_is_killed_goes_on_and_counts_each_row_once(mei, now):
    rows = 30_000
    lines = [f"P{n},p{n}@x.test\n" if n % 100 else f"bad {n},no address\n" for n in range(rows)]
    lines[rows - 1] = lines[5]  # the same again, in another chunk than the first
    one = begun("Name,Email\n" + "".join(lines), "contacts", mei, now)
    step = one.start(dry=False, now=now)
    store = {key: str(value) for key, value in connection.settings_dict.items() if key in {"NAME", "HOST", "PORT"}}
    pause, end = threading.Event(), timezone.now() + timedelta(seconds=25)
    words = [sys.executable, "-m", "proofline.kit.tests.worker"]
    with subprocess.Popen(words, env=os.environ | {"TEST_STORE": json.dumps(store)}) as worker:
        while step.chunks.count() < 3 and timezone.now() < end:
            pause.wait(0.02)
        worker.kill()
    before = step.chunks.count()
    assert 3 <= before < rows / 1000
    assert Pass.objects.get(pk=step.pk).ended_at is None
    run_pending(now=timezone.now() + timedelta(seconds=35))
    run_pending(now=timezone.now() + timedelta(seconds=60))
    one = Import.objects.get(pk=one.pk)
    assert counts(one, "created", "unchanged", "rejected", "rows") == (rows - 301, 1, 300, rows)
    assert Contact.objects.count() == rows - 301
    assert [chunk.number for chunk in step.chunks.order_by("number")] == list(range(1, rows // 1000 + 1))
    lines = one.run.error_path.read_text("utf-8").splitlines()
    assert (len(lines), len(set(lines))) == (301, 301)


DEALS = """Deal Name,Company,Created Date,Close Date,Amount
A,Heron Robotics,{},{},"$12,000"
B,Heron Robotics,{},{},€5
"""


def test_one_day_tells_how_the_file_writes_the_others(bring, healthy):
    american = bring(DEALS.format("3/4/2026", "5/6/27 9:30 AM", "3/14/2026", "4-Mar-27"), kind="deals")
    assert counts(american, "created", "rejected") == (2, 0)
    found = {deal.name: deal for deal in Deal.objects.all()}
    assert [str(found[name].expected_close) for name in "AB"] == ["2027-05-06", "2027-03-04"]
    assert str(local_day(found["A"].opened_at, time_zone="Asia/Shanghai")) == "2026-03-04"
    assert counts(bring(DEALS.format("3/4/2026", "", "2/4/2026", ""), kind="deals"), "rejected") == (2,)
    mixed = DEALS.format("3/4/2026", "3/14/2026", "2026-01-01", "14/3/2026")
    assert counts(bring(mixed, kind="deals"), "rejected") == (1,)


def test_a_dollar_is_no_yuan(bring, healthy):
    bring(DEALS.format("", "", "", ""), kind="deals")
    assert {(deal.amount, deal.currency) for deal in Deal.objects.all()} == {(12000, "USD"), (5, "EUR")}


PEOPLE = """Contact ID,First Name,Last Name,Account ID,Account Name
1,Ann,Ng,001a,Heron Robotics
2,Bo,Li,001b,Kite Steel
3,Cy,Wu,001c,
"""


def test_an_account_is_found_by_its_name_where_its_id_is_not_known(bring, healthy, leaving, mei, now):
    leaving.change(by=mei, now=now, external_id="001c")
    one = bring(PEOPLE)
    assert counts(one, "created", "rejected") == (2, 1)
    assert one.run.report["problems"][0]["text"].startswith("“Kite Steel” is not known")
    assert {c.name: c.account for c in Contact.objects.all()} == {"Ann Ng": healthy, "Cy Wu": leaving}
    assert counts(bring(PEOPLE, way=Way(missing=Missing.ADD)), "created", "unchanged", "added") == (1, 2, 1)
    assert Contact.objects.get(name="Bo Li").account.name == "Kite Steel"
    assert counts(
        bring("Full name,Owner,Account Name\nDi,,Kite Steel\n", mapping={"Account Name": "account_name"}), "created"
    ) == (1,)
    assert Contact.objects.get(name="Di").account.name == "Kite Steel"


NAMES = ("Rail", "Road", "Rail, Road", 'The "big" one', "Air; sea|land", "水路、铁路")


def test_options_whose_names_hold_commas_come_back_from_a_file_as_they_left(bring, ada, mei, as_, now):
    options = [{"key": f"o{number}", "name": name} for number, name in enumerate(NAMES)]
    for name, kind in (("Ways", "choices"), ("Way", "choice")):
        CustomField.objects.add(by=ada, now=now, kind="contact", name=name, type=kind, options=options)
    given = [["o0", "o1"], ["o2"], ["o0", "o2"], ["o3", "o4"], ["o5"], [], [f"o{n}" for n in range(len(NAMES))]]
    for number, keys in enumerate(given):
        made = {"custom_ways": keys, "custom_way": keys[-1] if keys else None}
        Contact.objects.add(by=ada, now=now, name=f"Ann {number}", email=f"{number}@x.test", owner=mei, **made)
    before = {one.email: one.custom for one in Contact.objects.all()}
    for language in ("en", "zh-hans"):
        columns = "?columns=name,email,custom_ways,custom_way"
        answer = as_(ada).get(f"/lists/contacts/export/{columns}", headers={"accept-language": language})
        file = b"".join(answer).decode("utf-8-sig")
        Contact.objects.update(custom={})
        head = dict(zip(next(csv.reader(StringIO(file))), ("name", "email"), strict=False))
        one = bring(file, mapping=head)
        assert one.run.report["rejected"] == 0, one.run.report["problems"]
        assert {one.email: one.custom for one in Contact.objects.all()} == before


def test_options_with_commas_may_be_written_by_hand(bring, ada, now):
    options = [{"key": f"o{number}", "name": name} for number, name in enumerate(NAMES)]
    CustomField.objects.add(by=ada, now=now, kind="contact", name="Ways", type="choices", options=options)
    bring('Name,Email,Ways\nAnn,a@x.test,"road, Rail, Road;水路、铁路"\nBo,b@x.test,road、air; sea|land\n')
    assert Contact.objects.get(name="Ann").custom == {"ways": ["o1", "o2", "o5"]}
    assert Contact.objects.get(name="Bo").custom == {"ways": ["o1", "o4"]}


def test_what_changed_of_custom_fields_is_told_by_their_names(bring, ada, mei, as_, now):
    def field(name, kind_of_value, **more):
        return CustomField.objects.add(by=ada, now=now, kind="contact", name=name, type=kind_of_value, **more)

    field("Way in", "choices", options=[{"key": "mail", "name": "By mail"}, {"key": "call", "name": "By phone"}])
    field("Seats", "number")
    bring(ANN)
    one = bring(ANN.replace("Title\n", "Title,Way in,Seats\n").replace("CFO", 'CFO,"By mail; By phone",5'))
    changes = next(sample["changes"] for sample in one.run.report["samples"] if sample["outcome"] == "updated")
    assert changes == [
        {"field": "custom.seats", "before": "", "after": "5"},
        {"field": "custom.way_in", "before": "", "after": "mail, call"},
    ]
    page = as_(mei).get(one.get_absolute_url()).content.decode()
    assert all(word in page for word in ("Way in", "By mail, By phone", "Seats"))
