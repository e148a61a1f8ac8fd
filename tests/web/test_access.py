"""Who may open what: every route by every role, strangers, and what there is not."""

import io
import re
from datetime import timedelta

import pytest
from flask import Blueprint
from werkzeug.test import TestResponse

from comp.roles import Permission
from tests.web.api.matrix import API_MATRIX
from tests.web.company import (
    ADMIN,
    APPROVER,
    AUDITOR,
    DELEGATE,
    DIRECTOR,
    EMPLOYEE,
    HR,
    LEAD,
    MANAGER,
    PAYROLL,
    PEER,
)
from tests.web.signing_in import set_back
from tests.web.visitor import Visitor
from web import access
from web.access import PUBLIC, require_registration
from web.app import create_app
from web.settings import Settings

LEADERS = {MANAGER, DIRECTOR, PEER}
EVERYBODY = {HR, APPROVER, PAYROLL, AUDITOR, ADMIN, EMPLOYEE, DELEGATE, LEAD, *LEADERS}
READERS = {HR, APPROVER, PAYROLL, AUDITOR}
PLANNERS = {HR, APPROVER, AUDITOR}
JUDGES = PLANNERS | {LEAD}
"""Those who look at customers' answers one by one: the lead at those of Faro."""
DRAFT, PUBLISHED = "/plans/service@2026-01-01", "/plans/service@2025-01-01"
IN_THE_PLAN = {MANAGER, PEER, EMPLOYEE, DELEGATE, LEAD}
"""Those who are in Lisbon or Faro."""
IN_THE_PLAN_OR_ABOVE = LEADERS | {DELEGATE}
BOOKING = {HR, PAYROLL}
BOOKKEEPERS = {HR, PAYROLL, AUDITOR}
ADP = "/payroll/layouts/adp-workforce-now"
PAY_FILE = "/payroll/layouts/generic-csv/2025-Q4/payroll-2025-Q4-R1.csv"

