"""Custom fields through the API: their definitions, and the values that records have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import Field as Described

from proofline.kit.rest import Page, PagingQuery, Told, page_of
from proofline.records import kinds, more
from proofline.records.api.tokens import user_of
from proofline.records.models import CustomField

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Customized, User

router = Router(tags=["custom fields"])
CustomIn = Annotated[
    dict[str, Any] | None,
    Described(
        description="Values of custom fields by key; null empties one, what is left out stays. Numbers as numbers or texts, days as"
        " 2026-11-30, options by key, people and records by id."
    ),
]


class CustomOut(Told):
    custom: dict[str, Any] = Field(
        description="Values of all custom fields by key, computed ones too; numbers as texts, so that nothing is rounded."
    )

    @staticmethod
    def resolve_custom(record: Customized, context: Any) -> dict[str, Any]:
        """Return the values that whoever asks may see."""
        return more.plain(record, user=user_of(context["request"]))


class CustomOptionOut(Schema):
    key: str
    name: str
    name_zh: str


class CustomFieldOut(Schema):
    id: int
    kind: str = Field(description="The kind of record, such as `account`.")
    key: str
    name: str
    name_zh: str
    type: str
    options: list[CustomOptionOut]
    help: str
    required: bool = Field(description="People have to fill it in; programs can leave it out, but not empty it.")
    position: int
    currency: str = Field(description="Of amounts.")
    to: str = Field(description="The kind of record that a `relation` leads to.")
    formula: str
    relation: str = Field(description="Of a `rollup`: which records, what is made of them, of which field.")
    function: str
    rolls: str
    result: str = Field(description="The type of what is computed.")


@router.get("/custom-fields", response=Page[CustomFieldOut])
def custom_fields(request: HttpRequest, paging: PagingQuery, kind: str = "") -> dict[str, Any]:
    """List the custom fields in use; `kind` keeps those of one kind of record."""
    user_of(request)
    found = CustomField.objects.in_use()
    return page_of(found.filter(kind=kind) if kind else found, paging)


def named(values: dict[str, Any], *, model: type[Customized], user: User) -> dict[str, Any]:
    """Return values with `custom` told one by one, as verbs take them.

    Raises:
        ValidationError: a value is none of its field's type, or there is no such field; the key is `custom.<key>`.
    """
    known = {one.key: one for one in model.custom_fields()}
    errors = {}
    for key, value in (values.pop("custom", None) or {}).items():
        try:
            if key not in known:
                raise ValidationError(_unknown(model, known))  # noqa: TRY301 - told like any other value's trouble
            values[f"custom_{key}"] = known[key].read(value, by=user)
        except ValidationError as error:
            errors[f"custom.{key}"] = error.messages
    if errors:
        raise ValidationError(errors)
    return values


def _unknown(model: type[Customized], known: dict[str, CustomField]) -> str:
    kind = kinds.of_model(model)
    return _("%(kind)s has no such custom field; there are: %(known)s.") % {
        "kind": kind.name if kind else "",
        "known": ", ".join(known) or "–",
    }
