"""A process that is killed while it imports, calculates or migrates leaves all of its work or nothing."""

import os
import signal
from collections import Counter
from multiprocessing import get_context

import pytest
from sqlalchemy import event, inspect, text

from comp.db import connect, reading, writing
from comp.review import Show
from comp.services import confirming, workflow
from comp.services.company import initialise, require_ready
from comp.services.confirming import Choice
from tests.paid import decide, make, propose
from tests.paid import release as pay
from tests.released import approve, release
from tests.services.test_reviews import DORA, HR
from tests.services.test_reviews import PEOPLE as TEAM
from tests.stored import NOW, Q3, calculated, company, publish, taken
from web.database import disposed

ROWS = "\n".join(f"r{n},{'UV'[n % 2]},2025-07-{n % 31 + 1:02},{n % 11}" for n in range(400))
ANSWERS = f"response,unit,answered_on,recommend\n{ROWS}"
TABLES = ("batch", "response", "tally", "run", "run_attainment", "run_payout", "run_piece")
RELEASED = ("release", "release_line", "release_file", "quarter_move", "audit")
STATEMENTS, COMMIT, NEVER = 6, "commit", "never"
RELEASING = "INSERT INTO release_file"
"""Where a release is stored in part: its batch and lines are, its files are not."""


def import_answers(engine):
    taken(engine, "answers", ANSWERS)


def migrate(engine):
    with writing(engine) as session:
        initialise(session, None)


def killed(work, url, pause):
    """Do `work` in a process that is killed before its n-th statement, before it commits, or once it is done."""
    processes = get_context("fork")
    told, tell = processes.Pipe(duplex=False)
    child = processes.Process(target=_work, args=(work, url, pause, tell))
    child.start()
    tell.close()
    came_to = told.recv()
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert child.exitcode == -signal.SIGKILL
    return came_to


def _work(work, url, pause, tell):
    engine = connect(url)
    seen = Counter()

    def stop(at, statement=""):
        seen[at] += 1
        if pause in {at, seen[at]} or (isinstance(pause, str) and statement.startswith(pause)):
            tell.send("stopped")
            signal.pause()

    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_: stop("statement", statement))
    event.listen(engine, "commit", lambda _: stop(COMMIT))
    work(engine)
    tell.send("done")
    signal.pause()


def rows(url, tables=TABLES):
    with disposed(connect(url)) as engine, reading(engine) as session:
        return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}  # noqa: S608


@pytest.mark.parametrize("pause", [STATEMENTS, COMMIT])
@pytest.mark.parametrize(
    ("work", "adds"),
    [
        (import_answers, {"batch": 1, "response": 400, "tally": 22}),
        (calculated, {"run": 1, "run_attainment": 2, "run_payout": 2, "run_piece": 2}),
    ],
)
def test_a_killed_import_or_calculation_leaves_nothing_and_can_be_repeated(url, work, adds, pause):
    with disposed(connect(url)) as engine:
        company(engine)
        publish(engine)
    before = rows(url)
    assert killed(work, url, pause) == "stopped"
    assert rows(url) == before
    assert killed(work, url, NEVER) == "done"
    assert rows(url) == {table: count + adds.get(table, 0) for table, count in before.items()}


@pytest.mark.parametrize("pause", [STATEMENTS, 40, COMMIT])
def test_a_killed_migration_leaves_an_empty_database_and_can_be_repeated(empty_url, pause):
    assert killed(migrate, empty_url, pause) == "stopped"
    with disposed(connect(empty_url)) as engine:
        assert inspect(engine).get_table_names() == []
    assert killed(migrate, empty_url, NEVER) == "done"
    with disposed(connect(empty_url)) as engine, reading(engine) as session:
        require_ready(session)


@pytest.mark.parametrize("pause", [RELEASING, COMMIT])
def test_a_killed_release_leaves_nothing_and_can_be_repeated(url, pause):
    with disposed(connect(url)) as engine:
        company(engine)
        publish(engine)
        calculated(engine)
        approve(engine)
    before = rows(url, RELEASED)
    assert killed(release, url, pause) == "stopped"
    assert rows(url, RELEASED) == before
    assert killed(release, url, NEVER) == "done"
    added = {table: count - before[table] for table, count in rows(url, RELEASED).items()}
    assert added == {"release": 1, "release_line": 2, "release_file": 3, "quarter_move": 1, "audit": 2}


def confirm_team(engine):
    choice = Choice("", Show.ALL, "", None)
    with reading(engine) as session:
        found = confirming.choose(session, DORA, Q3, choice, NOW).selection
    with writing(engine) as session:
        confirming.confirm_chosen(session, DORA, Q3, choice, (len(found.people), found.sha256, found.words), NOW)


@pytest.mark.parametrize("pause", [STATEMENTS, COMMIT])
def test_a_killed_bulk_confirmation_confirms_everybody_or_nobody(url, pause):
    with disposed(connect(url)) as engine:
        company(engine, people=TEAM)
        publish(engine)
        calculated(engine)
        with writing(engine) as session:
            workflow.begin_review(session, HR, Q3, NOW)
    assert killed(confirm_team, url, pause) == "stopped"
    assert rows(url, ["review_mark"]) == {"review_mark": 0}
    assert killed(confirm_team, url, NEVER) == "done"
    assert rows(url, ["review_mark"]) == {"review_mark": 3}


def make_correction(engine):
    make(engine, Q3)


def approve_correction(engine):
    decide(engine, 1)


@pytest.mark.parametrize("work", [make_correction, approve_correction])
def test_a_killed_correction_is_made_or_approved_whole_or_not_at_all(url, work):
    with disposed(connect(url)) as engine:
        company(engine)
        publish(engine)
        pay(engine, Q3)
        taken(engine, "results", "unit,quarter,metric,value\nU,2025-Q3,k,110\n")
        calculated(engine, Q3)
        if work is approve_correction:
            propose(engine, make(engine, Q3))
    before = corrections(url)
    assert killed(work, url, COMMIT) == "stopped"
    assert corrections(url) == before
    assert killed(work, url, NEVER) == "done"
    assert corrections(url) == ([("approved", "2025-Q4", 1)] if work is approve_correction else [("draft", None, 1)])


def corrections(url):
    query = "SELECT state, pays_with, (SELECT count(*) FROM correction_line WHERE correction_id = id) FROM correction"
    with disposed(connect(url)) as engine, reading(engine) as session:
        return [tuple(row) for row in session.execute(text(query))]
