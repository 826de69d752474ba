"""What the palette does beside finding records: commands and pages. Plain tables; a command that one may not give is not offered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from proofline.config import hub
from proofline.config.navigation import FOOT, NAVIGATION
from proofline.kit.addresses import address
from proofline.kit.search.pinyin import spellings
from proofline.kit.search.tokens import is_han, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.records.models import User

CHINESE = "zh-hans"


@dataclass(frozen=True)
class Command:
    """One thing to do: the address `view` (`dialog`: its form opens in a dialog), or a click on the element with the id `clicks`.

    `area` is what one must be allowed to write, "" for everybody; `also` are other words by which it is found.
    """

    label: Any
    icon: str
    view: str = ""
    area: str = ""
    clicks: str = ""
    dialog: bool = False
    also: str = ""
    slug: str = ""


COMMANDS: tuple[Command, ...] = (
    Command(_("New account"), "building", "records:account_new", "records", dialog=True, also="add create 添加"),
    Command(_("New contact"), "user", "records:contact_new", "records", dialog=True, also="add create person 添加"),
    Command(_("New task"), "checkbox", "records:task_new", "records", dialog=True, also="add create todo 添加"),
    Command(_("New lead"), "user-plus", "reach:lead_new", "reach", dialog=True, also="add create 添加"),
    Command(_("New deal"), "layout-kanban", "closing:deal_new", "closing", dialog=True, also="add create 添加"),
    Command(
        _("New value case"), "calculator", "discovery:study_new", "discovery", dialog=True, also="add create study"
    ),
    Command(
        _("New questionnaire"),
        "forms",
        "discovery:questionnaire_new",
        "discovery",
        dialog=True,
        also="add create survey",
    ),
    Command(
        _("New calculator"),
        "math-function",
        "discovery:calculator_new",
        "discovery",
        dialog=True,
        also="add create roi widget 添加 投资回报",
    ),
    Command(_("New ticket"), "lifebuoy", "delivery:ticket_new", "delivery", dialog=True, also="add create 添加"),
    Command(_("Import a file"), "file-import", "imports:new", "import", also="csv xlsx upload 上传 表格"),
    Command(_("Dark mode"), "moon", clicks="do-dark", also="theme appearance 外观 主题"),
    Command(_("Light mode"), "sun", clicks="do-light", also="theme appearance 外观 主题"),
    Command(_("Appearance as the system"), "device-desktop", clicks="do-system", also="theme dark light 主题"),
    *(
        Command(
            format_lazy("{}: {}", _("Switch language"), name),
            "language",
            clicks=f"do-language-{code}",
            also=f"language 语言 {code}",
        )
        for code, name in settings.LANGUAGES
    ),
    Command(_("Keyboard shortcuts"), "keyboard", "config:shortcuts", dialog=True, also="keys help 帮助"),
    Command(_("Sign out"), "logout", clicks="do-sign-out", also="log out logout quit"),
)
FIRST = 8
"""So many commands stand in the palette before anything is typed."""


@dataclass(frozen=True)
class Option:
    """A line of the palette that leads somewhere or does something."""

    label: str
    icon: str
    note: str = ""
    url: str = ""
    clicks: str = ""
    dialog: bool = False


def commands(text: str, *, user: User) -> list[Option]:
    """Return the commands that the typed words name; the first ones for no text."""
    found = [
        Option(str(command.label), command.icon, url=url, clicks=command.clicks, dialog=command.dialog)
        for command in COMMANDS
        if (not command.area or user.may_write(command.area))
        and ((url := address(command.view) if command.view else "") or command.clicks)
        and _named(text, _spoken(command.label), command.also)
        and command.clicks != f"do-language-{translation.get_language()}"
    ]
    return found if text else found[:FIRST]


def pages(text: str, *, user: User) -> list[Option]:
    """Return the pages of the sidebar and the settings that the typed words name; those of the sidebar for no text."""
    side = ((label, item) for label, items in (*NAVIGATION, ("", FOOT)) for item in items)
    found = [
        Option(str(item.label), item.icon, str(label), url)
        for label, item in side
        if (url := address(item.view))
        and (not item.roles or user.role in item.roles)
        and _named(text, _spoken(item.label), _spoken(label))
    ]
    there = {option.url for option in found}
    if text:
        note = str(_("Settings"))
        found += [
            Option(str(entry["label"]), entry["icon"], note, entry["url"])
            for group in hub.groups(user)
            for entry in group["items"]
            if entry["url"] not in there and _named(text, _spoken(entry["label"]))
        ]
    return found


def begins(option: Option, text: str) -> bool:
    """Tell whether what was typed is how the option begins: then it stands before the records."""
    return bool(text) and option.label.casefold().startswith(text.casefold())


def _named(text: str, *texts: str) -> bool:
    """Tell whether each of the typed words begins a word of the texts; Chinese may stand anywhere in them."""
    there = pieces(" ".join(texts))
    return all(any(word in one if is_han(word) else one.startswith(word) for one in there) for word in pieces(text))


def _spoken(label: Any) -> str:
    """Return a label in all languages, and to a Chinese reader as it is read aloud."""
    with_sound = translation.get_language() == CHINESE
    return _in_all_languages(label, with_sound=with_sound)


@cache
def _in_all_languages(label: Any, *, with_sound: bool) -> str:
    said = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.append(str(label))
    return " ".join([*said, *(_sounds(said) if with_sound else ())])


def _sounds(said: Iterable[str]) -> list[str]:
    return [spelling for text in said for run in pieces(text) if is_han(run) for spelling in spellings(run)]
