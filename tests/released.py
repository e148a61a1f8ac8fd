"""A quarter that is paid: reviewed, approved and released by people whose role it is, through services alone."""

from comp.db import Engine, reading, writing
from comp.periods import Quarter
from comp.releases import Release
from comp.roles import Account, Role
from comp.services import releases, settlement, workflow
from comp.services.payroll import Told
from comp.services.releases import Ready, Wish
from comp.services.workflow import Seen
from tests.stored import NOW, Q3
from web.releasing import release_batch


def account(number: int, *roles: Role, employee: str | None = None) -> Account:
    """Somebody with these roles."""
    return Account(number, f"person{number}@example.org", f"Person {number}", roles, 0, employee)


HR, APPROVER, PAYROLL = account(1, Role.HR), account(2, Role.APPROVER), account(3, Role.PAYROLL)
OTHER_PAYROLL = account(4, Role.PAYROLL)


def approve(engine: Engine, quarter: Quarter = Q3) -> None:
    """Let a calculated quarter be reviewed and approved."""
    with writing(engine) as session:
        workflow.begin_review(session, HR, quarter, NOW)
        run = workflow.counting_run(session, quarter)
        seen = Seen(workflow.life_of(session, quarter).changes, settlement.settle_run(session, run).sha256)
        workflow.approve(session, APPROVER, quarter, seen, NOW)


def look(engine: Engine, quarter: Quarter = Q3, by: Account = PAYROLL) -> Ready:
    """Whether the next batch of a quarter can be released."""
    with reading(engine) as session:
        return releases.ready(session, by, quarter)


def wish(ready: Ready, *layouts: object, told: Told | None = None) -> Wish:
    """What whoever releases says who has looked: the totals as they are."""
    totals = {currency: str(total) for currency, total in ready.content.totals.items()}
    return Wish(totals, layouts, told or Told(), ready.seen)


def release(engine: Engine, quarter: Quarter = Q3, by: Account = PAYROLL) -> Release:
    """Release the next batch of a quarter."""
    return release_batch(engine, by, quarter, wish(look(engine, quarter, by)), NOW)
