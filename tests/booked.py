"""What a run alone pays, as payroll books it."""

from comp.paid_lines import PaidLine, paid_lines, places_of, settled_run
from comp.results import Run


def earned_lines(run: Run) -> tuple[PaidLine, ...]:
    """The lines of a quarter to which nothing was added."""
    return tuple(paid_lines(settled_run(run), places_of(run)))
