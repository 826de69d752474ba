"""The command line, called as a person calls it."""

import argparse
import json
import os
import subprocess
import sys

import pytest
from django.utils import timezone

from proofline.config import cli, server
from proofline.config.cli import serve
from proofline.records.models import ApiToken, Team, User

pytestmark = pytest.mark.django_db
HEAVY = ["chdb", "clickhouse_connect", "email_validator", "numpy", "phonenumbers", "pyarrow", "pydantic", "pyhanko"]


def run(capsys, *words):
    """Run a command; return its exit code, what it printed, and what it complained of."""
    try:
        code = cli.main(words)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("command", [[], *([name] for name in cli.COMMANDS)])
def test_every_command_explains_itself(capsys, command):
    code, out, _ = run(capsys, *command, "--help")
    assert code == 0
    assert out.startswith("usage: proofline")


@pytest.mark.parametrize(
    "words",
    [[], ["sell"], ["user"], ["user", "add"], ["user", "add", "a@b.test", "--role", "king"], ["serve", "--port", "x"]],
)
def test_bad_usage_is_2(capsys, words):
    code, _, err = run(capsys, *words)
    assert code == 2
    assert err.startswith("usage: proofline")


def test_a_command_does_not_wait_for_what_it_does_not_use():
    loads = f"import sys, django; django.setup(); print(sorted(set({HEAVY}) & set(sys.modules)))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", loads], capture_output=True, text=True, env=environment, check=True, timeout=60
    )
    assert done.stdout == "[]\n"


def test_add_a_person_with_a_one_time_password(capsys):
    code, out, _ = run(
        capsys, "user", "add", "Li@Example.com", "--name", "李", "--role", "manager", "--team", "East", "--json"
    )
    person = User.objects.get()
    assert code == 0
    assert (person.email, person.name, person.role, person.team) == (
        "li@example.com",
        "李",
        "manager",
        Team.objects.get(),
    )
    assert person.must_change_password
    assert person.check_password(json.loads(out)["one_time_password"])


def test_add_a_person_with_a_password_of_their_own(capsys):
    code, out, _ = run(capsys, "user", "add", "li@example.com", "--password", "a long password")
    assert code == 0
    assert "a long password" not in out
    assert User.objects.get().check_password("a long password")
    assert not User.objects.get().must_change_password


@pytest.mark.parametrize("email", ["li@example.com", "no e-mail"])
def test_a_person_who_cannot_be_added_is_said_in_one_line(capsys, email):
    User.objects.add(name="Li", role="sales", email="li@example.com")
    code, out, err = run(capsys, "user", "add", email)
    assert (code, out) == (2, "")
    assert err.startswith("proofline: email: ")
    assert err.count("\n") == 1
    assert User.objects.count() == 1


def test_make_a_token(capsys):
    user = User.objects.add(name="Li", role="sales", email="li@example.com")
    code, out, _ = run(capsys, "token", "add", "LI@example.com", "--json")
    assert code == 0
    assert ApiToken.authenticate(json.loads(out)["token"], now=timezone.now()) == user


def test_no_token_for_nobody(capsys):
    assert run(capsys, "token", "add", "nobody@example.com") == (
        2,
        "",
        "proofline: There is no user with the e-mail nobody@example.com.\n",
    )


def test_add_a_source(capsys):
    from proofline.timeline.models import Source

    code, out, _ = run(capsys, "source", "add", "Website", "--json")
    assert code == 0
    assert json.loads(out) == {"write_key": Source.objects.get(name="Website").write_key}


def test_a_file_that_is_missing_is_said_in_one_line(capsys, tmp_path):
    code, out, err = run(capsys, "import", "accounts", str(tmp_path / "none.csv"))
    assert (code, out) == (2, "")
    assert "none.csv" in err
    assert err.count("\n") == 1


def test_a_mistake_of_our_own_is_shown_and_counts_as_not_done(capsys, monkeypatch):
    def broken(_options):
        raise RuntimeError("a mistake of our own")

    monkeypatch.setattr(cli.metric, "run", broken)
    code, out, err = run(capsys, "metric", "deals.won")
    assert (code, out) == (cli.NOT, "")
    assert "a mistake of our own" in err


@pytest.mark.parametrize(("given", "address"), [(None, "http://localhost:8471"), ("https://x.test", "https://x.test")])
def test_links_lead_to_the_port_that_is_served(monkeypatch, given, address):
    monkeypatch.setenv("PROOFLINE_URL", given or "")  # so that it is put back
    if given is None:
        monkeypatch.delenv("PROOFLINE_URL")
    monkeypatch.setattr(serve, "first_administrator", lambda: None)
    monkeypatch.setattr(server, "serve", lambda **_at: 0)
    assert serve.run(argparse.Namespace(host="127.0.0.1", port=8471)) == 0
    assert os.environ["PROOFLINE_URL"] == address
