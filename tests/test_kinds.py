"""A walk over every kind of record that lists know, as everybody: each field as column, order, filter and group, and the file.

A kind that is registered is walked from its first day; one of which the store holds no record, or can't be given more, fails it.
"""

import csv
import io
from collections import defaultdict
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proofline.config import subjects
from proofline.config.imports.kinds import KINDS as IMPORTED
from proofline.kit import search
from proofline.kit.lists import Context, kinds
from proofline.kit.lists.kinds import kind_named
from proofline.kit.lists.reading import group_of
from proofline.records import kinds as main
from proofline.records.lists import RecordList
from proofline.records.lists.state import GROUPING
from tests.cast import NOW

pytestmark = pytest.mark.django_db
PLAUSIBLE = {
    "text": "a",
    "number": 3,
    "money": 100,
    "choice": "1",
    "person": "me",
    "relation": 1,
    "date": "2026-11-02",
    "time": "2026-11-02",
}
FEW, MANY = 2, 12


@pytest.fixture
def cast(ada, mei, sam, tom, rita, mark, cleo, dan, sue, sara):  # noqa: PLR0913, PLR0917 - every role
    """Everybody but the outsider."""
    return [ada, mei, sam, tom, rita, mark, cleo, dan, sue, sara]


@pytest.fixture
def filled(story, sam, lin, now):
    """A record of each kind, all of Sam's or the company's."""
    from proofline.outreach.models import Message, Template
    from proofline.records.lists import segments
    from proofline.records.models import Account, Competitor, Evidence, Segment
    from proofline.stages.growth.models import Band, HealthReading

    account = Account.objects.get(pk=story["accounts"])
    Competitor.objects.create(name="Rival")
    for kind in segments.kinds():
        live = {"all": [{"field": kind.fields[0].name, "op": "not_empty"}]}
        Segment.objects.add(by=sam, now=now, kind=kind.name, name="Walked", audience="all", conditions=live)
    Evidence.objects.create(kind="review", title="Good", account=account, sector="printing")
    Template.objects.create(name="Hello", language="en", subject="Hello", body="Hello {{ contact }}")
    Message.objects.write_once(key="walk", contact=lin, template="Hello", now=now)
    measures = [{"measure": "login_rate", "score": "40", "count": 2, "of": 5}]
    HealthReading.objects.create(
        account=account, week=now.date(), score=40, band=Band.RED, login_rate=40, drivers=measures, read_at=now
    )


def fill_up(kind, number):
    """Copy records of a kind until there are so many."""
    rows = kind.model._default_manager.order_by("pk")
    first = rows.first()
    for copy in range(rows.count(), number):
        own = {"number": 1 + copy} if kind.name == "value-reports" else {}
        if kind.name == "health":
            own = {"account": another(first.account, copy)}
        another(first, copy, **own)


def another(record, copy, **values):
    """Copy a record; what may stand only once is left out, else is called otherwise."""
    row = type(record)._default_manager.get(pk=record.pk)
    row.pk = None
    row._state.adding = True
    alone = {name for one in row._meta.constraints for name in getattr(one, "fields", ()) if len(one.fields) == 1}
    for field in row._meta.concrete_fields:
        if (field.unique or field.name in alone) and not field.primary_key:
            setattr(row, field.attname, None if field.null else f"{getattr(record, field.attname)}{copy}"[-20:])
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def address(kind, **asked):
    return f"{reverse(kind.address)}?{urlencode({'view': '0', 'filter': '[]', **asked})}"


def whole(kind):
    """All fields as columns, as an address has them."""
    return ",".join(field.name for field in kind.all_fields if field.is_shown)


def export(browser, kind, **asked):
    """The rows of the list's file, without its head."""
    url = reverse("records:list_export", args=[kind.name])
    answer = browser.get(f"{url}?{urlencode({'filter': '[]', 'format': 'csv', **asked})}")
    assert answer.status_code == 200, kind.name
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))[1:]


