"""Parts that are sold, modules, tiers and service packs, as rules and configurations name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from proofline.records.models import Module, ServicePack, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable

Part = Module | Tier | ServicePack

LETTERS: dict[str, type[models.Model]] = {"m": Module, "t": Tier, "p": ServicePack}
FIELDS = {"m": "module", "t": "tier", "p": "pack"}
LINKED = ("module", "tier", "pack")


def key_of(part: Part) -> str:
    """Return what a part goes by: its kind's letter and its number, such as "m12"."""
    return next(letter for letter, model in LETTERS.items() if isinstance(part, model)) + str(part.pk)


def parts_named(keys: Iterable[str]) -> list[Part]:
    """Return the parts of these keys, in their order; a key that names none is left out."""
    wanted = list(dict.fromkeys(keys))
    found: dict[str, Any] = {}
    for letter, model in LETTERS.items():
        numbers = [int(key[1:]) for key in wanted if key[:1] == letter and key[1:].isascii() and key[1:].isdigit()]
        rows = model._default_manager.filter(pk__in=[one for one in numbers if one < 2**63]).select_related("product")  # noqa: SLF001 - Django's documented model API
        found |= {f"{letter}{row.pk}": row for row in rows}
    return [found[key] for key in wanted if key in found]


def one_part(name: str) -> models.CheckConstraint:
    """Return the constraint that a row names exactly one part."""
    ways = [Q(**{f"{other}__isnull": other != field for other in LINKED}) for field in LINKED]
    return models.CheckConstraint(condition=ways[0] | ways[1] | ways[2], name=name)


class PartLink(models.Model):
    """A row that names one part. A part that is named so stays in the catalogue."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pack = models.ForeignKey(ServicePack, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key

    @property
    def part(self) -> Part:
        """The part itself."""
        found = self.module or self.tier or self.pack
        assert found is not None, "the store sees to it that one is named"
        return found

    @property
    def key(self) -> str:
        """What the part goes by."""
        return next(f"{letter}{found}" for letter, field in FIELDS.items() if (found := getattr(self, f"{field}_id")))


def links(model: type[PartLink], parts: Iterable[Part], **of: Any) -> list[Any]:
    """Return unsaved rows that name the parts in their order."""
    return [model(position=at, **{FIELDS[key_of(part)[0]]: part}, **of) for at, part in enumerate(parts)]
