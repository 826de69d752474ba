"""What is too much to be read says so, with the limit, and a text that is too long for its field is shown again as it was typed."""

import importlib
import pkgutil

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

import proofline
from proofline.kit.bounds import LONGEST_TEXT, BoundedForm
from proofline.outreach.models import Template
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
TOO_MUCH = "x" * (6 * 1024 * 1024)
TYPED = {"name": "Hello", "language": "en", "subject": "Hello"}
TOLD = "What was sent is larger than 5 MB."


def classes(of):
    for one in of.__subclasses__():
        yield one
        yield from classes(one)


def test_a_body_that_is_too_large_is_told_with_the_limit_in_both_languages(as_, ada):
    browser, page = as_(ada), reverse("outreach:template_new")
    answer = browser.post(page, TYPED | {"body": TOO_MUCH})
    assert answer.status_code == 413
    assert TOLD in answer.content.decode()
    assert "what you typed is still in the form" in answer.content.decode()
    ada.language = "zh-hans"
    ada.save()
    answer = browser.post(page, TYPED | {"body": TOO_MUCH})
    assert answer.status_code == 413
    assert "5 MB" in answer.content.decode()
    assert "larger" not in answer.content.decode()
    assert not Template.objects.filter(name="Hello").exists()


def test_a_visitor_is_told_too(db):
    answer = Client(enforce_csrf_checks=True).post("/f/nothing/", {"message": TOO_MUCH})
    assert answer.status_code in {404, 413}
    answer = Client().post(reverse("account_login"), {"login": TOO_MUCH})
    assert answer.status_code == 413
    assert TOLD in answer.content.decode()


def test_too_many_fields_and_files_are_told(as_, ada):
    page = reverse("outreach:template_new")
    answer = as_(ada).post(page, {f"field-{n}": "x" for n in range(1100)})
    assert answer.status_code == 413
    assert "more than 1,000 fields" in answer.content.decode()
    answer = as_(ada).post(page, {"file": [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(110)]})
    assert answer.status_code == 413
    assert "More than 100 files" in answer.content.decode()


def test_a_program_is_told_by_a_problem(ada, now):
    answer = Program(ada, now).call("post", "/wordings", {"english": TOO_MUCH})
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == TOLD


@pytest.mark.parametrize("letter", ["x", "漢"])
def test_a_long_text_is_held_by_its_own_limit_and_shown_again(as_, ada, letter):
    long = letter * (LONGEST_TEXT + 1)
    answer = as_(ada).post(reverse("outreach:template_new"), TYPED | {"body": long})
    assert answer.status_code == 422
    assert "at most 100,000 characters" in answer.content.decode().replace("100000", "100,000")
    assert long in answer.content.decode()


def test_no_form_takes_an_endless_text():
    for module in pkgutil.walk_packages(proofline.__path__, "proofline."):
        if "forms" in module.name and "tests" not in module.name:
            importlib.import_module(module.name)
    endless = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in classes(forms.BaseForm)
        if form.__module__.startswith("proofline.") and not issubclass(form, BoundedForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and field.max_length is None and isinstance(field.widget, forms.Textarea)
    ]
    assert endless == []


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_stays_in_the_form_when_it_is_too_much(live_server, page, ada):
    client = Client()
    client.force_login(ada)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + reverse("outreach:template_new"))
    page.locator("[name=subject]").fill("Typed before")
    page.locator("[name=body]").evaluate("(field) => { field.value = 'x'.repeat(6 * 1024 * 1024); }")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(TOLD)).to_be_visible()
    expect(page.locator("[name=subject]")).to_have_value("Typed before")
    assert page.locator("[name=body]").evaluate("(field) => field.value.length") == 6 * 1024 * 1024