MATRIX = [
    # endpoint, method, an address with `{upload}` for a file of one's own, who may, what they get
    ("help.show", "GET", "/help", EVERYBODY, 200),
    ("api.show", "GET", "/help/api", EVERYBODY, 200),
    ("api.openapi", "GET", "/api/v1/openapi.json", EVERYBODY, 200),
    ("accounts.sign_in", "GET", "/sign-in", EVERYBODY, 200),
    ("accounts.sign_in", "POST", "/sign-in", EVERYBODY, 422),
    ("provider.start", "GET", "/sign-in/company", EVERYBODY, 404),
    ("provider.come_back", "GET", "/sign-in/company/back", EVERYBODY, 404),
    ("provider.leave", "GET", "/sign-out/company", EVERYBODY, 404),
    ("accounts.choose_theme", "POST", "/theme", EVERYBODY, 302),
    ("accounts.code", "GET", "/sign-in/code", EVERYBODY, 302),
    ("accounts.code", "POST", "/sign-in/code", EVERYBODY, 302),
    ("passwords.forgot", "GET", "/forgot", EVERYBODY, 200),
    ("passwords.forgot", "POST", "/forgot", EVERYBODY, 422),
    ("passwords.reset", "GET", "/reset/made-up", EVERYBODY, 404),
    ("passwords.reset", "POST", "/reset/made-up", EVERYBODY, 404),
    ("passkeys.proof", "POST", "/passkey/options", EVERYBODY, 200),
    ("passkeys.sign_in", "POST", "/sign-in/passkey", EVERYBODY, 422),
    ("proof.ask", "GET", "/confirm", EVERYBODY, 200),
    ("proof.ask", "POST", "/confirm", EVERYBODY, 422),
    ("passkeys.confirm", "POST", "/confirm/passkey", EVERYBODY, 302),
    ("account.show", "GET", "/account", EVERYBODY, 200),
    ("account.rename", "POST", "/account/name", EVERYBODY, 422),
    ("account.choose_locale", "POST", "/account/numbers", EVERYBODY, 422),
    ("account.change_password", "POST", "/account/password", EVERYBODY, 422),
    ("account.end_session", "POST", "/account/sessions/0/end", EVERYBODY, 404),
    ("account.end_others", "POST", "/account/sessions/end-others", EVERYBODY, 302),
    ("tokens.index", "GET", "/account/tokens", EVERYBODY, 200),
    ("tokens.make", "POST", "/account/tokens", EVERYBODY, 422),
    ("tokens.revoke", "POST", "/account/tokens/1/revoke", EVERYBODY, 404),
    ("factors.set_up", "GET", "/account/app", EVERYBODY, 200),
    ("factors.set_up", "POST", "/account/app", EVERYBODY, 422),
    ("factors.renew", "POST", "/account/recovery-codes", EVERYBODY, 302),
    ("factors.remove", "POST", "/account/app/remove", EVERYBODY, 302),
    ("passkeys.creation", "POST", "/account/passkeys/options", EVERYBODY, 200),
    ("passkeys.add", "POST", "/account/passkeys", EVERYBODY, 302),
    ("passkeys.remove", "POST", "/account/passkeys/remove", EVERYBODY, 404),
    ("health.is_up", "GET", "/healthz", EVERYBODY, 200),
    ("health.is_ready", "GET", "/readyz", EVERYBODY, 503),
    ("home.show", "GET", "/", EVERYBODY, 200),
    ("home.calculate", "POST", "/quarters/2025-Q4/calculate", {HR}, 302),
    ("funding.index", "GET", "/funding", READERS, 200),
    ("funding.propose", "POST", "/funding/2025-Q4", {HR}, 422),
    ("funding.confirm", "POST", "/funding/1/confirm", {APPROVER}, 404),
    ("funding.end", "POST", "/funding/1/end", {HR, APPROVER}, 404),
    ("funding.guaranteed", "GET", "/guarantees", READERS, 200),
    ("funding.promise", "POST", "/guarantees", {HR}, 422),
    ("funding.confirm_guarantee", "POST", "/guarantees/1/confirm", {APPROVER}, 404),
    ("funding.end_guarantee", "POST", "/guarantees/1/end", {HR, APPROVER}, 422),
    ("quarters.index", "GET", "/quarters", READERS, 200),
    ("quarters.begin_review", "POST", "/quarters/2025-Q4/begin-review", {HR}, 409),
    ("quarters.ask_end_review", "GET", "/quarters/2025-Q4/end-review", {HR}, 200),
    ("quarters.end_review", "POST", "/quarters/2025-Q4/end-review", {HR}, 422),
    ("quarters.look", "GET", "/quarters/2025-Q4/approve", {APPROVER}, 200),
    ("quarters.approve", "POST", "/quarters/2025-Q4/approve", {APPROVER}, 422),
    ("quarters.ask_send_back", "GET", "/quarters/2025-Q4/send-back", {APPROVER}, 200),
    ("quarters.send_back", "POST", "/quarters/2025-Q4/send-back", {APPROVER}, 422),
    ("quarters.ask_to_ask", "GET", "/quarters/2025-Q4/ask-to-reopen", {HR, APPROVER, PAYROLL}, 200),
    ("quarters.ask_to_reopen", "POST", "/quarters/2025-Q4/ask-to-reopen", {HR, APPROVER, PAYROLL}, 422),
    ("quarters.ask_keep_approved", "GET", "/quarters/2025-Q4/keep-approved", {APPROVER}, 200),
    ("quarters.keep_approved", "POST", "/quarters/2025-Q4/keep-approved", {APPROVER}, 422),
    ("quarters.reopen", "POST", "/quarters/2025-Q4/reopen", {APPROVER}, 409),
    ("scores.index", "GET", "/scores", EVERYBODY, 200),
    ("answers.index", "GET", "/answers", JUDGES, 200),
    ("answers.propose", "POST", "/answers", {HR, LEAD}, 404),
    ("exclusions.index", "GET", "/exclusions", JUDGES, 200),
    ("exclusions.show", "GET", "/exclusions/1", JUDGES, 404),
    ("exclusions.decide", "POST", "/exclusions/1/decide", {APPROVER}, 404),
    ("exclusions.withdraw", "POST", "/exclusions/1/withdraw", {HR, LEAD}, 404),
    ("exclusions.give_back", "POST", "/exclusions/1/return", {HR, LEAD}, 404),
    ("metrics.index", "GET", "/metrics", EVERYBODY, 200),
    ("metrics.show", "GET", "/metrics/nps", EVERYBODY, 200),
    ("metrics.suggest_new", "GET", "/metrics/new", {HR}, 200),
    ("metrics.add", "POST", "/metrics/new", {HR}, 422),
    ("metrics.edit", "GET", "/metrics/nps/edit", {HR}, 200),
    ("metrics.save", "POST", "/metrics/nps/edit", {HR}, 422),
    ("metrics.withdraw", "POST", "/metrics/nps/withdraw", {HR}, 404),
    ("metrics.describe_new", "GET", "/questions/new", {HR}, 200),
    ("metrics.add_question", "POST", "/questions/new", {HR}, 422),
    ("metrics.edit_question", "GET", "/questions/effort/edit", {HR}, 200),
    ("metrics.save_question", "POST", "/questions/effort/edit", {HR}, 422),
    ("targets.index", "GET", "/targets", PLANNERS, 200),
    ("targets.look", "POST", "/targets", {HR}, 302),
    ("targets.look_at_block", "POST", "/targets/block", {HR}, 422),
    ("targets.save", "POST", "/targets/save", {HR}, 400),
    ("targets.file", "GET", "/targets/file", PLANNERS, 200),
    ("imports.index", "GET", "/imports", PLANNERS, 200),
    ("imports.upload", "POST", "/imports", {HR}, 422),
    ("imports.look", "GET", "/imports/{upload}", {HR}, 200),
    ("imports.accept", "POST", "/imports/{upload}/accept", {HR}, 302),
    ("imports.put_aside", "POST", "/imports/{second}/put-aside", {HR}, 302),
    ("withdrawals.show", "GET", "/imports/batches/1", PLANNERS, 200),
    ("withdrawals.ask", "POST", "/imports/batches/1/ask", {HR}, 422),
    ("withdrawals.confirm", "POST", "/imports/batches/1/confirm", {HR, APPROVER}, 422),
    ("withdrawals.keep", "POST", "/imports/batches/1/keep", {HR, APPROVER}, 422),
    ("plans.index", "GET", "/plans", PLANNERS, 200),
    ("plans.show", "GET", DRAFT, PLANNERS, 200),
    ("plan_editor.new", "GET", "/plans/new", {HR}, 200),
    ("plan_editor.create", "POST", "/plans/new", {HR}, 422),
    ("plan_editor.edit", "GET", f"{DRAFT}/edit", {HR}, 200),
    ("plan_editor.change", "POST", f"{DRAFT}/edit", {HR}, 409),
    ("plan_files.download", "GET", f"{DRAFT}/file", PLANNERS, 200),
    ("plan_files.choose", "GET", "/plans/from-file", {HR}, 200),
    ("plan_files.upload", "POST", "/plans/from-file", {HR}, 422),
    ("plan_files.look", "GET", "/plans/from-file/none", {HR}, 404),
    ("plan_files.accept", "POST", "/plans/from-file/none/accept", {HR}, 404),
    ("guidance.show", "GET", "/plans/guidance", PLANNERS, 200),
    ("plans.weigh", "GET", f"{DRAFT}/weightings", {HR}, 200),
    ("plans.save_weightings", "POST", f"{DRAFT}/weightings", {HR}, 422),
    ("plan_reading.compare", "GET", "/plans/compare", PLANNERS, 200),
    ("plan_reading.document", "GET", f"{PUBLISHED}/document", PLANNERS | IN_THE_PLAN, 200),
    ("plan_reading.acknowledge", "POST", f"{PUBLISHED}/read", PLANNERS | IN_THE_PLAN, 422),
    ("plan_reading.readers", "GET", f"{PUBLISHED}/readers", PLANNERS | IN_THE_PLAN_OR_ABOVE, 200),
    ("plan_reading.readers_file", "GET", f"{PUBLISHED}/readers/file", PLANNERS | IN_THE_PLAN_OR_ABOVE, 200),
    ("plan_moves.submit", "GET", f"{DRAFT}/submit", {HR}, 200),
    ("plan_moves.hand_in", "POST", f"{DRAFT}/submit", {HR}, 422),
    ("plan_moves.take_back", "POST", f"{DRAFT}/take-back", {HR}, 409),
    ("plan_moves.discard", "POST", f"{DRAFT}/discard", {HR}, 409),
    ("plan_moves.publish", "POST", f"{DRAFT}/publish", {APPROVER}, 409),
    ("plan_moves.send_back", "GET", f"{DRAFT}/send-back", {APPROVER}, 200),
    ("plan_moves.return_it", "POST", f"{DRAFT}/send-back", {APPROVER}, 422),
    ("plan_moves.withdraw", "GET", f"{DRAFT}/withdraw", {APPROVER}, 200),
    ("plan_moves.call_off", "POST", f"{DRAFT}/withdraw", {APPROVER}, 422),
    ("whatif.show", "GET", f"{DRAFT}/what-if", PLANNERS, 200),
    ("whatif.save_draft", "POST", f"{DRAFT}/what-if/draft", {HR}, 422),
    ("whatif.keep", "POST", f"{DRAFT}/what-if/keep", {HR, APPROVER}, 422),
    ("whatif.index", "GET", "/what-if", PLANNERS, 200),
    ("whatif.forget", "POST", "/what-if/1/forget", {HR, APPROVER}, 404),
    ("team.index", "GET", "/team", LEADERS | {DELEGATE}, 302),
    ("team.show", "GET", "/team/2025-Q4", PLANNERS | LEADERS | {DELEGATE}, 200),
    ("team.file", "GET", "/team/2025-Q4/file", PLANNERS | LEADERS | {DELEGATE}, 200),
    ("team.workbook", "GET", "/team/2025-Q4/workbook", PLANNERS | LEADERS | {DELEGATE}, 200),
    ("team.look", "GET", "/team/2025-Q4/confirm-many", LEADERS | {DELEGATE}, 422),
    ("team.confirm", "POST", "/team/2025-Q4/confirm", LEADERS | {DELEGATE}, 404),
    ("team.confirm_many", "POST", "/team/2025-Q4/confirm-many", LEADERS | {DELEGATE}, 422),
    ("team.send_back", "POST", "/team/2025-Q4/send-back", LEADERS | {DELEGATE}, 404),
    ("team.adjust", "POST", "/team/2025-Q4/adjust", {HR} | LEADERS, 404),
    ("team.decide", "POST", "/team/2025-Q4/adjustments/1/approve", {HR, APPROVER} | LEADERS, 404),
    ("reviews.index", "GET", "/reviews", PLANNERS, 200),
    ("reviews.remind", "POST", "/reviews/2025-Q4/remind", {HR}, 422),
    ("reviews.answer", "POST", "/reviews/2025-Q4/answer", {HR}, 404),
    ("reviews.limits", "GET", "/reviews/2025-Q4/limits", {HR}, 200),
    ("reviews.set_limits", "POST", "/reviews/2025-Q4/limits", {HR}, 409),
    ("audit.index", "GET", "/audit", {AUDITOR}, 200),
    ("own.show", "GET", "/my-pay", EVERYBODY, 200),
    ("statements.own", "GET", "/my-statement", EVERYBODY, 200),
    ("statements.show", "GET", "/statements/2025-Q4/1001", READERS | {MANAGER, DIRECTOR}, 200),
    ("statements.pdf", "GET", "/statement-files/2025-Q4/1001", READERS | {MANAGER, DIRECTOR}, 200),
    ("payouts.index", "GET", "/payouts", READERS | LEADERS | {DELEGATE}, 200),
    ("payouts.show", "GET", "/payouts/2025-Q4/1001", READERS | {MANAGER, DIRECTOR}, 200),
    ("data_check.index", "GET", "/check", PLANNERS, 200),
    ("data_check.file", "GET", "/check/2025-Q4/file", PLANNERS, 200),
    ("data_check.show", "GET", "/check/2025-Q4/none", PLANNERS, 404),
    ("waivers.ask", "POST", "/waivers/2025-Q4", {HR}, 422),
    ("waivers.decide", "POST", "/waivers/1/decide", {APPROVER}, 404),
    ("waivers.withdraw", "POST", "/waivers/1/withdraw", {HR}, 404),
    ("calendar.index", "GET", "/calendar", PLANNERS, 200),
    ("calendar.save_rule", "POST", "/calendar/rule", {HR}, 422),
    ("calendar.save_days", "POST", "/calendar/2025-Q4", {HR}, 422),
    ("queries.index", "GET", "/queries", EVERYBODY, 200),
    ("queries.show", "GET", "/queries/1", EVERYBODY, 404),
    ("queries.ask_payout", "GET", "/queries/new/payout/2025-Q4/1001", READERS | {MANAGER, DIRECTOR}, 200),
    ("queries.send_payout", "POST", "/queries/new/payout/2025-Q4/1001", READERS | {MANAGER, DIRECTOR}, 422),
    ("queries.ask_score", "GET", "/queries/new/score/2025-Q4/nps", EVERYBODY, 200),
    ("queries.send_score", "POST", "/queries/new/score/2025-Q4/nps", EVERYBODY, 422),
    ("queries.say", "POST", "/queries/1/say", EVERYBODY, 404),
    ("queries.hand_on", "POST", "/queries/1/hand-on", EVERYBODY, 404),
    ("queries.close", "POST", "/queries/1/close", EVERYBODY, 404),
    ("queries.accept", "POST", "/queries/1/accept", EVERYBODY, 404),
    ("queries.withdraw", "POST", "/queries/1/withdraw", EVERYBODY, 404),
    ("runs.index", "GET", "/runs", READERS | LEADERS | {DELEGATE}, 200),
    ("runs.show", "GET", "/runs/2025-Q4/1", READERS | LEADERS | {DELEGATE}, 200),
    ("runs.replay", "POST", "/runs/2025-Q4/1/replay", {AUDITOR}, 302),
    ("runs.compare", "GET", "/runs/compare", READERS | LEADERS | {DELEGATE}, 200),
    ("runs.workbook", "GET", "/runs/compare/workbook", READERS, 200),
    ("accruals.index", "GET", "/accruals?quarter=2025-Q4", READERS, 200),
    ("accruals.make", "POST", "/accruals/2025-Q4", BOOKING, 422),
    ("accruals.show", "GET", "/accruals/2025-Q4/1", READERS, 404),
    ("accruals.take", "POST", "/accruals/2025-Q4/1/take", BOOKING, 404),
    ("accruals.workbook", "GET", "/accruals/2025-Q4/1/workbook", READERS, 404),
    ("accruals.accounts", "GET", "/accruals/accounts", READERS, 200),
    ("accruals.save_accounts", "POST", "/accruals/accounts", BOOKING, 409),
    ("rates.index", "GET", "/rates?quarter=2025-Q4", READERS, 200),
    ("rates.set_group", "POST", "/rates/group-currency/2025-Q4", BOOKING, 422),
    ("rates.save", "POST", "/rates/2025-Q4", BOOKING, 422),
    ("rates.save_block", "POST", "/rates/2025-Q4/block", BOOKING, 422),
    ("corrections.index", "GET", "/corrections", READERS, 200),
    ("corrections.look", "POST", "/corrections/2025-Q3/look", {HR}, 422),
    ("corrections.calculate", "POST", "/corrections/2025-Q3/calculate", {HR}, 422),
    ("corrections.show", "GET", "/corrections/1", READERS, 404),
    ("corrections.choose", "POST", "/corrections/1/choose", {HR}, 404),
    ("corrections.propose", "POST", "/corrections/1/propose", {HR}, 404),
    ("corrections.put_aside", "POST", "/corrections/1/put-aside", {HR}, 404),
    ("corrections.approve", "POST", "/corrections/1/approve", {APPROVER}, 404),
    ("corrections.refuse", "POST", "/corrections/1/refuse", {APPROVER}, 404),
    ("delegations.index", "GET", "/standing-in", LEADERS, 200),
    ("delegations.hand_over", "POST", "/standing-in", LEADERS, 422),
    ("delegations.end", "POST", "/standing-in/1/end", {MANAGER}, 302),
    ("payroll.index", "GET", "/payroll", {PAYROLL, AUDITOR}, 200),
    ("releases.ask", "GET", "/payroll/2025-Q4/release", {PAYROLL}, 200),
    ("releases.release", "POST", "/payroll/2025-Q4/release", {PAYROLL}, 422),
    ("releases.show", "GET", "/payroll/batches/2025-Q4-B1", {PAYROLL, AUDITOR}, 404),
    ("releases.sign_off", "GET", "/payroll/batches/2025-Q4-B1/sign-off", {PAYROLL, AUDITOR}, 404),
    ("releases.take", "GET", "/payroll/batches/2025-Q4-B1/files/workbook/a.xlsx", {PAYROLL, AUDITOR}, 404),
    ("paid.ask", "GET", "/payroll/batches/2025-Q4-B1/paid", {PAYROLL}, 404),
    ("paid.confirm", "POST", "/payroll/batches/2025-Q4-B1/paid", {PAYROLL}, 404),
    ("paid.upload", "POST", "/payroll/batches/2025-Q4-B1/paid/file", {PAYROLL}, 404),
    ("paid.answer", "POST", "/payroll/batches/2025-Q4-B1/differences/1", {PAYROLL}, 404),
    ("paid.close", "POST", "/payroll/2025-Q4/close", {PAYROLL}, 422),
    ("payout_holds.hold", "POST", "/hold/2025-Q4/1001", {HR, APPROVER, PAYROLL}, 422),
    ("payout_holds.lift", "POST", "/lift/2025-Q4/1001", {HR, APPROVER, PAYROLL}, 422),
    ("payroll.make_workbook", "POST", "/payroll/2031-Q1/workbook", {PAYROLL, AUDITOR}, 404),
    ("payroll.workbook", "GET", "/payroll/2025-Q4/workbook", {PAYROLL, AUDITOR}, 200),
    ("analysis.index", "GET", "/analysis", {HR, AUDITOR}, 200),
    ("analysis.take", "POST", "/analysis", {HR, AUDITOR}, 422),
    ("overtime.index", "GET", "/overtime", BOOKKEEPERS, 200),
    ("overtime.set_rule", "POST", "/overtime/rule", {HR}, 302),
    ("overtime.state_hours", "POST", "/overtime/2025-Q4/hours", {HR, PAYROLL}, 422),
    ("overtime.template", "GET", "/overtime/2025-Q4/hours.csv", {HR, PAYROLL}, 422),
    ("overtime.workbook", "GET", "/overtime/2025-Q4/workbook", BOOKKEEPERS, 422),
    ("layouts.index", "GET", "/payroll/layouts", BOOKKEEPERS, 200),
    ("layouts.show", "GET", ADP, BOOKKEEPERS, 200),
    ("layouts.change", "GET", f"{ADP}/change", {HR, PAYROLL}, 200),
    ("layouts.save", "POST", f"{ADP}/change", {HR, PAYROLL}, 422),
    ("layouts.remove", "POST", f"{ADP}/remove", {HR, PAYROLL}, 422),
    ("layout_maps.show", "GET", f"{ADP}/maps", BOOKKEEPERS, 200),
    ("layout_maps.save_pay_codes", "POST", f"{ADP}/maps/pay-codes", {HR, PAYROLL}, 422),
    ("layout_maps.save_companies", "POST", f"{ADP}/maps/company-codes", {HR, PAYROLL}, 422),
    ("layout_maps.save_numbers", "POST", f"{ADP}/maps/numbers", {HR, PAYROLL}, 422),
    ("layout_maps.remove_numbers", "POST", f"{ADP}/maps/numbers/remove", {HR, PAYROLL}, 409),
    ("layout_files.preview", "GET", "/payroll/layouts/generic-csv/preview", {PAYROLL, AUDITOR}, 200),
    ("layout_files.take", "GET", PAY_FILE, {PAYROLL, AUDITOR}, 200),
    ("users.index", "GET", "/users", {ADMIN}, 200),
    ("users.show", "GET", "/users/7", {ADMIN}, 200),
    ("users.grant", "POST", "/users/7/roles", {ADMIN}, 302),
    ("users.link", "POST", "/users/7/person", {ADMIN}, 302),
    ("users.reset_factors", "POST", "/users/7/factors", {ADMIN}, 302),
    ("users.close", "POST", "/users/2/close", {ADMIN}, 302),
    ("mails.index", "GET", "/mails", {ADMIN}, 200),
    ("mails.retry", "POST", "/mails/1/retry", {ADMIN}, 404),
    ("jobs.index", "GET", "/jobs", EVERYBODY, 200),
    ("jobs.show", "GET", "/jobs/1", EVERYBODY, 404),
    ("jobs.cancel", "POST", "/jobs/1/cancel", EVERYBODY, 404),
    ("jobs.take", "GET", "/jobs/1/file", EVERYBODY, 404),
    ("evidence.index", "GET", "/evidence", {HR, AUDITOR}, 200),
    ("evidence.make", "POST", "/evidence/2025-Q4", {HR, AUDITOR}, 303),
    ("audit.extract", "GET", "/audit/file", {AUDITOR}, 200),
    ("jobs.run_now", "POST", "/jobs/forget/run-now", {HR, ADMIN}, 302),
    ("statements.make_all", "POST", "/statement-files/2025-Q4", {HR, PAYROLL}, 303),
    ("review.index", "GET", "/access", {ADMIN, AUDITOR}, 200),
    ("review.download", "GET", "/access/file", {ADMIN, AUDITOR}, 200),
    ("accounts.sign_out", "POST", "/sign-out", EVERYBODY, 302),
]
FOR_STRANGERS = {
    "help.show",
    "api.show",
    "api.openapi",
    "accounts.sign_in",
    "accounts.code",
    "passwords.forgot",
    "passwords.reset",
    "passkeys.proof",
    "passkeys.sign_in",
    "accounts.choose_theme",
    "health.is_up",
    "health.is_ready",
    "provider.start",
    "provider.come_back",
    "provider.leave",
}
PROTECTED = [row for row in MATRIX if row[0] not in FOR_STRANGERS]
FRESH = {
    "evidence.make": "makes a file of everybody's pay",
    "funding.propose": "decides what is paid",
    "funding.confirm": "decides what is paid",
    "funding.end": "decides what is paid",
    "funding.promise": "decides what is paid",
    "funding.confirm_guarantee": "decides what is paid",
    "funding.end_guarantee": "decides what is paid",
    "quarters.look": "decides what is paid",
    "quarters.approve": "decides what is paid",
    "quarters.reopen": "decides what is paid",
    "home.calculate": "makes what payroll takes",
    "plan_moves.publish": "decides what is paid",
    "corrections.calculate": "makes what payroll takes",
    "corrections.approve": "decides what is paid",
    "plan_moves.withdraw": "decides what is paid",
    "plan_moves.call_off": "decides what is paid",
    "exclusions.decide": "decides which answers scores are paid on",
    "waivers.decide": "lets what is paid move on",
    "payroll.make_workbook": "takes everybody's pay away",
    "payroll.workbook": "takes everybody's pay away",
    "jobs.take": "takes away what a job made, such as everybody's pay",
    "releases.ask": "decides what is paid",
    "releases.release": "decides what is paid",
    "releases.take": "takes everybody's pay away",
    "releases.sign_off": "takes what a batch pays away",
    "statements.make_all": "takes everybody's pay away",
    "paid.confirm": "says what was paid",
    "paid.upload": "says what was paid",
    "paid.close": "ends a quarter for good",
    "payout_holds.hold": "keeps somebody's pay",
    "payout_holds.lift": "decides what is paid",
    "runs.workbook": "takes pay away",
    "accruals.take": "decides what finance books",
    "accruals.workbook": "takes pay away",
    "layouts.change": "decides what payroll takes",
    "layouts.save": "decides what payroll takes",
    "layouts.remove": "decides what payroll takes",
    "layout_maps.save_pay_codes": "decides what payroll takes",
    "layout_maps.save_companies": "decides what payroll takes",
    "layout_maps.save_numbers": "decides who is paid",
    "layout_maps.remove_numbers": "decides who is paid",
    "layout_files.take": "takes everybody's pay away",
    "team.decide": "decides what is paid",
    "team.file": "takes the team's pay away",
    "team.workbook": "takes the team's pay away",
    "analysis.take": "takes everybody's pay away",
    "overtime.set_rule": "says whose overtime is looked at",
    "overtime.workbook": "takes pay away",
    "reviews.set_limits": "decides what may be added to pay",
    "delegations.hand_over": "gives somebody else the team's pay to read",
    "users.grant": "gives rights",
    "users.link": "gives a person's pay, and a team's, to read",
    "users.close": "takes an account away",
    "users.reset_factors": "lets a password alone open an account",
    "tokens.make": "gives a program one's own rights",
    "factors.set_up": "changes what one signs in with",
    "factors.renew": "changes what one signs in with",
    "factors.remove": "changes what one signs in with",
    "passkeys.creation": "changes what one signs in with",
    "passkeys.add": "changes what one signs in with",
    "passkeys.remove": "changes what one signs in with",
}
"""What changes rights or pay, or takes pay away: only for whoever proved within ten minutes who they are."""

