"""The data check as its page shows it: the findings that were asked for, in pages, each with where it is mended."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from comp.data_findings import Check, DataFinding, Mend, MendKind
from comp.services.data_check import CheckedQuarter

AT_ONCE = 50
_LONGEST_SEARCH, _LAST_PAGE = 100, 1_000_000
ERRORS, WARNINGS, OPEN = "errors", "warnings", "open"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings somebody asked for: of a severity, of a check, about a place whose code or name has a text."""

    only: str = ""
    check: str = ""
    search: str = ""
    page: int = 1

    @property
    def is_all(self) -> bool:
        """Whether nothing narrows them."""
        return not (self.only or self.check or self.search)

    @property
    def query(self) -> dict[str, str]:
        """What stands in addresses for it."""
        told = {"only": self.only, "check": self.check, "q": self.search}
        return {key: value for key, value in told.items() if value}


def read_asked(arguments: "MultiDict[str, str]") -> Asked:
    """What an address asks for; what there is not narrows nothing."""
    only, check = arguments.get("only", ""), arguments.get("check", "")
    return Asked(
        only if only in {ERRORS, WARNINGS, OPEN} else "",
        check if check in set(Check) else "",
        arguments.get("q", "").strip()[:_LONGEST_SEARCH],
        min(max(1, arguments.get("page", 1, type=int)), _LAST_PAGE),
    )


@dataclass(frozen=True, slots=True)
class FindingPage:
    """A page of findings: those on it by check, how many there are, and of which checks there are how many."""

    groups: tuple[tuple[Check, tuple[DataFinding, ...]], ...]
    total: int
    page: int
    pages: int
    by_check: tuple[tuple[Check, int], ...]


def chosen(checked: CheckedQuarter, asked: Asked) -> list[DataFinding]:
    """The findings that were asked for."""
    against = {finding.id for finding in checked.against} if asked.only == OPEN else set()
    return [finding for finding in checked.findings if _is_chosen(finding, asked, against)]


def _is_chosen(finding: DataFinding, asked: Asked, against: set[str]) -> bool:
    text = f"{finding.place.key} {finding.place.name}".casefold()
    return (
        (asked.only != ERRORS or finding.is_error)
        and (asked.only != WARNINGS or not finding.is_error)
        and (asked.only != OPEN or finding.id in against)
        and asked.check in {"", finding.check}
        and asked.search.casefold() in text
    )


def finding_page(checked: CheckedQuarter, asked: Asked) -> FindingPage:
    """A page of the findings that were asked for."""
    found = chosen(checked, asked)
    pages = max(1, -(-len(found) // AT_ONCE))
    page = min(asked.page, pages)
    groups: dict[Check, list[DataFinding]] = {}
    for finding in found[(page - 1) * AT_ONCE : page * AT_ONCE]:
        groups.setdefault(finding.check, []).append(finding)
    return FindingPage(
        tuple((check, tuple(those)) for check, those in groups.items()),
        len(found),
        page,
        pages,
        tuple(_by_check(checked.findings).items()),
    )


def _by_check(findings: Sequence[DataFinding]) -> dict[Check, int]:
    counts: dict[Check, int] = {}
    for finding in findings:
        counts[finding.check] = counts.get(finding.check, 0) + 1
    return counts


def mend_link(mend: Mend) -> tuple[str, str]:
    """What the page is called on which something is mended, and its address."""
    match mend.kind:
        case MendKind.IMPORT:
            return f"Import {mend.key.replace('-', ' ')}", url_for("imports.index", kind=mend.key)
        case MendKind.PLAN:
            return f"Plan {mend.key}", url_for("plans.show", name=mend.key)
        case MendKind.TARGETS:
            return f"Targets of {mend.key}", url_for("targets.index", period=mend.key)
        case MendKind.SCORES:
            return f"Scores of {mend.key}", url_for("scores.index", quarter=mend.key)
        case _:
            return "Plans", url_for("plans.index")
