"""What stands out in a customer's use, beside accounts like it, and the needs that it suggests."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proofline.insight.habits import findings
from proofline.records.models import Account, ApiToken
from proofline.stages.discovery.models import Need
from proofline.stages.reach.models import SignalRule
from proofline.timeline import identity, inbox, projector, store
from proofline.timeline.models import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def use(now):
    """use(account, "Report Exported", 56, people=2, feature="reports"): so often in the last week, by so many people of the account."""
    source = Source.add(name="Product", now=now)

    def use(account, event, times, *, people=1, feature=""):
        at = (timezone.now() - timedelta(days=3)).isoformat()
        users = [f"{account.pk}-{number}" for number in range(people)]
        for user in users:
            identity.tie(person=identity.resolve(user=user), account=account.pk)
        sent = [
            {
                "type": "track",
                "event": event,
                "userId": users[number % people],
                "timestamp": at,
                "messageId": f"{account.pk}-{event}-{number}",
                "properties": {"feature": feature} if feature else {},
            }
            for number in range(times)
        ]
        inbox.append(source, sent, timezone.now())
        projector.project_pending()

    return use


@pytest.fixture
def peers(healthy, now):
    return [
        Account.objects.create(name=f"Works {number}", sector=healthy.sector, created_at=now) for number in range(3)
    ]


def found(account):
    return [
        (one.sort, one.what, one.times, one.people, one.share, one.peers)
        for one in findings(account, now=timezone.now())
    ]


def test_nothing_stands_out_where_nothing_happens(healthy, peers):
    assert found(healthy) == []


def test_what_is_repeated_far_more_often_than_by_others(healthy, peers, use):
    """56 times by two people in four weeks is 7 a week for each; of the others, one each, half do it 2 a week."""
    use(healthy, "Report Exported", 56, people=2)
    for account, times in zip(peers, (4, 8, 20), strict=True):
        use(account, "Report Exported", times)
    assert found(healthy) == [("repeated", "Report Exported", 56, 2, 7.0, 2.0)]


def test_what_everybody_does_as_often_does_not(healthy, peers, use):
    use(healthy, "Report Exported", 56, people=2)
    for account in peers:
        use(account, "Report Exported", 16)
    assert found(healthy) == []


@pytest.mark.parametrize(("times", "stands_out"), [(39, False), (40, True)])
def test_with_nobody_to_compare_with_ten_a_week_stand_out(healthy, use, times, stands_out):
    use(healthy, "Report Exported", times)
    assert bool(found(healthy)) is stands_out


def test_much_use_is_no_work_by_hand(healthy, use):
    use(healthy, "Feature Used", 400, feature="reports")
    assert found(healthy) == []


def test_a_step_that_is_broken_off_more_than_elsewhere(healthy, peers, use):
    """Two of ten imports end; of the others', half end at least four in five."""
    use(healthy, "Import Started", 10)
    use(healthy, "Import Completed", 2)
    for account, ended in zip(peers, (3, 4, 5), strict=True):
        use(account, "Import Started", 5)
        use(account, "Import Completed", ended)
    assert found(healthy) == [("broken_off", "Import", 10, 1, 0.2, 0.8)]


def test_a_step_whose_end_is_never_told_says_nothing(healthy, use):
    use(healthy, "Import Started", 10)
    assert found(healthy) == []


def test_what_goes_wrong_comes_first(healthy, use):
    use(healthy, "Import Started", 6)
    use(healthy, "Import Failed", 5)
    assert [(sort, what) for sort, what, *_rest in found(healthy)] == [
        ("gone_wrong", "Import Failed"),
        ("broken_off", "Import"),
    ]


def test_a_module_that_most_others_use(healthy, peers, use, suite):
    module = suite.modules.get(name="Reports")
    module.feature_key = "reports"
    module.save()
    use(healthy, "Feature Used", 1, feature="other")
    for account in peers[:2]:
        use(account, "Feature Used", 1, feature="reports")
    use(peers[2], "Feature Used", 1, feature="other")
    ((sort, what, _times, _people, share, _peers),) = found(healthy)
    assert (sort, what, round(share, 2)) == ("unused", "Reports", 0.67)


def test_its_need_is_noted_once_with_what_was_seen(study, use, as_, sam):
    use(study.account, "Report Exported", 56, people=2)
    browser = as_(sam)
    page = browser.get(reverse("discovery:study_use", args=[study.pk]), {"part": 1}).content.decode()
    assert (
        "“Report Exported”: 56 times in 4 weeks by 2 people, 7 a week for each" not in page
    )  # 7 a week and nobody to compare with
    use(study.account, "Report Made", 80, people=2)
    page = browser.get(reverse("discovery:study_use", args=[study.pk]), {"part": 1}).content.decode()
    assert "“Report Made”: 80 times in 4 weeks by 2 people, 10 a week for each" in page
    for _time in range(2):
        browser.post(reverse("discovery:study_use_need", args=[study.pk]), {"finding": "repeated:Report Made"})
    need = Need.objects.get()
    assert need.text.startswith("“Report Made” takes work again and again")
    assert need.evidence == "“Report Made”: 80 times in 4 weeks by 2 people, 10 a week for each"
    shown = browser.get(reverse("discovery:study_use", args=[study.pk])).content.decode()
    assert "Noted as a need" in shown
    assert "finding" in shown
    assert need.evidence in browser.get(study.get_absolute_url()).content.decode()


def test_the_need_is_what_a_rule_for_that_event_says(study, pain, use, as_, sam):
    SignalRule.objects.create(name="exports often", need="may need scheduled reports", event="Report Made", pain=pain)
    use(study.account, "Report Made", 80, people=2)
    as_(sam).post(reverse("discovery:study_use_need", args=[study.pk]), {"finding": "repeated:Report Made"})
    assert (Need.objects.get().text, Need.objects.get().pain) == ("may need scheduled reports", pain)


def test_a_finding_that_is_gone_is_told(study, as_, sam):
    answer = as_(sam).post(
        reverse("discovery:study_use_need", args=[study.pk]), {"finding": "repeated:Nothing"}, follow=True
    )
    assert "This does not stand out any more." in answer.content.decode()
    assert not Need.objects.exists()


def test_the_page_says_so_when_events_can_not_be_read(study, as_, sam, monkeypatch):
    def fail(*_given):
        raise store.StoreError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(store, "query", fail)
        answer = as_(sam).get(reverse("discovery:study_use", args=[study.pk]))
    assert "can’t be read at the moment" in answer.content.decode()


def test_through_the_api(study, use, as_, sam, now):
    use(study.account, "Report Made", 80, people=2)
    headers = {"authorization": f"Bearer {ApiToken.issue(user=sam, name='test', now=now)[1]}"}
    address = f"/api/v1/studies/{study.pk}/findings"
    (one,) = as_(sam).get(address, headers=headers).json()["items"]
    assert (one["finding"]["sort"], one["finding"]["share"], one["noted_id"]) == ("repeated", 10.0, None)

    def send(key):
        return as_(sam).post(address, json.dumps({"key": key}), content_type="application/json", headers=headers)

    made = send(one["finding"]["key"])
    assert (made.status_code, made.json()["evidence"]) == (201, one["evidence"])
    assert send(one["finding"]["key"]).json()["id"] == made.json()["id"]
    assert send("unused:Nothing").status_code == 404