UNFRESH = {
    "overtime.state_hours": "states hours, and pays nobody",
    "team.confirm": "says that one has looked: an approver decides what is paid",
    "team.confirm_many": "says that one has looked: an approver decides what is paid",
    "team.send_back": "asks HR to look again",
    "team.adjust": "proposes what somebody else decides, who proves it",
    "reviews.remind": "sends mails without amounts",
    "reviews.answer": "answers a manager, who looks again",
    "corrections.look": "keeps what came late, and changes nothing of it",
    "corrections.choose": "changes a draft, which pays nobody until it is approved",
    "corrections.propose": "lets somebody else look at a draft",
    "corrections.put_aside": "lets pay nobody what paid nobody",
    "corrections.refuse": "lets pay nobody what paid nobody",
    "withdrawals.ask": "asks somebody else",
    "withdrawals.confirm": "changes no pay until somebody calculates",
    "withdrawals.keep": "leaves what is",
    "answers.propose": "asks for what somebody else decides",
    "exclusions.withdraw": "takes a question back",
    "exclusions.give_back": "asks for what somebody else decides",
    "waivers.ask": "asks a second person",
    "waivers.withdraw": "takes back what nobody granted",
    "calendar.save_rule": "sets days by which people are reminded",
    "calendar.save_days": "sets days by which people are reminded",
    "quarters.begin_review": "pays nothing: an approval is still needed",
    "quarters.end_review": "pays nothing: an approval is still needed",
    "quarters.send_back": "pays nothing: an approval is still needed",
    "quarters.ask_to_reopen": "only asks: another decides",
    "quarters.keep_approved": "leaves what was decided as it is",
    "metrics.add": "changes no pay until somebody calculates",
    "metrics.add_question": "changes no pay until somebody calculates",
    "metrics.save": "changes no pay until somebody calculates",
    "metrics.save_question": "changes no pay until somebody calculates",
    "metrics.withdraw": "changes no pay until somebody calculates",
    "plan_reading.acknowledge": "says that one has read a plan",
    "queries.send_payout": "asks something",
    "queries.send_score": "asks something",
    "queries.say": "writes to a thread",
    "queries.hand_on": "lets somebody else answer who may see it already, or is HR",
    "queries.close": "ends a thread; what changes pay is decided elsewhere",
    "queries.accept": "ends a thread that one began",
    "queries.withdraw": "ends a thread that one began",
    "runs.replay": "calculates again and stores nothing that pays",
    "accounts.sign_in": "is a proof itself",
    "accounts.code": "is a proof itself",
    "passkeys.sign_in": "is a proof itself",
    "passkeys.proof": "begins a proof",
    "passkeys.confirm": "is a proof itself",
    "proof.ask": "is a proof itself",
    "passwords.forgot": "sends a link to the account's own address",
    "passwords.reset": "is opened by the link",
    "account.change_password": "asks for the present password",
    "account.rename": "changes a name",
    "account.choose_locale": "changes how numbers are written",
    "plan_editor.create": "writes a draft, which pays nobody until it is published",
    "plan_editor.change": "writes a draft, which pays nobody until it is published",
    "plan_files.upload": "keeps a file, which changes nothing until it is accepted",
    "plan_files.accept": "writes a draft, which pays nobody until it is published",
    "tokens.revoke": "takes rights away, of one's own",
    "account.end_session": "takes rights away, of one's own",
    "account.end_others": "takes rights away, of one's own",
    "accounts.sign_out": "takes rights away, of one's own",
    "accounts.choose_theme": "changes colours",
    "delegations.end": "takes away what was handed over",
    "imports.upload": "stores a file that counts for nothing yet",
    "imports.accept": "changes no pay until somebody calculates",
    "imports.put_aside": "forgets a file that counted for nothing",
    "plans.save_weightings": "writes a draft, which pays nobody until it is published",
    "plan_moves.hand_in": "lets somebody else look at a draft",
    "plan_moves.take_back": "makes a draft of what nobody published",
    "plan_moves.return_it": "makes a draft of what nobody published",
    "plan_moves.discard": "forgets a draft",
    "targets.look": "shows what would be stored",
    "targets.look_at_block": "shows what would be stored",
    "targets.save": "changes no pay until somebody calculates",
    "whatif.save_draft": "writes a draft, which pays nobody until it is published",
    "whatif.keep": "keeps a question",
    "whatif.forget": "forgets a question",
    "mails.retry": "sends what was to be sent",
    "jobs.cancel": "lets one's own work end without a result",
    "jobs.run_now": "does now what is done by itself anyway",
    "accruals.make": "works out what nobody books before it is taken",
    "accruals.save_accounts": "changes on which accounts accruals are booked, and pays nobody",
    "rates.set_group": "changes totals for information: no payout is converted",
    "rates.save": "changes totals for information: no payout is converted",
    "rates.save_block": "changes totals for information: no payout is converted",
    "paid.answer": "says what became of a difference, and changes no pay",
}
"""Every other route that changes something, and why it needs no new proof."""


