from __future__ import annotations

from proofline.stages.reach.models import Lead, Qualification, ScoreRule

ROWS = [
    [
        "Prospect ID",
        "Lead Number",
        "Lead Source",
        "Converted",
        "TotalVisits",
        "Total Time Spent on Website",
        "Country",
        "Tags",
    ],
    ["a-1", "660737", "Google", "0", "5", "674", "India", "Ringing"],
    ["a-2", "660728", "google", "1", "", "1532", "Select", "Select"],
]


def test_leads_with_select_for_not_answered_and_one_spelling_of_a_source(take, facts):
    assert dict(take("leads", ROWS).counts) == {"created": 2}
    first, second = Lead.objects.order_by("external_id")
    assert (first.visits, first.seconds_on_site, first.location) == (5, 674, "India")
    assert first.extra == {"number": "660737", "Tags": "Ringing"}
    assert (second.source, second.location, second.extra.get("Tags")) == ("Google", "", None)
    assert first.name
    assert [fact["properties"]["source"] for fact in facts("lead.created")] == ["Google", "Google"]


def test_a_converted_lead_is_qualified_once(take, facts, now):
    take("leads", ROWS)
    assert dict(take("leads", ROWS).counts) == {"unchanged": 2}
    assert Qualification.objects.get().lead.external_id == "a-2"
    assert len(facts("lead.qualified")) == 1
    converted = [ROWS[0], [*ROWS[1][:3], "Yes", *ROWS[1][4:]]]
    assert dict(take("leads", converted).counts) == {"updated": 1}
    assert Qualification.objects.count() == len(facts("lead.qualified")) == 2
    assert facts("lead.changed") == []


def test_leads_keep_their_own_day_and_are_scored(take, facts, db):
    ScoreRule.objects.create(field="employees", operator="at_least", value="100", points=45)
    take(
        "leads",
        [["姓名", "公司", "邮箱", "员工人数", "创建时间"], ["王一", "云帆", "wang@yunfan.test", "120", "2026年3月1日"]],
    )
    lead = Lead.objects.get()
    assert (lead.score, lead.grade, lead.created_at.isoformat()) == (45, "B", "2026-02-28T16:00:00+00:00")
    assert facts("lead.created")[0]["at"].startswith("2026-02-28T16:00:00")


def test_leads_without_an_id_are_found_by_mail_phone_or_name(take):
    rows = [
        ["name", "company", "email", "phone"],
        ["Ann", "Acme", "ann@a.test", ""],
        ["Bo", "Acme", "", "+86 13800138000"],
        ["Cy", "Acme", "", ""],
    ]
    assert dict(take("leads", rows).counts) == {"created": 3}
    assert dict(take("leads", rows).counts) == {"unchanged": 3}


def test_a_lead_with_nothing_to_know_it_by_is_rejected(take):
    result = take("leads", [["email", "source"], ["", "Google"], ["no mail", "Google"]])
    assert [problem.reason for problem in result.problems] == [
        "email: is blank; every row needs it",
        "email: “no mail” can't be read; expected an e-mail address such as mei@example.com",
    ]


def test_a_managers_leads_without_owner_are_theirs(take, mei):
    take("leads", [["email"], ["x@y.test"]], by=mei)
    assert Lead.objects.get().owner == mei
