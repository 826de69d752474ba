"""Writing a proposal: blocks in an order, what a colleague changed meanwhile, pictures, and the same in the PDF."""

import io
import zlib
from struct import pack

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from proofline.records.models import Evidence, Wording, Workspace
from proofline.stages.discovery.models import Proposal, ProposalImage
from proofline.stages.discovery.printing import proposal_pdf
from proofline.stages.discovery.readers import readers
from proofline.stages.discovery.sending import send
from proofline.stages.discovery.showing import Shown
from proofline.stages.discovery.writing import content as contents
from proofline.stages.discovery.writing.editing import (
    add_block,
    change_block,
    choose_evidence,
    move_block,
    remove_block,
    shift_block,
)
from tests.fixtures.sale import Program


def png():
    def part(kind, data):
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = part(b"IHDR", pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(b"\0\xff\0\0")) + part(b"IEND", b"")


@pytest.fixture
def write(proposal, sam, now):
    """Return `write(kind, **values)`: a block that Sam adds."""
    return lambda kind="text", **values: add_block(proposal, by=sam, now=now, kind=kind, **values)


def order(proposal):
    return [block.key for block in proposal.content if not block.removed]


def address(name, proposal, *more):
    return reverse(f"discovery:{name}", args=[proposal.pk, *more])


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_proposal_begins_with_all_that_is_made_of_records(proposal):
    assert order(proposal) == list(contents.GENERATED)
    assert contents.find(proposal.content, "terms").text == "Thirty days to cancel."


def test_own_blocks_stand_where_they_were_put(proposal, write, sam, now):
    first = write(after="", heading="Dear Helen", text="We **listened**.\n\n- one\n- two")
    quote = write("quote", after="needs", text="Finally.", source="Helen He")
    last = write(text="See you soon")
    assert order(proposal)[:4] == [first.key, "summary", "needs", quote.key]
    assert order(proposal)[-1] == last.key
    move_block(proposal, last.key, by=sam, now=now, after="summary")
    shift_block(proposal, "needs", by=sam, now=now, down=False)
    assert order(Proposal.objects.get())[:4] == [first.key, "summary", "needs", last.key]


def test_the_customer_sees_the_blocks_in_that_order_and_no_hidden_one(proposal, write, sam, now):
    own = write(
        after="summary", heading="Dear Helen", text="We **listened**.\n\n- one\n- two\n\n[us](https://ours.test)"
    )
    change_block(proposal, "value", by=sam, now=now, hidden=True)
    change_block(proposal, "needs", by=sam, now=now, text="In your words:")
    plan = (
        contents.Milestone(name="Kick-off", days=3, who="both"),
        contents.Milestone(name="Go-live", on="2026-12-01"),
    )
    change_block(proposal, "plan", by=sam, now=now, milestones=plan)
    send(proposal, by=sam, now=timezone.now())
    page = Client().get(proposal.public_path).content.decode()
    assert f'id="section-{own.key}" data-section="{own.key}"' in page
    assert "<strong>listened</strong>" in page
    assert 'href="https://ours.test"' in page
    assert "after 3 working days" in page
    assert "What it is worth" not in page
    assert page.index("Dear Helen") < page.index("In your words:") < page.index("Go-live")


def test_the_pdf_has_the_same_words_in_the_same_order(proposal, write, sam, now, rf):
    write(after="needs", heading="Why now", text="Costs **#rise** $5 @home <b>\n\n1. first\n2. second")
    write("quote", after="work", text="结束了手工报表", source="Helen He")
    move_block(proposal, "terms", by=sam, now=now, after="summary")
    text = text_of(proposal_pdf(proposal, request=rf.get("/"), at=now))
    shown = Shown(proposal)
    places = [text.index(block.title or block.block.text) for block in shown.blocks if block.kind != "summary"]
    assert places == sorted(places)
    for part in ("Costs #rise $5 @home <b>", "first", "second", "结束了手工报表", "Helen He"):
        assert part in text, part


