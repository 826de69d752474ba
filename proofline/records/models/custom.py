"""Custom fields: what an administrator adds to main records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Max, Value
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats
from proofline.kit.money import CurrencyField
from proofline.kit.once import Once
from proofline.kit.prepared import Prepared
from proofline.kit.text import fold
from proofline.records import kinds
from proofline.records.custom import formulas, indexes, rollups, values
from proofline.records.custom.expressions import KEY, At
from proofline.records.models.people import User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from proofline.kit.lists import Context

PREFIX = "custom_"
"""Before a field's key, in the names of forms, lists and verbs: `account.change(custom_region="north", …)`."""
MOST = 100
LONGEST_KEY = 40


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    """Custom fields."""

    def of(self, kind: str) -> Self:
        """Keep those of a kind of record, in their order."""
        return self.filter(kind=kind).order_by("position", "pk")

    def in_use(self) -> Self:
        """Keep those that nobody retired."""
        return self.filter(retired_at=None)

    def add(self, *, by: User, now: datetime, kind: str, name: str, **more: Any) -> CustomField:
        """Add a field at the end of its kind's.

        Raises:
            ValidationError: a value is not valid, or the kind has too many.
        """
        if self.filter(kind=kind).count() >= MOST:
            raise ValidationError(gettext("A kind of record can have at most %(most)s custom fields.") % {"most": MOST})
        last = self.filter(kind=kind).aggregate(last=Max("position"))["last"] or 0
        field = CustomField(kind=kind, name=name.strip(), position=last + 1, created_at=now, created_by=by, **more)
        taken = set(self.filter(kind=kind).values_list("key", flat=True)) | formulas.names(kind, ()).keys()
        field.key = free_key(field.name, taken)
        field.full_clean()
        field.save()
        in_use.forget()
        return field


