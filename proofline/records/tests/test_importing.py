from __future__ import annotations

from decimal import Decimal

import pytest

from proofline.kit.imports.trouble import UnreadableFileError
from proofline.records.models import Account, Contact, Product, Team, User
from proofline.timeline import identity

ACCOUNTS = [
    ["account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of", "Rating"],
    ["Bluth", "technolgy", "1993", "1242.32", "3027", "United States", "Acme Corporation", "hot"],
    ["Acme Corporation", "medical", "1996", "1,100.04", "2822", "", "", ""],
]


def test_accounts_with_a_parent_that_comes_later(take, facts):
    result = take("accounts", ACCOUNTS)
    assert result.as_dict() == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "suggestions": [],
        "error_file": None,
    }
    bluth = Account.objects.get(name="Bluth")
    assert bluth.parent.name == "Acme Corporation"
    assert (bluth.sector, bluth.founded, bluth.revenue, bluth.extra) == (
        "technolgy",
        1993,
        Decimal("1242.32"),
        {"Rating": "hot"},
    )
    assert {fact["properties"]["name"] for fact in facts("account.created")} == {"Bluth", "Acme Corporation"}


def test_the_same_file_again_changes_nothing(take, facts):
    take("accounts", ACCOUNTS)
    assert dict(take("accounts", ACCOUNTS).counts) == {"unchanged": 2}
    assert len(facts("account.created")) == 2
    assert facts("account.changed") == []


def test_a_changed_row_updates_and_a_blank_cell_leaves_what_is_known(take, facts):
    take("accounts", ACCOUNTS)
    result = take("accounts", [["Company name", "Industry", "Employees"], [" ACME  corporation", "", "3000"]])
    assert dict(result.counts) == {"updated": 1}
    acme = Account.objects.get(employees=3000)
    assert (acme.name, acme.sector) == ("ACME corporation", "medical")
    assert facts("account.changed")[0]["properties"]["fields"] == ["employees", "name"]


def test_chinese_columns_are_recognised(take, sam):
    rows = [
        ["公司名称", "行业", "员工人数", "网址", "负责人"],
        ["云帆科技", "软件", "120", "https://www.yunfan.test/", "sam seller"],
    ]
    assert dict(take("accounts", rows).counts) == {"created": 1}
    account = Account.objects.get()
    assert (account.sector, account.employees, account.domain, account.owner) == ("软件", 120, "yunfan.test", sam)


def test_a_parent_that_never_comes_is_told_with_a_near_miss(take):
    result = take("accounts", [["account", "subsidiary_of"], ["Acme Corporation", ""], ["Bluth", "Acme Corporatoin"]])
    assert dict(result.counts) == {"created": 1, "rejected": 1}
    near = {"column": "subsidiary_of", "value": "Acme Corporatoin", "suggestion": "Acme Corporation", "rows": 1}
    assert result.suggestions == [near]
    assert "did you mean “Acme Corporation”?" in result.problems[0].reason
    accepted = frozenset({("subsidiary_of", "acme corporatoin")})
    again = take("accounts", [["account", "subsidiary_of"], ["Bluth", "Acme Corporatoin"]], accept=accepted)
    assert dict(again.counts) == {"created": 1}


def test_one_record_in_two_rows(take):
    result = take("accounts", [["account", "employees"], ["Acme", "5"], ["acme", "6"], ["Acme", "5"]])
    assert dict(result.counts) == {"created": 1, "rejected": 1, "unchanged": 1}
    assert result.problems[0].reason == "is the same record as row 2, with other values"
    assert dict(take("accounts", [["account", "employees"], ["Acme", "5"], ["acme", "6"]]).counts) == {
        "unchanged": 1,
        "rejected": 1,
    }


