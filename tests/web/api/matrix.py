"""Who may ask the API what, by a token for everything: each operation by each role."""

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

LEADERS = {MANAGER, DIRECTOR, PEER, DELEGATE}
EVERYBODY = {HR, APPROVER, PAYROLL, AUDITOR, ADMIN, EMPLOYEE, LEAD, *LEADERS}
READERS = {HR, APPROVER, PAYROLL, AUDITOR}
PLANNERS = {HR, APPROVER, AUDITOR}
DRAFT = "/plans/service@2026-01-01"

API_MATRIX = [
    # endpoint, method, an address below /api/v1, who may, what they get without a body; all others get 403
    ("api_units.list_units", "GET", "/units", EVERYBODY, 200),
    ("api_people.list_people", "GET", "/people", READERS, 200),
    ("api_people.find_person", "GET", "/people/1001", READERS, 200),
    ("api_imports.list_imports", "GET", "/imports", PLANNERS, 200),
    ("api_imports.import_units", "POST", "/imports/units", {HR}, 415),
    ("api_imports.import_people", "POST", "/imports/people", {HR}, 415),
    ("api_imports.import_absences", "POST", "/imports/absences", {HR}, 415),
    ("api_imports.import_results", "POST", "/imports/results", {HR}, 415),
    ("api_imports.import_personal_results", "POST", "/imports/personal-results", {HR}, 415),
    ("api_imports.import_targets", "POST", "/imports/targets", {HR}, 415),
    ("api_scores.list_scores", "GET", "/quarters/2025-Q4/scores", EVERYBODY, 200),
    ("api_plans.list_plans", "GET", "/plans", PLANNERS, 200),
    ("api_plans.find_plan", "GET", DRAFT, PLANNERS, 200),
    ("api_plans.write_plan_anew", "POST", "/plans", {HR}, 415),
    ("api_plans.write_plan_over", "PUT", DRAFT, {HR}, 428),
    ("api_quarters.list_quarters", "GET", "/quarters", READERS | LEADERS, 200),
    ("api_quarters.find_quarter", "GET", "/quarters/2025-Q4", READERS | LEADERS, 200),
    ("api_quarters.calculate", "POST", "/quarters/2025-Q4/runs", {HR}, 202),
    ("api_runs.list_runs", "GET", "/runs", READERS | LEADERS, 200),
    ("api_runs.find_run", "GET", "/runs/2025-Q4/1", READERS | LEADERS, 200),
    ("api_payouts.list_payouts", "GET", "/quarters/2025-Q4/payouts", READERS | LEADERS, 200),
    ("api_payouts.explain_payout", "GET", "/quarters/2025-Q4/payouts/1007", READERS | LEADERS, 200),
    ("api_releases.list_releases", "GET", "/releases", {PAYROLL, AUDITOR}, 200),
    ("api_releases.find_release", "GET", "/releases/2025-Q4-B1", {PAYROLL, AUDITOR}, 404),
    ("api_releases.take_file", "GET", "/releases/2025-Q4-B1/files/workbook/a.xlsx", {PAYROLL, AUDITOR}, 404),
    ("api_releases.confirm_paid", "POST", "/releases/2025-Q4-B1/paid", {PAYROLL}, 415),
    ("api_jobs.find_job", "GET", "/jobs/1", EVERYBODY, 404),
]
