"""Pages for paper, as PDF or to stand by themselves: put together without a request, so that a job can."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from comp.explain_settlement import LABELS
from comp.money import Money
from exports.pdf import PdfMaker, has_pdf
from web.locales import read_by
from web.presentation import add_filters, rounded

_HERE = Path(__file__).parent
_STATIC, _STYLE = _HERE / "static", "paper.css"
PICTURE = Markup(
    "<style>text{font-family:Inter,'Noto Sans','DejaVu Sans',sans-serif;fill:#4e5a69;font-size:12px}"
    ".strong{fill:#17202b;font-weight:600}.axis{stroke:#c9d0d8}.dash{stroke:#7b8794;stroke-dasharray:2 3}"
    ".whole{fill:#0a5f73}.more{fill:#7fb2bf}.less{fill:#b8574e}</style>"
)
"""What drawings look like on paper."""


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    add_filters(made)
    made.globals.update(rounded=rounded, base_of=Money, labels=LABELS, picture=PICTURE)
    return made


def html(template: str, locale: str | None, *, styles: str = "", **shown: object) -> str:
    """A page for paper, with numbers as a reader writes them; `styles` is what its head says of looks."""
    with read_by(locale):
        return _environment().get_template(template).render(styles=Markup(styles), **shown)  # noqa: S704 - our own


@cache
def _maker() -> PdfMaker:
    return PdfMaker(_STATIC, _STYLE)


def pdf(template: str, locale: str | None, **shown: object) -> bytes:
    """The page as a PDF. Raises `UnavailableError` where PDFs cannot be made here."""
    return _maker().pdf(html(template, locale, styles="", **shown))


@cache
def _whole_style() -> str:
    return f"<style>{(_STATIC / _STYLE).read_text(encoding='utf-8')}</style>"


def page(template: str, locale: str | None, **shown: object) -> bytes:
    """The page as a file that stands by itself: it needs no other, and asks nobody for anything."""
    return html(template, locale, styles=_whole_style(), **shown).encode()


def made(template: str, locale: str | None, **shown: object) -> tuple[bytes, str]:
    """The page as a PDF where they can be made here, else as one that stands by itself; with the end of its name."""
    return (pdf(template, locale, **shown), ".pdf") if has_pdf() else (page(template, locale, **shown), ".html")
