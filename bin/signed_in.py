"""A plugin for mypy: `request.user` is one of our users.

Every view asks for sign-in (`SignedInMiddleware`) but the few that are marked `login_not_required`; a check for anonymous users in each
of the others would be noise. A view that is so marked must not use `request.user` without asking `is_authenticated`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type, UnionType, get_proper_type

if TYPE_CHECKING:
    from collections.abc import Callable

ANONYMOUS = "django.contrib.auth.models.AnonymousUser"


def signed_in(context: AttributeContext) -> Type:
    """Return the attribute's type without the anonymous user."""
    found = get_proper_type(context.default_attr_type)
    if not isinstance(found, UnionType):
        return found
    users = [get_proper_type(item) for item in found.items]
    return UnionType.make_union(
        [user for user in users if not (isinstance(user, Instance) and user.type.fullname == ANONYMOUS)]
    )


class SignedIn(Plugin):
    """Narrows `request.user`."""

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Return the hook for the one attribute."""
        return signed_in if fullname == "django.http.request.HttpRequest.user" else None


def plugin(_version: str) -> type[Plugin]:
    """Return the plugin, as mypy asks for it."""
    return SignedIn
