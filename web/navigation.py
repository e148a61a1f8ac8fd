"""The rail on the left: where one may go."""

from collections.abc import Collection
from dataclasses import dataclass

from comp.roles import Permission


@dataclass(frozen=True, slots=True)
class Item:
    """One place to go."""

    title: str
    endpoint: str
    needs: Permission
    more: tuple[str, ...] = ()

    @property
    def blueprints(self) -> tuple[str, ...]:
        """The parts of the application that the place leads to."""
        return self.endpoint.partition(".")[0], *self.more


@dataclass(frozen=True, slots=True)
class Group:
    """Places that belong together."""

    title: str
    items: tuple[Item, ...]


_GROUPS = (
    Group(
        "This quarter",
        (
            Item("Home", "home.show", Permission.SIGNED_IN),
            Item("My pay", "own.show", Permission.SIGNED_IN, ("statements",)),
            Item("Queries", "queries.index", Permission.SIGNED_IN),
            Item("Quarter board", "quarters.index", Permission.READ_QUARTERS, ("funding",)),
            Item("Calendar", "calendar.index", Permission.READ_CHECKS),
            Item("Data check", "data_check.index", Permission.READ_CHECKS, ("waivers",)),
            Item("My team", "team.index", Permission.REVIEW_TEAMS),
            Item("Reviews", "reviews.index", Permission.FOLLOW_REVIEWS),
            Item("Payouts", "payouts.index", Permission.LIST_PAYOUTS),
            Item("Runs", "runs.index", Permission.LIST_PAYOUTS),
            Item("Analysis", "analysis.index", Permission.TAKE_ANALYSIS),
            Item("Standing in", "delegations.index", Permission.DELEGATE),
        ),
    ),
    Group(
        "Customers",
        (
            Item("Scores", "scores.index", Permission.READ_SCORES),
            Item("Answers", "answers.index", Permission.READ_ANSWERS, ("exclusions",)),
            Item("Metrics", "metrics.index", Permission.READ_SCORES),
        ),
    ),
    Group(
        "Setting pay",
        (
            Item("Plans", "plans.index", Permission.READ_PLANS, ("plan_moves", "plan_reading")),
            Item("Targets", "targets.index", Permission.READ_PLANS),
            Item("Imports", "imports.index", Permission.READ_IMPORTS, ("withdrawals",)),
        ),
    ),
    Group(
        "Payroll",
        (
            Item("Batches", "payroll.index", Permission.TAKE_PAYROLL, ("releases", "paid")),
            Item("Corrections", "corrections.index", Permission.READ_PAYOUTS),
            Item("Overtime", "overtime.index", Permission.READ_OVERTIME),
            Item("Layouts", "layouts.index", Permission.READ_LAYOUTS, ("layout_maps", "layout_files")),
        ),
    ),
    Group(
        "Finance",
        (
            Item("Accruals", "accruals.index", Permission.READ_PAYOUTS),
            Item("Exchange rates", "rates.index", Permission.READ_PAYOUTS),
        ),
    ),
    Group(
        "Access",
        (
            Item("Users and roles", "users.index", Permission.MANAGE_ACCOUNTS),
            Item("Access review", "review.index", Permission.REVIEW_ACCESS),
            Item("Mails", "mails.index", Permission.MANAGE_ACCOUNTS),
        ),
    ),
    Group("Running it", (Item("Jobs", "jobs.index", Permission.RUN_JOBS),)),
    Group(
        "Proof",
        (
            Item("Evidence", "evidence.index", Permission.TAKE_EVIDENCE),
            Item("Audit", "audit.index", Permission.READ_AUDIT),
        ),
    ),
)


def navigation(granted: Collection[Permission]) -> tuple[Group, ...]:
    """The groups with the places that somebody may go to."""
    groups = (Group(group.title, tuple(item for item in group.items if item.needs in granted)) for group in _GROUPS)
    return tuple(group for group in groups if group.items)
