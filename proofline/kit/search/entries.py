"""Records as entries of the index: made from what a kind reads of them, written in the transaction that writes the record.

The tokens of an entry, each beginning with its kind's code `c`, so that a search for one kind passes over the others:

| token | stands for |
|---|---|
| `c` + word | a word anywhere in it, a pair of Chinese neighbours, the spelling of Chinese in the title |
| mark + word | a word of the title; the mark is the code moved into Unicode's private area |
| `c=` + title | the whole title without spaces |
| `c==` + digits | a telephone number from behind, so that its last digits begin a token |
| `c_` + id | somebody whose record it is |
| `c__` + id | a group of somebody whose record it is |
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from proofline.kit.among import among
from proofline.kit.batching import batched
from proofline.kit.bulk import insert_rows
from proofline.kit.models import SearchEntry
from proofline.kit.search import kinds, matching, pinyin, terms
from proofline.kit.search.matching import Part, Token
from proofline.kit.search.phones import national
from proofline.kit.search.tokens import is_han, pairs, pieces
from proofline.kit.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from django.db import models

    from proofline.kit.search.kinds import Kind

AT_ONCE = 500
LONGEST_TITLE, LONGEST_TEXT, LONGEST_WORD = 250, 2000, 40
MOST_WORDS = 400
EVERYTHING = 1_000_000_000
JOINED = " · "
TITLE_MARKS = 0xE000
_waiting: ContextVar[dict[type[models.Model], dict[int, None]] | None] = ContextVar("waiting", default=None)
LETTERS = re.compile(rf"[^\W\d_]{{{terms.LEAST},}}")


class Entry(NamedTuple):
    """A row of the index: see `SearchEntry`."""

    kind: str
    record: int
    title: str
    note: str
    text: str
    place: int
    variant: str
    words: str


def title_mark(kind: Kind) -> str:
    """Return what the tokens of a kind's titles begin with."""
    return chr(TITLE_MARKS + ord(kind.code))


def title_key(title: str) -> str:
    """Return the whole title as one token."""
    return squeeze(title)[:LONGEST_WORD]


def keep(model: type[models.Model], ids: Iterable[int], *, fields: Collection[str] | None = None) -> None:
    """Write the entries of these records anew, and of what shows their titles or is seen by their owners.

    Called by the verbs that write records, in their transaction. `fields` says which of the record's fields were changed; where search
    reads none of them, nothing is done. Records of a model that is no kind are passed over.
    """
    kind = kinds.of(model)
    if kind is None or (fields is not None and not kind.own_fields & set(fields)):
        return
    if (waiting := _waiting.get()) is not None:
        waiting.setdefault(model, {}).update(dict.fromkeys(ids))
        return
    for some in batched(ids, AT_ONCE):
        with transaction.atomic(savepoint=False):
            write(kind, some, follow=True)


@contextmanager
def together() -> Iterator[None]:
    """Write the entries of all that is kept meanwhile at the end, many at once; the records stand in the transaction around it."""
    held = _waiting.set({})
    try:
        yield
        found = _waiting.get() or {}
    finally:
        _waiting.reset(held)
    for model, ids in found.items():
        keep(model, ids)


def add(record: models.Model) -> None:
    """Write the entry of a record that is new, in the transaction that saved it; nothing refers to it yet."""
    if kind := kinds.of(type(record)):
        insert_rows(SearchEntry, Entry._fields, made := read(kind, [record.pk]))
        terms.learn(_known(made))


def keep_around(model: type[models.Model], ids: Collection[int]) -> None:
    """Write the entries anew of these records and of all that refers to them: something was tied to them, or to others until now."""
    keep(model, ids)
    if kind := kinds.of(model):
        _follow(kind, ids)


def keep_owned(people: Iterable[int]) -> None:
    """Write the entries anew of the records that these people own; they came into another group."""
    for person in people:
        for kind in kinds.registered():
            if kind.owners:
                owned = Part(((Token(f"{kind.code}_{person}"),),), tier=0, limit=EVERYTHING)
                for some in batched([row.record for row in matching.ask([owned])], AT_ONCE):
                    write(kind, some)


@contextmanager
def dropping(model: type[models.Model], ids: Collection[int]) -> Iterator[None]:
    """Take these records out of the index, and what falls with them, while they are deleted; what referred to them shows them no more."""
    around = [
        (kind, list(kind.model._default_manager.filter(**{f"{path}__in": ids}).values_list("pk", flat=True)))  # noqa: SLF001
        for kind, path in kinds.readers(model)
    ]
    with transaction.atomic():
        _drop(model, ids)
        yield
        for kind, found in around:
            for some in batched(found, AT_ONCE):
                write(kind, some)


def _drop(model: type[models.Model], ids: Collection[int]) -> None:
    for kind, path in kinds.fallen(model):
        found = kind.model._default_manager.filter(**{f"{path}__in": ids}).values_list("pk", flat=True)  # noqa: SLF001
        for some in batched(found, AT_ONCE):
            remove(kind, some)
    if own := kinds.of(model):
        for some in batched(ids, AT_ONCE):
            remove(own, some)


def remove(kind: Kind, records: Collection[int]) -> int:
    """Remove the entries of these records; return how many there were."""
    gone = SearchEntry.objects.filter(kind=kind.name, record__in=records)
    words = {word[1:] for text in gone.values_list("words", flat=True) for word in text.split()}
    count = gone.delete()[0]
    terms.forget(words)
    return count


