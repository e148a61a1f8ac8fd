"""The web application: pages over the services, with every gate in one place."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from comp.db import Engine
from comp.services import sessions
from web import access, addresses, errors, local_accounts, presentation, provider, security
from web.api import bearer
from web.api.blueprints import BLUEPRINTS
from web.database import open_ready
from web.settings import Settings, read_settings
from web.state import State
from web.views import (
    account,
    accounts,
    accruals,
    analysis,
    answers,
    api,
    audit,
    calendar,
    corrections,
    data_check,
    delegations,
    evidence,
    exclusions,
    factors,
    funding,
    guidance,
    health,
    help_,
    home,
    imports,
    jobs,
    layout_files,
    layout_maps,
    layouts,
    mails,
    metrics,
    overtime,
    own,
    paid,
    passkeys,
    passwords,
    payout_holds,
    payouts,
    payroll,
    plan_editor,
    plan_files,
    plan_moves,
    plan_reading,
    plans,
    proof,
    quarters,
    queries,
    rates,
    releases,
    review,
    reviews,
    runs,
    scores,
    statements,
    targets,
    team,
    tokens,
    users,
    waivers,
    whatif,
    withdrawals,
)
from web.views import provider as provider_views

_MOST_FORM_FIELDS = 2_000
_PLAIN_FORM = 2_000_000
_SIGNING_IN = (account, accounts, tokens, factors, passkeys, passwords, proof, provider_views)
_PLANS = (plans, plan_editor, plan_files, plan_moves, plan_reading, guidance)
_PAY = (home, quarters, funding, own, scores, imports, withdrawals, payouts, runs, queries, payroll, delegations)
_CHECKS = (data_check, waivers, calendar)
_REVIEWED = (team, reviews, analysis)
_MEASURED = (answers, exclusions, metrics, targets, whatif)
_PAYROLL = (layouts, layout_maps, layout_files, releases, paid, payout_holds, overtime, accruals, rates, statements)
_KEEPING = (users, review, mails, jobs, audit, help_, api, health, evidence)
_VIEWS = (*_SIGNING_IN, *_PLANS, *_PAY, *_CHECKS, corrections, *_REVIEWED, *_MEASURED, *_PAYROLL, *_KEEPING)


def create_app(machine: Settings | None = None, engine: Engine | None = None) -> Flask:
    """The application on a machine's settings. Refuses to start with a route that does not say who may use it."""
    machine = machine or read_settings()
    hosts = security.trusted_hosts(machine)
    state = State(engine or open_ready(machine), machine)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=security.secret_key(machine),
        TRUSTED_HOSTS=hosts,
        SESSION_COOKIE_NAME=security.cookie_name("loyaltypay", machine),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=machine.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=sessions.LONGEST,
        MAX_CONTENT_LENGTH=machine.largest_upload,
        MAX_FORM_MEMORY_SIZE=_PLAIN_FORM,
        MAX_FORM_PARTS=_MOST_FORM_FIELDS,
        WTF_CSRF_TIME_LIMIT=None,
    )
    addresses.install(app)
    app.extensions["loyaltypay"] = state
    security.install(app)
    csrf = CSRFProtect(app)
    local_accounts.install(app)
    provider.install(app, machine)
    access.install(app)
    bearer.install(app, machine.api_requests_a_minute)
    presentation.install(app)
    errors.install(app)
    for module in _VIEWS:
        app.register_blueprint(module.blueprint)
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)  # a token is in a header, which no other site can send
        app.register_blueprint(blueprint)
    access.require_registration(app)
    return app
