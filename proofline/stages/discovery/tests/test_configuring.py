"""From needs to modules: the cheapest set is found, no rule is broken, and what can't hold together is named."""

import random
from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.stages.discovery.configuring import Configuration, Conflict, Module, Rule, configure
from proofline.stages.discovery.configuring.conflicts import smallest
from proofline.stages.discovery.configuring.rules import Need, holds

IDS, NEEDS = "abcdef", ("n1", "n2", "n3")
PRICES = st.sampled_from(["0", "1", "2.50", "10.00", "10.01", "99.99"]).map(Decimal)
SOME = st.lists(st.sampled_from(IDS), min_size=2, max_size=4, unique=True).map(tuple)
RULES = st.one_of(
    st.builds(Rule, st.sampled_from(["requires", "excludes", "only_with"]), SOME),
    st.builds(Rule, st.sampled_from(["at_least", "at_most"]), SOME, st.integers(0, 4)),
)
MODULES = st.tuples(
    *(st.builds(Module, st.just(one), st.frozensets(st.sampled_from(NEEDS), max_size=2), PRICES) for one in IDS)
)


def subsets(some):
    return chain.from_iterable(combinations(some, size) for size in range(len(some) + 1))


def parts_of(needs, modules, rules):
    return [*(Need(one, frozenset(m.id for m in modules if one in m.covers)) for one in needs), *rules]


def possible(modules, parts):
    """Yield every set of modules that holds to all parts, as (price, number of modules), by trying all."""
    for some in subsets(modules):
        if all(holds(part, {one.id for one in some}) for part in parts):
            yield sum((one.price for one in some), Decimal(0)), len(some)


@given(st.lists(st.sampled_from(NEEDS), unique=True), MODULES, st.lists(RULES, max_size=6))
def test_no_rule_is_broken_and_no_cheaper_or_smaller_set_is_possible(needs, modules, rules):
    parts = parts_of(needs, modules, rules)
    best = min(possible(modules, parts), default=None)
    found = configure(needs, modules, rules)
    if best is None:
        assert isinstance(found, Conflict)
        return
    assert isinstance(found, Configuration)
    assert all(holds(part, {one.id for one in found.modules}) for part in parts)
    assert (found.price, len(found.modules)) == best


@given(st.lists(st.sampled_from(NEEDS), unique=True), MODULES, st.lists(RULES, min_size=3, max_size=8))
def test_a_conflict_is_the_smallest_set_that_can_not_hold(needs, modules, rules):
    parts = parts_of(needs, modules, rules)
    found = configure(needs, modules, rules)
    if isinstance(found, Configuration):
        return
    assert found.is_smallest
    assert next(possible(modules, found.parts), None) is None
    fewer = (list(some) for size in range(len(found.parts)) for some in combinations(parts, size))
    assert all(next(possible(modules, some), None) is not None for some in fewer)


def test_the_kinds_of_rules():
    def fine(rule, chosen):
        return holds(rule, set(chosen))

    requires, only = Rule("requires", ("a", "b", "c")), Rule("only_with", ("a", "b", "c"))
    assert [fine(requires, some) for some in ("", "b", "a", "ab", "abc")] == [True, True, False, False, True]
    assert [fine(only, some) for some in ("", "c", "a", "ab", "ac")] == [True, True, False, True, True]
    assert [fine(Rule("excludes", ("a", "b", "c")), some) for some in ("", "a", "ab", "abc")] == [
        True,
        True,
        False,
        False,
    ]
    assert [fine(Rule("at_least", ("a", "b"), 1), some) for some in ("", "a", "ab")] == [False, True, True]
    assert [fine(Rule("at_most", ("a", "b"), 1), some) for some in ("", "a", "ab")] == [True, True, False]


def module(name, covers, price):
    return Module(name, frozenset(covers.split()), Decimal(price))


def test_never_the_whole_bundle_and_why_each_is_in():
    modules = [
        module("base", "", "20"),
        module("reports", "n1", "10"),
        module("all", "n1 n2", "90"),
        module("ai", "n2", "30"),
    ]
    needs_base = Rule("requires", ("ai", "base"))
    found = configure(["n1", "n2"], modules, [needs_base])
    assert [one.id for one in found.modules] == ["base", "reports", "ai"]
    assert found.price == Decimal(60)
    assert found.why["base"] == [needs_base]
    assert [part.id for part in found.why["reports"]] == ["n1"]


def test_of_two_sets_at_one_price_the_one_with_fewer_modules():
    modules = [module("a", "n1", "10"), module("b", "n2", "5.5"), module("c", "n1 n2", "15.5")]
    assert [one.id for one in configure(["n1", "n2"], modules, []).modules] == ["c"]


def test_a_need_that_nothing_covers():
    assert [part.id for part in configure(["n1", "n9"], [module("a", "n1", "1")], []).parts] == ["n9"]


def test_nothing_needed_and_nothing_on_offer():
    assert configure([], [], []) == Configuration([], {})


@pytest.mark.parametrize("seconds", [0.0, 5.0])
def test_a_conflict_that_is_not_known_to_be_the_smallest_has_no_part_too_many(seconds):
    draw = random.Random(3)
    modules = [module(f"m{number}", "", "1") for number in range(40)]
    names = [one.id for one in modules]
    rules = [Rule("requires", tuple(draw.sample(names, 2))) for _number in range(80)]
    rules += [Rule("excludes", tuple(draw.sample(names, 2))) for _number in range(80)]
    parts = [*rules, Rule("at_least", tuple(names), 15)]
    found, _is_smallest = smallest(modules, parts, seconds=seconds)
    assert isinstance(configure([], modules, found), Conflict)
    for at in range(len(found)):
        assert isinstance(configure([], modules, found[:at] + found[at + 1 :]), Configuration)
