"""From the catalogue to an offer: the cheapest parts that cover the pains, no rule broken, a price that adds up; by trying all on random catalogues."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofline.stages.discovery.configuring.catalogue import Catalogue, Item
from proofline.stages.discovery.configuring.checking import check, check_prices, check_rules
from proofline.stages.discovery.configuring.configuration import Conflict
from proofline.stages.discovery.configuring.offering import Ask, asked, offer
from proofline.stages.discovery.configuring.pricing import ORDER, Discount, Line, NoRateError, Sale, price
from proofline.stages.discovery.configuring.rules import Rule, holds

DAY = date(2026, 11, 27)
MODULES, TIERS, PACKS = ("m1", "m2", "m3"), ("t1", "t2"), ("p1",)
KEYS = (*MODULES, *TIERS, *PACKS)
PRICES = st.sampled_from(["0", "1", "2.50", "10", "99.99"]).map(Decimal)
SOME = st.lists(st.sampled_from(KEYS), min_size=2, max_size=3, unique=True).map(tuple)
RULES = st.one_of(
    st.builds(Rule, st.sampled_from(["requires", "excludes", "only_with"]), SOME),
    st.builds(Rule, st.sampled_from(["at_least", "at_most"]), SOME, st.integers(0, 2)),
)


def at_par(one, other):
    return Decimal(1)


def nothing_known(one, other):
    raise NoRateError(one, other)


@st.composite
def catalogues(draw):
    """Two products: one sold in tiers with add-ons, one without tiers; rules numbered as records are."""
    items = {key: Item(key, key, 2 if key == "m3" else 1, "P", draw(st.none() | PRICES), "CNY") for key in MODULES}
    for rank, key in enumerate(TIERS, 1):
        unlocks = draw(st.frozensets(st.sampled_from(MODULES[:2]), max_size=2))
        items[key] = Item(key, key, 1, "P", draw(PRICES), "CNY", unlocks, draw(st.integers(1, 5)), rank)
    items["p1"] = Item("p1", "p1", 1, "P", draw(PRICES), "CNY")
    pains = {number: (f"pain {number}", draw(st.frozensets(st.sampled_from(MODULES), max_size=2))) for number in (1, 2)}
    rules = [
        Rule(one.kind, one.modules, one.number, f"rule:{at}")
        for at, one in enumerate(draw(st.lists(RULES, max_size=4)))
    ]
    return Catalogue(items, pains, tuple(rules))


def buyable(catalogue):
    return [item.bought_as for item in catalogue.items.values() if item.price is not None]


def possible(catalogue, parts):
    """Yield all that could be bought and holds to everything."""
    every = buyable(catalogue)
    for some in chain.from_iterable(combinations(every, size) for size in range(len(every) + 1)):
        if all(holds(part, catalogue.closure(some)) for part in parts):
            yield some


@settings(max_examples=60)
@given(catalogues(), st.sets(st.sampled_from([1, 2])), st.sets(st.sampled_from(KEYS), max_size=2), st.integers(1, 9))
def test_no_offer_breaks_a_rule_and_none_is_cheaper_or_smaller(catalogue, pains, put_in, seats):
    ask = Ask(tuple(pains), "CNY", DAY, seats, 3, tuple(put_in))
    parts, worth = asked(catalogue, ask, at_par)
    costs = {item.bought_as: worth(item) for item in catalogue.items.values() if item.price is not None}

    def size(some):
        modules = sum(key.startswith("m") for key in catalogue.closure(some))
        return sum((costs[key] for key in some), Decimal(0)), len(some) + modules

    best = min((size(some) for some in possible(catalogue, parts)), default=None)
    found = offer(catalogue, ask, market=at_par, look_at_rest=True)
    if best is None:
        assert isinstance(found, Conflict)
        assert found.parts
        return
    assert all(holds(part, found.inside) for part in [*parts, *catalogue.rules])
    assert size(found.bought) == best
    assert all(found.why[key] for key in found.bought if costs[key])
    for key in set(catalogue.items) - found.inside:
        ways = [some for some in possible(catalogue, parts) if key in catalogue.closure(some)]
        assert (key in found.blocked) is not bool(ways)


@settings(max_examples=40)
@given(catalogues())
def test_every_contradiction_of_the_rules_is_found_and_no_other(catalogue):
    found = {(one.kind, one.text) for one in check_rules(catalogue)}
    ways = [catalogue.closure(some) for some in possible(catalogue, catalogue.named)]
    if not ways:
        assert {kind for kind, _text in found} == {"rules"}
        return
    never = {
        f"{catalogue.names[key]} can never be sold." for key in catalogue.items if not any(key in way for way in ways)
    }
    helpless = {
        f"Nothing on offer eases “{name}”." for name, modules in catalogue.pains.values()
        if not any(modules & way for way in ways)
    }  # fmt: skip
    assert {text for _kind, text in found} == never | helpless


AMOUNTS = st.decimals("-5", "50", places=2).filter(bool)
BOUND = st.none() | st.integers(1, 60)


@st.composite
def discounts(draw):
    kind = draw(st.sampled_from(ORDER))
    rate = draw(st.decimals("0.01", "9", places=4)) if kind == "currency" else None
    percent = None if rate or draw(st.booleans()) else draw(st.decimals("-20", "100", places=2).filter(bool))
    return Discount(
        id=draw(st.integers(1, 99)),
        kind=kind,
        product=draw(st.sampled_from([None, 1])),
        tier=draw(st.sampled_from(TIERS)),
        least=draw(BOUND),
        most=draw(BOUND),
        parts=draw(st.frozensets(st.sampled_from(KEYS), min_size=2, max_size=3)),
        sector=draw(st.sampled_from(["", "Retail"])),
        starts_on=draw(st.sampled_from([None, DAY, DAY + timedelta(1)])),
        list_currency="USD",
        currency="CNY" if rate else draw(st.sampled_from(["CNY", "USD"])),
        rate=rate,
        percent=percent,
        amount=draw(AMOUNTS) if not rate and percent is None else None,
    )


LINES = st.lists(
    st.builds(
        Line, st.sampled_from(KEYS), st.integers(1, 2), st.integers(1, 50), PRICES, st.sampled_from(["CNY", "USD"])
    ),
    unique_by=lambda line: line.key,
)


@settings(max_examples=80)
@given(LINES, st.lists(discounts(), max_size=8, unique_by=lambda rule: rule.id), st.integers(1, 60))
def test_the_explanation_of_a_price_adds_up_to_it(lines, rules, months):
    sale = Sale(months, "CNY", DAY, frozenset(line.key for line in lines), "Retail", 30)
    found = price(lines, rules, sale=sale, market=at_par)
    assert sum(step.monthly for step in found.steps) == found.monthly
    assert sum(step.once for step in found.steps) == found.once
    assert sum(found.lines.values()) == found.monthly + found.once
    assert min(found.lines.values(), default=0) >= 0
    kinds = [ORDER.index(step.rule.kind) for step in found.steps[1:]]
    assert kinds == sorted(kinds)
    assert all(step.monthly == step.monthly.quantize(Decimal("0.01")) for step in found.steps)


def line(key="t1", quantity=10, each="100", currency="CNY", **more):
    return Line(key, 1, quantity, Decimal(each), currency, **more)


def sale(months=12, currency="CNY", chosen=(), **more):
    return Sale(months, currency, DAY, frozenset(chosen), **more)


def steps(lines, rules, market=at_par, **circumstances):
    found = price(lines, rules, sale=sale(**circumstances), market=market)
    return [(step.rule and step.rule.kind, step.monthly, step.once) for step in found.steps]


def test_each_kind_applies_in_its_order_to_what_is_left():
    rules = [
        Discount(1, "date", percent=Decimal(50), ends_on=DAY),
        Discount(2, "term", least=12, percent=Decimal(10)),
        Discount(3, "volume", least=10, percent=Decimal(20)),
        Discount(4, "segment", sector="Retail", percent=Decimal(25)),
        Discount(5, "tier", tier="t1", amount=Decimal(10), currency="CNY"),
        Discount(6, "bundle", parts=frozenset({"t1", "p1"}), percent=Decimal(10)),
    ]
    lines = [line(), line("p1", 1, "500", is_once=True)]
    assert steps(lines, rules, chosen=("t1", "p1"), sector="retail") == [
        (None, 1000, 500),
        ("tier", -100, 0),
        ("volume", -180, 0),
        ("bundle", -72, -50),
        ("term", Decimal("-64.80"), 0),
        ("segment", Decimal("-145.80"), Decimal("-112.50")),
        ("date", Decimal("-218.70"), Decimal("-168.75")),
    ]


def test_of_a_kind_the_first_that_holds_applies_its_own_product_before_all():
    rules = [
        Discount(1, "volume", least=1, percent=Decimal(5)),
        Discount(2, "volume", product=1, least=10, most=49, percent=Decimal(10)),
        Discount(3, "volume", product=1, least=50, percent=Decimal(20)),
    ]
    assert steps([line()], rules) == [(None, 1000, 0), ("volume", -100, 0)]
    assert steps([line(quantity=60)], rules) == [(None, 6000, 0), ("volume", -1200, 0)]
    assert steps([line(quantity=9)], rules) == [(None, 900, 0), ("volume", -45, 0)]


def test_a_currency_is_said_at_our_rate_else_at_the_markets_else_not():
    ours = Discount(1, "currency", list_currency="USD", currency="CNY", rate=Decimal(7))
    assert steps([line(currency="USD")], [ours], market=nothing_known) == [(None, 7000, 0), ("currency", 0, 0)]
    assert steps([line(currency="USD")], [], market=lambda *_pair: Decimal("7.1")) == [(None, 7100, 0)]
    with pytest.raises(NoRateError):
        steps([line(currency="USD")], [], market=nothing_known)


def catalogue_of(*rules, **more):
    items = {
        "m1": Item("m1", "Reports", 1, "Suite", Decimal(20), "CNY"),
        "m2": Item("m2", "Forecasts", 1, "Suite", None, ""),
        "t1": Item("t1", "Basic", 1, "Suite", Decimal(60), "CNY", frozenset({"m1"}), 5, 1),
        "t2": Item("t2", "Advanced", 1, "Suite", Decimal(90), "CNY", frozenset({"m1", "m2"}), 10, 2),
        "p1": Item("p1", "Onboarding", 1, "Suite", Decimal(5000), "CNY"),
    }
    numbered = [Rule(one.kind, one.modules, one.number, f"rule:{at}") for at, one in enumerate(rules, 1)]
    return Catalogue(items | more.pop("items", {}), {1: ("Late plans", frozenset({"m2"}))}, tuple(numbered), **more)


def test_a_part_whose_price_can_not_be_said_is_blocked_and_the_rest_is_offered():
    foreign = {"t1": Item("t1", "Basic", 1, "Suite", Decimal(60), "USD", frozenset({"m1"}), 5, 1)}
    found = offer(catalogue_of(items=foreign), Ask((1,), "CNY", DAY), market=nothing_known, look_at_rest=True)
    assert found.bought == ("t2",)
    assert [part.id for part in found.blocked["t1"]] in (["rate:USD"], ["pain:1", "one:1"])
    told = check(catalogue_of(items=foreign), currency="CNY", market=nothing_known)
    assert [one.kind for one in told] == ["no_rate"]


def kinds(catalogue):
    return [(one.kind, sorted(one.rules)) for one in check(catalogue, currency="CNY", market=at_par)]


def test_the_check_names_the_rules():
    assert kinds(catalogue_of()) == []
    assert kinds(catalogue_of(Rule("excludes", ("t2", "m1")))) == [
        ("module_never_sold", ["rule:1"]),
        ("tier_never_sold", ["rule:1"]),
        ("pain_never_eased", ["rule:1"]),
    ]
    assert kinds(catalogue_of(Rule("at_least", ("t1",), 1), Rule("at_most", ("m1", "p1"), 0))) == [
        ("rules", ["rule:1", "rule:2"])
    ]
    bundle = Discount(9, "bundle", parts=frozenset({"t1", "t2"}), percent=Decimal(5))
    assert kinds(catalogue_of(discounts=(bundle,))) == [("bundle_never_sold", ["price:9"])]


def test_a_module_without_a_way_to_buy_it_and_a_pain_without_a_module():
    loose = {"m3": Item("m3", "Loose", 1, "Suite", None, "")}
    assert kinds(catalogue_of(items=loose)) == [("module_never_sold", [])]
    alone = Catalogue(catalogue_of().items, {1: ("Noise", frozenset())})
    assert kinds(alone) == [("pain_never_eased", [])]


def volume(number, least, most=None, product=None):
    return Discount(number, "volume", product=product, least=least, most=most, percent=Decimal(5))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([volume(1, 10, 49), volume(2, 50)], []),
        ([volume(1, 10, 49), volume(2, 60)], [("prices_gap", ["price:1", "price:2"])]),
        ([volume(1, 10, 49), volume(2, 49)], [("prices_overlap", ["price:1", "price:2"])]),
        ([volume(1, 10, 49), volume(2, 50, 99)], [("prices_gap", ["price:2"])]),
        ([volume(1, 10), volume(2, 20, product=1)], []),
        ([volume(1, 1), volume(2, 5, 9)], [("prices_overlap", ["price:1", "price:2"])]),
    ],
)
def test_volumes_overlap_or_leave_a_gap(rules, expected):
    assert [(one.kind, sorted(one.rules)) for one in check_prices(catalogue_of(discounts=tuple(rules)))] == expected


def test_other_price_rules_overlap_where_both_could_hold():
    def overlap(one, other):
        return bool(check_prices(catalogue_of(discounts=(one, other))))

    def rule(number, kind, **fields):
        return Discount(number, kind, percent=Decimal(5), **fields)

    assert overlap(rule(1, "tier", tier="t1"), rule(2, "tier", tier="t1"))
    assert not overlap(rule(1, "tier", tier="t1"), rule(2, "tier", tier="t2"))
    assert overlap(rule(1, "date", ends_on=DAY), rule(2, "date", starts_on=DAY))
    assert not overlap(rule(1, "date", ends_on=DAY), rule(2, "date", starts_on=DAY + timedelta(1)))
    assert overlap(rule(1, "segment", sector="Retail"), rule(2, "segment", sector="retail"))
    assert not overlap(rule(1, "segment", sector="Retail"), rule(2, "segment", sector="Food"))
    one, two, three = frozenset({"m1", "t1"}), frozenset({"m1", "p1"}), frozenset({"m1", "t1", "p1"})
    assert overlap(rule(1, "bundle", parts=one), rule(2, "bundle", parts=two))
    assert not overlap(rule(1, "bundle", parts=one), rule(2, "bundle", parts=three))
