"""Whatever bytes are given, reading ends in records and problems or in one clear refusal, and in nothing else."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comp.errors import RefusedError
from comp.intake import Kind
from importers.canonical import OPTIONAL, REQUIRED
from importers.files import read_file
from importers.options import Options
from importers.workbooks import read_workbook
from tests.importers.books import saved

FILES = Path(__file__).parent.parent / "files"
SEEDS = [path.read_bytes() for path in sorted(FILES.glob("*/*.*")) if path.suffix in {".csv", ".tsv", ".yaml"}]
BOOKS = [path.read_bytes() for path in sorted(FILES.glob("*/*.xlsx"))]
QUALTRICS = ["V1", "ResponseID", "EndDate", "Status", "Q1", '{"ImportId":"QID1"}', "{'ImportId': 'QID1'}"]
FIELDS = sorted({field for fields in (*REQUIRED.values(), *OPTIONAL.values()) for field in fields})
WORDS = [
    *(*FIELDS, *QUALTRICS, "response", "answered_on", "recommend", "satisfaction", "comment", "Survey Preview"),
    *("LIS", "EUR", "Total", "n/a", "2026-Q3", "2026", "2026-07-31", "03/04/2026", "9999-12-31", "0001-01-01", "46234"),
    *("31.12.9999", "2026-07-31T23:59:59+14:00", "9999-12-31 23:59:59-11:00", "1,234", "1.234,5", "12 %", "0.5", "-1"),
    *("1e9", "9" * 30, "10 - likely", "=1+1", "#REF!", "a\x00b", "\ufffe", "\u2028", "é", "", " ", '"'),
]
KEYS = ["q", "scale", "labels", "1", "best", "statistic", "question", "answers", "top", "decimals"]
WRITABLE = [word for word in WORDS if "\x00" not in word and "\ufffe" not in word]

kinds = st.sampled_from(Kind)
cells = st.sampled_from(WORDS) | st.text(max_size=8)
columns = st.dictionaries(st.sampled_from(WORDS), st.sampled_from([*FIELDS, "recommend", "comment"]), max_size=3)
options = st.builds(
    Options,
    columns=columns,
    unit=st.none() | st.just("LIS"),
    date_order=st.sampled_from([None, "dmy", "mdy", "ymd"]),
)
tables = st.lists(st.lists(cells, max_size=8), max_size=8)
texts = st.builds(
    lambda rows, separator, end, encoding: end.join(separator.join(row) for row in rows).encode(encoding, "replace"),
    tables,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]),
)
yaml_texts = st.recursive(
    st.sampled_from([*WORDS, "nps", "mean", "share", "top_box", "value", "[1, 5]", "1-5", "!!int x", "&a", "*a", "~"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(["questions", "metrics", *KEYS]),
            inner,
            max_size=4,
        ).map(lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}")
    ),
    max_leaves=12,
).map(str.encode)


@st.composite
def damaged(draw, seeds):
    """A sound file with some of its bytes changed, taken out or doubled."""
    content = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 5))] = draw(st.binary(max_size=5))
    return bytes(content)


@st.composite
def damaged_parts(draw):
    """A workbook with some bytes of one of its parts changed, packed soundly."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(draw(st.sampled_from(BOOKS)))) as old, zipfile.ZipFile(buffer, "w") as new:
        chosen = draw(st.sampled_from([name for name in old.namelist() if name.startswith("xl/w")]))
        for name in old.namelist():
            new.writestr(name, draw(damaged([old.read(name)])) if name == chosen else old.read(name))
    return buffer.getvalue()


def outcome(read, *given):
    """What reading gives, or its refusal; any other exception is a fault."""
    try:
        return read(*given)
    except RefusedError as refused:
        return refused


def read_or_refuse(kind: Kind, content: bytes, told: Options) -> None:
    """Read a file and hold what reading promises."""
    read = outcome(read_file, kind, content, "file", told)
    if isinstance(read, RefusedError):
        assert str(read).startswith("file ")
        assert all(problem.why for problem in read.problems)
    else:
        assert read.records or read.problems or read.dropped
        assert all(problem.why for problem in (*read.problems, *read.warnings))
        assert len(read.records) <= read.rows


@settings(max_examples=300)
@given(kinds, texts, options)
def test_any_table_of_text_ends_in_records_or_problems(kind, content, told):
    read_or_refuse(kind, content, told)


@settings(max_examples=300)
@given(kinds, st.binary(max_size=60) | damaged(SEEDS), options)
def test_any_bytes_end_in_records_or_problems(kind, content, told):
    read_or_refuse(kind, content, told)


@settings(max_examples=300)
@given(yaml_texts | damaged([seed for seed in SEEDS if b"metrics:" in seed]))
def test_any_metrics_file_ends_in_records_or_problems(content):
    read_or_refuse(Kind.METRICS, content, Options())


@settings(max_examples=10)
@given(kinds, damaged(BOOKS))
def test_any_damaged_workbook_ends_in_records_or_problems(kind, content):
    read_or_refuse(kind, content, Options())


@settings(max_examples=100)
@given(damaged_parts())
def test_any_damaged_part_of_a_workbook_is_read_or_refused(content):
    read = outcome(read_workbook, content)
    assert str(read).startswith(("has ", "cannot ")) or all(any(row) for _, row in read.rows)


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates() | st.sampled_from(WRITABLE)


@settings(max_examples=100)
@given(st.lists(st.lists(values, max_size=6), max_size=6))
def test_any_cells_of_a_workbook_are_read_as_texts(rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    read = outcome(read_workbook, saved(workbook))
    assert str(read).startswith("has ") or all(isinstance(cell, str) for _, row in read.rows for cell in row)


@pytest.mark.slow
@settings(max_examples=20_000)
@given(kinds, texts | st.binary(max_size=200) | damaged(SEEDS) | yaml_texts, options)
def test_a_long_sweep_of_texts_ends_in_records_or_problems(kind, content, told):
    read_or_refuse(kind, content, told)


@pytest.mark.slow
@settings(max_examples=1_000)
@given(kinds, damaged(BOOKS) | damaged_parts(), options)
def test_a_long_sweep_of_workbooks_ends_in_records_or_problems(kind, content, told):
    read_or_refuse(kind, content, told)
