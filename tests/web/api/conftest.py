"""Programs with tokens of everybody of the small company."""

from collections.abc import Callable

import pytest

from tests.web.api.program import Program, token_of


@pytest.fixture
def program(app, database) -> Callable[..., Program]:
    """Gives a program with a token of somebody, for everything that they may have one for or for some scopes."""
    return lambda email, *scopes, **told: Program(app, token_of(database, email, scopes or None, **told))