def test_a_proposal_of_forty_pages_is_set(proposal, write, now, rf):
    for number in range(55):
        write(heading=f"Chapter {number}", text="\n\n".join(["Many words of one paragraph. " * 12] * 8))
    pdf = PdfReader(io.BytesIO(proposal_pdf(proposal, request=rf.get("/"), at=now)))
    assert len(pdf.pages) >= 40


def test_a_colleagues_change_is_not_overwritten(proposal, write, as_, sam, now):
    block = write(text="Ours")
    change_block(proposal, block.key, by=sam, now=now, text="Theirs", was=0)
    answer = as_(sam).post(address("proposal_block", proposal, block.key), {"text": "Mine", "version": "0"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Theirs" in page
    assert ">\nMine</textarea>" in page
    again = {"text": "Mine", "version": answer.context["form"]["version"].value()}
    as_(sam).post(address("proposal_block", proposal, block.key), again)
    assert contents.find(Proposal.objects.get().content, block.key).text == "Mine"


def test_what_is_typed_into_a_block_that_a_colleague_removed_brings_it_back(proposal, write, as_, sam, now):
    block = write(after="summary", text="Ours")
    remove_block(proposal, block.key, by=sam, now=now)
    answer = as_(sam).post(address("proposal_block", proposal, block.key), {"text": "Mine", "version": "0"})
    assert answer.status_code == 409
    assert "A colleague removed this block meanwhile." in answer.content.decode()
    assert ">\nMine</textarea>" in answer.content.decode()
    again = {"text": "Mine", "version": answer.context["form"]["version"].value(), "done": "1"}
    as_(sam).post(address("proposal_block", proposal, block.key), again)
    assert order(Proposal.objects.get())[1] == block.key
    assert contents.find(Proposal.objects.get().content, block.key).text == "Mine"


def test_the_preview_speaks_the_language_of_the_proposal(proposal, as_, sam, now):
    proposal.change(by=sam, now=now, language="zh-hans")
    page = as_(sam).get(address("proposal_writing", proposal)).content.decode()
    preview = page[page.index("desk-preview") :]
    assert "您告诉我们的" in preview
    assert "What you told us" not in preview


def test_two_people_who_write_different_blocks_do_not_undo_each_other(proposal, write, sam, now):
    first, second = write(), write()
    stale = Proposal.objects.get()
    change_block(proposal, first.key, by=sam, now=now, text="One", was=0)
    change_block(stale, second.key, by=sam, now=now, text="Two", was=0)
    kept = {block.key: block.text for block in Proposal.objects.get().content}
    assert (kept[first.key], kept[second.key]) == ("One", "Two")


def test_removing_is_taken_back(proposal, write, as_, sam):
    block = write(after="summary", text="Precious")
    answer = as_(sam).post(address("proposal_block_removal", proposal, block.key), headers={"hx-target": "div#desk"})
    assert answer.status_code == 200
    assert block.key not in order(Proposal.objects.get())
    as_(sam).post(address("proposal_block_removal", proposal, block.key) + "?back=1")
    assert order(Proposal.objects.get())[1] == block.key


def test_what_is_made_of_records_is_hidden_and_not_removed(proposal, as_, sam, now):
    with pytest.raises(ValidationError, match="hide it instead"):
        remove_block(proposal, "needs", by=sam, now=now)
    as_(sam).post(address("proposal_block_hiding", proposal, "comparison"))
    assert not Proposal.objects.get().with_comparison
    as_(sam).post(address("proposal_block_hiding", proposal, "comparison"), {"shown": "1"})
    assert Proposal.objects.get().with_comparison


def test_the_introduction_is_written_in_its_block(proposal, as_, sam):
    as_(sam).post(address("proposal_block", proposal, "summary"), {"text": "Good news.", "version": "0"})
    assert Proposal.objects.get().intro == "Good news."


def test_a_plan_is_typed_a_line_each_and_told_what_is_wrong(proposal, as_, sam):
    typed = {"milestones": "Kick-off | 3 | both\nGo-live | 2026-12-01", "version": "0"}
    as_(sam).post(address("proposal_block", proposal, "plan"), typed)
    plan = contents.find(Proposal.objects.get().content, "plan")
    assert contents.plan_lines(plan.milestones) == typed["milestones"]
    answer = as_(sam).post(address("proposal_block", proposal, "plan"), {"milestones": "Go-live | soon"})
    assert answer.status_code == 422
    assert "Milestone 1, “Go-live”" in answer.content.decode()
    assert "Go-live | soon" in answer.content.decode()


def test_stories_stand_in_the_authors_order_and_come_with_a_click(proposal, story, as_, sam, now):
    other = Evidence.objects.create(kind="story", title="Same industry", sector="Manufacturing", permission=True)
    page = as_(sam).get(address("proposal_writing", proposal) + "?block=evidence").content.decode()
    assert "same industry: Manufacturing" in page
    as_(sam).post(address("proposal_stories", proposal), {"add": other.pk})
    assert Shown(Proposal.objects.get()).evidence == [story, other]
    as_(sam).post(address("proposal_stories", proposal), {"order": [other.pk, story.pk]})
    assert Shown(Proposal.objects.get()).evidence == [other, story]
    choose_evidence(proposal, [other], by=sam, now=now)
    assert Shown(Proposal.objects.get()).evidence == [other]


def test_a_picture_is_shown_and_printed_and_only_to_who_has_the_link(proposal, write, as_, sam, olga, now, rf):
    block = write("image")
    upload = SimpleUploadedFile("before.png", png(), "image/png")
    form = {"image": upload, "alt": "The old report", "text": "Page 1 of 40", "version": "0"}
    answer = as_(sam).post(address("proposal_block", proposal, block.key), form)
    assert answer.status_code == 302
    image = ProposalImage.objects.get()
    there = reverse("discovery:proposal_image", args=[proposal.token, image.pk])
    assert Client().get(there).status_code == 404
    assert as_(olga).get(there).status_code == 404
    assert as_(sam).get(there).content == png()
    send(Proposal.objects.get(), by=sam, now=timezone.now())
    assert Client().get(there)["Content-Type"] == "image/png"
    assert f'src="{there}" alt="The old report"' in Client().get(proposal.public_path).content.decode()
    assert "Page 1 of 40" in text_of(proposal_pdf(Proposal.objects.get(), request=rf.get("/"), at=now))


@pytest.mark.parametrize("content", [b"<svg/>", png()[:30], b"\xff\xd8\xffnothing", b"x" * (6 << 20)])
def test_what_is_no_picture_is_refused(proposal, write, as_, sam, content):
    block = write("image")
    form = {"image": SimpleUploadedFile("x.png", content), "alt": "x", "version": "0"}
    assert as_(sam).post(address("proposal_block", proposal, block.key), form).status_code == 422
    assert not ProposalImage.objects.exists()


def test_reading_an_own_block_counts_by_its_name(proposal, write, sam):
    block = write(heading="Why now", text="x")
    send(proposal, by=sam, now=timezone.now())
    phone = Client(headers={"user-agent": "iPhone"})
    phone.get(proposal.public_path)
    there = reverse("discovery:proposal_reading", args=[proposal.token])
    phone.post(there, {block.key: 7, "block-nowhere": 7}, content_type="application/json")
    assert [(name, seconds) for name, _time, seconds in readers(proposal)[0].sections] == [("Why now", 7)]


def test_blocks_through_the_api(proposal, sam, now):
    api, root = Program(sam, now), f"/proposals/{proposal.pk}/blocks"
    added = api.call("post", root, {"kind": "text", "text": "Hello", "after": "summary"})
    assert added.status_code == 201
    key = added.json()["key"]
    assert [block["key"] for block in api.call("get", root).json()][:2] == ["summary", key]
    changed = api.call("patch", f"{root}/{key}", {"heading": "Hi", "version": 0}).json()
    assert (changed["heading"], changed["text"], changed["version"]) == ("Hi", "Hello", 1)
    assert api.call("patch", f"{root}/{key}", {"heading": "Ho", "version": 0}).status_code == 422
    moved = api.call("post", f"{root}/{key}/place", {"after": ""}).json()
    assert moved[0]["key"] == key
    assert api.call("post", f"{root}/{key}/place", {"after": "nowhere"}).status_code == 404
    assert api.call("post", root, {"kind": "price"}).status_code == 422
    assert api.call("delete", f"{root}/needs").status_code == 422
    assert api.call("delete", f"{root}/{key}").status_code == 204
    assert api.call("delete", f"{root}/{key}").status_code == 404


@pytest.mark.parametrize("kept", [{}, [1], [{"key": "x", "kind": "text"}], [{"key": "needs", "kind": "text"}]])
def test_blocks_that_can_not_be_read_are_refused(proposal, sam, now, kept):
    with pytest.raises(ValidationError):
        proposal.change(by=sam, now=now, blocks=kept)


def test_a_word_that_we_avoid_is_hinted_at_and_replaced_with_a_click(proposal, write, as_, sam):
    Wording.objects.add(english="economical", avoid="cheap")
    block = write(text="It is cheap, and cheap to run.")
    page = as_(sam).get(address("proposal_block", proposal, block.key)).content.decode()
    assert "We avoid “cheap” and write “economical”." in page
    typed = {"heading": "", "text": "It is cheap, and cheap to run, as typed.", "version": block.version}
    answer = as_(sam).post(address("proposal_block", proposal, block.key), typed | {"reword": ":cheap"})
    assert answer.context["form"]["text"].value() == "It is economical, and economical to run, as typed."
    kept = contents.find(Proposal.objects.get().content, block.key)
    assert kept.text == "It is cheap, and cheap to run."


def test_a_word_is_replaced_in_the_steps_of_a_plan_too(proposal, sam, now, as_):
    Wording.objects.add(english="economical", avoid="cheap")
    plan = (
        contents.Milestone(name="A cheap start", days=3, who="us"),
        contents.Milestone(name="Go-live", days=5, who="both"),
    )
    change_block(proposal, "plan", by=sam, now=now, milestones=plan)
    there = address("proposal_block", proposal, "plan")
    form = as_(sam).get(there).context["form"]
    assert [one.hint.found for one in form.typed.hints()] == ["cheap"]
    answer = as_(sam).post(there, {"milestones": form["milestones"].value(), "reword": ":cheap"})
    assert answer.context["form"]["milestones"].value().startswith("A economical start")


def test_a_word_is_replaced_in_the_title_outside_the_blocks(proposal, as_, sam, now):
    Wording.objects.add(english="economical", avoid="cheap")
    proposal.change(by=sam, now=now, title="A cheap plan", terms="Cheap to end.")
    page = as_(sam).get(proposal.get_absolute_url()).content.decode()
    assert "We avoid “cheap” and write “economical”." in page
    as_(sam).post(reverse("discovery:proposal_wording", args=[proposal.pk]), {"found": "cheap"})
    kept = Proposal.objects.get()
    assert (kept.title, kept.terms) == ("A economical plan", "economical to end.")


def test_the_brands_colours_stand_in_drawings_that_a_paper_shows(proposal, sam, now):
    step = {"name": "Copy figures", "minutes": "30"}
    proposal.change(by=sam, now=now, steps_today=[step], steps_tomorrow=[step | {"minutes": "5"}], runs_a_week=5)
    Workspace.current().change(by=None, now=now, accent="#0a7446", second="#8a5a00")
    shown = Shown(Proposal.objects.get())
    assert 'fill="#8a5a00"' in shown.drawing_today
    assert 'fill="#8a5a00"' not in shown.drawing_tomorrow
    assert all('fill="#8a5a00"' in drawing for _change, drawing in shown.changes)
    assert shown.colours == ("#0a7446", "#8a5a00")


def test_a_block_after_one_that_there_is_not_is_refused(proposal, sam, now):
    answer = Program(sam, now).call("post", f"/proposals/{proposal.pk}/blocks", {"kind": "text", "after": "nope"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "after")
