"""`proofline configure FILE`: offers for needs, and what is wrong with a file."""

import json

import pytest

from proofline.config import cli
from proofline.config.cli.configure import found
from proofline.config.cli.trouble import InputError

OFFER = {
    "needs": ["n1", "n2"],
    "modules": [
        {"id": "a", "covers": ["n1"], "price": "10.00"},
        {"id": "b", "covers": ["n2"], "price": "5.50"},
        {"id": "基础", "covers": [], "price": "1"},
    ],
    "rules": [{"requires": ["a", "基础"]}, {"at_most": [3, ["a", "b", "基础"]]}],
}


def asked(**changes):
    return found(json.dumps(OFFER | changes).encode())


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Return `run(file's object, *options)`: exit code, what is printed, and what is said of errors."""
    monkeypatch.setattr(cli, "open_folder", lambda _folder: None)

    def run(given, *options):
        (tmp_path / "offer.json").write_text(given if isinstance(given, str) else json.dumps(given))
        code = cli.main(["configure", str(tmp_path / "offer.json"), *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_modules_price_and_why(run):
    code, out, _err = run(OFFER, "--json")
    assert code == 0
    assert json.loads(out) == {
        "modules": ["a", "b", "基础"],
        "price": "16.50",
        "why": {"a": ["n1"], "b": ["n2"], "基础": [{"requires": ["a", "基础"]}]},
    }


def test_in_words(run):
    assert run(OFFER) == (0, 'Price:  16.50\n  a: needs n1\n  b: needs n2\n  基础: {"requires": ["a", "基础"]}\n', "")
    code, out, _err = run(OFFER | {"needs": ["n9"]})
    assert code == 0
    assert out == "Nothing can be offered. These can't hold together:\n  needs n9\n"


def test_a_conflict_names_needs_and_rules():
    rules = [{"excludes": ["a", "b"]}, {"requires": ["a", "基础"]}, {"at_least": [1, ["a", "b"]]}]
    assert asked(rules=rules) == {"conflict": ["n1", "n2", {"excludes": ["a", "b"]}]}
    assert asked(rules=[{"at_least": [4, ["a", "b"]]}]) == {"conflict": [{"at_least": [4, ["a", "b"]]}]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"modules": 3}, "modules: a list is needed."),
        ({"modules": [{"id": ""}]}, "modules[0].id: a text is needed."),
        ({"modules": [{"id": "a", "price": "-1"}]}, "modules[0].price: -1 is out of range"),
        ({"modules": [{"id": "a", "price": "NaN"}]}, "modules[0].price: an amount is needed"),
        ({"modules": [{"id": "a", "price": True}]}, "modules[0].price: an amount is needed"),
        ({"modules": [{"id": "a", "price": "0.00001"}]}, "at most 4 decimals"),
        ({"modules": [{"id": "a"}, {"id": "a"}], "rules": []}, "modules: there are two with the id 'a'."),
        ({"needs": [1]}, "needs[0]: a text is needed."),
        ({"rules": [{"needs": ["a", "b"]}]}, "rules[0]: an object with one of requires"),
        ({"rules": [{"requires": ["a", "x"]}]}, "rules[0].requires: there is no module 'x'."),
        ({"rules": [{"requires": ["a", "a"]}]}, "rules[0].requires: at least two different modules"),
        ({"rules": [{"at_most": ["a", "b"]}]}, "rules[0].at_most: a whole number and a list"),
        ({"rules": [{"at_most": [-1, ["a"]]}]}, "rules[0].at_most: a whole number and a list"),
    ],
)
def test_what_is_wrong_and_where(changes, said):
    with pytest.raises(InputError) as error:
        asked(**changes)
    assert said in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000])
def test_a_file_that_is_none_of_it(run, text):
    code, out, err = run(text, "--json")
    assert (code, out) == (2, "")
    assert "The file" in err
    assert "Traceback" not in err
