"""The words that occur, and which of them a mistyped one may have meant.

A word of four to seven letters is forgiven one slip (a letter wrong, missing, too many, or two swapped), a longer one two. One slip
leaves one half of the word as it was, and two leave a third, most often the first or the last: so words are looked up by how they begin
and, from behind, by how they end; what is found is compared by rapidfuzz.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from proofline.kit.batching import batched
from proofline.kit.bulk import insert_rows
from proofline.kit.models import SearchTerm
from proofline.kit.prepared import Prepared
from proofline.kit.search import kinds, matching

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST, LONGEST, LONG = 4, 40, 8
AT_ONCE, AT_ONCE_ASKED = 500, 100
MOST_LOOKED_AT = 5000
MOST_MEANT = 8
MOST_BEGINNING = 30
SHORTEST_PART = {1: 2, 2: 3}
"""Fewer letters than these begin too many words to look at them all."""
LAST = "\U0010ffff"


def counts(word: str) -> bool:
    """Tell whether a word is one of those that are known: letters alone, of no Chinese, and neither short nor endless."""
    return LEAST <= len(word) <= LONGEST and word.isalpha() and word < "\u2e80"


def learn(words: Iterable[str]) -> None:
    """Take note of the words that are new."""
    for some in batched(sorted({word for word in words if counts(word)}), AT_ONCE):
        known = set(_known(some))
        insert_rows(SearchTerm, ("word", "back"), [(word, word[::-1]) for word in some if word not in known])


_known = Prepared[str](lambda words: SearchTerm.objects.filter(word__in=words).values_list("word", flat=True))


def beginning(word: str) -> list[str] | None:
    """Return the known words that begin so; None where they are many, or where not all such words are known."""
    if not counts(word):
        return None
    found = SearchTerm.objects.filter(**_begins("word", word)).values_list("word", flat=True).distinct()
    known = list(found[: MOST_BEGINNING + 1])
    return known if len(known) <= MOST_BEGINNING else None


def forget(words: Iterable[str]) -> None:
    """Forget those of the words that no entry has any more."""
    codes = [kind.code for kind in kinds.registered()]
    for some in batched(sorted({word for word in words if counts(word)}), AT_ONCE_ASKED):
        if gone := set(some) - matching.occurring(some, codes):
            SearchTerm.objects.filter(word__in=gone).delete()


def slips(word: str) -> int:
    """Return how many slips are forgiven."""
    return 0 if not counts(word) else 1 if len(word) < LONG else 2


def meant(word: str, *, typing: bool) -> list[str]:
    """Return the known words that this one may stand for, the nearest first; while `typing`, also words that go on."""
    most = slips(word)
    if not most:
        return []
    near = []
    for other in _candidates(word, typing=typing):
        parts = (other, *(other[: len(word) + more] for more in (-1, 0, 1))) if typing else (other,)
        distance = min(OSA.distance(word, part, score_cutoff=most) for part in dict.fromkeys(parts))
        if distance <= most and other != word:
            near.append((distance, abs(len(other) - len(word)), other))
    return [other for _distance, _longer, other in sorted(near)[:MOST_MEANT]]


def _candidates(word: str, *, typing: bool) -> set[str]:
    part = max(len(word) // (slips(word) + 1), SHORTEST_PART[slips(word)])
    lengths = (len(word) - slips(word), LONGEST if typing else len(word) + slips(word))
    found = set[str]()
    for name, start in (("word", word[:part]), ("back", word[::-1][:part])):
        rows = (
            SearchTerm.objects.filter(**_begins(name, start))
            .annotate(letters=Length("word"))
            .filter(letters__gte=lengths[0], letters__lte=lengths[1])
        )
        found.update(rows.values_list("word", flat=True)[:MOST_LOOKED_AT])
    return found


def _begins(name: str, start: str) -> dict[str, str]:
    """Return the condition that a column begins so, in the form for which the store uses its index."""
    if connection.vendor == "sqlite":
        return {f"{name}__gte": start, f"{name}__lt": start + LAST}
    return {f"{name}__startswith": start}
