"""Finding pairs among many records at about linear cost: only those that share a key meet, and keys that too many share are passed over."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from proofline.kit.matching.rules import Rules, Values, Verdict

MOST = 50
"""A key that more records share tells too little: it would cost the square of them."""


class Pair(NamedTuple):
    """Two records that may be one and the same."""

    first: Hashable
    second: Hashable
    verdict: Verdict


def link(
    ours: Mapping[Hashable, Values], theirs: Mapping[Hashable, Values], rules: Rules, *, most: int = MOST
) -> list[Pair]:
    """Return the pairs of one record of each side that reach the rules' least, best first."""
    left, right = _blocks(ours, rules), _blocks(theirs, rules)
    shared = (
        product(left[key], right[key]) for key in left.keys() & right.keys() if _small(left[key], right[key], most)
    )
    return _judged((pair for block in shared for pair in block), ours, theirs, rules)


def within(records: Mapping[Hashable, Values], rules: Rules, *, most: int = MOST) -> list[Pair]:
    """Return the pairs among the records that reach the rules' least, best first."""
    blocks = _blocks(records, rules)
    shared = (combinations(block, 2) for block in blocks.values() if len(block) <= most)
    return _judged((pair for block in shared for pair in block), records, records, rules)


def one_to_one(pairs: Iterable[Pair]) -> list[Pair]:
    """Keep each record's best pair alone; `pairs` come best first."""
    left, right, kept = set[object](), set[object](), []
    for pair in pairs:
        if pair.first not in left and pair.second not in right:
            left.add(pair.first)
            right.add(pair.second)
            kept.append(pair)
    return kept


def _small(left: list[Hashable], right: list[Hashable], most: int) -> bool:
    return len(left) <= most and len(right) <= most


def _blocks(records: Mapping[Hashable, Values], rules: Rules) -> defaultdict[str, list[Hashable]]:
    found: defaultdict[str, list[Hashable]] = defaultdict(list)
    for record, values in records.items():
        for key in set(rules.keys(values)):
            found[key].append(record)
    return found


def _judged(
    pairs: Iterable[tuple[Hashable, Hashable]],
    ours: Mapping[Hashable, Values],
    theirs: Mapping[Hashable, Values],
    rules: Rules,
) -> list[Pair]:
    found = (Pair(one, other, rules.compare(ours[one], theirs[other])) for one, other in dict.fromkeys(pairs))
    return sorted((pair for pair in found if pair.verdict.bits >= rules.least), key=lambda pair: -pair.verdict.bits)
