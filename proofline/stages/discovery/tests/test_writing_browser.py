"""The block editor in a real browser: blocks are dragged, moved by keys and brought back; what is typed is never lost."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from proofline.records.models import Wording
from proofline.stages.discovery.models import Proposal
from proofline.stages.discovery.writing import content as contents
from proofline.stages.discovery.writing.editing import add_block, change_block

TEXT = "textarea[name=text]"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def block(proposal, sam):
    """A block of Sam's own, after the introduction."""
    return add_block(
        proposal, by=sam, now=timezone.now(), kind="text", after="summary", heading="Dear Helen", text="We listened."
    )


@pytest.fixture
def desk(live_server, people, proposal, block, sam):
    """Open the page where the proposal is written in a window of its own: `desk("needs")` with that block open."""

    def desk(opened="", **options):
        client = Client()
        client.force_login(sam)
        page = people.window(width=1440, height=900, **options)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        address = reverse("discovery:proposal_writing", args=[proposal.pk])
        page.goto(f"{live_server.url}{address}{f'?block={opened}' if opened else ''}")
        return page

    return desk


def row(page, key):
    return page.locator(f"#block-{key}")


def order(page):
    return page.locator("[data-block]").evaluate_all("rows => rows.map(row => row.dataset.block)")


def kept(block):
    return contents.find(Proposal.objects.get().content, block.key).text


def test_a_block_that_is_dragged_stays_where_it_was_put(desk, block):
    page = desk()
    with page.expect_response("**/place/"):
        row(page, block.key).locator("[data-handle]").hover()
        page.mouse.down()
        target = row(page, "work").bounding_box()
        page.mouse.move(target["x"] + 30, target["y"] + target["height"] / 2, steps=8)
        page.mouse.move(target["x"] + 30, target["y"] + target["height"] - 4, steps=4)
        page.mouse.up()
    expect(page.locator("#block-work + [data-block]")).to_have_attribute("data-block", block.key)
    page.reload()
    assert order(page)[:6] == ["summary", "needs", "value", "change", "work", block.key]


def test_a_block_is_moved_by_keys_and_keeps_the_focus(desk, block):
    page = desk()
    handle = row(page, block.key).locator("[data-handle]")
    handle.focus()
    handle.press("Alt+ArrowDown")
    expect(page.locator("#block-needs + [data-block]")).to_have_attribute("data-block", block.key)
    expect(handle).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#block-value + [data-block]")).to_have_attribute("data-block", block.key)
    page.reload()
    assert order(page)[:4] == ["summary", "needs", "value", block.key]


def test_what_is_typed_is_saved_by_itself(desk, block):
    page = desk(block.key)
    with page.expect_response(f"**/blocks/{block.key}/"):
        page.locator(TEXT).press("End")
        page.locator(TEXT).press_sequentially(" And we counted.")
    expect(page.locator(".desk-preview").get_by_text("We listened. And we counted.")).to_be_visible()
    expect(page.locator(TEXT)).to_be_focused()
    page.reload()
    expect(page.locator(TEXT)).to_have_value("We listened. And we counted.")


def test_a_removed_block_comes_back_where_it_stood(desk, block):
    page = desk()
    row(page, block.key).get_by_role("button", name="Remove").click()
    expect(row(page, block.key)).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#block-summary + [data-block]")).to_have_attribute("data-block", block.key)
    page.reload()
    expect(page.locator(".desk-preview").get_by_text("We listened.")).to_be_visible()


@pytest.mark.parametrize("leave", ["another", "keys", "hide", "add", "link", "done"])
def test_what_is_typed_is_kept_however_the_block_is_left(desk, block, leave):
    page = desk(block.key)
    field = page.locator(TEXT)
    field.fill("We listened, and we counted.")
    if leave == "another":
        row(page, "needs").locator(".desk-name").click()
        expect(row(page, "needs").locator(TEXT)).to_be_visible()
        expect(page.locator(".desk-preview").get_by_text("We listened, and we counted.")).to_be_visible()
    elif leave == "keys":
        field.press("Alt+ArrowDown")
        expect(page.locator("#block-needs + [data-block]")).to_have_attribute("data-block", block.key)
    elif leave == "hide":
        row(page, "needs").get_by_role("button", name="Hide").click()
        expect(row(page, "needs").get_by_text("hidden")).to_be_visible()
    elif leave == "add":
        row(page, "needs").locator("summary").click()
        row(page, "needs").get_by_role("button", name="Text").click()
        expect(page.locator("[data-block]")).to_have_count(13)
    elif leave == "link":
        page.get_by_role("link", name="Settings").last.click()
        expect(page.get_by_label("Language")).to_be_visible()
    else:
        page.get_by_role("link", name="Done", exact=True).click()
        expect(page.get_by_role("link", name="Write", exact=True)).to_be_visible()
    page.goto("about:blank")
    assert kept(block) == "We listened, and we counted."


