"""What the clock's jobs do. Each may be done twice without harm, and tells in words what came of it."""

import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from comp.chain import Anchor
from comp.db import Engine, queueing, reading, writing
from comp.errors import LoyaltyPayError, RefusedError
from comp.figures import counted
from comp.jobs import StoppedError
from comp.services import audit, forecasts, jobs, made_files, mail, retention
from web.mail import drain
from web.settings import Settings

_LOG = logging.getLogger(__name__)


def send_mails(engine: Engine, machine: Settings, _now: datetime, may_go_on: Callable[[], bool]) -> str:
    """Send what waits in the outbox. A mail whose sender died is sent again, by whoever takes it on next."""
    done = drain(engine, machine, may_go_on)
    failed = f" {counted(len(done.failures), 'mail')} did not go out; each is tried again." if done.failures else ""
    return f"{counted(done.sent, 'mail')} sent.{failed}" if done.sent or failed else "Nothing was to be sent."


def forget_old(engine: Engine, _machine: Settings, now: datetime, _may_go_on: Callable[[], bool]) -> str:
    """Forget mails, jobs and the files that they made, where they are long over."""
    with writing(engine) as session:
        mail.forget_old(session, now)
    with queueing(engine) as session:
        made_files.forget_old(session, now)
        jobs.forget_old(session, now)
    return "What was long over is forgotten."


def erase_comments(engine: Engine, _machine: Settings, now: datetime, may_go_on: Callable[[], bool]) -> str:
    """Erase customers' comments past the company's setting, some thousands in a transaction; their answers stay."""
    with reading(engine) as session:
        since = retention.kept_since(session, now)
    if since is None:
        return "Comments are kept for good: no number of months is set."
    erased = 0
    while may_go_on():
        with writing(engine) as session:
            more = retention.erase_comments(session, now)
        erased += more
        if more < retention.AT_ONCE:
            return f"{counted(erased, 'comment')} from before {since} erased."
    raise StoppedError("The worker ends.")


def forecast(engine: Engine, _machine: Settings, now: datetime, may_go_on: Callable[[], bool]) -> str:
    """Calculate the running quarter with what is known so far, and keep its totals. They are nobody's payout."""

    def told(_done: int, _total: int) -> None:
        if not may_go_on():
            raise StoppedError("The worker ends.")

    try:
        with reading(engine) as session:
            found = forecasts.forecast(session, now, told)
    except RefusedError as lacking:
        return f"Nothing is expected yet. {lacking}"
    with writing(engine) as session:
        forecasts.store(session, found)
    return f"{found.quarter} was forecast with what was known on {found.day}."


def anchor(engine: Engine, machine: Settings, now: datetime, _may_go_on: Callable[[], bool]) -> str:
    """Write the audit chain's head into the log, and into a file where one is set: a chain cut off shows against it."""
    with reading(engine) as session:
        head = audit.head(session)
    if head is None:
        return "The audit chain has no entries yet."
    _LOG.warning("audit anchor %s", head)
    if machine.anchor_file:
        _append(machine.anchor_file, f"{now:%Y-%m-%dT%H:%M:%SZ} {head}\n", head)
    where = "into the log and the file that is set" if machine.anchor_file else "into the log"
    return f"Entry {head.number} was written {where}."


def _append(path: Path, line: str, head: Anchor) -> None:
    """Add a line that stays there whatever happens next; not where the last one says the same."""
    try:
        with path.open("a+b") as file:
            file.seek(0)
            last = file.read().rstrip().rpartition(b"\n")[2]
            if last.endswith(f" {head}".encode()):
                return
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise LoyaltyPayError(
            f"The file that LOYALTYPAY_ANCHOR_FILE names cannot be written: {error.strerror}. Let it be in a folder "
            "that Loyalty Pay may write to."
        ) from None
