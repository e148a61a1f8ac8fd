"""What can make two payouts differ, in the order in which a comparison changes one thing after another."""

from enum import StrEnum
from typing import NamedTuple


class Cause(StrEnum):
    """One kind of reason why a payout changed."""

    SCORE = "score"
    UNIT_TARGET = "unit target"
    CURVE = "curve"
    WEIGHT = "weight"
    RULES = "rules"
    UNIT = "unit"
    PLAN = "plan"
    QUARTER_SHARE = "quarter share"
    SALARY = "salary"
    WORKING_TIME = "working time"
    TARGET = "target"
    ABSENCE = "absence"
    DAYS = "days"
    ELIGIBILITY = "eligibility"
    CURRENCY = "currency"
    HOLD = "hold"
    SCOPE = "in no plan"
    PERSON = "person"
    ROUNDING = "rounding"
    ADJUSTMENT = "adjustment"


LABELS = {
    Cause.SCORE: "Scores",
    Cause.UNIT_TARGET: "Units’ targets",
    Cause.CURVE: "Curves",
    Cause.WEIGHT: "Weights",
    Cause.RULES: "Gates, caps, modifiers",
    Cause.UNIT: "Another unit",
    Cause.PLAN: "Another plan",
    Cause.QUARTER_SHARE: "Quarter’s share of the year",
    Cause.SALARY: "Salary",
    Cause.WORKING_TIME: "Working time",
    Cause.TARGET: "Target pay",
    Cause.ABSENCE: "Absence",
    Cause.DAYS: "Paid days",
    Cause.ELIGIBILITY: "Eligibility",
    Cause.CURRENCY: "Currency",
    Cause.HOLD: "Held or not",
    Cause.SCOPE: "In a plan or not",
    Cause.PERSON: "Only in one run",
    Cause.ROUNDING: "Rounding",
    Cause.ADJUSTMENT: "Adjustments",
}
"""How each cause is called where people read."""

_ORDER = {cause: place for place, cause in enumerate(Cause)}


class Input(NamedTuple):
    """One thing that a payout was calculated from: a cause, and the metric it is of where it is a metric's."""

    cause: Cause
    metric: str = ""

    @property
    def place(self) -> tuple[int, str]:
        """Where the input stands in the order."""
        return _ORDER[self.cause], self.metric
