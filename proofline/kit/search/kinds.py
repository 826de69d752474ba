"""Which records can be found, and what of them: declared by the rooms, once for each model."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from django.db import models

from proofline.kit.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PHONES = 1
"""As `VERSION`, for the kinds that have telephone numbers alone."""
VERSION = 1
"""Grows when entries are made otherwise from the same records, so that every store fills its index anew."""


@dataclass(frozen=True)
class Kind:
    """A kind of record that is found.

    What is read are paths of the ORM over forward keys ("account__name"). `title` may be a function of what was read, with `reads`
    naming what else it reads. `owners` are the paths to those whose record it is, `group` the name of the key from an owner to the
    group that sees it too; no owners where everybody who signs in may see it. `view` is the address of its page and `place` the path
    of the id in it. `say` writes a title in the reader's language, from the title and the value of `variant`. `code` is one letter or
    digit, its own for ever: the index's tokens begin with it.
    """

    name: str
    code: str
    model: type[models.Model]
    label: Any
    one: Any
    icon: str
    view: str
    owners: tuple[str, ...] = ()
    group: str = "team"
    title: str | Callable[[dict[str, Any]], str] = "name"
    reads: tuple[str, ...] = ()
    note: str = ""
    text: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    place: str = "pk"
    variant: str = ""
    say: Callable[[str, str], str] | None = None

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """All that is read of a record."""
        title = (self.title,) if isinstance(self.title, str) else ()
        more = [path for path in (self.note, self.place, self.variant) if path]
        found = ("pk", *title, *self.reads, *self.text, *self.phones, *more, *self.owners, *self.groups)
        return tuple(dict.fromkeys(found))

    @cached_property
    def rows(self) -> Prepared[dict[str, Any]]:
        """What is read of the records of these ids, in order."""
        return Prepared(lambda ids: self.model._default_manager.filter(pk__in=ids).order_by("pk").values(*self.paths))  # noqa: SLF001

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The paths to what is shown below the title, and searched."""
        return (*self.text, *self.phones)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The paths to the groups of the owners."""
        return tuple(f"{path}__{self.group}" for path in self.owners)

    @cached_property
    def own_fields(self) -> frozenset[str]:
        """The record's own fields that are read."""
        return frozenset(path.partition("__")[0] for path in self.paths)

    @cached_property
    def declared(self) -> str:
        """A digest of the declaration: another one asks for filling anew."""
        parts = [VERSION, self.code, str(self.model._meta), self.paths, self.note, self.text, self.owners, self.place]  # noqa: SLF001
        if self.phones:
            parts.append(PHONES)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Let these kinds be found; results stand in this order.

    Raises:
        ValueError: a name, code or model is another kind's already.
    """
    for kind in kinds:
        for other in _kinds.values():
            if kind.name != other.name and (kind.code == other.code or kind.model is other.model):
                raise ValueError(f"{kind.name} has the code or the model of {other.name}")
        _kinds[kind.name] = kind
    of.cache_clear()
    readers.cache_clear()
    fallen.cache_clear()


def registered() -> list[Kind]:
    """Return all kinds in order."""
    return list(_kinds.values())


def named(names: Iterable[str]) -> list[Kind]:
    """Return the kinds with these names, in the order of registration."""
    wanted = set(names)
    return [kind for kind in _kinds.values() if kind.name in wanted]


@cache
def of(model: type[models.Model]) -> Kind | None:
    """Return the kind of a model; None where it is not found by search."""
    return next((kind for kind in _kinds.values() if kind.model is model), None)


@cache
def readers(model: type[models.Model]) -> list[tuple[Kind, str]]:
    """Return the kinds that read records of this model, each with the path that leads to it."""
    found = []
    for kind in _kinds.values():
        steps = dict(step for path in kind.paths for step in passed(kind.model, path))
        found += [(kind, prefix) for prefix in sorted(steps) if steps[prefix] is model]
    return found


def passed(model: type[models.Model], path: str) -> Iterator[tuple[str, type[models.Model]]]:
    """Yield the models that a path passes, each with the path to it. What is inside a field of JSON is no other record."""
    at, parts = model, path.split("__")
    for length, name in enumerate(parts[:-1], start=1):
        related: Any = at._meta.get_field(name).related_model  # noqa: SLF001 - Django's documented model API
        if related is None:
            return
        at = related
        yield "__".join(parts[:length]), at


@cache
def fallen(model: type[models.Model]) -> list[tuple[Kind, str]]:
    """Return the kinds whose records the store deletes along with one of this model, each with the path to it."""
    found, waiting, seen = list[tuple[Kind, str]](), [(model, "")], {model}
    while waiting:
        at, path = waiting.pop()
        for relation in at._meta.get_fields(include_hidden=True):  # noqa: SLF001
            if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
                continue
            if relation.on_delete is not models.CASCADE or relation.related_model in seen:  # type: ignore[union-attr]
                continue
            lower: Any = relation.related_model
            seen.add(lower)
            down = f"{relation.field.name}__{path}" if path else relation.field.name  # type: ignore[union-attr]
            waiting.append((lower, down))
            if kind := of(lower):
                found.append((kind, down))
    return found
