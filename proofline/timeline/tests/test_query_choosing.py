"""What can be chosen when a question is built: events, properties, values; as far as the viewer may see."""

import pytest

from proofline.timeline import query
from proofline.timeline.query import Audience, Property, QuestionError
from proofline.timeline.tests.histories import happened

THEIRS = Audience(accounts=frozenset({7}))


@pytest.fixture(autouse=True)
def _history():
    happened(
        *[("10-05 03:00", "Used", 1, {"account": 7, "plan": plan, "n": 1}) for plan in ("Pro", "Pro", "basic")],
        ("10-06 03:00", "Used", 2, {"account": 8, "plan": "Secret", "n": 1.5, "weird`name": True, "tags": ["a"]}),
        ("10-06 03:00", "Seen", 2, {"account": 8, "kind": "page", "context": {"campaign": {"source": "wechat"}}}),
    )


def test_events_by_how_often_they_happened():
    assert query.names() == [("Used", 4), ("Seen", 1)]
    assert query.names(limit=1) == [("Used", 4)]
    assert query.names(audience=THEIRS) == [("Used", 3)]


def test_properties_with_their_types():
    assert query.properties("Used") == [
        Property("property", "n", ("number",)),
        Property("property", "plan", ("text",)),
        Property("property", "tags", ("list",)),
        Property("property", "weird`name", ("boolean",)),
    ]
    assert query.properties("Seen") == [Property("context", "campaign.source", ("text",))]
    assert [one.name for one in query.properties("Used", audience=THEIRS)] == ["n", "plan"]
    assert query.properties("Nothing") == []


def test_values_the_most_frequent_first():
    assert query.values("Used", "plan") == [("Pro", 2), ("Secret", 1), ("basic", 1)]
    assert query.values("Used", "plan", starts_with="P") == [("Pro", 2)]
    assert query.values(None, "plan", starts_with="BAS") == [("basic", 1)]
    assert query.values("Used", "plan", audience=THEIRS) == [("Pro", 2), ("basic", 1)]
    assert query.values("Seen", "campaign.source", of="context") == [("wechat", 1)]
    assert query.values("Used", "weird`name") == [("true", 1)]
    with pytest.raises(QuestionError):
        query.values("Used", "a.:`Int64`")


@pytest.mark.parametrize("evil", ["'", "%", "_", "\\", "`", "{p0:String}", "中", "a\0"])
def test_what_is_typed_is_data(evil):
    assert query.values("Used", "plan", starts_with=evil) == []
    assert query.values(evil, evil) == []