def test_every_route_has_its_row_here(app):
    served = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    listed = {(endpoint, method) for endpoint, method, *_ in (*MATRIX, *API_MATRIX)}
    assert served - {("static", "GET")} == listed


@pytest.mark.parametrize("email", sorted(EVERYBODY))
def test_each_role_may_open_what_is_for_it_and_finds_nothing_elsewhere(visit, email):
    owner = visit(HR)
    visitor = owner if email == HR else visit(email)
    uploads = {"upload": _uploaded(owner), "second": _uploaded(owner)}
    expected, got, token = {}, {}, visitor.token()
    for endpoint, method, address, allowed, status in MATRIX:
        expected[endpoint, method] = status if email in allowed else 404
        got[endpoint, method] = _asked(visitor, method, address.format(**uploads), token).status_code
    assert got == expected


def test_a_stranger_is_sent_to_sign_in(visit):
    stranger = visit()
    token = stranger.token()
    led = {}
    for endpoint, method, address, *_ in PROTECTED:
        answer = _asked(stranger, method, address, token)
        led[endpoint, method] = answer.status_code, (answer.location or "").partition("?")[0]
    assert set(led.values()) == {(302, "/sign-in")}, led


def test_a_route_that_does_not_say_who_may_use_it_keeps_the_application_from_starting(own_app):
    own_app.add_url_rule("/open-to-all", "open_to_all", lambda: "everything")
    with pytest.raises(RuntimeError, match="/open-to-all does not say who may use it"):
        require_registration(own_app)


