"""`worker` and `jobs`: the clock and long work in a process of their own, and what of it is done, waits or failed."""

import signal
from datetime import datetime
from threading import Event

import click

from comp.db import reading
from comp.jobs import Job
from comp.services import clock
from comp.services import jobs as queue
from comp.services.jobs import Board
from web import job_words
from web.cli.arguments import as_json
from web.cli.context import database, now, operator
from web.cli.servers import stop
from web.cli.speech import print_json
from web.job_words import Line
from web.settings import read_settings


@click.command(short_help="Do the clock's jobs and long work, until stopped.")
def worker() -> None:
    """Do what falls due and what people ask for that takes long, until it is stopped with Ctrl+C or a signal to end.

    \b
      loyaltypay worker

    Any number of them may go, on one machine or several: each job is taken on by one, and the clock of one alone
    counts. A worker that dies leaves its job to another, two minutes later. `loyaltypay serve` has one in it on SQLite.
    """
    from web.clock import running

    with database() as engine, running(engine, read_settings()):
        signal.signal(signal.SIGTERM, stop)
        click.echo("A worker of Loyalty Pay waits for work. Stop it with Ctrl+C.")
        try:
            Event().wait()
        except (KeyboardInterrupt, SystemExit):
            click.echo("Stopping: a job under way is left to another worker, or to the next start.")
    click.echo("Stopped.")


@click.command(short_help="What the clock did, what waits, what failed.")
@as_json
def jobs(as_json: bool) -> None:
    """Each job of the clock with its last and next time, the queue, and what failed in the last week.

    \b
      loyaltypay jobs
    """
    moment = now()
    with database() as engine, reading(engine) as session:
        board = queue.board(session, operator(), moment)
        asked = queue.list_asked(session, operator())
        is_silent = clock.is_silent(session, moment)
    lines = job_words.lines(board, moment)
    if as_json:
        failed = [_written(job) for job in board.failed]
        clockwork = [_written_line(line) for line in lines]
        print_json(
            {
                "clock": "silent" if is_silent else "goes",
                "jobs": clockwork,
                "asked": list(map(_written, asked)),
                "failed": failed,
            }
        )
        return
    click.echo("The clock goes." if not is_silent else "The clock is silent: start `loyaltypay worker`.")
    for line in lines:
        click.echo(_line_text(line))
    _tell_asked(asked, board, moment)


def _line_text(line: Line) -> str:
    last = f"{line.last.ended_at:%Y-%m-%d %H:%M} {line.outcome}" if line.last and line.last.ended_at else line.outcome
    words = f"  {line.last.words}" if line.last else ""
    cadence = line.schedule.cadence.words
    return f"{line.schedule.kind:<10} {cadence:<24} {last:<24} next {line.following:%Y-%m-%d %H:%M}{words}".rstrip()


def _tell_asked(asked: list[Job], board: Board, moment: datetime) -> None:
    for job in asked:
        told = job.words if job.state.is_over else job_words.progress(job, moment)
        click.echo(f"job {job.id}  {job_words.title(job)}  {job.state.value}  {told}".rstrip())
    for job in board.failed:
        click.echo(f"failed: {job_words.title(job)}. {job.words} {job_words.remedy(job)}", err=True)


def _written(job: Job) -> dict[str, object]:
    ended = job.ended_at.isoformat() if job.ended_at else None
    asked = {"job": job.id, "kind": job.kind, "state": job.state.value, "asked": job.asked_at.isoformat()}
    return {**asked, "arguments": job.arguments, "attempts": job.attempts, "ended": ended, "words": job.words}


def _written_line(line: Line) -> dict[str, object]:
    last = _written(line.last) if line.last else None
    return {
        "kind": line.schedule.kind,
        "cadence": line.schedule.cadence.words,
        "last": last,
        "next": line.following.isoformat(),
    }
