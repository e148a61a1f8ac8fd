from datetime import UTC, datetime

import pytest

from comp.versions import DRAFT, PUBLISHED, Version
from tests.make import plan


def version(state, sha256="a" * 64):
    return Version(plan(), state, sha256, "author", datetime(2025, 7, 1, tzinfo=UTC), None, None)


@pytest.mark.parametrize(("state", "pays"), [(DRAFT, False), (PUBLISHED, True)])
def test_only_a_published_version_may_pay(state, pays):
    assert version(state).is_published is pays


def test_whatever_changes_a_version_changes_its_fingerprint():
    seen = {version(DRAFT).fingerprint, version(PUBLISHED).fingerprint, version(DRAFT, "b" * 64).fingerprint}
    assert len(seen) == 3