def test_the_application_checks_its_own_routes_when_it_starts(database, tmp_path, monkeypatch):
    monkeypatch.delitem(access._NEEDS, "payouts.show")
    with pytest.raises(RuntimeError, match=r"/payouts/.* does not say who may use it"):
        create_app(Settings(home=tmp_path), database)


def test_a_route_is_registered_with_what_it_needs(monkeypatch):
    monkeypatch.setattr(access, "_NEEDS", {})
    blueprint = Blueprint("ledger", __name__)
    access.route(blueprint, "/ledger", Permission.CALCULATE)(show)
    assert access.need_of("ledger.show") is Permission.CALCULATE


def show():
    """A view of a blueprint that no application has."""


def test_help_health_and_signing_in_are_all_that_strangers_may_use(app):
    public = {rule.endpoint for rule in app.url_map.iter_rules() if access.need_of(rule.endpoint) == PUBLIC}
    assert public == {"static", *FOR_STRANGERS}


@pytest.mark.parametrize("email", sorted(EVERYBODY))
def test_what_is_sensitive_asks_for_a_proof_after_ten_minutes_and_only_that(visit, database, email):
    owner = visit(HR)
    visitor = owner if email == HR else visit(email)
    uploads = {"upload": _uploaded(owner), "second": _uploaded(owner)}
    set_back(database, "proved_at", timedelta(minutes=10))
    asked, token = set(), visitor.token()
    for endpoint, method, address, _, _ in (row for row in MATRIX if row[0] != "accounts.sign_out"):
        answer = _asked(visitor, method, address.format(**uploads), token)
        is_asked = (answer.location or "").partition("?")[0] == "/confirm" and endpoint != "passkeys.confirm"
        asked |= {endpoint} if is_asked else set()
    allowed = {row[0] for row in MATRIX if email in row[3]}
    assert asked == set(FRESH) & allowed


