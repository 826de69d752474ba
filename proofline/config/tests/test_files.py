"""Files on records: kept under names that nobody can guess, given to who may see the record, gone from the disk with it."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proofline.records import about
from proofline.records.merging import merge, unmerge
from proofline.records.models import Contact, Gone, Note, RecordFile, removing
from proofline.records.models.files import clean_name
from tests.fixtures.sale import BASE, Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(browser, record, *files, part="?part=1"):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post(f"{record.get_absolute_url()}files/{part}", {"file": given})


def on_disk(folder):
    return [path for path in Path(folder, "records").rglob("*") if path.is_file()]


def test_several_files_at_once_and_back_as_they_were(as_, sam, healthy, folder):
    answer = upload(as_(sam), healthy, ("报价 单.xlsx", b"PK1"), ("b.txt", b"two"))
    assert answer.status_code == 200
    assert "报价 单.xlsx" in as_(sam).get(healthy.get_absolute_url()).content.decode()
    kept = RecordFile.objects.get(name="报价 单.xlsx")
    given = as_(sam).get(f"/files/{kept.pk}/?show=1")
    assert b"".join(given.streaming_content) == b"PK1"
    assert given["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('报价 单.xlsx')}"
    assert (given["X-Content-Type-Options"], given["Content-Type"]) == ("nosniff", "application/octet-stream")
    names = [path.name for path in on_disk(folder)]
    assert len(names) == 2
    assert all(len(name) >= 32 and "." not in name for name in names)


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.png", PNG, True),
        ("a.pdf", b"%PDF-1.7", True),
        ("a.png", b"<html><script>", False),
        ("a.svg", b"<svg onload=alert(1)>", False),
        ("a.webp", b"RIFF0000AVI ", False),
    ],
)
def test_only_what_can_do_no_harm_is_shown(as_, sam, healthy, name, content, shown):
    upload(as_(sam), healthy, (name, content))
    answer = as_(sam).get(f"/files/{RecordFile.objects.get().pk}/?show=1")
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert (answer["Content-Type"] == "application/octet-stream") is not shown
    b"".join(answer.streaming_content)


def test_what_is_not_taken_is_said_and_its_neighbours_come(as_, sam, healthy, settings, folder):
    settings.FILE_MB = 1
    answer = upload(
        as_(sam), healthy, ("big.pdf", b"x" * 1_100_000), ("run.exe", b"MZ"), ("page.html", b"x"), ("a.txt", b"a")
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“big.pdf” is larger than 1 MB." in page
    assert "“run.exe” is of no type that is taken here" in page
    assert [kept.name for kept in RecordFile.objects.all()] == ["a.txt"]
    assert len(on_disk(folder)) == 1
    assert upload(as_(sam), healthy).status_code == 422


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/pass\x00wd.txt", "passwd.txt"),
        ("C:\\a\\b.txt", "b.txt"),
        ("a\r\nb\u202etxt.pdf", "abtxt.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("", "file"),
    ],
)
def test_names_are_made_plain(given, kept):
    assert clean_name(given) == kept


def test_who_may_not_see_the_record_gets_no_file(as_, sam, olga, rita, healthy):
    upload(as_(sam), healthy, ("a.txt", b"a"))
    pk = RecordFile.objects.get().pk
    assert as_(olga).get(f"/files/{pk}/").status_code == 404
    assert as_(olga).post(f"/files/{pk}/removal/").status_code == 404
    assert b"".join(as_(rita).get(f"/files/{pk}/").streaming_content) == b"a"
    assert as_(rita).post(f"/files/{pk}/removal/").status_code == 403
    assert upload(as_(rita), healthy, ("b.txt", b"b")).status_code == 403


def test_what_was_removed_comes_back_until_it_is_swept_from_the_disk(
    as_, sam, healthy, now, folder, django_capture_on_commit_callbacks
):
    upload(as_(sam), healthy, ("a.txt", b"a"))
    kept = RecordFile.objects.get()
    as_(sam).post(f"/files/{kept.pk}/removal/")
    assert as_(sam).get(f"/files/{kept.pk}/").status_code == 404
    as_(sam).post(f"/files/{kept.pk}/restoration/")
    assert b"".join(as_(sam).get(f"/files/{kept.pk}/").streaming_content) == b"a"
    kept.remove(by=sam, now=now)
    about.sweep(now=now + timedelta(days=6))
    assert len(on_disk(folder)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        about.sweep(now=now + timedelta(days=8))
    assert (on_disk(folder), RecordFile.objects.count()) == ([], 0)


def test_files_and_notes_go_with_their_record(as_, sam, lin, leaving, folder, django_capture_on_commit_callbacks):
    upload(as_(sam), lin, ("a.txt", b"a"))
    Note.objects.write(lin, text="hello", by=sam, now=timezone.now())
    lin.change(by=sam, now=timezone.now(), title="x")
    Note.objects.write(leaving, text="stays", by=sam, now=timezone.now())
    gone = removing.remove(lin, by=sam, now=timezone.now())
    about.sweep(now=timezone.now())
    removing.restore(gone, by=sam, now=timezone.now())
    about.sweep(now=timezone.now() + timedelta(days=31))
    assert len(on_disk(folder)) == 1  # it came back
    removing.remove(Contact.objects.get(), by=sam, now=timezone.now())
    about.sweep(now=timezone.now())
    assert len(on_disk(folder)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        about.sweep(now=timezone.now() + timedelta(days=31))
    assert on_disk(folder) == []
    assert not Gone.objects.exists()
    assert [note.text for note in Note.objects.all()] == ["stays"]


def test_a_file_that_no_row_names_leaves_the_disk_after_a_day(as_, sam, healthy, folder):
    upload(as_(sam), healthy, ("a.txt", b"a"))
    Path(folder, "records", "lost").write_bytes(b"x")
    about.sweep(now=timezone.now())
    assert len(on_disk(folder)) == 2
    about.sweep(now=timezone.now() + timedelta(days=2))
    assert len(on_disk(folder)) == 1


def test_notes_files_and_history_follow_a_merged_record_and_come_back(as_, sam, lin, leaving, now):
    other = Contact.objects.add(by=sam, now=now, name="Lin", account=leaving, owner=sam)
    upload(as_(sam), other, ("a.txt", b"a"))
    Note.objects.write(other, text="hello", by=sam, now=now)
    other.change(by=sam, now=now, title="Head")
    merger = merge(lin, other, take=None, by=sam, now=now)
    assert (Note.objects.get().record, RecordFile.objects.get().record) == (lin.pk, lin.pk)
    assert "Head" in as_(sam).get(f"/contacts/{lin.pk}/history/").content.decode()
    unmerge(merger, by=sam, now=now)
    assert (Note.objects.get().record, RecordFile.objects.get().record) == (other.pk, other.pk)


def test_the_api_does_it_all(sam, olga, healthy, now):
    api = Program(sam, now)
    answer = api.client.post(
        f"{BASE}/accounts/{healthy.pk}/files", {"file": SimpleUploadedFile("合同.pdf", b"%PDF-1.7")}
    )
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["name"], made["size"], made["type"]) == ("合同.pdf", 8, "application/pdf")
    assert api.get(f"/accounts/{healthy.pk}/files")["items"] == [made]
    given = api.call("get", f"/files/{made['id']}/content")
    assert b"".join(given.streaming_content) == b"%PDF-1.7"
    assert Program(olga, now).call("get", f"/files/{made['id']}/content").status_code == 404
    api.expect(204, "delete", f"/files/{made['id']}")
    assert api.call("get", f"/files/{made['id']}/content").status_code == 404
    wrong = api.client.post(f"{BASE}/accounts/{healthy.pk}/files", {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert wrong.json()["errors"][0]["field"] == "file"
    assert api.call("post", f"/accounts/{healthy.pk}/files").status_code == 422
