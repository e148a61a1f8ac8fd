"""A page of HTML as a PDF, where WeasyPrint and its libraries are there: the same page gives the same bytes.

Nothing is fetched from anywhere: style sheets and fonts come out of one folder, and nothing else is served.
"""

import hashlib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from comp.errors import UnavailableError

BASE = "http://paper.invalid/"
"""Where a page that becomes a PDF says that its files lie."""

_VARIANT = "pdf/ua-1"
_KINDS = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@cache
def _weasyprint() -> ModuleType | None:
    """WeasyPrint; None where it, or a library of the machine that it needs, is not installed."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    found: ModuleType = weasyprint
    return found


def has_pdf() -> bool:
    """Whether PDFs can be made here."""
    return _weasyprint() is not None


class PdfMaker:
    """Makes PDFs of pages that share a style sheet, which is read once. Tagged, so that screen readers read them."""

    def __init__(self, folder: Path, style: str) -> None:
        """Read the style sheet. Raises `UnavailableError` where PDFs cannot be made here."""
        made = _weasyprint()
        if made is None:
            raise UnavailableError(
                "PDFs cannot be made here: WeasyPrint or its libraries are not installed. Install Loyalty Pay with its "
                "extra `pdf`, and Pango; until then, print the page."
            )
        self._made, self._fetch = made, _fetcher(made, folder.resolve())
        self._fonts = made.text.fonts.FontConfiguration()
        self._style = made.CSS(
            filename=str(folder / style), font_config=self._fonts, url_fetcher=self._fetch, base_url=BASE
        )

    def pdf(self, html: str) -> bytes:
        """The page as a PDF. What identifies it is made of the page alone, and nothing in it tells when it was made."""
        document = self._made.HTML(string=html, base_url=BASE, url_fetcher=self._fetch)
        content: bytes = document.write_pdf(
            stylesheets=[self._style],
            font_config=self._fonts,
            pdf_variant=_VARIANT,
            pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        )
        return content


def _fetcher(made: ModuleType, folder: Path) -> Any:  # noqa: ANN401 - WeasyPrint has no types
    """What serves a page its files: those of a folder, and nothing else."""

    class Kept(made.urls.URLFetcher):  # type: ignore[misc, name-defined] # it has no types
        """Serves the files of one folder."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ANN401, ARG002 - as WeasyPrint asks
            """A file out of the folder. Raises `ValueError` for anything else."""
            parts = urlsplit(url)
            path = (folder / url2pathname(parts.path).lstrip("/")).resolve()
            if not url.startswith(BASE) or folder not in path.parents or not path.is_file():
                raise ValueError(f"{url} is not fetched: paper needs nothing from elsewhere")
            told = {"Content-Type": _KINDS.get(path.suffix, "application/octet-stream")}
            return made.urls.URLFetcherResponse(url, path.read_bytes(), told)

    return Kept()
