"""Who speaks through the API: the user of the bearer token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from proofline.records.access import find
from proofline.records.models import ApiToken, User

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest

ModelT = TypeVar("ModelT", bound="Model")


class TokenAuth(HttpBearer):
    """Let in who carries a token that lives."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the token's user and make them the request's, or None."""
        user = ApiToken.authenticate(token, now=timezone.now())
        if user is not None:
            request.user = user
        return user


def user_of(request: HttpRequest) -> User:
    """Return the user in whose name the request speaks."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("an endpoint without token authentication asked for its user")
    return user


def linked(request: HttpRequest, values: dict[str, Any], **kinds: type[Model]) -> dict[str, Any]:
    """Replace `<name>_id` by the record that it names, as far as it is given.

    Raises:
        ValidationError: there is no such record that the user may see.
    """
    for name, kind in kinds.items():
        field = f"{name}_id"
        if field in values:
            pk = values.pop(field)
            values[name] = None if pk is None else _find(request, kind, pk, field=field)
    return values


def _find(request: HttpRequest, kind: type[ModelT], pk: int, *, field: str) -> ModelT:
    found = find(kind, user=user_of(request), pk=pk)
    if found is None:
        raise ValidationError({field: _("There is no such record that you may see.")})
    return found
