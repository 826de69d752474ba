"""Files as people send them: whatever the program, the encoding, the delimiter or the name."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from proofline.kit.imports.reading import MOST_COLUMNS, open_table
from proofline.kit.imports.trouble import UnreadableFileError

CHINESE = "公司名称,负责人\n北京云帆科技有限公司,王一\n上海绿洲（集团）,李雷\n"
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.fixture
def save(tmp_path):
    def save(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return save


def read(path):
    with open_table(path) as table:
        return table.columns, [(row.number, row.cells, row.problem) for row in table.rows]


def workbook(*sheets):
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def refused(path):
    with pytest.raises(UnreadableFileError) as caught, open_table(path) as table:
        list(table.rows)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_chinese_in_every_encoding(save, encoding):
    columns, rows = read(save(CHINESE.encode(encoding)))
    assert columns == ["公司名称", "负责人"]
    assert rows == [(2, ["北京云帆科技有限公司", "王一"], ""), (3, ["上海绿洲（集团）", "李雷"], "")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_latin_text_in_utf_16_without_a_mark(save, encoding):
    assert read(save("name;e-mail\nMoss;moss@a.test\n".encode(encoding)))[1] == [(2, ["Moss", "moss@a.test"], "")]


def test_windows_1252_is_not_taken_for_chinese(save):
    assert read(save("name,city\nMüller,Köln\nGarçon,Besançon\n".encode("cp1252")))[1][0][1] == ["Müller", "Köln"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_common_delimiter(save, delimiter):
    lines = [["name", "amount"], ["Acme", "1,5"], ["Widget; Sons|Co", "1 000,50"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    assert read(save(text.getvalue()))[1] == [(2, lines[1], ""), (3, lines[2], "")]


def test_excels_line_that_names_the_delimiter(save):
    assert read(save("sep=;\nname;city\nAcme;Bonn\n")) == (["name", "city"], [(2, ["Acme", "Bonn"], "")])


def test_line_breaks_within_cells_and_blank_lines_keep_the_numbers(save):
    rows = read(save('name,note\nA,"one\ntwo"\n\nB,x\n'))[1]
    assert rows == [(2, ["A", "one\ntwo"], ""), (4, ["B", "x"], "")]


def test_a_quote_that_never_closes_costs_its_own_row_only(save):
    rows = read(save('name,note\nA,x\nB,"open\nC,y\nD,z\n'))[1]
    assert [(number, cells[0], bool(problem)) for number, cells, problem in rows] == [
        (2, "A", False),
        (3, "B", True),
        (4, "C", False),
        (5, "D", False),
    ]


def test_ragged_rows_are_told_and_blank_cells_at_the_end_are_nothing(save):
    rows = read(save("a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n"))[1]
    assert rows[0][2] == "has 2 cells, the header has 3"
    assert rows[1] == (3, ["1", "2", "3"], "")
    assert rows[2][2] == "has 4 cells, the header has 3"


def test_columns_without_a_name_or_with_the_same_one(save):
    assert read(save("name,,name,e-mail,\nA,1,B,c,\n"))[0] == ["name", "#2", "name (2)", "e-mail"]


def test_a_stray_nul_costs_its_row(save):
    rows = read(save(b"name,note\n" + b"A,fine\n" * 40 + b"B,bro\0ken\n"))[1]
    assert [problem for _number, _cells, problem in rows] == [""] * 40 + ["has a character that is no text (NUL)"]


def test_a_workbook_named_csv_and_text_named_xlsx(save):
    content = workbook([["name", "since", "size"], ["Acme", date(2020, 5, 4), 12], ["云帆", None, 0.5]])
    columns, rows = read(save(content, "leads.csv"))
    assert columns == ["name", "since", "size"]
    assert rows[0][1] in (["Acme", date(2020, 5, 4), 12], ["Acme", datetime(2020, 5, 4), 12.0])  # noqa: DTZ001
    assert rows[1][1][::2] == ["云帆", 0.5]
    assert read(save("name,city\nA,B\n", "book.xlsx"))[1] == [(2, ["A", "B"], "")]


def test_the_first_sheet_with_rows_is_read_with_its_row_numbers(save):
    content = workbook([], [[], [], ["name"], ["A"], [], ["B"]])
    assert [(number, cells) for number, cells, _problem in read(save(content))[1]] == [(4, ["A"]), (6, ["B"])]


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body>Sign in</body></html>",
        "\n\n  <HTML lang=en><head><title>x</title></head></HTML>",
        "<table><tr><td>name</td></tr></table>",
    ],
)
def test_a_web_page_named_csv(save, page):
    assert "web page (HTML)" in refused(save(page))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"   ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(save, content):
    assert refused(save(content)) == "The file is empty."


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_that_is_cut_off(save, share):
    content = workbook([["name"], *([f"Company {number}"] for number in range(500))])
    assert "cut off or damaged" in refused(save(content[: int(len(content) * share)], "leads.xlsx"))


def test_a_workbook_damaged_within(save):
    content = bytearray(workbook([["name"], *([f"Company {number}"] for number in range(500))]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    content[sheet.header_offset + 60 : sheet.header_offset + 600] = b"\xaa" * 540
    assert "cut off or damaged" in refused(save(bytes(content)))


def test_other_archives_old_workbooks_and_other_formats_are_named(save):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("leads.csv", "name\nA\n")
    assert "ZIP archive" in refused(save(kept.getvalue()))
    assert "damaged" in refused(save(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls"))
    assert "PDF" in refused(save(b"%PDF-1.7 ..."))
    assert "JSON" in refused(save('[{"name": "A"}]'))


def test_junk(save):
    assert "not a table" in refused(save(bytes(range(256)) * 20))
    assert "not a table" in refused(save(b"\x00" * 5000))


def test_too_many_columns(save):
    wide = ",".join(f"c{number}" for number in range(1000))
    message = refused(save(f"{wide}\n{wide}\n"))
    assert "Row 1" in message
    assert "1,000 columns" in message
    assert len(read(save(",".join(f"c{number}" for number in range(MOST_COLUMNS)) + "\n"))[0]) == MOST_COLUMNS


def test_the_notes_of_an_error_file_are_left_out(save):
    assert read(save("row,reason,name\n7,wrong,Acme\n")) == (["name"], [(2, ["Acme"], "")])


CELL = st.text(
    st.sampled_from("abcXYZ0189 .-_@/'\"\n,;|\t公司名称一二三北京上海，。（）￥"), min_size=1, max_size=12
).filter(lambda text: text.strip() == text)
TABLE = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12)
)


@given(rows=TABLE, encoding=st.sampled_from(ENCODINGS), delimiter=st.sampled_from(",;\t|"))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_reads_back_from_any_encoding_and_delimiter(save, rows, encoding, delimiter):
    header = [f"column {number} 列" for number in range(len(rows[0]))]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    columns, found = read(save(text.getvalue().encode(encoding)))
    assert columns == header
    assert [cells for _number, cells, _problem in found] == rows
    assert not any(problem for _number, _cells, problem in found)


def test_chinese_far_down_in_an_old_file(save):
    content = "name,city\n" + "Acme,Bonn\n" * 20_000 + "云帆科技,北京\n"
    assert read(save(content.encode("gb18030")))[1][-1][1] == ["云帆科技", "北京"]


def test_a_few_wrong_bytes_cost_their_rows(save):
    good = "云帆科技,北京\n".encode()
    content = b"name,city\n" + good * 20 + good.replace("北".encode(), b"\xe5\x8c") + good * 20 + good[:-3]
    problems = [bool(problem) for _number, _cells, problem in read(save(content))[1]]
    assert (problems.count(True), problems[20], problems[-1]) == (2, True, True)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end(save, line_end):
    assert read(save(line_end.join(["name,city", "A,B", "C,D"])))[1] == [(2, ["A", "B"], ""), (3, ["C", "D"], "")]


def test_commas_within_tabs(save):
    assert read(save("name, legal\tcity, state\nAcme, Inc\tBonn, NRW\n"))[0] == ["name, legal", "city, state"]


SAMPLE = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    + 'A1,Moses,"GTX, Pro",云帆,Won,2016-10-20,2017-03-01,1054\n' * 6
).encode()
MUTATION = st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=3), st.integers(0, 4))


@given(changes=st.lists(MUTATION, min_size=1, max_size=6), cut=st.integers(0, len(SAMPLE)))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_gives_rows_with_problems_or_is_refused(save, changes, cut):
    content = bytearray(SAMPLE)
    for place, piece, length in changes:
        content[place : place + length] = piece
    try:
        columns, rows = read(save(bytes(content[: len(content) - cut // 3])))
    except UnreadableFileError:
        return
    assert all(problem or len(cells) == len(columns) for _number, cells, problem in rows)


@given(content=st.binary(min_size=1, max_size=400))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(save, content):
    with contextlib.suppress(UnreadableFileError):
        read(save(content))
