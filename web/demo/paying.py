"""How a quarter of the sample company is paid: reviewed, approved, released and closed by those whose role it is."""

from comp.db import Engine, reading, writing
from comp.paid_check import PaidAmount, expected_totals
from comp.periods import Quarter
from comp.roles import Account
from comp.services import access, confirmations, releases, workflow
from comp.services.payroll import Told
from comp.services.releases import Wish
from comp.services.settlement import settle_run
from comp.services.workflow import Seen
from web.demo.people import AUTHOR, PAYER, PUBLISHER, START
from web.releasing import release_batch


def pay(engine: Engine, quarter: Quarter) -> str:
    """Take a calculated quarter through the rest of its life; gives the name of its batch."""
    author, approver, payer = (_account(engine, email) for email in (AUTHOR, PUBLISHER, PAYER))
    with writing(engine) as session:
        workflow.begin_review(session, author, quarter, START)
        looked = settle_run(session, workflow.counting_run(session, quarter))
        seen = Seen(workflow.life_of(session, quarter).changes, looked.sha256)
        workflow.approve(session, approver, quarter, seen, START)
    with reading(engine) as session:
        ready = releases.ready(session, payer, quarter)
    totals = {currency: str(total) for currency, total in ready.content.totals.items()}
    made = release_batch(engine, payer, quarter, Wish(totals, (), Told(), ready.seen), START)
    with writing(engine) as session:
        paid = [PaidAmount(line.key.employee, None, line.amount) for line in ready.content.lines]
        confirmations.confirm_typed(session, payer, made, expected_totals(paid), START)
        confirmations.close(session, payer, quarter, START)
    return made.name


def _account(engine: Engine, email: str) -> Account:
    with reading(engine) as session:
        return access.find_account_by_email(session, email)