def test_what_is_unfolded_while_the_text_is_saved_stays_so(desk, block):
    page = desk(block.key)
    held = []
    page.route(f"**/blocks/{block.key}/", lambda route: held.append(route))  # noqa: PLW0108 - Playwright takes no built-in function
    with page.expect_request(f"**/blocks/{block.key}/"):
        page.locator(TEXT).fill("We listened, and we counted.")
    row(page, "needs").locator("summary").click()
    held[0].continue_()
    expect(page.locator(".desk-preview").get_by_text("We listened, and we counted.")).to_be_visible()
    expect(row(page, "needs").get_by_role("button", name="Text")).to_be_visible()


def test_what_is_typed_while_it_is_being_saved_is_not_lost(desk, block):
    page = desk(block.key)
    held = []
    page.route(f"**/blocks/{block.key}/", lambda route: route.continue_() if held else held.append(route))
    field = page.locator(TEXT)
    with page.expect_request(f"**/blocks/{block.key}/"):
        field.fill("One")
    field.press("End")
    field.press_sequentially(" and two")
    expect(field).to_have_value("One and two")
    held[0].continue_()
    expect(page.locator(".desk-preview").get_by_text("One and two")).to_be_visible()
    expect(field).to_have_value("One and two")
    page.reload()
    expect(field).to_have_value("One and two")


def test_two_windows_on_one_block_see_both_texts_and_lose_none(desk, block):
    first, second = desk(block.key), desk(block.key)
    with first.expect_response(f"**/blocks/{block.key}/"):
        first.locator(TEXT).fill("The first window")
    expect(first.locator(".desk-preview").get_by_text("The first window")).to_be_visible()
    second.locator(TEXT).fill("The second window")
    expect(second.get_by_role("alert")).to_contain_text("The first window")
    expect(second.locator(TEXT)).to_have_value("The second window")
    assert kept(block) == "The first window"
    second.locator(TEXT).press("End")
    second.locator(TEXT).press_sequentially(", still")
    row(second, block.key).get_by_role("button", name="Done").click()
    expect(second.locator(".desk-preview").get_by_text("The second window, still")).to_be_visible()
    assert kept(block) == "The second window, still"


def test_a_space_before_the_next_word_stays(desk, block):
    page = desk(block.key)
    field = page.locator(TEXT)
    field.press("End")
    with page.expect_response(f"**/blocks/{block.key}/"):
        field.press_sequentially(" And ")
    expect(page.locator(".desk-preview").get_by_text("We listened. And")).to_be_visible()
    field.press_sequentially("we counted.")
    expect(page.locator(".desk-preview").get_by_text("We listened. And we counted.")).to_be_visible()


def test_a_block_that_a_colleague_removed_is_not_lost_with_what_is_typed_in_it(desk, block):
    first, second = desk(), desk(block.key)
    row(first, block.key).get_by_role("button", name="Remove").click()
    expect(row(first, block.key)).to_have_count(0)
    second.locator(TEXT).fill("Still needed")
    expect(second.get_by_role("alert")).to_contain_text("A colleague removed this block")
    expect(second.locator(TEXT)).to_have_value("Still needed")
    row(second, block.key).get_by_role("button", name="Done").click()
    expect(second.locator(".desk-preview").get_by_text("Still needed")).to_be_visible()


def test_who_is_signed_out_meanwhile_keeps_what_is_typed_and_is_told(desk, block):
    page = desk(block.key)
    page.context.clear_cookies(name="sessionid")
    page.locator(TEXT).fill("An hour of work")
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    expect(page.locator(TEXT)).to_have_value("An hour of work")


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("came", ["by a link", "by its address"])
def test_what_was_just_typed_is_kept_when_the_browser_goes_back(desk, live_server, proposal, block, came, long):
    text = "我们听了，也算了。" * (2_200 if long else 1)
    page = desk(block.key)
    page.goto(f"{live_server.url}{proposal.get_absolute_url()}")
    page.on("dialog", lambda dialog: dialog.accept())
    address = reverse("discovery:proposal_writing", args=[proposal.pk])
    if came == "by a link":
        page.get_by_role("link", name="Write", exact=True).click()
        row(page, block.key).locator(".desk-name").click()
    else:
        page.goto(f"{live_server.url}{address}?block={block.key}")
    page.locator(TEXT).fill(text)
    page.evaluate("history.back()")
    expect(page.get_by_role("link", name="Write", exact=True)).to_be_visible()
    page.goto(f"{live_server.url}{address}?block={block.key}")
    expect(page.locator(TEXT)).to_have_value(text)
    assert kept(block) == text


@pytest.mark.parametrize("scripts", [True, False])
def test_a_word_is_replaced_in_what_is_being_typed(desk, block, scripts):
    Wording.objects.add(english="economical", avoid="cheap")
    change_block(Proposal.objects.get(), block.key, by=None, now=timezone.now(), text="Cheap.")
    page = desk(block.key, java_script_enabled=scripts)
    page.locator(TEXT).fill("Cheap to begin with, typed just now.")
    page.get_by_role("button", name="Replace").click()
    expect(page.locator(TEXT)).to_have_value("economical to begin with, typed just now.")
    page.locator("[name=done]").click()
    expect(page.locator(".desk-preview").get_by_text("economical to begin with, typed just now.")).to_be_visible()
    assert kept(block) == "economical to begin with, typed just now."
