"""A run as a plain document: what `scenario --json` and `calculate --json` print."""

from comp.figures import percent_text
from comp.results import Payout, Run

Document = dict[str, object]


def write_run(run: Run) -> Document:
    """Payouts, holds, people outside every plan, and problems; amounts as text."""
    return {
        "payouts": [_payout(payout) for payout in run.payouts],
        "held": [{"employee": hold.employee, "why": hold.why} for hold in run.held],
        "outside": [{"employee": person.employee, "why": person.why} for person in run.outside],
        "problems": [{"where": problem.where, "why": problem.why} for problem in run.problems],
    }


def _payout(payout: Payout) -> Document:
    attainment = payout.attainment
    document: Document = {"employee": payout.employee, "currency": payout.amount.currency, "amount": str(payout.amount)}
    return document if attainment is None else {**document, "attainment": percent_text(attainment)}
