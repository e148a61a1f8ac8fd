"""Four processes that adjust, confirm, calculate and approve one quarter at once lose nothing and never both win."""

from collections import Counter
from contextlib import suppress
from multiprocessing import get_context

from comp.adjustments import Act as Decision
from comp.db import connect, reading, writing
from comp.errors import RefusedError
from comp.money import Money
from comp.services import adjusting, audit, calculation, confirming, settlement, teams, workflow
from comp.services.adjusting import Ending, Wish
from comp.services.workflow import Seen
from comp.store.adjustments import load_adjustments
from comp.store.quarters import approved_sha256
from comp.store.runs import list_runs
from comp.workflow import Act, State
from tests.services.test_reviews import APPROVER, DORA, EVERYBODY, HR, MIA, stored  # noqa: F401 - in review
from tests.stored import NOW, Q3
from web.database import disposed

TRIES = 5


def adjust(engine):
    with reading(engine) as session:
        row = teams.find_row(session, EVERYBODY, Q3, "1", NOW)[0]
    wish = Wish("1", "EUR", Money(100, "EUR"), None, "Other", "So.", row.sha256)
    with writing(engine) as session:
        number = adjusting.propose(session, MIA, Q3, wish, NOW).id
    with writing(engine) as session:
        row = teams.find_row(session, EVERYBODY, Q3, "1", NOW)[0]
        adjusting.end(session, DORA, Q3, number, Ending(Decision.APPROVE, "", row.sha256), NOW)


def confirm(engine):
    with reading(engine) as session:
        row = teams.find_row(session, EVERYBODY, Q3, "2", NOW)[0]
    with writing(engine) as session:
        confirming.confirm(session, DORA, Q3, "2", row.sha256, NOW)


def calculate(engine):
    with writing(engine) as session:
        calculation.calculate_quarter(session, Q3, HR.email, NOW)
        workflow.begin_review(session, HR, Q3, NOW)


def approve(engine):
    with reading(engine) as session:
        run = workflow.counting_run(session, Q3)
        seen = Seen(workflow.life_of(session, Q3).changes, settlement.settle_run(session, run).sha256)
    with writing(engine) as session:
        workflow.approve(session, APPROVER, Q3, seen, NOW)


def _often(work, url, told):
    done = 0
    try:
        with disposed(connect(url)) as engine:
            for _ in range(TRIES):
                with suppress(RefusedError):  # somebody was faster, or it is not the time for it
                    work(engine)
                    done += 1
    finally:
        told.put((work.__name__, done))


def test_whatever_four_processes_do_at_once_is_there_afterwards_and_nothing_else(stored):  # noqa: F811 - the fixture
    url = stored.url.render_as_string(hide_password=False)
    processes = get_context("fork")
    told = processes.SimpleQueue()
    works = (adjust, confirm, calculate, approve)
    running = [processes.Process(target=_often, args=(work, url, told)) for work in works]
    for process in running:
        process.start()
    done = Counter(dict(told.get() for _ in works))
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * 4
    with reading(stored) as session:
        assert audit.verify(session).broken is None
        assert len(list_runs(session, Q3)) == 1 + done["calculate"]
        approved = [each for each in load_adjustments(session, Q3) if each.state == "approved"]
        assert len(approved) >= done["adjust"]
        history = [deed.deed.act for deed in workflow.history_of(session, Q3)]
        assert history.count(Act.APPROVE) == done["approve"] <= 1
        life = workflow.life_of(session, Q3)
        assert (life.state is State.APPROVED) == bool(done["approve"])
        if life.state is State.APPROVED:
            settled = settlement.settle_run(session, workflow.counting_run(session, Q3))
            assert approved_sha256(session, Q3) == settled.sha256
