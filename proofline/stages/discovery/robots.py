"""Who looks at a page for customers: a person, or a program that looks at links by itself, or one of us."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from proofline.kit.links import user_agent

if TYPE_CHECKING:
    from django.http import HttpRequest

ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|externalhit|embedly|whatsapp|telegram|slack|skype|discord|facebookcatalog|scanner"
    r"|safelinks|proofpoint|mimecast|barracuda|microsoft office|ms-office|curl|wget|python|go-http|java/|okhttp|axios|libwww|httpclient",
    re.IGNORECASE,
)
"""Programs that look at links by themselves: crawlers, previews of messengers, checks of mail servers."""


def counts(request: HttpRequest) -> bool:
    """Tell whether it is a reader: no robot, no preview, none of us; asking for the head alone is not reading."""
    robot = ROBOTS.search(user_agent(request)) or "prefetch" in request.headers.get("Sec-Purpose", "")
    return request.method != "HEAD" and not robot and not request.user.is_authenticated
