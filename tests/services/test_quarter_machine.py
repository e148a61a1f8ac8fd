"""Random people do random things to a quarter: nothing is paid that two did not see, nothing paid is ever rewritten."""

import shutil
from contextlib import suppress
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from comp.db import connect, reading, writing
from comp.errors import RefusedError
from comp.funding import Pool
from comp.guarantees import Guarantee, Promise
from comp.money import Money
from comp.periods import FOREVER, Span
from comp.roles import Account, Role
from comp.services import audit, calculation, funding, guarantees, settlement, workflow
from comp.services.workflow import Seen
from comp.store.funding import load_pools
from comp.store.guarantees import load_guarantees
from comp.store.quarters import Deed, approved_sha256
from comp.workflow import PAID, Act, State
from tests.stored import NOW, Q3, company, publish, taken
from web.database import disposed

PEOPLE = tuple(
    Account(number, f"{name}@example.org", name, roles, 0, employee)
    for number, (name, roles, employee) in enumerate(
        (
            ("hr", (Role.HR,), None),
            ("approver", (Role.APPROVER,), None),
            ("second", (Role.APPROVER, Role.PAYROLL), None),
            ("payroll", (Role.PAYROLL,), None),
            ("everything", (Role.HR, Role.APPROVER, Role.PAYROLL), None),
            ("ann", (Role.APPROVER, Role.HR), "1"),
        ),
        start=1,
    )
)
SOMEBODY = st.sampled_from(PEOPLE)


class Company(RuleBasedStateMachine):
    """A company with one quarter, in the hands of people who try everything."""

    template = None  # the file of the company, set by the test

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        path = f"{self.folder.name}/company.db"
        shutil.copy(self.template, path)
        self.closing = disposed(connect(f"sqlite:///{path}"))
        self.engine = self.closing.__enter__()
        self.seen = Seen(0, "")
        self.released = None

    def teardown(self):
        with reading(self.engine) as session:
            assert audit.verify(session).broken is None
        self.closing.__exit__(None, None, None)
        self.folder.cleanup()

    def tried(self, service, *told):
        with suppress(RefusedError), writing(self.engine) as session:
            return service(session, *told)
        return None

    def settled(self):
        with reading(self.engine) as session:
            return settlement.settle_run(session, workflow.counting_run(session, Q3))

    def life(self):
        with reading(self.engine) as session:
            return workflow.life_of(session, Q3)

    @rule(steps=st.integers(1, 3))
    def go_on(self, steps):
        """What well-meaning people would do next."""
        for _ in range(steps):
            self.go_one_step()

    def go_one_step(self):
        hr, approver, _, payroll, *_ = PEOPLE
        state = self.life().state
        if state is State.CALCULATED:
            self.tried(workflow.begin_review, hr, Q3, NOW)
        elif state is State.IN_REVIEW:
            self.look()
            self.approve(approver)
        elif state is State.APPROVED:
            self.release(payroll)

    @rule(score=st.integers(40, 130))
    def import_results(self, score):
        taken(self.engine, "results", f"unit,quarter,metric,value\nU,2025-Q3,k,{score}\n")

    @rule(somebody=SOMEBODY)
    def calculate(self, somebody):
        self.tried(calculation.calculate_quarter, Q3, somebody.email, NOW)

    @rule()
    def look(self):
        self.seen = Seen(self.life().changes, self.settled().sha256)

    @rule(
        somebody=SOMEBODY,
        move=st.sampled_from((workflow.begin_review, workflow.reopen)),
    )
    def move(self, somebody, move):
        self.tried(move, somebody, Q3, NOW)

    @rule(
        somebody=SOMEBODY,
        move=st.sampled_from((workflow.end_review, workflow.send_back, workflow.ask_to_reopen, workflow.keep_approved)),
    )
    def move_with_words(self, somebody, move):
        self.tried(move, somebody, Q3, "Because.", NOW)

    @rule(somebody=SOMEBODY)
    def approve(self, somebody):
        expected = self.settled()
        approved = self.tried(workflow.approve, somebody, Q3, self.seen, NOW)
        if approved:
            assert approved == expected
            assert somebody.employee is None

    @rule(somebody=SOMEBODY)
    def release(self, somebody):
        def released(session):
            run = workflow.require(session, Act.RELEASE, somebody, Q3)
            workflow.record(session, run, Deed(Act.RELEASE, somebody.email, NOW))
            return settlement.settle_run(session, run)

        done = self.tried(released)
        if done:
            self.released = done

    @rule(somebody=SOMEBODY, amount=st.integers(0, 400_000), minimum=st.integers(0, 50_000))
    def set_pool(self, somebody, amount, minimum):
        pool = Pool(Money(amount, "EUR"), Money(minimum, "EUR"))
        self.tried(funding.propose, somebody, Q3, pool, "Because.", NOW)

    @rule(somebody=SOMEBODY, act=st.sampled_from((funding.confirm, funding.end)))
    def decide_pool(self, somebody, act):
        with reading(self.engine) as session:
            pools = load_pools(session, Q3)
        if pools:
            self.tried(act, somebody, pools[-1].id, NOW)

    @rule(proposer=SOMEBODY, other=SOMEBODY, amount=st.integers(200_000, 300_000), promise=st.sampled_from(Promise))
    def guarantee(self, proposer, other, amount, promise):
        made = Guarantee(promise, Money(amount, "EUR"), Span(NOW.date().replace(year=2025), FOREVER), Money(0, "EUR"))
        self.tried(guarantees.propose, proposer, "2", made, "Because.", NOW)
        self.confirm_guarantee(other)

    def confirm_guarantee(self, somebody):
        with reading(self.engine) as session:
            known = load_guarantees(session)
        if known:
            self.tried(guarantees.confirm, somebody, known[-1].id, NOW)

    @invariant()
    def what_was_released_stays_as_it_was(self):
        if self.released:
            assert self.life().state in PAID
            assert self.settled() == self.released

    @invariant()
    def what_is_approved_was_seen_by_two_others(self):
        life = self.life()
        if life.state in {State.APPROVED, *PAID}:
            assert life.doers[Act.APPROVE] not in {life.doers[Act.CALCULATE], life.doers[Act.BEGIN_REVIEW]}
            with reading(self.engine) as session:
                assert approved_sha256(session, Q3) == self.settled().sha256

    @invariant()
    def lines_add_up(self):
        settled = self.settled()
        for currency, amount in settled.payable.items():
            lines = [line.amount.minor for each in settled.settled for line in each.lines if each.currency == currency]
            assert amount.minor == sum(lines)


@pytest.fixture
def template(sqlite_template, tmp_path):
    path = tmp_path / "machine.db"
    shutil.copy(sqlite_template, path)
    with disposed(connect(f"sqlite:///{path}")) as engine:
        company(engine)
        publish(engine)
        with writing(engine) as session:
            calculation.calculate_quarter(session, Q3, PEOPLE[0].email, NOW)
    return path


def test_nothing_is_paid_unseen_or_rewritten_whatever_people_try(template):
    Company.template = template
    run_state_machine_as_test(Company, settings=settings(max_examples=12, stateful_step_count=30, deadline=None))