def test_every_route_that_changes_something_needs_a_new_proof_or_says_why_not():
    changing = {endpoint for endpoint, method, *_ in MATRIX if method != "GET"}
    assert changing - set(FRESH) == set(UNFRESH)
    assert set(FRESH) == access._FRESH


def test_what_somebody_may_not_see_looks_like_what_there_is_not(visit):
    employee = visit(EMPLOYEE)
    unseen = [employee.get(address, 404) for address in ("/payouts", DRAFT, "/payroll", "/users")]
    missing = employee.get("/nowhere", 404)
    assert {_body(page) for page in unseen} == {_body(missing)}
    assert missing.heading == "There is nothing here"


def test_another_ones_upload_looks_like_one_that_is_not_kept(visit):
    upload = _uploaded(visit(HR))
    other = visit("second-hr@aurelia.example")
    for action in ("", "/accept", "/put-aside"):
        pages = [
            other.post(f"/imports/{name}{action}", 404) if action else other.get(f"/imports/{name}", 404)
            for name in (upload, "not-there")
        ]
        assert _body(pages[0]) == _body(pages[1]).replace("not-there", upload)


def test_pages_change_nothing(visit, database):
    visitor = visit(HR)
    upload = _uploaded(visitor)
    before = _everything(database)
    for _, method, address, _, _ in MATRIX:
        if method == "GET":
            visitor.fetch(address.format(upload=upload))
    assert _everything(database) == before