def test_the_sources_id_goes_before_the_name(take):
    take("accounts", [["Account ID", "Account Name"], ["1", "Acme"]])
    assert dict(take("accounts", [["Account ID", "Account Name"], ["1", "Acme Ltd"], ["2", "Acme"]]).counts) == {
        "updated": 1,
        "created": 1,
    }
    assert set(Account.objects.values_list("external_id", "name")) == {("1", "Acme Ltd"), ("2", "Acme")}


def test_a_manager_does_not_reach_another_teams_records(take, mei, olga, now):
    theirs = Account.objects.add(by=olga, now=now, name="Westwind", external_id="W1", owner=olga)
    result = take("accounts", [["id", "name"], ["W1", "Taken over"], ["E1", "Eastwind"]], by=mei)
    assert dict(result.counts) == {"rejected": 1, "created": 1}
    theirs.refresh_from_db()
    assert theirs.name == "Westwind"
    assert Account.objects.get(external_id="E1").owner == mei


def test_products_users_and_their_managers(take):
    take("products", [["product", "series", "sales_price"], ["GTX Pro", "GTX", "4821"], ["MG", "MG", "€55"]])
    assert set(Product.objects.values_list("name", "list_price", "currency")) == {
        ("GTX Pro", Decimal(4821), "CNY"),
        ("MG", Decimal(55), "EUR"),
    }
    rows = [
        ["sales_agent", "manager", "regional_office"],
        ["Anna", "Dustin", "Central"],
        ["Cecily", "Dustin", "Central"],
    ]
    assert dict(take("users", rows).counts) == {"created": 2}
    anna, dustin = User.objects.get(name="Anna"), User.objects.get(name="Dustin")
    assert (anna.role, anna.manager, anna.team, anna.email) == ("sales", dustin, Team.objects.get(name="Central"), None)
    assert (dustin.role, dustin.team, anna.has_usable_password()) == ("manager", anna.team, False)
    assert dict(take("users", rows).counts) == {"unchanged": 2}


def test_a_user_gets_an_email_and_a_role_later(take):
    take("users", [["name"], ["Anna"]])
    result = take("users", [["姓名", "邮箱", "角色"], ["Anna", "Anna@a.test", "客户成功"], ["Bo", "bo@a.test", "boss"]])
    assert dict(result.counts) == {"updated": 1, "rejected": 1}
    assert "角色: “boss” is no role; expected one of administrator" in result.problems[0].reason
    assert User.objects.get().email == "anna@a.test"


def test_contacts_are_found_again_by_mail_and_by_name_in_the_account(take, healthy, facts):
    rows = [
        ["First Name", "Last Name", "Email", "Company", "Mobile Phone"],
        ["Ann", "Ng", "ann@heron.test", "heron robotics", "+86 13800138000"],
        ["小明", "王", "", "Heron Robotics", ""],
    ]
    assert dict(take("contacts", rows).counts) == {"created": 2}
    assert dict(take("contacts", rows).counts) == {"unchanged": 2}
    ann = Contact.objects.get(email="ann@heron.test")
    assert (ann.name, ann.account, ann.phone) == ("Ann Ng", healthy, "+86 138 0013 8000")
    assert Contact.objects.filter(name="王小明").exists()
    assert len(facts("contact.created")) == 2
    assert identity.persons_of(contact=ann.pk)
    assert dict(take("contacts", [["email", "title"], ["ANN@heron.test", "CFO"]]).counts) == {"updated": 1}


def test_what_cannot_be_kept_is_rejected_and_its_neighbours_pass(take, db):
    rows = [["name", "employees"], ["A" * 300, "5"], ["Bee", "-5"], ["Cee", "999999999999999999999"], ["Dee", "7"]]
    result = take("accounts", rows)
    assert dict(result.counts) == {"rejected": 3, "created": 1}
    assert [problem.column for problem in result.problems] == ["employees", "name", "employees"]


