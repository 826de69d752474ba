"""Static files: what stylesheets and pages name is there, under a name made from its content."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from fontTools.ttLib import TTFont

from proofline.config import icons
from proofline.config.navigation import FOOT, NAVIGATION, USER_MENU

PACKAGE = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""static\s*\(?\s*["']([^"'{]+)["']""")


def test_everything_can_be_collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "proofline.config.static.StaticStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    assert list(tmp_path.glob("kit/base.*.css.gz"))
    (sheet,) = tmp_path.glob("icons/*.min.*.css")
    (font,) = tmp_path.glob("icons/fonts/*.*.woff2")
    assert font.name in sheet.read_text()
    assert sheet.stat().st_size + font.stat().st_size < 100_000
    with TTFont(font) as cut:
        known = set(cut.getBestCmap())
    drawn = {name: int(code, 16) for name, code in icons.RULE.findall(sheet.read_text())}
    assert set(drawn) == icons.names()
    assert set(drawn.values()) <= known


def test_icons_that_are_named_far_from_their_page_are_cut_out_too():
    items = [item for _label, some in NAVIGATION for item in some]
    named = {item.icon for item in (*items, *FOOT, *USER_MENU)} | {"calendar-x", "file-import", "bolt"}
    assert named <= icons.names()


def test_what_templates_name_is_there():
    pages = (path for path in PACKAGE.rglob("templates/**/*.html"))
    named = {name for page in pages for name in NAMED.findall(page.read_text())}
    assert "htmx/htmx.min.js" in named
    assert sorted(name for name in named if not finders.find(name)) == []


@pytest.mark.parametrize("name", ["tabler/libs/list.js/dist/list.min.js", "echarts/echarts.js"])
def test_what_no_page_uses_is_not_handed_out(name):
    assert (settings.NODE_MODULES / "echarts/dist/echarts.js").exists()
    assert not finders.find(name)