def listing(kind, user, **asked):
    """The list as a page gets it."""
    request = RequestFactory().get(address(kind, **asked))
    request.user = user
    return RecordList.of(request, kind=kind)


def conditions(kind, context):
    """Every condition that the kind's fields can be put under, with a value that somebody might type."""
    for field in kind.all_fields:
        for operator in field.type.operators if field.is_filterable else ():
            found = {"field": field.name, "op": operator.name}
            if operator.takes in {"days", "span"}:
                found["value"] = {"days": 7, "span": "week"}[operator.takes]
            elif operator.takes != "nothing":
                offered = field.options(context)
                if (
                    field.type.name == "segment" and not offered
                ):  # there is none, and none that is not there can be meant
                    continue
                value = offered[0][0] if offered else PLAUSIBLE[field.type.name]
                found["value"] = [value] * 2 if operator.takes == "two" else value
            yield found


def walk(user):
    """Put each kind under every condition, and show it by every field as order and as group."""
    context = Context(user, NOW)
    for kind in kinds():
        for asked in conditions(kind, context):
            group = group_of([asked], kind=kind, context=context)
            assert group.words(), (kind.name, asked)
            len(group.narrow(kind.visible(user), context)[:3])
        for related in kind.relations:
            group = group_of([{"has": related.name}, {"has_no": related.name}], kind=kind, context=context)
            assert not group.narrow(kind.visible(user), context).exists(), (kind.name, related.name)
        for field in kind.all_fields:
            if field.is_sortable_here:
                for sort in (field.name, f"-{field.name}"):
                    len(listing(kind, user, sort=sort).rows)
            if field.is_sortable_here and field.type.name in GROUPING:
                shown = listing(kind, user, group=field.name)
                rows = [row for section in shown.sections for row in section.rows]
                assert rows == shown.rows, (kind.name, field.name)
                labels = [section.label for section in shown.sections]
                assert all(isinstance(label, str) for label in labels), (kind.name, field.name, labels)


def test_an_empty_list_of_every_kind_answers(as_, ada, rita, olga):
    for user in (ada, rita, olga):
        browser = as_(user)
        for kind in kinds():
            answer = browser.get(address(kind))
            assert answer.status_code == 200, (kind.name, user.name)
            assert answer.context["listing"].rows == []
            assert reverse(kind.address) in answer.content.decode()


def test_nothing_breaks_on_an_empty_store(ada):
    walk(ada)


def test_a_choice_that_is_none_of_the_records_is_said_not_to_be_one(as_, ada):
    answer = as_(ada).get(f'{reverse("reach:leads")}?filter=[{{"field":"product","value":"suite"}}]')
    assert "“suite” is no id of a record." in answer.context["listing"].state.problem


def test_every_field_filters_orders_and_groups(filled, ada):
    for kind in kinds():
        fill_up(kind, FEW)
    walk(ada)


def test_every_field_is_a_column_for_everybody_who_may_see_the_record(filled, as_, cast, olga):
    for user in cast:
        browser = as_(user)
        for kind in kinds():
            seen = kind.visible(user).count()
            assert seen or user.scope != "all", (kind.name, user.name)
            answer = browser.get(address(kind, **({"columns": whole(kind)} if user in {cast[0], cast[2]} else {})))
            assert answer.status_code == 200, (kind.name, user.name)
            assert len(answer.context["listing"].rows) == seen
    outsider = as_(olga)
    for kind in kinds():
        if hasattr(kind.model, "owner_paths"):
            assert outsider.get(address(kind)).context["listing"].rows == [], kind.name
            assert export(outsider, kind) == [], kind.name


def names(browser, kind, **asked):
    return [str(row) for row in browser.get(f"/{kind}/?{urlencode(asked)}").context["listing"].rows]


