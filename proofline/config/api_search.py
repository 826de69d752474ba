"""Search through the API: what the token's user may see."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest  # noqa: TC002 - ninja reads the annotations
from ninja import Field, Query, Router, Schema

from proofline.kit import search
from proofline.records.access import whose
from proofline.records.api import user_of

MOST, USUAL = 50, 5

router = Router(tags=["search"])


class SearchQuery(Schema):
    q: str = Field("", max_length=100, description="Words or their beginnings; Chinese, pinyin, telephone numbers.")
    kinds: str = Field("", description="Only these kinds, with commas between: accounts,contacts. Empty: all.")
    limit: int = Field(USUAL, ge=1, le=MOST, description="So many of each kind at most.")


class HitOut(Schema):
    kind: str
    id: int
    title: str
    note: str
    url: str = Field(description="The address of its page.")


class SearchOut(Schema):
    items: list[HitOut]
    near: bool = Field(description="Whether some are spelt otherwise than what was asked.")
    more: list[str] = Field(description="The kinds of which there is more than is listed.")


@router.get("/search", response=SearchOut)
def find(request: HttpRequest, asked: Annotated[SearchQuery, Query()]) -> dict[str, Any]:
    """Search all kinds of records, the best first, at most `limit` of each kind; near spellings where little is found."""
    names = [name.strip() for name in asked.kinds.split(",") if name.strip()]
    among = search.named(names) if names else search.registered()
    if unknown := set(names) - {kind.name for kind in among}:
        raise ValidationError({"kinds": f"No kind that is searched: {', '.join(sorted(unknown))}."})
    found = search.find(
        asked.q, whose=whose(user_of(request)), among=among, limit=asked.limit, pool=max(20, 2 * asked.limit)
    )
    items = [
        {"kind": hit.kind.name, "id": hit.record, "title": hit.shown, "note": hit.note, "url": hit.url}
        for group in found.groups
        for hit in group.hits
    ]
    return {"items": items, "near": found.near, "more": [group.kind.name for group in found.groups if group.more]}
