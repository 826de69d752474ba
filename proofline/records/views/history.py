"""What changed on a main record, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from proofline.kit.paging import paginate
from proofline.records.access import load
from proofline.records.models import Change
from proofline.records.showing import label_of, told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.records.kinds import Kind

A_PAGE, A_CARD = 50, 8


@require_GET
def history(request: HttpRequest, pk: int, *, kind: Kind) -> HttpResponse:
    """Show the changes of a record, newest first; `?field=` keeps one field's, `?part=1` is what the record's page shows of them."""
    record: Any = load(kind.model, user=request.user, pk=pk)
    found = Change.objects.of(kind.name, record.pk).select_related("by")
    part = request.GET.get("part") == "1"
    chosen = request.GET.get("field", "")
    if chosen:
        found = found.filter(field=chosen)
    page = paginate(found, request, ("-pk",), A_CARD if part else A_PAGE)
    context = {
        "record": record,
        "page": page,
        "changes": told(page.rows, kind, user=request.user),
        "chosen": chosen,
        "fields": [] if part else _fields(kind, record),
    }
    return render(request, "records/history.html#rows" if part else "records/history.html", context)


def _fields(kind: Kind, record: Any) -> list[tuple[str, str]]:
    """Return the fields that changed ever, by their names in the reader's language."""
    names = Change.objects.of(kind.name, record.pk).order_by("field").values_list("field", flat=True).distinct()
    return sorted(((name, label_of(kind.model, name)) for name in names), key=lambda pair: pair[1])