def test_related_records_of_another_room_filter(filled, as_, sam):
    browser = as_(sam)
    live = '[{"has":"account_projects","all":[{"field":"state","op":"is","value":["live"]}]}]'
    assert len(names(browser, "deals", filter=live)) == 1
    assert names(browser, "deals", filter=live.replace('"live"', '"late"')) == []
    solved = '[{"has":"tickets","all":[{"field":"state","op":"is","value":["solved"]}]}]'
    assert names(browser, "accounts", filter=solved) == ["Heron"]
    assert names(browser, "accounts", filter=solved.replace('"is"', '"is_not"')) == []


def test_a_list_comes_with_its_usual_part_and_says_so(filled, as_, sam):
    browser = as_(sam)
    listing = browser.get("/tickets/").context["listing"]
    assert (listing.rows, listing.narrowed) == ([], False)
    assert [one.words for one in listing.conditions] == ["State is not solved"]
    assert names(browser, "tickets", state="solved") == ["Help"]
    assert [str(row) for row in browser.get(f"/tickets/{listing.conditions[0].remove}").context["listing"].rows] == [
        "Help"
    ]
    assert names(browser, "renewals") == []
    assert len(names(browser, "renewals", state="cancelled")) == 1


def test_a_kind_has_one_name_wherever_it_is_registered():
    """Its plural in lists, search, imports and addresses, its singular in the table of main records or in that of the others."""
    told = [(kind.model, kind.name) for kind in (*kinds(), *search.registered())]
    told += [(kind.keeper.model, kind.name) for kind in IMPORTED.values()]
    told += [(kind.model, kind.slug) for kind in main.every()]
    names = defaultdict(set)
    for model, name in told:
        names[model].add(name)
    assert [found for found in names.values() if len(found) > 1] == []
    assert not {model for _name, model in subjects.TABLE} & {kind.model for kind in main.every()}


def test_queries_do_not_grow_with_the_rows(filled, as_, ada):
    browser = as_(ada)

    def queries(kind, ask):
        with CaptureQueriesContext(connection) as seen:
            rows = ask(kind)
        return len(seen), rows

    def page(kind):
        return len(browser.get(address(kind, columns=whole(kind))).context["listing"].rows)

    def file(kind):
        return len(export(browser, kind, columns=whole(kind)))

    def marked(kind):
        ids = ",".join(str(pk) for pk in kind.visible(ada).values_list("pk", flat=True))
        return len(export(browser, kind, columns=whole(kind), ids=ids))

    for kind in kinds():
        fill_up(kind, FEW)
    before = {(kind.name, ask.__name__): queries(kind, ask) for kind in kinds() for ask in (page, file, marked)}
    for kind in kinds():
        fill_up(kind, MANY)
    for kind in kinds():
        for ask in (page, file, marked):
            number, rows = queries(kind, ask)
            few = before[kind.name, ask.__name__]
            assert rows >= MANY > few[1], kind.name
            assert number <= few[0], (kind.name, ask.__name__, few[0], number)


def test_pages_go_through_all_rows_by_every_order(filled, ada):
    for kind in kinds():
        fill_up(kind, 3)
        for field in kind.all_fields:
            if field.is_sortable_here:
                seen, after = [], ""
                while True:
                    request = RequestFactory().get(f"{address(kind, sort=f'-{field.name}')}{after}")
                    request.user = ada
                    page = RecordList.of(request, kind=kind, per=2).page
                    seen += [row.pk for row in page.rows]
                    if not page.older:
                        break
                    after = "&after=" + page.older.split("after=")[1].split("&")[0]
                assert len(seen) == len(set(seen)) == kind.visible(ada).count(), (kind.name, field.name)


@pytest.mark.parametrize(
    "name",
    [
        "accounts.founded",
        "contacts.account_employees",
        "leads.score",
        "replies.score",
        "calculations.payback_month",
        "calculators.calculated_share",
        "calculators.lead_share",
        "health.score",
        "contracts.months",
    ],
)
def test_a_column_whose_sum_means_nothing_has_none(name):
    kind, field = name.split(".")
    assert not kind_named(kind).field(field).sums
