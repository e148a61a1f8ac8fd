"""What holds for every answer, and for every page: broken by none, whatever a test is about."""

import re
from itertools import pairwise
from typing import Any

import lxml.etree
import lxml.html
from werkzeug.test import TestResponse

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = (
    "default-src 'none'; script-src 'nonce-NONCE' 'strict-dynamic'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)
_NONCE = re.compile(r"'nonce-([\w-]{22})'")
Element = Any  # lxml's elements have no types


def nonce_of(answer: TestResponse) -> str:
    """The nonce that an answer's scripts must bear."""
    found = _NONCE.search(answer.headers["Content-Security-Policy"])
    assert found, answer.headers["Content-Security-Policy"]
    return found[1]


def check_answer(answer: TestResponse) -> TestResponse:
    """The answer, which has every header that protects it."""
    for each in (answer, *answer.history):
        for name, value in HEADERS.items():
            assert each.headers.get(name) == value, (each.request.path, name)
        assert each.headers["Content-Security-Policy"] == POLICY.replace("NONCE", nonce_of(each))
        if not each.request.path.startswith("/static/"):
            assert each.headers["Cache-Control"] == "no-store", each.request.path
    return answer


def check_page(answer: TestResponse) -> Element:
    """The root of a page, which is sound: for readers of screens, for browsers that trust nothing, for forms."""
    assert answer.mimetype == "text/html", (answer.request.path, answer.mimetype)
    parser = lxml.html.HTMLParser(encoding="utf-8")
    root = lxml.html.document_fromstring(answer.data, parser=parser)
    faults = [*_markup(answer, parser), *_frame(root), *_safe(root, nonce_of(answer)), *_forms(root), *_names(root)]
    assert not faults, (answer.request.path, faults)
    return root


def check_fragment(answer: TestResponse) -> Element:
    """The root of a part of a page, which is safe to put into one."""
    root = lxml.html.fragment_fromstring(answer.text, create_parent="div")
    faults = [*_safe(root, nonce_of(answer)), *_forms(root)]
    assert not faults, (answer.request.path, faults)
    return root


def _markup(answer: TestResponse, parser: lxml.html.HTMLParser) -> list[str]:
    known = "HTML_UNKNOWN_TAG"  # the parser knows neither SVG nor the elements of HTML 5
    faults = [str(fault) for fault in parser.error_log if fault.type_name != known]
    faults += ["no doctype"] if not answer.text.lstrip().lower().startswith("<!doctype html>") else []
    return faults


def _frame(root: Element) -> list[str]:
    headings = [" ".join(each.text_content().split()) for each in root.xpath("//h1")]
    title = root.findtext("head/title") or ""
    levels = [int(each.tag[1]) for each in root.xpath("//h1|//h2|//h3|//h4")]
    rules = {
        "one main heading": len(headings) == 1 and bool(headings[0]),
        "headings without gaps": all(after - before < 2 for before, after in pairwise(levels)),
        "a title": title.endswith(" · Loyalty Pay") and len(title) > len(" · Loyalty Pay"),
        "a language": root.get("lang") == "en",
        "one main part": len(root.xpath("//main")) == 1,
        "a viewport": bool(root.xpath("//meta[@name='viewport']")),
    }
    return [rule for rule, holds in rules.items() if not holds]


def _safe(root: Element, nonce: str) -> list[str]:
    faults = []
    for element in root.iter(lxml.etree.Element):
        names = [name.lower() for name in element.attrib]
        faults += [f"{element.tag} {name}" for name in names if name.startswith(("on", "hx-on")) or name == "style"]
        faults += [f"{element.tag} without nonce" for name in names if _is_active(name) and not element.get("hx-nonce")]
        if element.tag == "script":
            is_ours = element.get("src", "").startswith("/static/") and element.get("nonce") == nonce
            faults += [] if is_ours and not element.text else [f"script {element.attrib} {element.text}"]
        if element.tag == "style" or element.get("href", "").strip().lower().startswith(("javascript:", "data:")):
            faults.append(f"{element.tag} {element.attrib}")
    return faults


def _is_active(name: str) -> bool:
    """Whether an attribute is htmx's: its extension drops those of elements without a nonce."""
    return name.startswith("hx-") and name != "hx-nonce"


def _forms(root: Element) -> list[str]:
    faults = []
    for form in root.xpath("//form"):
        is_post = form.get("method", "get").lower() == "post"
        tokens = form.xpath(".//input[@type='hidden'][@name='csrf_token']/@value")
        if is_post != (len(tokens) == 1 and bool(tokens[0])):
            faults.append(f"form {form.get('action')} has {len(tokens)} tokens")
    unsafe = root.xpath("//*[@hx-post or @hx-put or @hx-patch or @hx-delete]")
    if unsafe and not root.xpath("//*[@*[name()='hx-headers:inherited']]"):
        faults.append("htmx sends no token: hx-headers must say :inherited")
    return faults


def _names(root: Element) -> list[str]:
    ids = root.xpath("//@id")
    faults = [f"id {each} twice" for each in set(ids) if ids.count(each) > 1]
    for field in root.xpath("//input[not(@type='hidden')]|//select|//textarea"):
        labels = root.xpath("//label[@for=$id]", id=field.get("id", "")) or list(field.iterancestors("label"))
        if not (labels and "".join(labels[0].itertext()).strip()) and not field.get("aria-label"):
            faults.append(f"{field.get('name')} has no label")
    for place in ("aria-describedby", "aria-labelledby", "for"):
        faults += [f"{place} {each}" for text in root.xpath(f"//@{place}") for each in text.split() if each not in ids]
    faults += [link for link in root.xpath("//a/@href") if link.startswith("#") and link[1:] not in ids]
    faults += [f"an image without words: {each.attrib}" for each in root.xpath("//svg") if not _is_told(each)]
    return faults


def _is_told(drawing: Element) -> bool:
    return drawing.get("aria-hidden") == "true" or (drawing.get("role") == "img" and bool(drawing.get("aria-label")))
