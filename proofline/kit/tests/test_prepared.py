"""Questions that are put together once: they find what a queryset finds, and their SQL is built for each thread and shape alone."""

import pytest
from django.db import connection, connections
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from proofline.kit.models import SearchTerm
from proofline.kit.prepared import LONGEST, Prepared
from tests.fixtures import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def words():
    """Some words, each with itself from behind."""
    SearchTerm.objects.bulk_create(
        SearchTerm(word=word, back=word[::-1]) for word in ("lotus", "heron", "aster", "l'O%s?")
    )


@pytest.fixture
def built():
    """Return a list that grows by what each statement is built with, and a question: words among some, but one, from a row on."""
    calls = []

    def make(some, other, first):
        calls.append(len(some))
        found = SearchTerm.objects.filter(word__in=some, pk__gte=first).exclude(word=other)
        return found.order_by("word").values_list("word", "back")

    return calls, Prepared(make)


@pytest.mark.usefixtures("words")
def test_it_finds_what_a_queryset_finds_and_is_built_once_for_each_length(built):
    calls, ask = built
    for _time in range(2):
        assert ask(["lotus", "heron"], "heron", 0) == [("lotus", "sutol")]
        assert ask(["heron", "lotus"], "nobody", 0) == [("heron", "noreh"), ("lotus", "sutol")]
        assert ask(["l'O%s?"], "", 0) == [("l'O%s?", "?s%O'l")]
        assert ask(["lotus"], "", 2**62) == []
        assert ask([], "", 0) == []
    assert calls == [2, 1]
    many = [f"word{number}" for number in range(LONGEST)]
    for _time in range(2):
        assert ask(["lotus", *many], "", 0) == [("lotus", "sutol")]
    assert calls == [2, 1, LONGEST + 1, LONGEST + 1]


@pytest.mark.usefixtures("words")
def test_it_gives_records_dictionaries_and_single_values_as_django_does():
    term = SearchTerm.objects.get(word="lotus")
    records = Prepared[SearchTerm](lambda word: SearchTerm.objects.filter(word=word))
    assert (records("lotus"), records("nobody")) == ([term], [])
    assert records("lotus")[0] is not records("lotus")[0]
    assert Prepared(lambda pk: SearchTerm.objects.filter(pk=pk).values("back"))(term.pk) == [{"back": "sutol"}]
    assert Prepared(lambda: SearchTerm.objects.order_by("word").values_list("word", flat=True)[:1])() == ["aster"]


@pytest.mark.usefixtures("words")
def test_a_value_is_put_wherever_it_is_compared():
    ask = Prepared(lambda word: SearchTerm.objects.filter(Q(word=word) | Q(back=word)).values_list("word", flat=True))
    assert [ask(word) for word in ("lotus", "sutol", "heron", "noreh", "nobody")] == [
        ["lotus"],
        ["lotus"],
        ["heron"],
        ["heron"],
        [],
    ]


@pytest.mark.usefixtures("words")
def test_it_asks_one_statement_with_the_values_apart():
    ask = Prepared(lambda word: SearchTerm.objects.filter(word=word))
    ask("lotus")
    with CaptureQueriesContext(connection) as asked:
        ask("x' OR '1'='1")
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection(built):
    calls, ask = built

    def alone():
        assert ask(["lotus"], "", 0) == []
        connections.close_all()

    for _thread in range(2):
        waiting.at_once(alone)
    assert calls == [1, 1]


def test_what_is_no_comparison_is_refused():
    with pytest.raises(ValueError, match="Not every value"):
        Prepared(lambda word: SearchTerm.objects.filter(word__contains=word))("lotus")
