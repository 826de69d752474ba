"""A calculator in a real browser: in a page of another website, on a phone, without scripts, and its builder."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from proofline.stages.discovery.models import Calculation, Calculator, CalculatorLine
from proofline.stages.reach.models import Lead

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calculator(sam):
    now = timezone.now()
    made = Calculator.objects.begin(
        by=sam, now=now, owner=sam, name="Reports", title_en="What do reports cost you?", title_zh="报表花了你多少钱？",
        intro_en="Two minutes, your own figures.", intro_zh="两分钟，用您自己的数字。", investment_once=8_320, currency="CNY",
    )  # fmt: skip
    inputs = {
        "quantity": {"value": "20", "asked": True, "least": "1", "most": "168"},
        "people": {"value": "1", "asked": True, "least": "1", "most": "500"},
        "improvement": {"value": "0.4", "least": "0.3", "most": "0.5"},
        "rate": {"value": "60", "asked": True, "least": "10", "most": "2000"},
    }
    CalculatorLine.add_to(
        made, by=sam, now=now, name_en="Reports by hand", name_zh="手工报表", unit="h/week", inputs=inputs
    )
    made.publish(by=sam, now=now)
    return made


def test_it_stands_in_a_page_of_the_companys_website(live_server, website, people, calculator, sam, screenshots):
    tag = f'<script async src="{live_server.url}/static/discovery/embed.js" data-calculator="{calculator.token}"></script>'
    outer = f"<!doctype html><html lang=en><title>Prices</title><h1>Prices</h1>{tag}<p id=after>After</p>"
    phone = people.window(width=390, height=800)
    with website({"/": outer.encode()}) as shop:
        calculator.change(by=sam, now=timezone.now(), origins=[shop])
        phone.context.add_cookies([{"name": "proofline_anonymous", "value": "visitor-7", "url": shop}])
        phone.goto(f"{shop}/?utm_source=bing")
        frame = phone.frame_locator("iframe")
        expect(frame.get_by_text("20 h/week × 40% = 8 h/week")).to_be_visible()
        frame.get_by_label("How much does it take each of them").fill("40")
        expect(frame.get_by_text("40 h/week × 40% = 16 h/week")).to_be_visible()
        phone.wait_for_function("document.querySelector('iframe').clientHeight > 1000")
        frame.get_by_label("How much does it take each of them").fill("4000")
        expect(frame.get_by_text("Between 1 and 168.").first).to_be_visible()
        expect(frame.get_by_text("Put right what is marked")).to_be_visible()
        phone.wait_for_function("document.querySelector('iframe').clientHeight < 1400")
        frame.get_by_label("How much does it take each of them").fill("40")
        frame.get_by_label("Your name").fill("Vera")
        frame.get_by_label("Company").fill("Finch")
        frame.get_by_label("E-mail").fill("vera@finch.test")
        frame.get_by_role("button", name="Keep the result").click()
        expect(frame.get_by_text("Thank you.")).to_be_visible()
        phone.screenshot(path=screenshots / "calculator-embedded.png")
    lead, left = Lead.objects.get(), Calculation.objects.get()
    assert (lead.email, lead.utm_source, left.sheet.lines[0].quantity) == ("vera@finch.test", "bing", 40)


def test_another_website_may_not_show_it(live_server, website, browser, calculator):
    tag = f'<script src="{live_server.url}/static/discovery/embed.js" data-calculator="{calculator.token}"></script>'
    context = browser.new_context()
    page = context.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    with website({"/": f"<!doctype html><h1>Thief</h1>{tag}".encode()}) as thief:
        page.goto(thief)
        page.wait_for_load_state("networkidle")
    context.close()
    assert any("frame-ancestors" in text for text in refused)


def test_without_scripts_and_in_chinese(live_server, people, calculator, screenshots):
    phone = people.window(width=390, height=800, java_script_enabled=False, language="zh-CN")
    phone.goto(f"{live_server.url}{calculator.public_path}")
    phone.get_by_label("花费多少").fill("40")
    phone.get_by_role("button", name="计算").click()
    expect(phone.get_by_text("40 小时/周 × 40% = 16 小时/周")).to_be_visible()
    phone.screenshot(path=screenshots / "calculator-chinese.png", full_page=True)


def test_it_is_built_in_the_browser(live_server, page, calculator, sam, screenshots):
    client = Client()
    client.force_login(sam)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/calculators/")
    page.screenshot(path=screenshots / "calculators.png")
    page.get_by_role("link", name="New calculator").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Invoices")
    dialog.get_by_label("Title in English").fill("What do invoices cost you?")
    page.screenshot(path=screenshots / "calculator-form.png", full_page=True)
    dialog.get_by_role("button", name="Begin calculator").click()
    expect(page.get_by_text("What do visitors lose today?")).to_be_visible()
    page.get_by_role("link", name="Add line").first.click()
    dialog.get_by_label("What it is lost to, in English").fill("Correcting invoices")
    dialog.get_by_label("Worth").fill("60")
    page.screenshot(path=screenshots / "calculator-line.png", full_page=True)
    dialog.get_by_role("button", name="Add line").click()
    expect(page.get_by_text("Correcting invoices")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Visitors reach it now.")).to_be_visible()
    page.screenshot(path=screenshots / "calculator-built.png", full_page=True)
