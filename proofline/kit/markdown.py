"""Text that people format with a little Markdown, as HTML that can do no harm."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

TAGS = {
    *("p", "br", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "blockquote", "a", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
KINDS = {
    "paragraph": "p",
    "heading": "h",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "quote",
    "fence": "code",
    "code_block": "code",
    "hr": "hr",
}
STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
KEPT = 500
"""So many texts stay as HTML: feeds and proposals show the same ones again and again."""
SCHEMES = {"http", "https", "mailto", "tel"}
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable(
    ["strikethrough", "linkify"]
)
_markdown.disable("image")


@lru_cache(KEPT)
def render(text: str) -> SafeString:
    """Return text as HTML: emphasis, lists, quotes, code, links; no HTML of its own, no images, no scripts."""
    html = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(html)  # noqa: S308 - sanitised above


def outline(text: str) -> list[dict[str, Any]]:
    """Return text as data for a document: blocks {"kind": "p" "h" "ul" "ol" "li" "quote" "code" "hr", "parts"}, whose `parts` are blocks or runs.

    A run is {"text", "bold", "italic", "strike", "code", "link"}; nothing in it is markup any more.
    """
    root: list[dict[str, Any]] = []
    stack = [root]
    for token in _markdown.parse(text):
        kind = KINDS.get(token.type.removesuffix("_open").removesuffix("_close"))
        if token.type == "inline":
            stack[-1].extend(_runs(token.children or []))
        elif kind and token.nesting == 1:
            block: dict[str, Any] = {"kind": kind, "parts": []}
            stack[-1].append(block)
            stack.append(block["parts"])
        elif kind and token.nesting == -1:
            stack.pop()
        elif kind:
            stack[-1].append({"kind": kind, "parts": [_run(token.content.rstrip("\n"), {})] if token.content else []})
    return root


def _runs(tokens: list[Token]) -> Iterator[dict[str, Any]]:
    style: dict[str, Any] = {}
    for token in tokens:
        name = STYLES.get(token.type.removesuffix("_open").removesuffix("_close"))
        if token.type in {"softbreak", "hardbreak"}:
            yield _run("\n", style)
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
            style = style | {"link": address if address.partition(":")[0].lower() in SCHEMES else ""}
        elif token.type == "link_close":
            style = style | {"link": ""}
        elif name:
            style = style | {name: token.nesting == 1}
        elif token.content:
            yield _run(token.content, style | {"code": token.type == "code_inline"})


def _run(text: str, style: dict[str, Any]) -> dict[str, Any]:
    return {"text": text, "bold": False, "italic": False, "strike": False, "code": False, "link": ""} | style


def plain(text: str) -> str:
    """Return the words of a text without their formatting, a block a line."""
    lines: list[str] = []

    def read(parts: list[dict[str, Any]]) -> None:
        runs = "".join(part["text"] for part in parts if "text" in part)
        if runs.strip():
            lines.append(runs.strip())
        for part in parts:
            read(part.get("parts", []))

    for block in outline(text):
        read(block["parts"])
    return "\n".join(lines)
