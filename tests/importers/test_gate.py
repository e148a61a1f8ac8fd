"""What is refused before any workbook is opened."""

import io
import os
import struct
import subprocess
import sys
import zipfile
from random import Random

import pytest

from comp.errors import RefusedError
from comp.intake import Kind
from importers import gate
from importers.files import read_file
from tests.importers.books import SHEET, book, edited, rebuilt

UNITS = (("unit", "name"), ("LIS", "Lisbon"))
PLAIN = book(*UNITS)


def refusal(content: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        read_file(Kind.UNITS, content, "units.xlsx")
    return str(caught.value)


def test_a_plain_workbook_passes():
    assert [record.unit for record in read_file(Kind.UNITS, PLAIN, "units.xlsx").records] == ["LIS"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00\x00", b" \r\n\t\n", b",,,\n,,\n", b'""'])
def test_a_file_without_anything_in_it_is_empty(content):
    assert refusal(content) == "units.xlsx is empty."


def test_a_workbook_of_blanks_is_empty():
    assert refusal(book((" ", "\t"))) == "units.xlsx is empty."


def test_a_file_that_is_too_large_says_how_large_it_may_be(monkeypatch):
    monkeypatch.setattr(gate, "LARGEST_FILE", 2_000_000)
    assert refusal(b"x" * 3_000_000) == "units.xlsx has 3 MB, more than 2 MB. Split it into several files."


def test_an_old_or_encrypted_workbook_gets_a_friendly_word():
    word = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    assert word == "units.xlsx is an old .xls or a password-protected workbook. Save it as .xlsx without a password."


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        PLAIN[:-30],
        PLAIN.replace(b"PK\x01\x02", b"PK\x09\x09", 1),
        PLAIN[:40] + bytes(200) + PLAIN[240:],
    ],
    ids=["nothing but the magic", "cut short", "a broken directory", "a broken part"],
)
def test_a_damaged_workbook_is_called_damaged(content):
    assert refusal(content) == "units.xlsx is damaged: it cannot be unpacked as a workbook."


def test_a_zip_file_that_is_no_workbook_is_called_one():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("units.csv", "unit,name")
    assert refusal(buffer.getvalue()) == "units.xlsx is a zip file and not an .xlsx workbook."


def test_more_than_2000_parts_are_refused():
    parts = {f"xl/media/{number}.txt": b"" for number in range(2_000)}
    assert "unpacks to more than a workbook of data does" in refusal(rebuilt(PLAIN, parts))


def test_a_workbook_that_declares_more_than_100_mb_is_refused_without_unpacking_it():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(SHEET, b"<worksheet/>")
        archive.getinfo(SHEET).file_size = 100_000_001
    assert "unpacks to more than a workbook of data does" in refusal(buffer.getvalue())


def test_a_part_packed_a_hundred_to_one_is_refused_and_a_small_one_is_not():
    assert "packed more tightly than data can be" in refusal(rebuilt(PLAIN, {"xl/media/1.txt": b"0" * 1_000_001}))
    read_file(Kind.UNITS, rebuilt(PLAIN, {"xl/media/1.txt": b"0" * 1_000_000}), "units.xlsx")


def test_a_part_that_lies_about_its_size_is_damaged():
    bomb = rebuilt(PLAIN, {"xl/media/1.txt": b"0" * 900_000})
    size = struct.pack("<L", 900_000)
    assert bomb.count(size) == 2
    assert "damaged" in refusal(bomb.replace(size, struct.pack("<L", 90)))


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/activeX/activeX1.xml",
        "xl/macrosheets/sheet1.xml",
        "xl\\EXTERNALLINKS\\externalLink1.xml",
        "xl/connections.xml",
        "/etc/passwd",
        "xl/../../evil.xml",
    ],
)
def test_macros_links_and_embedded_files_are_refused(name):
    word = refusal(rebuilt(PLAIN, {name: b"<x/>"}))
    assert word == "units.xlsx has macros, links or embedded files. Save it as a plain .xlsx workbook."


def test_a_workbook_that_may_hold_macros_is_refused_whatever_it_is_called():
    plain, macro = "spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml"
    assert "has macros" in refusal(edited(PLAIN, "[Content_Types].xml", plain, macro))


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b"<!-- " + b"-" * 5_000 + b" --><!doctype x><x/>",
        b"<!--" + Random(1).randbytes(499_995).hex().encode() + b"--><!DOCTYPE x><x/>",
        "\ufeff<!DOCTYPE x><x/>".encode("utf-16-le"),
    ],
    ids=["at its start", "after a long comment", "across two reads", "in UTF-16"],
)
@pytest.mark.parametrize("name", ["xl/comments1.xml", "xl/drawings/drawing1.vml", SHEET])
def test_a_document_type_is_refused_in_any_part(name, part):
    word = refusal(rebuilt(PLAIN, {name: part}))
    assert word == "units.xlsx declares a document type, which no workbook needs. Save it again, or as CSV."


def test_a_password_on_a_part_is_told():
    flagged = bytearray(PLAIN)
    place = flagged.index(b"PK\x01\x02")
    flagged[place + 8] |= 1
    assert refusal(bytes(flagged)) == "units.xlsx is password-protected. Save it without a password."


def test_ways_of_packing_that_no_spreadsheet_program_uses_are_refused():
    buffer = io.BytesIO(PLAIN)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/media/1.txt", b"x" * 1_000)
    assert "packed in a way that no spreadsheet program uses" in refusal(buffer.getvalue())


def test_nothing_is_imported_without_the_guard_against_hostile_xml():
    done = subprocess.run(
        [sys.executable, "-c", "import importers.gate"],
        env={**os.environ, "OPENPYXL_DEFUSEDXML": "False"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ImportError: defusedxml is missing" in done.stderr
