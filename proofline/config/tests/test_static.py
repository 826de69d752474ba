"""Static files: what stylesheets and pages name is there, under a name made from its content."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

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


def test_what_templates_name_is_there():
    pages = (path for path in PACKAGE.rglob("templates/**/*.html"))
    named = {name for page in pages for name in NAMED.findall(page.read_text())}
    assert "htmx/htmx.min.js" in named
    assert sorted(name for name in named if not finders.find(name)) == []


@pytest.mark.parametrize("name", ["tabler/libs/list.js/dist/list.min.js", "echarts/echarts.js"])
def test_what_no_page_uses_is_not_handed_out(name):
    assert (settings.NODE_MODULES / "echarts/dist/echarts.js").exists()
    assert not finders.find(name)
