"""The parts of pages: what the tags write, in both languages, and that a user's text is never markup."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from proofline.kit import charts, formats, panels
from proofline.kit.components import Mark, Tab, strip


def shown(text, **context):
    return Template(text).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["1,234.5", "63%", "CN¥120,000", "CN¥12.35", "3 Nov 2026", "12.3K"]),
        ("zh-hans", ["1,234.5", "63%", "¥120,000", "¥12.35", "2026年11月3日", "1.2万"]),
    ],
)
def test_numbers_are_written_as_the_language_does(language, written):
    with translation.override(language):
        assert written == [
            formats.number(Decimal("1234.50")),
            formats.percent(Decimal("0.634")),
            formats.money(Decimal(120000), "CNY"),
            formats.money(Decimal("12.35"), "CNY"),
            formats.day(date(2026, 11, 3)),
            formats.compact(12345),
        ]


def test_an_unknown_number_is_a_dash():
    assert {formats.number(None), formats.money(None, "CNY"), formats.percent(""), formats.day(None)} == {"–"}


def test_times_are_said_as_people_do_with_the_exact_one_at_hand():
    now = datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert formats.ago(now - timedelta(hours=3), now=now) == "3 hours ago"
    assert formats.ago(now + timedelta(days=2), now=now) == "in 2 days"
    assert formats.ago(now + timedelta(milliseconds=20), now=now) == formats.ago(now, now=now) == "just now"
    assert formats.ago(now - timedelta(days=30), now=now) == "4 Oct 2026"
    with translation.override("zh-hans"):
        assert formats.ago(now - timedelta(hours=3), now=now) == "3小时前"
    html = shown("{% when at %}", at=timezone.now() - timedelta(hours=3))
    assert re.fullmatch(r'<time datetime="[^"]+" title="[^"]+">3 hours ago</time>', html)


def test_what_users_typed_is_text():
    bad = '<b onclick="x">'
    for tag in ("{% avatar bad name=True %}", "{% badge bad %}", "{% empty_state bad bad %}", "{% stat bad bad %}"):
        assert "<b" not in shown(tag, bad=bad)
    data = charts.bar(headline=bad, unit=bad, points=[charts.Point(f"</script>{bad}", 1)])
    assert "</script>&lt;" not in shown("{% chart data %}", data=data)
    assert shown("{% chart data %}", data=data).count("<script") == 1


def test_an_icon_with_a_label_speaks():
    assert 'aria-hidden="true"' in shown('{% icon "plus" %}')
    assert 'aria-label="Locked"' in shown('{% icon "lock" "Locked" %}')


@pytest.mark.parametrize(("name", "short"), [("Lin Yue", "LY"), ("王芳", "王"), ("Prince", "P"), ("", "?")])
def test_initials(name, short):
    from proofline.kit.templatetags.kit import initials

    assert initials(name) == short


def test_the_proof_strip_says_its_state_in_words_and_leads_to_the_evidence():
    marks = strip(
        promised=Mark("done", "8", "h/week", date(2026, 3, 1), "/cases/1/"),
        measured=Mark("due"),
        kept=Mark("missed", "−24%"),
    )
    html = shown("{% proof_strip marks %}", marks=marks)
    assert re.findall(r"proof-mark proof-(\w+)", html) == ["done", "empty", "empty", "due", "missed"]
    assert 'href="/cases/1/"' in html
    assert "overdue" in html
    assert "missed" in html
    with translation.override("zh-hans"):
        said = re.findall(r'proof-label">(\w+)', shown("{% proof_strip marks %}", marks=marks))
    assert said == ["承诺", "报价", "签约", "测量", "兑现"]


def test_a_chart_has_its_finding_in_words_and_its_table_behind():
    chart = charts.funnel(
        headline="Most stop at the proposal",
        unit="deals",
        name="Step",
        points=[charts.Point("Leads", 200, "/leads/"), charts.Point("Deals", 50), charts.Point("Won", 0)],
    )
    html = shown("{% chart chart %}", chart=chart)
    assert "Most stop at the proposal" in html
    assert '<a href="/leads/">200</a>' in html
    data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)[1])
    assert data["notes"] == ["", "25%", "0%"]
    assert data["series"][0]["values"] == [200, 50, 0]


def test_flows_say_from_where_to_where_and_the_page_may_show_the_table_itself():
    chart = charts.sankey(
        headline="Most go on to the report",
        unit="people",
        nodes={"0:a": "Sign-up", "1:b": "Report", "1:c": "(end)"},
        flows=[charts.Flow("0:a", "1:b", 30, "/people/"), charts.Flow("0:a", "1:c", 10)],
    )
    html = shown("{% chart chart %}", chart=chart)
    assert "Sign-up → Report" in html
    assert '<a href="/people/">30</a>' in html
    data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)[1])
    assert data["flows"] == [["0:a", "1:b"], ["0:a", "1:c"]]
    assert "<table" not in shown("{% chart chart table=False %}", chart=chart)


def test_areas_and_classes_are_drawn_without_gaps():
    areas = charts.line(
        headline="", unit="", labels=["Mon"], series={"A": [1], "B": [2]}, urls={"B": ["/b/"]}, stacked=True
    )
    assert areas.data()["stacked"]
    assert [series.urls for series in areas.series] == [[], ["/b/"]]
    assert charts.histogram(headline="", unit="", points=[charts.Point("1 d", 3)]).data()["touching"]


def test_a_state_path_knows_what_is_behind_and_ahead():
    html = shown("{% state_path stages 'b' %}", stages=[("a", "A"), ("b", "B"), ("c", "C")])
    assert re.findall(r"path-step path-(\w+)", html) == ["done", "here", "ahead"]
    assert html.count('aria-current="step"') == 1


def test_tabs_progress_and_facts():
    html = shown("{% tabs tabs %}", tabs=[Tab("One", "?t=1", active=True, count=1200), Tab("Two", "?t=2")])
    assert 'aria-current="page">One <span class="tab-count">1,200</span>' in html
    assert 'value="0.7500"' in shown('{% progress 3 4 "3 of 4" %}')
    assert 'value="1.0000"' in shown("{% progress 9 4 %}")
    assert shown('{% fact "A" %}b{% endfact %}') == '<div class="fact"><dt>A</dt><dd>b</dd></div>'


class ThreeFields(forms.Form):
    name = forms.CharField(help_text="As customers know it.")
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    sure = forms.BooleanField(required=False)


def test_a_form_ties_errors_and_help_to_the_field_and_keeps_what_was_typed():
    html = shown("{% form form %}", form=ThreeFields({"name": "", "kind": "zzz"}))
    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'id="id_name_error">This field is required.' in html
    assert "form-control is-invalid" in html
    assert "form-select is-invalid" in html
    assert html.count('class="optional"') == 1
    assert 'value="Acme"' in shown("{% form form %}", form=ThreeFields({"name": "Acme", "kind": "zzz"}))


def test_panels_stand_in_their_order(rf, monkeypatch):
    monkeypatch.setattr(panels, "_slots", type(panels._slots)(list))
    panels.register("x.main", lambda _request, subject: f"<p>second {subject}</p>", order=2)
    panels.register("x.main", lambda _request, _subject: "<p>first</p>", order=1)
    panels.register("x.main", lambda _request, _subject: "", order=3)
    assert shown('{% panels "x.main" 7 %}', request=rf.get("/")) == "<p>first</p><p>second 7</p>"
    assert shown('{% panels "y.main" 7 %}', request=rf.get("/")) == ""
