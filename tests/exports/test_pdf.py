"""PDFs: the same bytes for the same page, whatever the process; tagged; and nothing is fetched from anywhere."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from comp.errors import UnavailableError
from exports import pdf
from exports.pdf import PdfMaker, has_pdf
from tests.conftest import PROJECT
from tests.pdfs import facts_of, text_of

STATIC = PROJECT / "web" / "static"
PAGE = (
    "<!doctype html><html lang='en'><head><title>T</title></head><body><p>Größe 1.012,98 €, ＝1+1</p>{}</body></html>"
)
MAKES = f"""
import sys
from pathlib import Path
from exports.pdf import PdfMaker
sys.stdout.buffer.write(PdfMaker(Path({str(STATIC)!r}), "paper.css").pdf({PAGE.format("")!r}))
"""


@pytest.fixture(scope="module")
def maker():
    return PdfMaker(STATIC, "paper.css")


def test_the_same_page_gives_the_same_bytes_in_every_process(maker):
    def elsewhere(seed):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}
        command = [sys.executable, "-c", MAKES]
        return subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, check=True).stdout  # noqa: S603 - our own

    here = maker.pdf(PAGE.format(""))
    assert here[:5] == b"%PDF-"
    assert here == maker.pdf(PAGE.format("")) == elsewhere("1")
    assert here != maker.pdf(PAGE.format("<p>other</p>"))


def test_its_text_is_found_and_it_is_tagged_for_readers_of_screens(maker):
    made = maker.pdf(PAGE.format(""))
    assert "Größe 1.012,98 €" in text_of(made)
    facts = facts_of(made)
    assert (facts["Title"], facts["Tagged"], facts["Producer"].split()[0]) == ("T", "yes", "WeasyPrint")
    assert "CreationDate" not in facts


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://evil.example/x.png",
        "file:///etc/passwd",
        "http://paper.invalid/../app.py",
        "http://paper.invalid.example/mark.svg",
        "//x/y",
    ],
)
def test_nothing_is_fetched_but_files_of_the_folder(maker, address, caplog):
    with pytest.raises(ValueError, match="is not fetched"):
        maker._fetch.fetch(address)
    with caplog.at_level(logging.ERROR, "weasyprint"):
        assert maker.pdf(PAGE.format(f"<img alt='x' src='{address}'>"))
    assert "is not fetched" in caplog.text


def test_files_of_the_folder_are_served_with_their_kind(maker):
    served = maker._fetch.fetch("http://paper.invalid/vendor/inter-latin-wght-normal.woff2")
    assert served.headers["Content-Type"] == "font/woff2"
    assert served.read() == (STATIC / "vendor" / "inter-latin-wght-normal.woff2").read_bytes()


def test_without_weasyprint_or_its_libraries_it_says_what_to_install(monkeypatch):
    def missing(*_):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf._weasyprint.cache_clear()
    try:
        assert not has_pdf()
        with pytest.raises(UnavailableError, match="extra `pdf`, and Pango"):
            PdfMaker(Path(), "paper.css")
        pdf._weasyprint.cache_clear()
        monkeypatch.setattr("builtins.__import__", _failing(missing))
        assert not has_pdf()
    finally:
        monkeypatch.undo()
        pdf._weasyprint.cache_clear()
    assert has_pdf()


def _failing(fail):
    usual = __import__

    def imported(name, *more):
        return fail() if name == "weasyprint" else usual(name, *more)

    return imported
