"""Somebody in front of a browser: opens pages, and notes whatever browser or server finds wrong on the way."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response

from tests.web.company import PASSWORD

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
_AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
_SERIOUS = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"]});
    return found.violations.filter((each) => ["serious", "critical"].includes(each.impact)).map(
        (each) => [each.id, ...each.nodes.slice(0, 3).map((node) => node.html)].join(" "));
}"""
_WIDER = """() => [...document.querySelectorAll("main *, .rail *")].filter(
    (each) => each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 90))"""


class Reader:
    """A browser window of its own. `faults` has what nobody may ever see on the console or get from the server."""

    def __init__(self, browser: Browser, address: str, *, scripts: bool = True, **options: Any) -> None:
        self.has_scripts = scripts
        self.viewport = options.setdefault("viewport", WIDE)
        self.context = browser.new_context(
            base_url=address, java_script_enabled=scripts, reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", self._receive)

    def _hear(self, message: ConsoleMessage) -> None:
        is_status = message.text.startswith("Failed to load resource")  # what `_receive` judges
        if message.type in {"error", "warning"} and not is_status:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _receive(self, response: Response) -> None:
        is_page = response.request.resource_type in {"document", "fetch"}
        if response.status >= (500 if is_page else 400):
            self.faults.append(f"{response.status} {response.url}")

    def open(self, path: str) -> Response | None:
        """Go to a page by its address."""
        return self.page.goto(path)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in by the form."""
        self.open("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/")

    def sign_out(self) -> None:
        """Leave by the button."""
        self.page.get_by_role("button", name="Sign out").click()
        self.page.wait_for_url("**/sign-in")

    @property
    def heading(self) -> Locator:
        """The page's main heading."""
        return self.page.locator("h1")

    def links(self) -> list[str]:
        """Where the page's links lead within the site."""
        found: list[str] = self.page.eval_on_selector_all(
            "a[href^='/']", "all => all.map((a) => a.getAttribute('href'))"
        )
        return found

    def check_width(self, width: int) -> None:
        """The page must not need scrolling sideways."""
        self.page.set_viewport_size({"width": width, "height": 844})
        overflow = self.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if overflow > 0:
            self.faults.append(f"{self.page.url} is {overflow} px too wide at {width}: {self.page.evaluate(_WIDER)}")

    def check_access(self) -> None:
        """The page must have nothing that axe calls serious or critical."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE)
        self.faults += [f"{self.page.url}: {fault}" for fault in self.page.evaluate(_SERIOUS)]

    def check_look(self) -> None:
        """The page must fit a phone, and be open to everybody as it stands."""
        self.check_width(PHONE["width"])
        self.page.set_viewport_size(self.viewport)
        self.check_access()

    def check_looks(self) -> None:
        """The page must be open to everybody in light colours on a wide screen, and in dark ones on a phone."""
        for colours, viewport in (("light", WIDE), ("dark", PHONE)):
            self.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            self.check_width(viewport["width"])
            self.page.set_viewport_size(viewport)
            self.check_access()
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.page.set_viewport_size(self.viewport)