class CustomField(models.Model):
    """A field that an administrator added to a kind of main record."""

    class Type(models.TextChoices):
        TEXT = "text", pgettext_lazy("type of field", "Text")
        NUMBER = "number", pgettext_lazy("type of field", "Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Several choices")
        PERSON = "person", _("Person")
        RELATION = "relation", _("Record")
        FORMULA = "formula", _("Formula")
        ROLLUP = "rollup", _("Roll-up")

    COMPUTED = frozenset({"formula", "rollup"})

    kind = models.CharField(_("kind of record"), max_length=20)
    """As `records.kinds` names it: "account"."""
    key = models.CharField(max_length=LONGEST_KEY, validators=[RegexValidator(rf"\A{KEY.pattern}\Z")], editable=False)
    """Made from the first name; it never changes, so that views, programs and formulas go on to find the field."""
    name = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True)
    type = models.CharField(_("type"), max_length=10, choices=Type.choices)
    options = models.JSONField(_("options"), default=list, blank=True)
    """[{"key", "name", "name_zh"}] in their order."""
    help = models.CharField(_("help"), max_length=200, blank=True)
    required = models.BooleanField(_("has to be filled in"), default=False)
    position = models.PositiveIntegerField(default=0)
    currency = CurrencyField(_("currency"), blank=True, default="")
    to = models.CharField(_("leads to"), max_length=20, blank=True)
    formula = models.CharField(_("formula"), max_length=formulas.LONGEST, blank=True)
    relation = models.CharField(_("of which records"), max_length=40, blank=True)
    function = models.CharField(_("what is made of them"), max_length=10, blank=True, choices=rollups.FUNCTIONS)
    rolls = models.CharField(_("of which field"), max_length=60, blank=True)
    result = models.CharField(max_length=10, blank=True, editable=False)
    """The type of what is computed: "number", "text", "date", "money", "time"."""
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    indexed_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the record store was given an index for conditions on it; empty for none."""
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="custom_key_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return self.name_zh if self.name_zh and formats.is_chinese() else self.name

    @property
    def attribute(self) -> str:
        """How forms, lists and verbs name it."""
        return f"{PREFIX}{self.key}"

    @property
    def is_computed(self) -> bool:
        """Whether nobody fills it in."""
        return self.type in self.COMPUTED

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The options: key and name in the reader's language."""
        zh = formats.is_chinese()
        return [(one["key"], (zh and one.get("name_zh")) or one["name"]) for one in self.options]

    @property
    def shown_type(self) -> str:
        """The type of its values."""
        return self.result if self.is_computed else self.type

    @property
    def expression(self) -> Any:
        """What the record store is asked for a value that is filled in."""
        return At(self.key, self.type)

    def expression_for(self, context: Context) -> Any:
        """What the record store is asked for its value; empty for what is computed of something that is gone."""
        if not self.is_computed:
            return self.expression
        if self.type == self.Type.ROLLUP:
            found = rollups.expression(self, context)
        else:
            known = formulas.names(self.kind, fields_of(self.kind))
            try:
                found = formulas.build(self.formula, known=known, today=timezone.localdate(context.now))[1]
            except formulas.FormulaError:
                found = None
        return Value(None, output_field=models.CharField()) if found is None else found

    def candidates(self, by: User | None) -> QuerySet[Any]:
        """Return the people or records that a value can be; of records those that `by` may see."""
        if self.type == self.Type.PERSON:
            return User.objects.filter(is_active=True)
        kind = kinds.named(self.to)
        rows: Any = kind.model._default_manager.all() if kind else User.objects.none()  # noqa: SLF001 - Django's documented model API
        return rows.visible_to(by) if kind and by is not None else rows  # type: ignore[no-any-return]

    def read(self, value: Any, *, by: User | None) -> Any:
        """Return a value as records keep it, None for nothing.

        Raises:
            ValidationError: it is none of the type.
        """
        return values.read(self, value, by=by)

    def clean(self) -> None:
        """Check what the type needs: options, a kind to lead to, a formula that can be read."""
        if kinds.named(self.kind) is None:
            raise ValidationError({"kind": _("There are no such records.")})
        others = CustomField.objects.of(self.kind).in_use().exclude(pk=self.pk).values_list("name", flat=True)
        if fold(self.name) in set(map(fold, others)):
            raise ValidationError({"name": _("There is a field of this name already.")})
        if self.type in {self.Type.CHOICE, self.Type.CHOICES} and not self.options:
            raise ValidationError({"options": _("Name at least one option.")})
        if self.type == self.Type.RELATION and kinds.named(self.to) is None:
            raise ValidationError({"to": _("Choose what kind of record it leads to.")})
        if self.is_computed:
            self.required = False
            self.result = formulas.check(self.formula, of=self) if self.type == "formula" else rollups.check(self)

    def change(self, **given: Any) -> None:
        """Change names, help, options, whether it is required, the formula. Kind, key and type stay.

        Raises:
            ValidationError: a value is not valid, or an option that records have would be gone.
        """
        given = {name: value for name, value in given.items() if name not in {"kind", "key", "type", "to"}}
        if "options" in given:
            self._keep_used(given["options"])
        for name, value in given.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=[*given, "required", "result"])
        in_use.forget()

    def _keep_used(self, options: Sequence[Mapping[str, str]]) -> None:
        gone = [one for one in self.options if one["key"] not in {new["key"] for new in options}]
        kind = kinds.named(self.kind)
        rows: Any = kind.model._default_manager if kind else None  # noqa: SLF001 - Django's documented model API
        for option in gone:
            held = rows.alias(held=self.expression)
            wanted = (
                {"held": option["key"]} if self.type == self.Type.CHOICE else {"held__contains": f'"{option["key"]}"'}
            )
            if held.filter(**wanted).exists():
                raise ValidationError(
                    {
                        "options": gettext("Records have “%(option)s”; give them another first.")
                        % {"option": option["name"]}
                    }
                )

    def move(self, *, before: CustomField | None) -> None:
        """Put it before another field of its kind, or at the end."""
        others = [one for one in CustomField.objects.of(self.kind) if one.pk != self.pk]
        place = next((at for at, one in enumerate(others) if before and one.pk == before.pk), len(others))
        others.insert(place, self)
        for position, one in enumerate(others, 1):
            CustomField.objects.filter(pk=one.pk).update(position=position)
        in_use.forget()

    def keep_index(self, *, now: datetime) -> None:
        """Let the record store have an index for conditions on it as long as it is in use."""
        if self.retired_at is None:
            self.indexed_at = now if indexes.make(self) else None
        else:
            indexes.drop(self)
            self.indexed_at = None
        self.save(update_fields=["indexed_at"])

    def retire(self, *, now: datetime) -> None:
        """Hide it everywhere; the values stay."""
        self.retired_at = self.retired_at or now
        self.save(update_fields=["retired_at"])
        in_use.forget()

    def bring_back(self) -> None:
        """Show it again, with the values that records have."""
        self.retired_at = None
        self.save(update_fields=["retired_at"])
        in_use.forget()


def free_key(name: str, taken: set[str]) -> str:
    """Return a key made from a name, in Latin letters, that no other field has."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - a big table, for which no start waits

    words = re.sub(r"[^a-z0-9]+", "_", " ".join(lazy_pinyin(name)).lower()).strip("_")
    base = re.sub(r"_+", "_", words if words[:1].isalpha() else f"field_{words}".strip("_"))[: LONGEST_KEY - 4].strip(
        "_"
    )
    return next(key for key in (base, *(f"{base}_{number}" for number in range(2, MOST + 2))) if key not in taken)


def fields_of(kind: str) -> list[CustomField]:
    """Return the fields of a kind that are in use, in their order; read once a request."""
    return in_use().get(kind, [])


@Once
def in_use() -> dict[str, list[CustomField]]:
    """Return the fields that nobody retired, by kind of record, each in its order."""
    found: dict[str, list[CustomField]] = {}
    for field in _in_use():
        found.setdefault(field.kind, []).append(field)
    return found


_in_use = Prepared[CustomField](lambda: CustomField.objects.in_use().order_by("position", "pk"))