def write(kind: Kind, ids: Collection[int], *, follow: bool = False, locked: bool = False) -> int:
    """Write the entries that differ from what they should be; return how many did.

    With `follow` also those of records that read what a changed one is called and whose it is. `locked` holds the records meanwhile.
    """
    made = read(kind, ids, locked=locked)
    rows = SearchEntry.objects.filter(kind=kind.name, record__in=among(ids)).values_list(*Entry._fields)
    before = {entry.record: entry for entry in map(Entry._make, rows)}
    differ = [entry for entry in made if entry != before.get(entry.record)]
    if not differ:
        return 0
    insert_rows(SearchEntry, Entry._fields, differ, unique=("kind", "record"), together=True)
    changed = [(entry, before[entry.record]) for entry in differ if entry.record in before]
    now, old = _known(differ), _known(other for _entry, other in changed)
    terms.learn(now - old)
    terms.forget(old - now)
    moved = [entry.record for entry, other in changed if _moved(kind, entry, other)]
    if follow and moved:
        _follow(kind, moved)
    return len(differ)


def _known(entries: Iterable[Entry]) -> set[str]:
    """Return the words that these entries make known, marks left out."""
    return {word[1:] for entry in entries for word in entry.words.split()}


def _follow(kind: Kind, ids: Collection[int]) -> None:
    for reader, path in kinds.readers(kind.model):
        found = reader.model._default_manager.filter(**{f"{path}__in": ids}).order_by("pk")  # noqa: SLF001
        for some in batched(found.values_list("pk", flat=True), AT_ONCE):
            write(reader, some)


def _moved(kind: Kind, entry: Entry, before: Entry) -> bool:
    """Tell whether what other records show of this one, or by whom they are seen, has changed."""
    owners = [{word for word in one.words.split() if word.startswith(f"{kind.code}_")} for one in (entry, before)]
    return (entry.title, entry.note, owners[0]) != (before.title, before.note, owners[1])


def read(kind: Kind, ids: Collection[int], *, locked: bool = False) -> list[Entry]:
    """Return the entries that these records should have."""
    rows = kind.model._default_manager.filter(pk__in=among(ids)).order_by("pk")  # noqa: SLF001
    if locked:  # whoever changes one of them meanwhile waits, and writes its entry after us
        list(rows.select_for_update(of=("self",)).values_list("pk"))
    return [entry_of(kind, row) for row in (kind.rows(list(ids)) if len(ids) == 1 else rows.values(*kind.paths))]


def entry_of(kind: Kind, row: dict[str, Any]) -> Entry:
    """Return the entry of what was read of a record."""
    title = " ".join(str(row[kind.title] if isinstance(kind.title, str) else kind.title(row)).split())[:LONGEST_TITLE]
    note = " ".join(str(row[kind.note] or "").split())[:LONGEST_TITLE] if kind.note else ""
    parts = [" ".join(str(row[path]).split()) for path in kind.shown if row[path] not in {None, ""}]
    text = JOINED.join(parts)[:LONGEST_TEXT]
    return Entry(
        kind=kind.name,
        record=row["pk"],
        title=title,
        note=note,
        text=text,
        place=row[kind.place] or 0,
        variant=str(row[kind.variant] or "") if kind.variant else "",
        words=" ".join(dict.fromkeys(_words(kind, title=title, note=note, text=text, row=row))),
    )


def ending(kind: Kind, number: str) -> str:
    """Return the token that begins with the last digits of a telephone number, the last one first."""
    return f"{kind.code}=={number[::-1]}"


def _words(kind: Kind, *, title: str, note: str, text: str, row: dict[str, Any]) -> list[str]:
    code, mark, named = kind.code, title_mark(kind), _tokens(title)
    written = [found for path in kind.phones if row[path] and (found := national(str(row[path])))]
    numbers, endings = [number for found in written for number in found], [found[0] for found in written]
    anywhere = [*named, *_spellings(title), *numbers, *_of_note(note), *_tokens(text.replace(JOINED, " "))]
    return [
        f"{code}={title_key(title)}",
        *[f"{code}_{row[path]}" for path in kind.owners if row[path]],
        *[f"{code}__{row[path]}" for path in kind.groups if row[path]],
        *[mark + word for word in named],
        *[ending(kind, number) for number in endings],
        *[code + word for word in dict.fromkeys(anywhere[:MOST_WORDS])],
    ]


def _tokens(text: str) -> list[str]:
    """Return the tokens of a text.

    The last character of a run of Chinese also stands alone, so that each character begins a token; the letters before a number do as
    well, so that every word that begins with letters is among the known ones.
    """
    found = list[str]()
    for piece in pieces(text):
        if is_han(piece):
            found += pairs(piece) if len(piece) == 1 else (*pairs(piece), piece[-1])
        else:
            found.append(piece[:LONGEST_WORD])
            if not piece.isalpha() and not piece.isdecimal() and (letters := LETTERS.match(piece)):
                found.append(letters.group())
    return found


@lru_cache(maxsize=10_000)
def _of_note(note: str) -> list[str]:
    """Return the tokens of what many records of an account share."""
    return _tokens(note)


def _spellings(title: str) -> list[str]:
    return [] if title.isascii() else [word for run in pieces(title) if is_han(run) for word in pinyin.spellings(run)]
