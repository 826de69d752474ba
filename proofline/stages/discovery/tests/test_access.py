"""Every address: an outsider learns nothing (404), a reader changes nothing (403)."""

import pytest
from django.urls import reverse

LOOK = [
    ("study", "study"),
    ("value_case", "case"),
    ("proposal", "proposal"),
    ("proposal_preview", "proposal"),
    ("proposal_pdf", "proposal"),
]
CHANGE = [
    ("study_edit", "study"),
    ("need_new", "study"),
    ("need", "need"),
    ("need_removal", "need"),
    ("value_case_new", "study"),
    ("value_case_edit", "case"),
    ("value_case_freezing", "case"),
    ("value_case_version", "case"),
    ("value_line_new", "case"),
    ("value_line", "line"),
    ("value_line_removal", "line"),
    ("proposal_new", "study"),
    ("proposal_edit", "proposal"),
    ("proposal_sending", "proposal"),
    ("proposal_revocation", "proposal"),
]


@pytest.fixture
def address(study, need, case, proposal):
    records = {"study": study, "need": need, "case": case, "line": case.lines.get(), "proposal": proposal}

    def find(view, kind):
        return reverse(f"discovery:{view}", args=[records[kind].pk])

    return find


@pytest.mark.parametrize(("view", "kind"), LOOK)
def test_who_may_look(view, kind, address, as_, sam, mei, rita, olga):
    assert as_(olga).get(address(view, kind)).status_code == 404
    for user in (sam, mei, rita):
        assert as_(user).get(address(view, kind)).status_code == 200, user


@pytest.mark.parametrize(("view", "kind"), CHANGE)
def test_who_may_change(view, kind, address, as_, sam, rita, olga):
    assert as_(olga).post(address(view, kind)).status_code == 404
    assert as_(rita).post(address(view, kind)).status_code == 403
    assert as_(sam).post(address(view, kind)).status_code in {302, 422}


@pytest.mark.parametrize(("view", "kind"), [pair for pair in CHANGE if "removal" not in pair[0]])
def test_forms_show(view, kind, address, as_, sam, rita, olga):
    assert as_(sam).get(address(view, kind)).status_code in {200, 405}
    assert as_(rita).get(address(view, kind)).status_code in {403, 405}
    assert as_(olga).get(address(view, kind)).status_code in {404, 405}


def test_the_formula_of_somebody_elses_case_stays_secret(case, as_, olga, rita):
    address = reverse("discovery:value_line_formula", args=[case.pk])
    assert as_(olga).post(address).status_code == 404
    assert as_(rita).post(address).status_code == 200


def test_lists_hold_only_what_one_may_see(study, proposal, as_, sam, rita, olga):
    for address, text in (
        (reverse("discovery:studies"), study.title),
        (reverse("discovery:proposals"), proposal.title),
    ):
        assert text in as_(sam).get(address).content.decode()
        assert text in as_(rita).get(address).content.decode()
        assert text not in as_(olga).get(address).content.decode()


def test_a_reader_begins_nothing(healthy, as_, rita):
    assert as_(rita).post(reverse("discovery:study_new"), {"account": healthy.pk}).status_code == 403


def test_nobody_begins_discovery_with_a_customer_they_may_not_see(healthy, as_, olga):
    assert as_(olga).post(reverse("discovery:study_new"), {"account": healthy.pk}).status_code == 422


def test_who_is_not_signed_in_is_asked_to(study, client):
    assert client.get(study.get_absolute_url()).status_code == 302
