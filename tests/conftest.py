"""What all tests share: the folder of public examples beside the project, and skips that may not pass unseen."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with published examples and real exports, where it lies beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder of published examples is not beside the project")
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With LOYALTYPAY_NO_SKIPS set, a skipped test is a failed one: nothing may go untested unseen."""
    report = yield
    if report.skipped and os.environ.get("LOYALTYPAY_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and LOYALTYPAY_NO_SKIPS is set: {report.longrepr}"
    return report
