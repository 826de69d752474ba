"""`proofline roi FILE`: exact results, and what is wrong with a file said in one line."""

import json

import pytest

from proofline.config.cli import main

CASE = {
    "currency": "CNY",
    "lines": [
        {"name": "Money lost", "quantity": 10000, "unit": "CNY/month", "people": 1, "improvement": 1},
    ],
    "investment": {"once": 22000, "monthly": 1500},
    "months": 12,
}
HOURS = {
    "name": "Reports",
    "quantity": 20,
    "unit": "h/week",
    "people": 12,
    "improvement": 0.4,
    "rate": {"amount": 80, "per": "h"},
}


@pytest.fixture
def run(db, tmp_path, capsys):
    def run(case):
        path = tmp_path / "case.json"
        path.write_text(case if isinstance(case, str) else json.dumps(case))
        code = main(["roi", str(path), "--json"])
        said = capsys.readouterr()
        return code, (json.loads(said.out) if said.out else None), said.err

    return run


def test_payback_in_month_three_and_two_hundred_percent(run):
    code, found, _said = run(CASE)
    assert code == 0
    assert (found["monthly_value"], found["payback_month"], found["roi"]) == (10_000, 3, {"12": 2})


def test_hours_of_people_at_a_rate(run):
    _code, found, _said = run(CASE | {"lines": [HOURS], "investment": {}, "months": 36})
    assert found["monthly_value"] == 33_280
    assert found["roi"] == {"12": None, "36": None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"currency": "XXY"}, "currency: 'XXY' is not a currency in use."),
        ({"lines": "none"}, "lines: a list is needed."),
        ({"lines": [HOURS | {"unit": "hours"}]}, "lines[1]: “hours” is not a unit."),
        ({"lines": [HOURS | {"rate": {"amount": 80, "per": "ticket"}}]}, "the rate has to be per h"),
        ({"lines": [HOURS | {"quantity": 0}]}, "nothing can't be improved"),
        ({"lines": [HOURS | {"quantity": "many"}]}, "lines[1].quantity: a number is needed."),
        ({"lines": [HOURS | {"improvement": 1.5}]}, "lines[1].improvement: 1.5 is out of range."),
        ({"lines": [HOURS | {"rate": None}]}, "say what one h is worth"),
        ({"lines": [HOURS | {"people": -1}]}, "out of range"),
        ({"investment": {"once": -5}}, "investment.once: -5 is out of range."),
        ({"lines": [HOURS | {"quantity": 10**14, "people": 10**6}]}, "more than 1,000,000,000,000 a month"),
        ({"months": 0}, "at least 1"),
        ({"months": 1.5}, "a whole number"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(run, change, said):
    code, found, error = run(CASE | change)
    assert (code, found) == (2, None)
    assert said in error
    assert "Traceback" not in error


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000])
def test_a_file_that_is_no_value_case(run, text):
    code, _found, error = run(text)
    assert code == 2
    assert error.startswith("proofline: The file")
