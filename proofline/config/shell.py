"""What stands around every page: company, sidebar, bell, the reader's language and theme."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from proofline.config.navigation import FOOT, NAVIGATION, USER_MENU, Item, waiting_for
from proofline.kit.addresses import address
from proofline.records.models import Notification, Workspace

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import User

ROOMS = ("kit", "timeline", "records", "insight", "enablement", "outreach")
STAGES = ("reach", "discovery", "closing", "delivery", "growth")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every page what the shell shows; computed only when a page shows it."""
    shown = Shell(request)
    return {"shell": shown, "workspace": SimpleLazyObject(lambda: shown.workspace)}


class Shell:
    """What the shell shows to one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def workspace(self) -> Workspace:
        """The company that works here."""
        return Workspace.current()

    @property
    def home(self) -> str:
        """Where the name of the company leads."""
        return address("config:today")

    @property
    def palette_url(self) -> str:
        """Where the palette asks."""
        return address("config:palette")

    @property
    def shortcuts_url(self) -> str:
        """Where the keyboard's help stands."""
        return address("config:shortcuts")

    @property
    def brand_url(self) -> str:
        """The stylesheet with the company's colours; its address changes with them, so that it may be kept."""
        colours = "-".join(one.lstrip("#") for one in (self.workspace.accent, self.workspace.second) if one)
        return f"{reverse('config:brand')}?{colours}"

    @property
    def language_url(self) -> str:
        """Where a choice of language is posted."""
        return address("config:language")

    @property
    def language(self) -> str:
        """The language of this answer."""
        return translation.get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages, short enough for a switch."""
        return [("en", "EN"), ("zh-hans", "中文")]

    @property
    def language_names(self) -> list[tuple[str, str]]:
        """The languages by their own names."""
        return list(settings.LANGUAGES)

    @property
    def layout(self) -> str:
        """The frame of a page that both colleagues and customers may come to, such as an error."""
        return "kit/page.html" if self._signed_in() else "kit/public.html"

    @property
    def account_layout(self) -> str:
        """The frame of the pages about one's own sign-in: bare, as long as a one-time password has to be replaced."""
        free = self._signed_in() and not self.request.user.must_change_password
        return "kit/page.html" if free else "kit/public.html"

    @property
    def new_task_url(self) -> str:
        """Where a task is written, "" for those who may not."""
        return address("records:task_new") if self.request.user.may_write("records") else ""

    @cached_property
    def bell(self) -> dict[str, Any] | None:
        """The bell: how many unread notifications there are, and where it asks; None for who is not signed in."""
        if not self._signed_in():
            return None
        return {
            "unread": Notification.objects.count_unread(self.request.user),
            "asks": address("records:notification_count"),
            "opening": address("records:notification_opening"),
        }

    @property
    def sign_out_url(self) -> str:
        """Where signing out is posted."""
        return address("account_logout")

    @property
    def theme(self) -> str:
        """What the reader chose: light, dark, or "" to follow the system."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in {"light", "dark"} else ""

    @property
    def stylesheets(self) -> tuple[str, ...]:
        """The stylesheets of the rooms."""
        return room_files("css")

    @property
    def scripts(self) -> tuple[str, ...]:
        """The scripts of the rooms."""
        return room_files("js")

    @property
    def user_menu(self) -> list[dict[str, Any]]:
        """The entries of the user's menu."""
        return [{"label": item.label, "icon": item.icon, "url": address(item.view)} for item in USER_MENU]

    @cached_property
    def nav(self) -> list[dict[str, Any]]:
        """The groups of the sidebar with what this user may see."""
        user: Any = self.request.user
        if not user.is_authenticated:
            return []
        groups = [{"label": label, "items": self._items(items, user)} for label, items in NAVIGATION]
        return [group for group in groups if group["items"]]

    @property
    def nav_key(self) -> str:
        """All that the sidebar's entries depend on, so that they are written once."""
        if not self._signed_in():
            return ""
        user, entries = self.request.user, [*NAVIGATION, ("", FOOT)]
        places = ((address(item.view), item.within) for _label, items in entries for item in items)
        active = [url for url, within in places if url and self._active(url, within)]
        counts = [str(number) for number in waiting_for(user).values()]
        return "|".join([user.role, self.language, ",".join(active), ",".join(counts)])

    @property
    def nav_foot(self) -> list[dict[str, Any]]:
        """What always stands at the foot of the sidebar."""
        return self._items(FOOT, self.request.user) if self._signed_in() else []

    def _signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return user is not None and user.is_authenticated

    def _items(self, items: tuple[Item, ...], user: User) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = [
            {
                "label": item.label,
                "icon": item.icon,
                "url": url,
                "key": item.key,
                "active": self._active(url, item.within),
                "count": waiting_for(user).get(item.view, 0) if item.waits else 0,
            }
            for item in items
            if (url := address(item.view)) and (not item.roles or user.role in item.roles)
        ]
        active = [entry["url"] for entry in entries if entry["active"]]
        for entry in entries:  # of two that lie within each other, the inner one is meant
            entry["active"] &= not any(url != entry["url"] and url.startswith(entry["url"]) for url in active)
        return entries

    def _active(self, url: str, within: tuple[str, ...]) -> bool:
        path = self.request.path
        return path == url or path.startswith(within if url == "/" else (url, *within))


@cache
def room_files(kind: str) -> tuple[str, ...]:
    """Return each room's own stylesheet or script (`reach/reach.css`), where there is one."""
    names = [f"{room}/{room}.{kind}" for room in (*ROOMS, *STAGES, "config")]
    return tuple(name for name in names if finders.find(name))
