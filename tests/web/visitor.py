"""Somebody with a browser: fetches pages, follows links, fills in forms, and checks every page that comes."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from flask import Flask
from werkzeug.test import TestResponse

from tests.web.company import PASSWORD
from tests.web.page_rules import check_answer, check_page

Element = Any  # lxml's elements have no types
_BEFORE_POINT = re.compile(r" (?=[.,;:](\s|$))")


class Visitor:
    """A browser of its own, with its own cookies."""

    def __init__(self, app: Flask, email: str | None = None) -> None:
        self.client = app.test_client()
        if email:
            self.sign_in(email, then="/help")  # home takes long to make, and nobody would look at it

    def sign_in(self, email: str, password: str = PASSWORD, then: str = "") -> "Page":
        """Sign in as people do: by the form, on the way to a page or to none."""
        page = self.get(f"/sign-in?next={then}" if then else "/sign-in")
        return page.submit("Sign in", email=email, password=password)

    def get(self, address: str, status: int = 200) -> "Page":
        """Fetch a page and check it; redirects are followed."""
        return self._page(self.fetch(address, follow_redirects=True), status)

    def post(self, address: str, status: int = 200, **fields: Any) -> "Page":
        """Post a form with a valid token, whether or not a page offers it; redirects are followed."""
        answer = self.send(address, {"csrf_token": self.token(), **fields}, follow_redirects=True)
        return self._page(answer, status)

    def fetch(self, address: str, **options: Any) -> TestResponse:
        """An answer as it comes."""
        return check_answer(self.client.get(address, buffered=True, **options))

    def send(self, address: str, fields: dict[str, Any], **options: Any) -> TestResponse:
        """The answer to a posted form as it comes."""
        answer = self.client.post(address, data=fields, buffered=True, **options)
        for each in (answer, *answer.history):
            each.request.environ["wsgi.input"].close()  # the client leaves open what it sent
        return check_answer(answer)

    def token(self) -> str:
        """The token that this visitor's forms carry."""
        return self.get("/help").root.xpath("//input[@name='csrf_token']/@value")[0]

    def _page(self, answer: TestResponse, status: int) -> "Page":
        assert answer.status_code == status, (answer.request.path, answer.status, answer.text)
        return Page(self, answer)


class Page:
    """A page that was fetched, and found to be sound."""

    def __init__(self, visitor: Visitor, answer: TestResponse) -> None:
        self.visitor, self.answer = visitor, answer
        self.address = answer.request.path
        self.root = check_page(answer)

    @property
    def title(self) -> str:
        return self.root.findtext("head/title")

    @property
    def heading(self) -> str:
        return words(self.root.xpath("//h1")[0])

    @property
    def text(self) -> str:
        """Everything that can be read between the heading and the end."""
        return words(self.root.xpath("//main")[0])

    @property
    def notes(self) -> list[str]:
        """What was said about what was just done."""
        return [words(note) for note in self.root.xpath("//*[@role='status']")]

    @property
    def errors(self) -> list[str]:
        """What the summary of errors lists."""
        return [words(error) for error in self.root.xpath("//*[@role='alert']//li")]

    def rows(self, heading: str = "") -> list[list[str]]:
        """The body rows of the tables under a heading of the page, or of all tables."""
        where = f"//section[header/h2[normalize-space()='{heading}']]" if heading else ""
        found = self.root.xpath(f"{where}//table//tr[td]")
        return [[words(cell) for cell in row.xpath("th|td")] for row in found]

    def table(self, heading: str = "") -> list[dict[str, str]]:
        """The rows of the first table under a heading of the page, by the words above their columns."""
        where = f"//section[header/h2[normalize-space()='{heading}']]" if heading else ""
        found = self.root.xpath(f"({where}//table)[1]")[0]
        columns = [words(cell) for cell in found.xpath("thead/tr/th")]
        rows = ([words(cell) for cell in row.xpath("th|td")] for row in found.xpath("tbody/tr"))
        return [dict(zip(columns, cells, strict=True)) for cells in rows]

    def links(self) -> list[str]:
        """Where the page's links lead to within the application."""
        found = self.root.xpath("//a/@href")
        return [urljoin(self.address, link) for link in found if not urlsplit(link).netloc and not link.startswith("#")]

    def follow(self, words_of_link: str) -> "Page":
        """Go where a link leads."""
        found = [link for link in self.root.xpath("//a") if words(link) == words_of_link]
        assert found, f"{self.address} has no link {words_of_link!r}"
        return self.visitor.get(urljoin(self.address, found[0].get("href")))

    def buttons(self) -> list[str]:
        return [words(button) for button in self.root.xpath("//button[not(@hidden)]")]

    def submit(self, button: str, status: int = 200, **fields: Any) -> "Page":
        """Fill in fields of the form that a button belongs to, and press it; redirects are followed."""
        form = self._form(button)
        known = form_values(form)
        strange = set(fields) - set(known)
        assert not strange, f"the form has no field {strange}"
        known |= {name: value for name, value in fields.items() if value is not None}
        for name in (name for name, value in fields.items() if value is None):
            del known[name]
        address = urljoin(self.address, form.get("action") or self.answer.request.full_path.rstrip("?"))
        assert form.get("method") == "post"
        answer = self.visitor.send(address, known, follow_redirects=True)
        return self.visitor._page(answer, status)

    def value(self, name: str) -> str:
        """What a field of the page holds."""
        return self.root.xpath(f"//*[@name='{name}']/@value")[0]

    def _form(self, button: str) -> Element:
        found = [each for each in self.root.xpath("//button") if words(each) == button]
        assert found, f"{self.address} has no button {button!r}, only {self.buttons()}"
        form_id = found[0].get("form")
        return self.root.get_element_by_id(form_id) if form_id else next(found[0].iterancestors("form"))


def words(element: Element) -> str:
    """What can be read of an element, with single spaces, and one between its parts."""
    return _BEFORE_POINT.sub("", " ".join(" ".join(element.itertext()).split()))


def form_values(form: Element) -> dict[str, Any]:
    """What a form would send as it stands."""
    values = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@name]")}
    values |= {field.get("name"): field.text or "" for field in form.xpath(".//textarea[@name]")}
    for select in form.xpath(".//select[@name]"):
        chosen = select.xpath("option[@selected]/@value") or select.xpath("option/@value")
        values[select.get("name")] = chosen[0]
    return values


def parse(answer: TestResponse) -> Element:
    """A fragment's elements."""
    return lxml.html.fromstring(answer.text)
