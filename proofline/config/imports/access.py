"""Who may import, and whose import is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from proofline.config.imports.kinds import kinds_importable
from proofline.config.imports.models import Import
from proofline.records.access import load

if TYPE_CHECKING:
    from proofline.records.models import User


def require_importer(user: User, *, kind: str = "") -> None:
    """Let pass who may import something; with `kind`, records of that kind.

    Raises:
        PermissionDenied: the role may not.
    """
    allowed = kinds_importable(user)
    if not allowed or (kind and kind not in allowed):
        raise PermissionDenied(_("Your role may not import. Ask an administrator of the workspace."))


def load_import(user: User, pk: int) -> Import:
    """Load an import that the user sees and whose kind the user may import still.

    Raises:
        Http404: there is none, or it is somebody else's.
        PermissionDenied: the role may not, or not any more.
    """
    found = load(Import, user=user, pk=pk)
    require_importer(user, kind=found.kind)
    return found
