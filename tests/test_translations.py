"""Chinese is complete: a text that is missing, untranslated, fuzzy or has lost a placeholder fails here."""

import re
from pathlib import Path

import pytest

from proofline.kit import translations


def test_every_text_is_translated():
    assert translations.check(translations.rooms()) == []


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "room"
    (folder / "templates").mkdir(parents=True)
    (folder / "apps.py").touch()
    (folder / "templates" / "page.html").write_text(
        """<p>Don't {% trans "Save" %} ("{{ a|default:_("none") }}
        {% blocktrans trimmed count n=n %}
            One deal of {{ name }}
        {% plural %}
            {{ n }} deals of {{ name }}
        {% endblocktrans %}"""
    )
    (folder / "views.py").write_text('_("Hello {name}")\npgettext_lazy("verb", "Close")\n_(f"{not_literal}")\n')
    return folder


def translate(room: Path, **texts: str) -> None:
    path = translations.catalogue_path(room)
    written = path.read_text()
    for text, translation in texts.items():
        written = written.replace(f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{translation}"')
    path.write_text(written)


def test_update_finds_texts_in_templates_and_python(room):
    assert translations.update(room) == 5
    found = {(message.context, translations.first(message.id)) for message in translations.read(room) if message.id}
    assert found == {
        (None, "Save"),
        (None, "none"),
        (None, "One deal of %(name)s"),
        (None, "Hello {name}"),
        ("verb", "Close"),
    }


def test_update_keeps_translations_and_drops_what_is_no_longer_used(room):
    translations.update(room)
    translate(room, Save="保存", none="无")
    (room / "templates" / "page.html").write_text('{% trans "Save" %}')
    assert translations.update(room) == 2
    assert 'msgstr "保存"' in translations.catalogue_path(room).read_text()
    assert "无" not in translations.catalogue_path(room).read_text()


def test_update_twice_writes_the_same(room):
    translations.update(room)
    once = translations.catalogue_path(room).read_bytes()
    translations.update(room)
    assert translations.catalogue_path(room).read_bytes() == once


def test_check_names_what_is_wrong(room):
    assert any("missing" in line for line in translations.problems(room))
    translations.update(room)
    translate(room, **{"Save": "保存", "none": "无", "Hello {name}": "你好，{nam}", "Close": "关闭"})
    found = list(translations.problems(room))
    assert "{name} lost, {nam} unknown" in found[0]
    assert "untranslated" in found[1]
    assert len(found) == 2


def test_check_refuses_fuzzy(room):
    translations.update(room)
    path = translations.catalogue_path(room)
    path.write_text(path.read_text().replace('msgid "Save"', '#, fuzzy\nmsgid "Save"'))
    assert any("fuzzy: 'Save'" in line for line in translations.problems(room))


def test_two_rooms_agree(room, tmp_path):
    other = tmp_path / "other"
    (other / "templates").mkdir(parents=True)
    (other / "apps.py").touch()
    (other / "templates" / "page.html").write_text('{% trans "Save" %}')
    for folder, text in ((room, "保存"), (other, "存储")):
        translations.update(folder)
        translate(folder, Save=text)
    assert len(list(translations.disagreements([room, other]))) == 1


def test_compiled_texts_are_read_by_gettext(room):
    import gettext

    translations.update(room)
    translate(room, Save="保存")
    translations.compile_room(room)
    with translations.catalogue_path(room).with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Save") == "保存"


def test_every_name_under_which_texts_are_translated_is_looked_for():
    """What is imported under another name is never offered to translators, and stays English."""
    imported = re.compile(r"\b\w*gettext\w* as (\w+)")
    names = {
        (path.relative_to(translations.PACKAGE).as_posix(), name)
        for path in translations.PACKAGE.rglob("*.py")
        for name in imported.findall(path.read_text())
        if name not in translations.KEYWORDS
    }
    assert names == set()
