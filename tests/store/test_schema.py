"""The database is made by migrating, and agrees with the models on SQLite and PostgreSQL."""

import pytest
from sqlalchemy import inspect

from comp.db import connect, reading, writing
from comp.store import schema
from web.database import disposed


def test_migrations_go_up_and_down_and_up_again_and_agree_with_the_models(empty_url):
    with disposed(connect(empty_url)) as engine:
        for _ in range(2):
            with writing(engine) as session:
                schema.upgrade(session)
            with reading(engine) as session:
                assert schema.is_current(session)
                assert schema.differences(session) == []
            with writing(engine) as session:
                schema.downgrade(session, "base")
            assert inspect(engine).get_table_names() == ["alembic_version"]


def test_a_migration_that_does_not_end_leaves_nothing(empty_url):
    with disposed(connect(empty_url)) as engine:
        with pytest.raises(ZeroDivisionError):
            _upgrade_and_fail(engine)
        assert inspect(engine).get_table_names() == []


def _upgrade_and_fail(engine):
    with writing(engine) as session:
        schema.upgrade(session)
        1 / 0  # noqa: B018 - stands for whatever may go wrong