def test_what_changes_something_does_not_answer_to_an_address_alone(visit):
    visitor = visit(HR)
    read = {row[2] for row in MATRIX if row[1] == "GET"}
    for address in sorted({row[2].replace("2031-Q1", "2025-Q4") for row in MATRIX} - read):
        answer = visitor.fetch(address.format(upload="x", second="x"))
        if address.startswith("/metrics/"):  # whose ids may have slashes: it is read as the id of a metric
            assert answer.status_code == 404, address
        else:
            assert answer.status_code == 405, address
            assert "POST" in answer.headers["Allow"], address


def _uploaded(visitor: Visitor) -> str:
    page = visitor.get("/imports").submit("Show the dry run", kind="units", file=_file())
    return page.address.rpartition("/")[2]


def _file():
    return io.BytesIO(b"unit,name,parent\nNEW,New,AUR\n"), "units.csv"


def _asked(visitor: Visitor, method: str, address: str, token: str) -> TestResponse:
    return visitor.fetch(address) if method == "GET" else visitor.send(address, {"csrf_token": token})


def _body(page) -> str:
    """A page without what changes with each request: nonces, tokens, and the way back."""
    return re.sub(r'nonce="[^"]*"|name="(csrf_token|next)" value="[^"]*"', "", page.answer.text)


def _everything(database) -> list[str]:
    """All that is stored but the audit chain, which keeps who looked."""
    connection = database.raw_connection()
    try:
        return [line for line in connection.driver_connection.iterdump() if 'INSERT INTO "audit"' not in line]
    finally:
        connection.close()
