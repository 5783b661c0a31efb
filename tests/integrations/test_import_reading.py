"""Do the rows of any file come out whole, numbered as an editor numbers them, however damaged it is?"""

import random
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.imports import workbook
from integrations.imports.reading import open_table
from integrations.imports.refusals import FileRefused
from integrations.imports.rows import MOST_CHARACTERS, Row, checked
from integrations.imports.sniffing import Kind, sniff


def written(tmp_path: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    with open_table(path, sniff(path)) as table:
        return table.header, list(table.rows)


def problems(path: Path) -> dict[int, str]:
    header, rows = read(path)
    return {row.line: problem for row in rows if (problem := checked(row, len(header)))}


def test_rows_are_numbered_as_an_editor_numbers_lines(tmp_path: Path) -> None:
    path = written(tmp_path, 'a,b\r\n1,2\r\n\r\n"two\r\nlines",4\r\n5,6\r\n')
    assert [(row.line, list(row.cells)) for row in read(path)[1]] == [
        (2, ["1", "2"]),
        (4, ["two\r\nlines", "4"]),
        (6, ["5", "6"]),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_by_the_header(tmp_path: Path, separator: str) -> None:
    path = written(tmp_path, f"a{separator}b, or c{separator}d\n1{separator}2{separator}3\n".replace(", or", " or"))
    header, rows = read(path)
    assert header == ("a", "b or c", "d")
    assert list(rows[0].cells) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("encoded", "encoding"),
    [
        ("name\nBjörk\n".encode(), "utf-8-sig"),
        ("name\nBjörk\n".encode("utf-8-sig"), "utf-8-sig"),
        ("name\nBjörk\n".encode("cp1252"), "cp1252"),
        ("name\nBjörk\n".encode("utf-16"), "utf-16"),
    ],
)
def test_letters_are_told_by_the_whole_file(tmp_path: Path, encoded: bytes, encoding: str) -> None:
    path = written(tmp_path, encoded)
    assert sniff(path).encoding == encoding
    header, rows = read(path)
    assert (header, list(rows[0].cells)) == (("name",), ["Björk"])


def test_a_letter_that_is_cut_by_a_chunk_is_whole(tmp_path: Path) -> None:
    filler = "x" * ((1 << 20) - len("name\n") - 1)
    path = written(tmp_path, f"name\n{filler}ö\n")
    assert sniff(path).encoding == "utf-8-sig"


def test_one_damaged_byte_spoils_one_row_and_not_every_name(tmp_path: Path) -> None:
    path = written(tmp_path, "name\nBjörk\nRenée\n".encode() + b"Jos\xe9\n" + "Łucja\n".encode())
    assert problems(path) == {4: "The row holds bytes that are no letters in its encoding."}
    assert [row.cells[0] for row in read(path)[1] if row.line != 4] == ["Björk", "Renée", "Łucja"]


def test_a_stray_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    rows = [f"{number},plain\n" for number in range(2, 40)]
    rows[3] = '5,"torn\n'
    path = written(tmp_path, "id,text\n" + "".join(rows))
    assert list(problems(path)) == [5]
    assert len(read(path)[1]) == len(rows)


@pytest.mark.parametrize("rest", ["", '3,"1,900.00"\n', '"3",c\n', '3,c\n4,"d"\n5,"e"\n'])
def test_a_stray_quotation_mark_costs_its_row_whatever_follows(tmp_path: Path, rest: str) -> None:
    path = written(tmp_path, 'id,text\n1,a\n2,"b\n' + rest)
    assert list(problems(path)) == [3]
    assert len(read(path)[1]) == 2 + rest.count("\n")


def test_quotation_marks_inside_a_cell_are_understood(tmp_path: Path) -> None:
    path = written(tmp_path, 'id,text\n1,"5" needle"\n2,"say ""no"" twice"\n3,5" deep\n')
    assert [row.cells[1] for row in read(path)[1]] == ['5 needle"', 'say "no" twice', '5" deep']


def test_a_huge_cell_a_nul_byte_and_a_wrong_width_cost_their_rows(tmp_path: Path) -> None:
    huge = "x" * 1_000_000
    path = written(tmp_path, f"id,text\n1,a\n2,{huge}\n3,a\0b\n4\n5,a,b\n6,{'y' * (MOST_CHARACTERS + 1)}\n7,z\n")
    found = problems(path)
    assert list(found) == [3, 4, 5, 6, 7]
    assert found[4] == "The row holds a NUL byte."
    assert found[5] == "The row has 1 cells, and the header has 2."
    assert found[6] == "The row has 3 cells, and the header has 2."
    assert "longer than 10,000 characters" in found[7]


def test_a_line_without_end_is_refused_without_being_held(tmp_path: Path) -> None:
    path = written(tmp_path, "id,text\n1,a\n" + "2," + '","'.join(["word"] * 200_000) + "\n3,b\n")
    assert list(problems(path)) == [3]
    assert [row.line for row in read(path)[1]] == [2, 3, 4]


@given(cells=st.lists(st.lists(st.text(max_size=6), min_size=3, max_size=3), max_size=12))
def test_what_a_csv_writer_wrote_comes_out_again(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
) -> None:
    import csv

    path = tmp_path_factory.mktemp("written") / "any.csv"
    wanted = [
        row
        for row in cells
        if any(cell.strip() for cell in row) and not any("\ud800" <= letter <= "\udfff" for letter in "".join(row))
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["a", "b", "c"], *wanted])
    assert [list(row.cells) for row in read(path)[1]] == wanted


