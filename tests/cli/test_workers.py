"""`worker` does what falls due until it is stopped; `jobs` lists what was done, waits and failed."""

import signal
from datetime import UTC, datetime

from comp.db import connect, queueing, reading
from comp.roles import whoever_has_the_machine
from comp.services import jobs
from tests.cli.commands import child, finished
from web.database import disposed
from web.jobs import SCHEDULES

HANA = whoever_has_the_machine("hana@company.example")


def ask(url, quarter="2026-Q1"):
    with disposed(connect(url)) as engine, queueing(engine) as session:
        return jobs.ask(session, HANA, "calculate", {"quarter": quarter}, datetime.now(UTC))


def wait_until_over(url, number):
    """What became of a job, once a worker ended it."""
    with disposed(connect(url)) as engine:
        while True:
            with reading(engine) as session:
                job = jobs.find(session, HANA, number)
            if job.state.is_over:
                return job


def test_a_worker_does_what_is_asked_for_until_a_signal_ends_it(initialised, folder):
    number = ask(initialised)
    worker = child("worker", cwd=folder)
    assert worker.stdout.readline() == "A worker of Loyalty Pay waits for work. Stop it with Ctrl+C.\n"
    job = wait_until_over(initialised, number)
    assert job.words.startswith("Nobody was employed in 2026-Q1.")
    worker.send_signal(signal.SIGTERM)
    told = finished(worker)
    assert (told.code, told.out.splitlines()[-1]) == (0, "Stopped.")


def test_jobs_are_listed_with_their_times_the_queue_and_what_failed(run, initialised):
    number = ask(initialised)
    with disposed(connect(initialised)) as engine, queueing(engine) as session:
        job = jobs.claim(session, "w", datetime.now(UTC), of_clock=False)
        job = jobs.tell(session, job, (1, 0, 0), datetime.now(UTC))
        jobs.fail(session, job, "It has no answers.", datetime.now(UTC), try_again=False)
        jobs.run_now(session, HANA, "mail", datetime.now(UTC))
        jobs.finish(
            session, jobs.claim(session, "w", datetime.now(UTC), of_clock=True), "2 mails sent.", "", job.due_at
        )
    told = run("jobs")
    lines = told.out.splitlines()
    assert (told.code, lines[0]) == (0, "The clock is silent: start `loyaltypay worker`.")
    assert [line.split()[0] for line in lines[1:-1]] == list(SCHEDULES)
    assert lines[1].startswith("mail       every 15 seconds")
    assert lines[1].endswith("2 mails sent.")
    assert lines[-1] == f"job {number}  Calculate a quarter: 2026-Q1  failed  It has no answers."
    assert told.err.startswith("failed: Calculate a quarter: 2026-Q1. It has no answers. Mend")
    document = run("jobs", "--json").document
    assert document["clock"] == "silent"
    assert {each["kind"] for each in document["jobs"]} == set(SCHEDULES)
    assert [(each["job"], each["state"], each["words"]) for each in document["failed"]] == [
        (number, "failed", "It has no answers.")
    ]
