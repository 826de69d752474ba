"""Names of companies and people, e-mails, phones and domains as they compare, and what rules make of pairs."""

import pytest

from proofline.kit.matching import Field, Rules, link, one_to_one, within
from proofline.kit.matching.companies import companies, company
from proofline.kit.matching.people import people, person
from proofline.kit.matching.texts import domain, email, own_domain, phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Ltd.", "ACME Limited"),
        ("Heron Robotics", "The Heron Robotics GmbH & Co. KG"),
        ("S.A. Société Générale", "Societe Generale"),
        ("Müller Straßenbau", "muller strassenbau ag"),
        ("上海莲花印务有限公司", "莲花印务股份有限公司"),
        ("阿里巴巴集团", "阿里巴巴（中国）有限公司"),
        ("宁波麦田培训有限公司", "麦田培训 Co., Ltd."),
        ("ＡＣＭＥ　Inc", "acme"),
    ],
)
def test_a_company_is_the_same_under_another_legal_form(one, other):
    assert companies(company(one), company(other)) == 1


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("北京字节跳动科技有限公司", "字节跳动", 0.9, 0.99),
        ("华为技术有限公司", "华为", 0.9, 0.99),
        ("Heron", "Heron Robotics Inc.", 0.85, 0.95),
        ("Microsoft", "Mircosoft Corporation", 0.85, 0.95),
        ("北京科技有限公司", "上海科技有限公司", 0, 0.7),
        ("华夏银行", "华美银行", 0, 0.8),
        ("杭州麦田培训有限公司", "宁波麦田培训有限公司", 0.7, 0.85),
        ("Plant 1 Ltd", "Plant 2 Ltd", 0, 0),
        ("Blue River", "Blue Ridge", 0, 0.75),
        ("Limited", "GmbH", 0, 0.6),
    ],
)
def test_companies_are_more_or_less_alike(one, other, least, most):
    assert least <= companies(company(one), company(other)) <= most


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Smith, John"),
        ("Dr. José García", "jose garcia"),
        ("Li Xiaoming", "Xiao Ming Li"),
        ("林晓", "林晓经理"),
        ("O'Neill, Ann-Marie", "Annmarie ONeill"),
    ],
)
def test_a_person_is_the_same_in_another_order(one, other):
    assert people(person(one), person(other)) == 1


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("李晓明", "Li Xiaoming", 0.9, 0.95),
        ("欧阳娜娜", "Nana Ouyang", 0.9, 0.95),
        ("J. Smith", "John Smith", 0.85, 0.95),
        ("Jon Smith", "John Smith", 0.85, 0.95),
        ("王伟", "王威", 0, 0.6),
        ("Mary Jones", "Mark Jones", 0, 0.85),
        ("Helen He", "Helen Hu", 0, 0.7),
    ],
)
def test_people_are_more_or_less_alike(one, other, least, most):
    assert least <= people(person(one), person(other)) <= most


def test_phones_compare_in_the_international_form():
    assert phone("138 0013 8000") == phone("+86 138-0013-8000") == "+8613800138000"
    assert phone("010-62770334") == "+861062770334"
    assert phone("+1 (650) 253-0000") == "+16502530000"
    assert phone("12345") == ""


def test_emails_and_domains_compare_by_what_counts():
    assert email("Mei.Li+crm@GMAIL.com") == email("meili@googlemail.com")
    assert email("mei.li@acme.cn") == "mei.li@acme.cn" != email("meili@acme.cn")
    assert email("nobody") == email("@acme.cn") == ""
    assert domain("https://www.Example.com:80/a?b") == domain("example.com.") == "example.com"
    assert domain("no domain") == domain("localhost") == ""
    assert own_domain("li@acme.cn") == "acme.cn"
    assert own_domain("li@qq.com") == own_domain("li@163.com") == own_domain("") == ""


RULES = Rules(
    fields=(
        Field("name", lambda one, other: float(one[0] == other[0]) / 2, m=0.9, u=0.01, floor=0.0),
        Field("town", lambda _one, _other: 0.0, m=0.8, u=0.1),
    ),
    keys=lambda values: [values["key"]],
    least=2,
)


def test_what_agrees_speaks_for_a_pair_and_what_is_empty_says_nothing():
    same = RULES.compare({"name": "ann", "town": "bonn"}, {"name": "ann", "town": "bonn"})
    assert round(same.bits, 2) == round(6.49 + 3.0, 2)
    assert [reason.likeness for reason in same.reasons] == [1, 1]
    assert RULES.compare({"name": "ann", "town": ""}, {"name": "ann", "town": "bonn"}).reasons == same.reasons[:1]
    moved = RULES.compare({"name": "ann", "town": "bonn"}, {"name": "ann", "town": "rome"})
    assert round(moved.bits, 2) == round(6.49 - 2.17, 2)
    near = RULES.compare({"name": "ann"}, {"name": "amy"})
    assert round(near.bits, 2) == round((6.49 - 3.31) / 2, 2)


def test_only_those_who_share_a_key_meet_and_crowds_are_passed_over():
    crowd = {number: {"name": "ann", "key": "a"} for number in range(60)}
    assert within(crowd, RULES) == []
    assert len(within(crowd, RULES, most=60)) == 60 * 59 / 2
    apart = {1: {"name": "ann", "key": "a"}, 2: {"name": "ann", "key": "b"}}
    assert within(apart, RULES) == []


def test_each_is_linked_to_its_best_match_alone():
    ours = {"a": {"name": "ann", "town": "bonn", "key": "x"}}
    theirs = {"b": {"name": "ann", "town": "", "key": "x"}, "c": {"name": "ann", "town": "bonn", "key": "x"}}
    pairs = link(ours, theirs, RULES)
    assert [(pair.first, pair.second) for pair in pairs] == [("a", "c"), ("a", "b")]
    assert [(pair.first, pair.second) for pair in one_to_one(pairs)] == [("a", "c")]