@given(seed=st.integers(0, 10_000))
def test_no_damage_makes_the_reader_fail_or_lose_what_follows(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    dice = random.Random(seed)
    lines = [f"{number},name {number},2026-01-{number % 28 + 1:02}" for number in range(40)]
    for _ in range(4):
        index = dice.randrange(30)
        line = lines[index]
        at = dice.randrange(len(line))
        lines[index] = line[:at] + dice.choice(['"', "\0", "é", '""', ",,", "\r", '","']) + line[at:]
    path = tmp_path_factory.mktemp("damaged") / "any.csv"
    path.write_text("id,name,day\n" + "\n".join(lines) + "\n", encoding="utf-8", newline="")
    header, rows = read(path)
    assert header == ("id", "name", "day")
    assert [list(row.cells) for row in rows[-9:]] == [line.split(",") for line in lines[-9:]]


HTML = """<html><head><meta charset='utf-8'><style>td{{}}</style></head><body><p>Clients</p>
<table class="x"><thead><tr><th>ID</th><th>First Name</th></tr></thead>
<tr><td>1</td><td>D&#x27;Arcy &amp; co</td></tr>
<tr><td>2</td><td>{huge}</td></tr>
<tr><td>3<td>Ren&eacute;e<br>Marie
<tr><td></td><td> </td></tr>
<tr><td>4</td></tr>
</table><table><tr><td>other</td></tr></table></body></html>"""


def test_a_table_in_a_page_is_read_as_rows(tmp_path: Path) -> None:
    path = written(tmp_path, HTML.format(huge="x" * 300_000), "clients.xls")
    assert sniff(path).kind is Kind.HTML
    header, rows = read(path)
    assert header == ("ID", "First Name")
    assert list(rows[0].cells) == ["1", "D'Arcy & co"]
    assert [cell.strip() for cell in rows[2].cells] == ["3", "Renée Marie"]
    assert [row.line for row in rows] == [3, 4, 5, 7]
    assert list(problems(path)) == [4, 7]


def test_a_page_without_a_table_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "<html><body>Please sign in</body></html>", "clients.xls")
    with pytest.raises(FileRefused, match="holds no table"):
        read(path)


def test_a_tag_without_end_is_refused_and_not_held(tmp_path: Path) -> None:
    path = written(tmp_path, "<html><table><tr><td>ID</td></tr><tr><td " + "x" * 9_000_000, "clients.xls")
    with pytest.raises(FileRefused, match="damaged"):
        read(path)


def xlsx(path: Path, rows: list[list[str | float]]) -> Path:
    """The least that Excel would open; a number in the last column is a day, counted as Excel counts."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c s="1"><v>{value}</v></c>' if value > 40_000 else f"<c><v>{value}</v></c>"

    sheet = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="s" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="t" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def test_a_workbook_is_read_as_its_csv_would_be(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "named.csv", [["Client ID", "Qty", "Date"], ["G1", 20.0, 45551.0], ["G2", 1.5, 45551.5]])
    assert sniff(path).kind is Kind.WORKBOOK
    header, rows = read(path)
    assert header == ("Client ID", "Qty", "Date")
    assert [(row.line, list(row.cells)) for row in rows] == [
        (2, ["G1", "20", "2024-09-16"]),
        (3, ["G2", "1.5", "2024-09-16 12:00"]),
    ]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with ZipFile(path, "w", compression=8) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (workbook.MOST_BYTES + 1))
    with pytest.raises(FileRefused, match="Save it as CSV"):
        read(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused, match="cannot be read"):
        read(written(tmp_path, content, "clients.xlsx"))


@pytest.mark.parametrize(("content", "reason"), [(b"", "is empty"), (b"\n\n  \n", "no header line")])
def test_a_file_of_nothing_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        read(written(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="No such file"):
        sniff(tmp_path / "missing.csv")
