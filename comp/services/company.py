"""Making a company's database, and its settings."""

from datetime import datetime

from sqlmodel import Session

from comp.company import Company, write_company
from comp.errors import NotFoundError, RefusedError
from comp.figures import exact_text
from comp.metric_documents import read_metrics
from comp.services import audit
from comp.store import metrics, runs, schema, settings

STANDARD_METRICS = {
    "nps": {"name": "Net Promoter Score", "question": "recommend", "statistic": "nps", "decimals": "1"},
    "csat": {"name": "Customer satisfaction", "question": "satisfaction", "statistic": "top_box", "top": "2"},
}
"""The metrics that a new company starts with. It may define them anew, and others beside them."""


def initialise(session: Session, company: Company | None) -> Company:
    """Create or upgrade the database. The first time, `company` (or the usual settings) and the metrics are stored."""
    _refuse_newer(session)
    schema.upgrade(session)
    if not settings.has_company(session):
        settings.save_company(session, company or Company())
        metrics.save_definitions(session, read_metrics(STANDARD_METRICS)[1])
    return settings.load_company(session)


def grant(session: Session, role: str) -> None:
    """Let a role of PostgreSQL's serve the pages. Raises `RefusedError` on SQLite, which has no roles."""
    if not schema.has_roles(session):
        raise RefusedError("SQLite has no roles: whoever may write the file may write all of it.")
    schema.grant(session, role)


def require_ready(session: Session) -> None:
    """Raise `NotFoundError` for a database that was not initialised, or is older or newer than the program."""
    _refuse_newer(session)
    if not schema.is_current(session):
        raise NotFoundError("The database is not there, or older than the program. Run `loyaltypay init` first.")
    settings.load_company(session)


def _refuse_newer(session: Session) -> None:
    if schema.is_newer(session):
        raise NotFoundError("The database is newer than the program. Install the version that last upgraded it.")


def change_settings(session: Session, company: Company, by: str, now: datetime) -> None:
    """Store new settings. Raises `RefusedError` where they would move the quarters that runs were calculated for."""
    before = settings.load_company(session)
    if company.calendar != before.calendar and runs.list_runs(session):
        raise RefusedError(
            "The fiscal calendar cannot change after a quarter was calculated: its days would no longer be the ones "
            "that were paid."
        )
    settings.save_company(session, company)
    if company != before:
        stated = write_company(company)
        stated["round_to"] = ", ".join(f"{currency}={exact_text(step)}" for currency, step in company.round_to)
        audit.note(session, by, now, "settings", "company", **{key: str(value) for key, value in stated.items()})