def test_a_website_that_is_no_domain_is_told(take):
    result = take(
        "accounts", [["name", "website"], ["Bee", "not a domain"], ["Cee", "https://www.cee.test/x"], ["Dee", ""]]
    )
    assert dict(result.counts) == {"rejected": 1, "created": 2}
    assert [problem.column for problem in result.problems] == ["website"]
    assert Account.objects.get(name="Cee").domain == "cee.test"


def test_a_file_without_the_needed_column_says_which_there_are(take):
    with pytest.raises(UnreadableFileError, match=r"No column is recognised as “name” of Accounts.*firm, size.*--map"):
        take("accounts", [["firm", "size"], ["Acme", "5"]])
    assert dict(take("accounts", [["firm", "size"], ["Acme", "5"]], mapping={"Firm": "name"}).counts) == {"created": 1}


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"company": "name"}, "no column “company”"),
        ({"firm": "title"}, "no field “title”"),
        ({"firm": "name", "size": "name"}, "given two columns"),
    ],
)
def test_a_mapping_that_cannot_be(take, mapping, message):
    with pytest.raises(UnreadableFileError, match=message):
        take("accounts", [["firm", "size"], ["Acme", "5"]], mapping=mapping)


def test_a_column_that_is_left_out(take):
    take("accounts", [["name", "sector", "note"], ["Acme", "steel", "x"]], mapping={"sector": "-", "note": "-"})
    account = Account.objects.get()
    assert (account.sector, account.extra) == ("", {})


def test_the_error_file_comes_back_corrected(take, tmp_path):
    rows = [["name", "employees", "备注"], ["Acme", "five", "甲"], ["Bee", "5", ""], ["Cee", "six, seven"]]
    result = take("accounts", rows)
    assert dict(result.counts) == {"rejected": 2, "created": 1}
    assert result.error_file == tmp_path / "imports" / "accounts-errors.csv"
    text = result.error_file.read_text("utf-8-sig")
    assert text.splitlines()[0] == "row,reason,name,employees,备注"
    assert "2,employees: “five” can't be read; expected a number such as 1000.50,Acme,five,甲" in text
    assert '4,"has 2 cells, the header has 3",Cee,"six, seven"' in text
    corrected = [line.split(",") for line in text.replace("Acme,five", "Acme,5").splitlines()[:2]]
    corrected[1] = ["2", "was wrong", "Acme", "5", "甲"]
    again = take("accounts", corrected)
    assert dict(again.counts) == {"created": 1}
    assert Account.objects.get(name="Acme").extra == {"备注": "甲"}


def test_an_error_file_is_never_written_over(take, tmp_path):
    first = take("accounts", [["name", "employees"], ["Acme", "five"]]).error_file
    second = take("accounts", [["name", "employees"], ["Acme", "five"]]).error_file
    assert (first.name, second.name) == ("accounts-errors.csv", "accounts-errors-2.csv")


def test_a_dry_run_counts_and_changes_nothing(take, tmp_path):
    rows = [["name", "subsidiary_of", "employees"], ["Bluth", "Acme", "5"], ["Acme", "", "5"], ["Bad", "", "x"]]
    result = take("accounts", rows, dry_run=True)
    assert dict(result.counts) == {"created": 2, "rejected": 1}
    assert result.error_file is None
    assert not Account.objects.exists()
    assert not (tmp_path / "imports").exists()


def test_a_user_who_is_given_a_manager_and_a_team_shows_both(take):
    take("users", [["name", "email"], ["Ming Li", "ming@example.com"]])
    head = ["name", "email", "team_name", "manager_name"]
    changed = take("users", [head, ["Ming Li", "ming@example.com", "North", "Olivia Park"]], accept=True)
    assert changed.counts["updated"] == 1
    (sample,) = (one for one in changed.samples if one["outcome"] == "updated")
    assert sorted((one["field"], one["before"], one["after"]) for one in sample["changes"]) == [
        ("manager", "", "Olivia Park"),
        ("team", "", "North"),
    ]
