"""Files that jobs made: there whole with the job's end or not at all, for whoever asked and still may, for a while."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.db import queueing, reading, writing
from comp.errors import UnseenError
from comp.jobs import StoppedError
from comp.made_files import KEPT, FileKind
from comp.roles import Account, Permission, Role
from comp.services import jobs, made_files
from comp.services.made_files import Taking

NOW = datetime(2026, 11, 22, 15, 30, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KIND = FileKind("evidence-2026-Q2.zip", "application/zip", Permission.READ_PAYOUTS)
CONTENT = (b"PK first", b"second", b"")


def person(name, *roles):
    return Account(0, f"{name}@company.example", name, roles, 0)


HANA, ADMIN, CLERK = person("hana", Role.HR), person("admin", Role.ADMIN), person("clerk")


@pytest.fixture
def job(engine):
    with queueing(engine) as session:
        jobs.ask(session, HANA, "evidence", {"quarter": "2026-Q2"}, NOW)
    return claim(engine, NOW)


def claim(engine, now):
    with queueing(engine) as session:
        return jobs.claim(session, "w1", now, of_clock=False)


def took(engine, job, parts=CONTENT):
    taking = Taking(job)
    for part in parts:
        with queueing(engine) as session:
            taking.add(session, part)
    return taking


def kept(engine, job, now=NOW):
    return end(engine, job, took(engine, job), now)


def end(engine, job, taking, now=NOW):
    with writing(engine) as session:
        file = taking.keep(session, KIND, now)
        jobs.finish(session, job, "It is there.", f"/jobs/{job.id}/file", now)
    return file


def find(engine, actor, number, now=NOW):
    with reading(engine) as session:
        return made_files.find(session, actor, number, now)


def rows(engine):
    with reading(engine) as session:
        return [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("made_file", "made_part")]  # noqa: S608


def test_a_file_is_what_its_parts_are_in_their_order(engine, job):
    file = kept(engine, job)
    assert find(engine, HANA, job.id) == file
    with reading(engine) as session:
        content = b"".join(made_files.load_part(session, file, number) for number in range(file.parts))
    assert content == b"PK firstsecond"
    assert (file.size, file.sha256) == (14, sha256(content).hexdigest())


def test_whoever_asked_takes_it_and_nobody_else_does(engine, job):
    kept(engine, job)
    for actor in (CLERK, ADMIN, person("harry", Role.HR), person("hana")):
        with pytest.raises(UnseenError):
            find(engine, actor, job.id)


def test_a_job_that_was_cancelled_meanwhile_leaves_no_file_and_its_parts_are_forgotten(engine, job):
    taking = took(engine, job)
    with queueing(engine) as session:
        jobs.cancel(session, HANA, job.id, NOW)
    with pytest.raises(StoppedError):
        end(engine, job, taking)
    with pytest.raises(UnseenError):
        find(engine, HANA, job.id)
    assert rows(engine) == [0, 3]
    with queueing(engine) as session:
        made_files.forget_old(session, NOW)
    assert rows(engine) == [0, 3], "its worker may still be at it"
    with queueing(engine) as session:
        jobs.stop(session, job, NOW)
        made_files.forget_old(session, NOW)
    assert rows(engine) == [0, 0]


def test_a_worker_that_died_half_way_leaves_nothing_in_the_file_of_the_next(engine, job):
    took(engine, job, [b"half"])
    later = NOW + timedelta(minutes=3)
    file = kept(engine, claim(engine, later), later)
    with queueing(engine) as session:
        made_files.forget_old(session, later)
    assert rows(engine) == [1, 3]
    with reading(engine) as session:
        assert made_files.load_part(session, file, 0) == b"PK first"


def test_a_file_is_kept_for_a_week(engine, job):
    kept(engine, job)
    with queueing(engine) as session:
        made_files.forget_old(session, NOW + KEPT - MINUTE)
    assert rows(engine) == [1, 3]
    with queueing(engine) as session:
        made_files.forget_old(session, NOW + KEPT)
    assert rows(engine) == [0, 0]
    with pytest.raises(UnseenError, match="ask for it again"):
        find(engine, HANA, job.id, NOW + KEPT)


@pytest.mark.parametrize("table", ["made_file", "made_part"])
def test_a_file_that_was_made_never_changes(engine, job, table):
    kept(engine, job)
    with pytest.raises(DatabaseError), writing(engine) as session:
        session.execute(text(f"UPDATE {table} SET attempt = 9"))  # noqa: S608 - one of two names
