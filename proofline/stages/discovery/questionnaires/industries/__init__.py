"""Questionnaires that come with the product: situation, pain and goal of one industry each, in both languages, as JSON beside this file.

`{"sector": {"en": …, "zh-hans": …}, "content": …}`; needs of options name no pain, as every catalogue has its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from proofline.stages.discovery.questionnaires import content as contents

if TYPE_CHECKING:
    from proofline.stages.discovery.questionnaires.content import Content, Words


@dataclass(frozen=True)
class Industry:
    """One of them."""

    slug: str
    sector: Words
    content: Content


@cache
def every() -> tuple[Industry, ...]:
    """Return all of them by name."""
    return tuple(_read(path) for path in sorted(Path(__file__).parent.glob("*.json")))


def named(slug: str) -> Industry | None:
    """Return the one of that name."""
    return next((one for one in every() if one.slug == slug), None)


def _read(path: Path) -> Industry:
    given = json.loads(path.read_text(encoding="utf-8"))
    return Industry(path.stem, given["sector"], contents.read(given["content"]))
