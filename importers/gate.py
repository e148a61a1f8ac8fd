"""The gate before any spreadsheet is opened: what cannot be a harmless workbook is refused, with a friendly word."""

import io
import re
import struct
import zipfile
import zlib

import openpyxl

from comp.errors import RefusedError

LARGEST_FILE = 50_000_000
_MOST_ENTRIES = 2_000
_LARGEST_UNPACKED = 100_000_000
_LARGE_ENTRY = 1_000_000
_HIGHEST_RATIO = 100
_CHUNK = 1_000_000
_OVERLAP = 64

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORBIDDEN = re.compile(
    r"vbaProject\.bin$|(externalLinks|embeddings|activeX|macrosheets)[/\\]|connections\.xml$|^[/\\]|\.\.", re.IGNORECASE
)
_PACKED_AS_EXCEL_DOES = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError, OverflowError)
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)

if not openpyxl.DEFUSEDXML:
    raise ImportError("defusedxml is missing: without it openpyxl reads XML that a hostile workbook may abuse")


def looks_like_a_workbook(content: bytes) -> bool:
    """Whether the first bytes are those of a workbook, old or new, whatever the file is called."""
    return content.startswith((_ZIP, _OLD_OFFICE))


def check_size(content: bytes, name: str) -> None:
    """Refuse files that are empty or larger than any that this product expects."""
    if not content.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise RefusedError(f"{name} is empty.")
    if len(content) > LARGEST_FILE:
        size, limit = len(content) // 1_000_000, LARGEST_FILE // 1_000_000
        raise RefusedError(f"{name} has {size} MB, more than {limit} MB. Split it into several files.")


def check_workbook(content: bytes, name: str) -> None:
    """Refuse a workbook that is old, encrypted, damaged, a bomb, or more than data."""
    if content.startswith(_OLD_OFFICE):
        raise RefusedError(
            f"{name} is an old .xls or a password-protected workbook. Save it as .xlsx without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_entries(archive, name)
    except _UNREADABLE:
        raise RefusedError(f"{name} is damaged: it cannot be unpacked as a workbook.") from None


def _check_entries(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    if "[Content_Types].xml" not in archive.namelist():
        raise RefusedError(f"{name} is a zip file and not an .xlsx workbook.")
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
        raise RefusedError(f"{name} unpacks to more than a workbook of data does. Save only the sheet with the data.")
    for entry in entries:
        if entry.flag_bits & 1:
            raise RefusedError(f"{name} is password-protected. Save it without a password.")
        if entry.file_size > _LARGE_ENTRY and entry.file_size > _HIGHEST_RATIO * max(1, entry.compress_size):
            raise RefusedError(f"{name} is packed more tightly than data can be. Save it again, or as CSV.")
        if entry.compress_type not in _PACKED_AS_EXCEL_DOES:
            raise RefusedError(f"{name} is packed in a way that no spreadsheet program uses. Save it again, or as CSV.")
        if _FORBIDDEN.search(entry.filename):
            raise RefusedError(f"{name} has macros, links or embedded files. Save it as a plain .xlsx workbook.")
        _check_part(archive, entry, name)


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    """Read a part to its end, which also proves its size and its checksum."""
    end = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            text = end + chunk.replace(b"\x00", b"")
            if _DECLARATION.search(text):
                why = "declares a document type, which no workbook needs. Save it again, or as CSV."
                raise RefusedError(f"{name} {why}")
            if entry.filename == "[Content_Types].xml" and b"macroEnabled" in text:
                raise RefusedError(f"{name} has macros. Save it as a plain .xlsx workbook.")
            end = text[-_OVERLAP:]
