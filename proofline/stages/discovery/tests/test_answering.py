"""A questionnaire answered behind its link: saved as typed, resumed elsewhere, handed in once."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proofline.records.models import Task
from proofline.stages.discovery.models import Answer, AnswerFile, Need, QuestionnaireLink, Reply
from proofline.stages.discovery.questionnaires.views import answering, entering

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script><b>bold</b>"


def save(token, browser=None, **values):
    """Save answers as the page does: each by the field `q-<key>`, or a matrix's and ranking's by `q_<key>_<row>`."""
    fields = {"version": values.pop("version", "1"), "changed": values.pop("changed", None) or [*values]}
    sent = {f"q-{name}": value for name, value in values.items() if not isinstance(value, dict)}
    sent |= {
        f"q-{name}-{row}": one
        for name, value in values.items()
        if isinstance(value, dict)
        for row, one in value.items()
    }
    return (browser or Client()).post(reverse("discovery:questionnaire_saving", args=[token]), fields | sent)


def hand_in(token, **values):
    sent = {"version": "1"} | {f"q-{name}": value for name, value in values.items()}
    return Client().post(reverse("discovery:questionnaire_public", args=[token]), sent)


def page(token, **asked):
    return Client().get(reverse("discovery:questionnaire_public", args=[token]), asked)


def text_of(answer):
    return answer.content.decode()


def test_answers_are_saved_one_by_one_and_resumed_on_another_device(link, now):
    assert page(link.token).status_code == 200
    assert not Reply.objects.exists(), "to look is not to begin"
    answer = save(link.token, how="hand").json()
    assert (answer["answered"], answer["errors"]) == (1, {})
    assert "hours" in answer["shown"]
    assert "hurts" not in answer["shown"], "its section waits for the hours"
    assert "hurts" in save(link.token, hours="7.5").json()["shown"]
    again = text_of(page(link.token))
    assert 'value="7.5"' in again
    assert re.search(r'name="q-how" value="hand" checked', again)
    reply = Reply.objects.get()
    assert (reply.contact_id, reply.study_id) == (link.contact_id, link.study_id)


def test_every_kind_is_kept_as_it_was_answered(link, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    save(link.token, how="hand", hours="1,200", changed=["how", "hours"])
    assert save(link.token, hours="1,200").json()["errors"] == {"hours": "At most 168."}
    save(
        link.token,
        hours="12",
        tools=["other", "yes"],
        which="Abacus",
        hurts="4",
        changed=["hours", "tools", "which", "hurts"],
    )
    save(link.token, grid={"late": "often", "wrong": "rare"}, rank={"yes": "2", "no": "1"}, changed=["grid", "rank"])
    save(link.token, nps="9", since="2027-01-31", wish=SCRIPT, changed=["nps", "since", "wish"])
    save(link.token, sample=SimpleUploadedFile("report.pdf", b"%PDF-1.7"))
    reply = Reply.objects.get()
    assert reply.values == {
        "how": "hand",
        "hours": "12",
        "tools": ["yes", "other"],
        "which": "Abacus",
        "hurts": 4,
        "grid": {"late": "often", "wrong": "rare"},
        "rank": ["no", "yes"],
        "nps": 9,
        "since": "2027-01-31",
        "wish": SCRIPT,
        "sample": "report.pdf",
    }
    assert reply.score == 10 + 4 + 3 + 1
    assert reply.content.say(reply.band.text, "zh-hans") == "空间很大"
    shown = text_of(page(link.token))
    assert SCRIPT not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert reply.rows["grid"].text == "Late: often\nWrong: rarely"


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"how": "nothing"}, "how"),
        ({"hurts": "9"}, "hurts"),
        ({"since": "31.1.2027"}, "since"),
        ({"hours": "many"}, "hours"),
        ({"hours": "NaN"}, "hours"),
        ({"hours": "1e400"}, "hours"),
        ({"rank": {"yes": "1", "no": "1"}}, "rank"),
        ({"grid": {"late": "never"}}, "grid"),
        ({"which": "x" * 301}, "which"),
    ],
)
def test_what_a_question_does_not_take_is_said_and_not_kept(link, values, wrong):
    assert list(save(link.token, **values).json()["errors"]) == [wrong]
    assert not Answer.objects.exists()


def test_handing_in_asks_for_what_is_required_and_tells_the_owner(link, study, sam, pain, helen):
    answer = hand_in(link.token)
    assert answer.status_code == 422
    assert "This needs an answer." in text_of(answer)
    assert hand_in(link.token, how="hand", hours="8").status_code == 302
    reply = Reply.objects.get()
    assert reply.submission.score == 10
    assert "Thank you" in text_of(page(link.token))
    assert Task.objects.get(owner=sam).url == reply.get_absolute_url()
    need = Need.objects.get(study=study)
    assert (need.text, need.pain, need.stated_by) == ("Reports without hand work", pain, helen)
    assert (need.answer.question, need.answer_option) == ("how", "hand")


def test_what_can_not_be_taken_stays_as_it_was_typed_beside_what_is_still_open(link):
    save(link.token, hours="8")
    sent = {"version": "1", "q-hours": "twenty", "q-which": SCRIPT * 20, "q-rank-yes": "2", "q-rank-no": "2"}
    answer = Client().post(reverse("discovery:questionnaire_public", args=[link.token]), sent)
    assert answer.status_code == 422
    sheet = answer.context["sheet"]
    assert list(sheet.errors) == ["how", "hours", "which", "rank"]
    assert 'value="twenty"' in text_of(answer)
    asked = {one.key: one for part in sheet.parts for one in part.questions}
    assert asked["which"].typed == SCRIPT * 20
    assert [[choice.key for choice in line.choices if choice.chosen] for line in asked["rank"].lines] == [["2"], ["2"]]
    assert SCRIPT not in text_of(answer)
    assert Reply.objects.get().values == {"hours": "8"}


def test_what_was_handed_in_changes_no_more(link):
    hand_in(link.token, how="tool")
    assert save(link.token, how="hand").status_code == 409
    assert hand_in(link.token, how="hand").status_code == 302
    assert Reply.objects.get().values == {"how": "tool"}
    assert Need.objects.count() == 0


def test_an_answer_to_a_question_that_is_not_asked_any_more_counts_for_nothing(link):
    save(link.token, how="hand", hours="8", hurts="5", changed=["how", "hours", "hurts"])
    assert Reply.objects.get().score == 15
    save(link.token, how="tool")
    reply = Reply.objects.get()
    assert reply.score == 2
    assert reply.values["hurts"] == 5, "but it is not lost"


def test_a_change_of_the_questionnaire_leaves_who_has_begun_with_theirs(link, questionnaire, asked, sam, now):
    from proofline.stages.discovery.questionnaires import content as contents

    save(link.token, how="hand", hours="8", changed=["how", "hours"])
    asked["sections"][0]["questions"][0] = {"key": "how", "kind": "short", "text": {"en": "Say how"}}
    asked["sections"][0]["questions"][1].pop("show")
    questionnaire.edit(lambda _before: contents.read(asked), by=sam, now=now)
    assert questionnaire.publish(by=sam, now=now).number == 2
    reply = Reply.objects.get()
    assert reply.version.number == 1
    shown = text_of(page(link.token))
    assert "How are reports made?" in shown
    assert "Say how" not in shown
    assert hand_in(link.token, how="hand", hours="9").status_code == 302
    assert Reply.objects.get().rows["how"].text == "By hand"


def test_who_had_the_page_open_when_it_changed_begins_with_what_they_saw(link, questionnaire, asked, sam, now):
    from proofline.stages.discovery.questionnaires import content as contents

    asked["sections"][0]["questions"][0]["text"] = {"en": "Changed"}
    questionnaire.edit(lambda _before: contents.read(asked), by=sam, now=now)
    questionnaire.publish(by=sam, now=now)
    save(link.token, how="hand", version="1")
    assert Reply.objects.get().version.number == 1
    assert save(link.token, how="hand", version="99").status_code == 200, "it has begun, so its version is known"
    other = QuestionnaireLink.objects.send(questionnaire, by=sam, now=now, study=link.study)
    assert save(other.token, how="hand", version="99").json() == {"reload": True}


def test_a_public_link_gives_everybody_a_reply_and_an_address_of_their_own(public_link):
    begin = reverse("discovery:questionnaire_beginning", args=[public_link.token])
    addresses = {Client().post(begin, {"name": name, "email": ""})["Location"] for name in ("Ann", "Bo")}
    assert len(addresses) == 2
    assert public_link.token not in "".join(addresses)
    token = next(iter(addresses)).split("/")[-2]
    save(token, how="hand", version="")
    assert sorted(Reply.objects.values_list("name", flat=True)) == ["Ann", "Bo"]
    assert Answer.objects.get().reply.token == token
    assert save(public_link.token, how="hand").status_code == 404, "nobody answers for everybody"


def test_a_robot_that_fills_in_everything_begins_nothing(public_link):
    begin = reverse("discovery:questionnaire_beginning", args=[public_link.token])
    Client().post(begin, {"name": "x", "website": "http://spam.test"})
    assert not Reply.objects.exists()


def test_beginning_and_guessing_are_slowed_down(public_link, monkeypatch):
    monkeypatch.setattr(answering.BEGINNING, "at_once", 2)
    monkeypatch.setattr(entering.GUESSING, "at_once", 2)
    begin = reverse("discovery:questionnaire_beginning", args=[public_link.token])
    assert [Client().post(begin).status_code for _time in range(3)] == [302, 302, 429]
    assert Reply.objects.count() == 2
    answers = [page(f"guess{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_saving_too_often_waits_and_keeps_nothing(link, monkeypatch):
    monkeypatch.setattr(answering.SAVING, "at_once", 1)
    assert save(link.token, how="hand").status_code == 200
    assert save(link.token, how="tool").status_code == 429
    assert Reply.objects.get().values == {"how": "hand"}


@pytest.mark.parametrize("how", ["expired", "closed"])
def test_a_link_that_is_not_open_says_so_and_nothing_else(link, how, sam, study):
    save(link.token, how="hand")
    if how == "closed":
        link.close(by=sam, now=timezone.now())
    else:
        QuestionnaireLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = page(link.token)
    assert answer.status_code == 410
    for secret in ("How are reports made?", "Helen", str(study.account), "By hand"):
        assert secret not in text_of(answer), secret
    assert save(link.token, how="tool").status_code == 410
    link.refresh_from_db()
    link.reopen(by=sam, now=timezone.now())
    assert save(link.token, how="tool").status_code == 200


def test_an_altered_link_leads_nowhere(link):
    for token in (link.token[:-1], link.token + "x", link.token.swapcase()):
        assert page(token).status_code == 404
        assert save(token, how="hand").status_code == 404


def test_the_page_speaks_the_language_that_is_chosen_and_falls_back_where_it_lacks_words(link):
    shown = text_of(page(link.token, language="zh-hans"))
    assert 'lang="zh-hans"' in shown
    assert "报表怎么做?" in shown
    assert "Which tools?" in shown, "it is not translated"
    Client().post(
        reverse("discovery:questionnaire_saving", args=[link.token]),
        {"version": 1, "language": "zh-hans", "changed": "how", "q-how": "hand"},
    )
    assert Answer.objects.get().text == "手工"
    assert "报表怎么做?" in text_of(page(link.token)), "and stays with it"


def test_a_file_is_kept_replaced_and_taken_back(
    link, settings, tmp_path, as_, sam, olga, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    refused = save(link.token, sample=SimpleUploadedFile("run.exe", b"MZ")).json()
    assert "sample" in refused["errors"]
    save(link.token, sample=SimpleUploadedFile("a.html.txt", b"<script>1</script>"))
    with django_capture_on_commit_callbacks(execute=True):
        save(link.token, sample=SimpleUploadedFile("b.txt", b"two"))
    kept = Reply.objects.get().files.get()
    assert len(list((tmp_path / "answers").iterdir())) == 1
    address = reverse("discovery:answer_file", args=[kept.pk])
    given = as_(sam).get(address)
    assert given.getvalue() == b"two"
    assert given["Content-Disposition"] == 'attachment; filename="b.txt"'
    assert as_(olga).get(address).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(reverse("discovery:questionnaire_saving", args=[link.token]), {"drop": "sample"})
    assert not list((tmp_path / "answers").iterdir())
    assert not Answer.objects.exists()


def test_the_preview_branches_and_keeps_nothing(questionnaire, as_, sam, olga):
    address = reverse("discovery:questionnaire_preview", args=[questionnaire.pk])
    assert "How are reports made?" in text_of(as_(sam).get(address))
    answer = as_(sam).post(address, {"q-how": "hand", "q-hours": "6"}).json()
    assert "hurts" in answer["shown"]
    assert not Reply.objects.exists()


def test_files_of_replies_that_are_gone_are_swept_once_nothing_can_come_back(link, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    save(link.token, sample=SimpleUploadedFile("a.txt", b"one"))
    AnswerFile.sweep(before=timezone.now() + timedelta(days=1))
    (kept,) = (tmp_path / "answers").iterdir()
    Reply.objects.all().delete()
    AnswerFile.sweep(before=timezone.now() - timedelta(days=1))
    assert kept.exists()
    AnswerFile.sweep(before=timezone.now() + timedelta(days=1))
    assert not kept.exists()
