"""`proofline timeline`, called as a person calls it: without a server in this process, and beside one that runs."""

import http.client
import json

import pytest

from proofline.config import cli
from proofline.timeline import identity, inbox, projector
from proofline.timeline.models import Source

pytestmark = pytest.mark.django_db


def run(capsys, *words):
    """Run `timeline WORDS`; return its exit code, what it printed, and what it complained of."""
    try:
        code = cli.main(["timeline", *words])
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    return code, said.out, said.err


def asked(capsys, *words):
    """Return the JSON that the command answers."""
    code, out, err = run(capsys, *words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def sent(user, event, at, number, **properties):
    return {
        "type": "track",
        "userId": user,
        "event": event,
        "timestamp": f"2026-10-{at}:00Z",
        "messageId": f"m{number}",
        "properties": properties,
    }


@pytest.fixture
def history(now, healthy):
    """Three people: one goes the whole way, one stops, one comes after the window; and the account was added. Nothing is projected yet."""
    source = Source.add(name="Product", now=now)
    events = [
        ("u1", "Signed Up", "01T02:00", {"plan": "pro"}),
        ("u1", "Feature Used", "01T17:30", {"plan": "pro", "feature": "报表"}),
        ("u1", "Feature Used", "03T02:00", {"plan": "pro", "feature": "报表"}),
        ("u2", "Signed Up", "02T02:00", {"plan": "basic"}),
        ("u3", "Signed Up", "02T03:00", {"plan": "pro"}),
        ("u3", "Feature Used", "20T03:00", {"plan": "pro"}),
    ]
    messages = [sent(user, event, at, number, **more) for number, (user, event, at, more) in enumerate(events)]
    inbox.append(source, messages, now)
    identity.tie(person=identity.resolve(user="u1"), account=healthy.pk)


def test_what_is_acknowledged_is_counted_though_nobody_projected_it_yet(capsys, history):
    assert asked(capsys, "count") == {"value": 7, "rows": []}


def test_counts_by_what_there_is(capsys, history, healthy):
    used = ("count", "--event", "Feature Used")
    assert asked(capsys, *used, "--by", "event") == {"value": 3, "rows": [{"key": "Feature Used", "value": 3}]}
    assert asked(capsys, *used, "--by", "account")["rows"] == [
        {"key": str(healthy.pk), "value": 2},
        {"key": "", "value": 1},
    ]
    assert [row["value"] for row in asked(capsys, *used, "--by", "person")["rows"]] == [2, 1]
    assert asked(capsys, *used, "--by", "feature")["rows"] == [{"key": "报表", "value": 2}, {"key": "", "value": 1}]


def test_days_are_those_of_the_workspace(capsys, history):
    rows = asked(capsys, "count", "--by", "day", "--event", "Feature Used")["rows"]
    assert sorted(row["key"] for row in rows) == [
        "2026-10-02",
        "2026-10-03",
        "2026-10-20",
    ]  # 17:30 UTC is the next day in Shanghai


def test_a_time_bounds_the_count(capsys, history):
    assert (
        asked(capsys, "count", "--from", "2026-10-02")["value"] == 6
    )  # 17:30 UTC on the first is the second in Shanghai
    assert asked(capsys, "count", "--from", "2026-10-02", "--to", "2026-10-03")["value"] == 3
    assert asked(capsys, "count", "--to", "2026-10-01T02:00:00+00:00")["value"] == 0


def test_people_who_merge_later_count_as_one(capsys, history, now):
    steps = ("funnel", "Signed Up", "Feature Used", "--window", "7d")
    assert asked(capsys, *steps) == {
        "steps": [{"event": "Signed Up", "people": 3}, {"event": "Feature Used", "people": 1}]
    }
    source = Source.objects.get()
    more = {"type": "track", "anonymousId": "a", "event": "Feature Used", "timestamp": "2026-10-04T00:00:00Z"}
    inbox.append(source, [more], now)
    identity.identify(anonymous="a", email="a@b.test")
    assert asked(capsys, *steps)["steps"][1]["people"] == 1
    inbox.append(source, [{"type": "alias", "previousId": "a", "userId": "u2"}], now)
    projector.project_pending()
    shown = asked(capsys, "count", "--by", "person")
    assert shown["value"] == sum(row["value"] for row in shown["rows"])


def test_a_funnel_by_a_property(capsys, history):
    shown = asked(capsys, "funnel", "Signed Up", "Feature Used", "--window", "30d", "--by", "plan")
    assert [step["people"] for step in shown["steps"]] == [3, 2]
    assert {row["key"]: [step["people"] for step in row["steps"]] for row in shown["rows"]} == {
        "pro": [2, 2],
        "basic": [1, 0],
    }


def test_people_read_it_too(capsys, history):
    code, out, _ = run(capsys, "count", "--by", "event")
    assert code == 0
    assert out.splitlines()[0] == "7 events"
    code, out, _ = run(capsys, "funnel", "Signed Up", "Feature Used", "--by", "plan")
    assert code == 0
    assert "plan pro" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["count", "--from", "yesterday-ish"], "from is no time: “yesterday-ish”. Possible: 2026-10-01"),
        (["count", "--from", "2026-10-02", "--to", "2026-10-01"], "to ends before it begins"),
        (["funnel", "A", "B", "--window", "soon"], "window is no length of time: “soon”"),
        (["count", "--by", "a.:`Nonsense`"], "is no field that can be asked for"),
        (["count", "--from", "1066-10-14"], "from is out of range"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(capsys, words, said):
    code, out, err = run(capsys, *words)
    assert (code, out) == (cli.NOT, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [[], ["funnel"], ["count", "more"], ["sell"]])
def test_bad_usage_is_2(capsys, words):
    code, _, err = run(capsys, *words)
    assert code == cli.NOT
    assert err.startswith("usage: proofline")


@pytest.mark.parametrize("evil", ["it's", "`; DROP TABLE events; --", "{x:String}", "中文", "a\\b", '"', "%(x)s", ""])
def test_whatever_is_typed_is_data(capsys, history, evil):
    assert asked(capsys, "count", "--event", evil)["value"] == 0
    assert asked(capsys, "count", "--by", evil)["rows"] == [{"key": "", "value": 7}]
    assert asked(capsys, "funnel", evil, "Signed Up", "--by", evil)["steps"][0]["people"] == 0


def test_the_same_while_the_server_runs(live):
    key = json.loads(live.run("source", "add", "Product", "--json").stdout)["write_key"]
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    batch = [{"type": "track", "userId": f"u{n % 2}", "event": f"Step {n // 2}", "messageId": str(n)} for n in range(4)]
    connection.request("POST", "/v1/batch", json.dumps({"writeKey": key, "batch": batch}))
    assert connection.getresponse().status == 200
    connection.close()
    counted = json.loads(live.run("timeline", "count", "--by", "event", "--json").stdout)
    assert counted == {"value": 4, "rows": [{"key": "Step 0", "value": 2}, {"key": "Step 1", "value": 2}]}
    funnel = json.loads(live.run("timeline", "funnel", "Step 0", "Step 1", "--json").stdout)
    assert funnel == {"steps": [{"event": "Step 0", "people": 2}, {"event": "Step 1", "people": 2}]}
    refused = live.run("timeline", "count", "--from", "never", check=False)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
