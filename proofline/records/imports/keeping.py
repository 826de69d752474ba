"""What all imports of records share: whom they may change, and the known names that rows refer to."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit.among import among
from proofline.kit.imports.keeping import Entry, Keeper, put
from proofline.kit.imports.kinds import Field
from proofline.kit.imports.known import Known
from proofline.kit.text import fold
from proofline.records import kinds
from proofline.records.access import VisibleQuerySet
from proofline.records.imports.custom import put_custom
from proofline.records.models import Account, Change, Customized, Note, Product, RecordFile, User, Workspace
from proofline.records.models.customers import look_again
from proofline.records.roles import Scope
from proofline.timeline import facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

ModelT = TypeVar("ModelT", bound=models.Model)

OWNER_NAMES = (
    "owner",
    "owner name",
    "record owner",
    "sales agent",
    "sales rep",
    "assigned to",
    "负责人",
    "所有人",
    "归属人",
    "销售",
    "业务员",
    "跟进人",
)
ACCOUNT_NAMES = (
    "account",
    "account name",
    "company name",
    "company",
    "associated company",
    "primary associated company",
    "associated companies",
    "customer",
    "客户名称",
    "公司名称",
    "客户",
    "公司",
    "企业名称",
    "单位名称",
    "所属客户",
)
ACCOUNT_BY_NAME = Field(
    name="account_name",
    label=_("account by its name, where the id is not known"),
    known="account",
    instead="account",
    aliases=ACCOUNT_NAMES,
)
"""Programs tell of an account by id and name; the id says nothing unless the accounts came from there too."""


class RecordKeeper(Keeper[ModelT]):
    """Keeps rows as records; `by` is the user who imports, None for the command line, which may change everything."""

    by: User | None
    lists: tuple[str, ...] = ()
    """The lists of known names that this kind's fields refer to: account, product, user."""

    noun: str = ""
    """What its facts are called by: account, contact."""

    def __init__(self, by: User | None, now: datetime) -> None:
        super().__init__(by, now)
        self.stamped = tuple({"changed_at"} & self.own)
        self._by_name = dict[str, defaultdict[str, set[int]]]()

    @cached_property
    def known(self) -> dict[str, Known]:
        """Those of `lists`; not read where a run is taken back, which refers to none."""
        read: dict[str, Callable[[], Known]] = {
            "account": lambda: self._known_of(self.seen_by_importer(Account)),
            "product": lambda: self._known_of(Product.objects.all()),
            "user": self._users,
        }
        return {name: read[name]() for name in self.lists}

    def seen_by_importer(self, model: type[models.Model]) -> Any:
        """Return the records of a model that the person who imports may see."""
        records: Any = model._default_manager.all()  # noqa: SLF001
        return records.visible_to(self.by) if self.by and isinstance(records, VisibleQuerySet) else records

    def _known_of(self, records: models.QuerySet[Any]) -> Known:
        found = list(records.values_list("name", "external_id", "pk"))
        return Known(((name, pk) for name, _code, pk in found), codes=((code, pk) for _name, code, pk in found if code))

    def _users(self) -> Known:
        people = self.users.values()
        return Known(
            ((user.name, user.pk) for user in people),
            codes=((user.email, user.pk) for user in people if user.email),
        )

    @cached_property
    def users(self) -> dict[int, User]:
        """All users by id, with their teams."""
        return {user.pk: user for user in User.objects.select_related("team")}

    @cached_property
    def products(self) -> dict[int, Product]:
        """All products by id."""
        return {product.pk: product for product in Product.objects.all()}

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, read once."""
        return Workspace.current()

    @property
    def home(self) -> str:
        """The workspace's currency."""
        return str(self.workspace.currency)

    def apply(self, record: ModelT, entry: Entry) -> None:
        """Put the row's values on a record, those of custom fields in their column."""
        super().apply(record, entry)
        custom = put_custom(record, entry.values, entry.cleared) if isinstance(record, Customized) else None
        if custom is not None:
            put(record, entry, "custom", custom)

    def doer(self, owner_id: int | None) -> int:
        """Return who did what a row tells of: the record's owner, else the person who imports; 0 where nobody is known."""
        return owner_id or (self.by.pk if self.by else 0)

    @cached_property
    def default_owner(self) -> int | None:
        """Who owns new records of which the file names no owner: the person who imports, unless they see unowned ones anyway."""
        return self.by.pk if self.by and self.by.scope != Scope.ALL else None

    def may_change(self, records: Sequence[ModelT]) -> set[int]:
        """Return the ids of the records that the person who imports may see."""
        ids = [record.pk for record in records]
        if self.by is None:
            return set(ids)
        return set(self.seen_by_importer(self.model).filter(pk__in=ids).values_list("pk", flat=True))

    @cached_property
    def names(self) -> dict[str, int]:
        """The ids of the model's records that the importer sees, by folded name."""
        found = self.seen_by_importer(self.model).order_by("-pk").values_list("name", "pk")
        return {fold(name): pk for name, pk in found}

    def find(self, name: str, values: set[Any], *, without: tuple[str, ...]) -> Iterable[ModelT]:
        """Find by folded name through the index of names, by another key in the store."""
        if "+" in name:
            text, place = name.split("+")
            ids = self.within(values, text=text, place=place, of=self.records(without=without))
            return self.records().filter(pk__in=ids)  # type: ignore[no-any-return]
        if name != "name":
            return super().find(name, values, without=without)
        return self.records().filter(pk__in={self.names[value] for value in values if value in self.names})  # type: ignore[no-any-return]

    def within(
        self, pairs: set[tuple[str, int | None]], *, text: str = "name", place: str = "account", of: Any = None
    ) -> set[int]:
        """Return the ids of the records whose folded text and place (an account) are among the pairs.

        Of those in no place, the texts are read once in a run.
        """
        records = self.records() if of is None else of
        alone = {called for called, where in pairs if not where}
        found = self.named(records.filter(**{place: None}), alone, text=text) if alone else set()
        rows = records.filter(**{f"{place}_id__in": among({where for _called, where in pairs if where})})
        return found | {
            pk
            for called, where, pk in rows.values_list(text, f"{place}_id", "pk").iterator()
            if (fold(called), where) in pairs
        }

    def named(self, records: models.QuerySet[ModelT], names: set[str], *, text: str = "name") -> set[int]:
        """Return the ids of those records whose folded name is among the names; the records are read once in a run."""
        of_query = str(records.query)
        if of_query not in self._by_name:
            self._by_name[of_query] = defaultdict(set)
            for name, pk in records.values_list(text, "pk").iterator():
                self._by_name[of_query][fold(name)].add(pk)
        return {pk for name in names for pk in self._by_name[of_query].get(name, ())}

    def learn(self, entries: list[Entry]) -> None:
        """Let later rows find what came in by its name."""
        for entry in entries:
            if "name" in self.keys and entry.record.pk:
                self.names[fold(entry.record.name)] = entry.record.pk

    def after_update(self, entries: list[Entry]) -> None:
        """Keep which fields the rows changed."""
        own = {item.attname: item.name for item in self.model._meta.concrete_fields}  # noqa: SLF001
        changes = [
            (
                entry.record,
                {own[name]: (was, getattr(entry.record, name)) for name, was in entry.before.items() if name in own},
            )
            for entry in entries
        ]
        Change.objects.note_many(changes, by=self.by, at=self.now)
        look_again(self.model, [entry.record.pk for entry in entries])

    def tell(self, fact: str, entries: list[Entry], told: Callable[[Entry], dict[str, Any]]) -> None:
        """Record a fact for each entry; `told` gives its fields (see `timeline.facts.Told`)."""
        common = {"name": fact, "at": self.now, "by": self.by and self.by.pk}
        facts.record_many(common | told(entry) for entry in entries)  # type: ignore[misc]

    # Taking back

    def about(self, record: ModelT) -> dict[str, Any]:
        """Return whom a fact of a record is about."""
        return {"subject": (self.noun, record.pk), "properties": {"name": str(record)}}

    def attached(self, ids: list[int]) -> Iterable[tuple[int, str]]:
        """Yield the notes and files of records."""
        kind = kinds.of_model(self.model)
        for model in (Note, RecordFile) if kind else ():
            found = model.objects.filter(kind=kind.name, record__in=ids, removal=None)  # type: ignore[union-attr]
            for pk in found.values_list("record", flat=True):
                yield pk, str(model._meta.verbose_name)  # noqa: SLF001 - Django's documented model API

    def before_remove(self, records: list[ModelT]) -> None:
        """Record that what a run had made is gone."""
        self._tell_of((self.about(record) | self._named(record) for record in records), "record.removed")

    def _named(self, record: ModelT) -> dict[str, Any]:
        return {"properties": {"name": str(record), "kind": self.noun}}

    def after_restore(self, restored: list[tuple[ModelT, dict[str, list[Any]]]]) -> None:
        """Record which fields became what they were, in the history too."""
        own = {item.attname: item for item in self.model._meta.concrete_fields}  # noqa: SLF001 - Django's documented model API
        back = [
            (
                record,
                {
                    own[name].name: (own[name].to_python(was), getattr(record, name))
                    for name, (_now, was) in changes.items()
                },
            )
            for record, changes in restored
        ]
        Change.objects.note_many(back, by=self.by, at=self.now)
        look_again(self.model, [record.pk for record, _changes in restored])
        told = []
        for record, names in restored:
            found = self.about(record)
            fields = field_names(names)
            told.append(found | {"properties": found["properties"] | {"fields": fields}})
        self._tell_of(told, f"{self.noun}.changed")

    def _tell_of(self, told: Iterable[dict[str, Any]], fact: str) -> None:
        if self.noun:
            common = {"name": fact, "at": self.now, "by": self.by and self.by.pk}
            facts.record_many(common | one for one in told)  # type: ignore[misc]


def changed_fields(entry: Entry) -> list[str]:
    """Return the names of the fields that a row changed, as the facts of changes carry them."""
    return field_names(entry.changed)


def field_names(attributes: Iterable[str]) -> list[str]:
    """Return the names of the fields behind attributes: "owner" for `owner_id`."""
    return sorted(name.removesuffix("_id") if name != "external_id" else name for name in attributes)
