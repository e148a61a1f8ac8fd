"""A small company with two calculated quarters, whose every figure a test can state."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from comp.db import Engine, writing
from comp.intake import Kind
from comp.periods import Quarter, Span
from comp.roles import Role, whoever_has_the_machine
from comp.services import access, accounts, calculation, imports, plan_moves, plans
from comp.store.delegations import add_delegation
from tests.stored import submit
from web.intake import import_options, read_or_refuse

PASSWORD = "correct horse battery"  # noqa: S105 - of accounts that live as long as a test
NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
Q3, Q4 = Quarter(2025, 3), Quarter(2025, 4)

HR, APPROVER, PAYROLL, AUDITOR, ADMIN, EMPLOYEE = (
    f"{role}@aurelia.example" for role in ("hr", "approver", "payroll", "auditor", "admin", "employee")
)
SECOND_HR = "second-hr@aurelia.example"
MANAGER, DIRECTOR, PEER, DELEGATE, LEAD = (
    f"{who}@aurelia.example" for who in ("manager", "director", "peer", "delegate", "lead")
)
ROLES = {
    HR: (Role.HR,),
    SECOND_HR: (Role.HR,),
    APPROVER: (Role.APPROVER,),
    PAYROLL: (Role.PAYROLL,),
    AUDITOR: (Role.AUDITOR,),
    ADMIN: (Role.ADMIN,),
    EMPLOYEE: (),
    MANAGER: (),
    DIRECTOR: (),
    PEER: (),
    DELEGATE: (),
    LEAD: (),
}
PERSONS = {MANAGER: "1001", PEER: "1003", EMPLOYEE: "1004", DIRECTOR: "1005", DELEGATE: "1006", LEAD: "1007"}
"""Whose accounts they are. The delegate stands in for the manager; the lead answers for the customers of Faro."""

UNITS = """\
unit,name,parent,loyalty_lead
AUR,Aurelia,,
LIS,Lisbon,AUR,
FAR,Faro,AUR,1007
OPO,Porto,AUR,
"""
METRICS = """\
income: {name: Operating income, statistic: value, decimals: 0}
"""
PEOPLE = """\
employee,name,unit,from,to,target_amount,currency,cost_centre,manager
1001,Ada Alves,LIS,2020-01-01,,7200,EUR,CC1,1005
1002,Ben Brito,LIS,2025-11-15,,7200,EUR,CC1,1001
1003,Cleo Costa,FAR,2020-01-01,,7200,EUR,CC2,1005
1004,Dora Dias,LIS,2025-12-20,,7200,EUR,CC1,1002
1005,Eva Esteves,OPO,2020-01-01,,7200,EUR,CC3,
1006,Fumi Fukuda,LIS,2025-10-01,2025-11-30,720000,JPY,CC4,1001
1006,Fumi Fukuda,LIS,2025-12-01,,720000,JPY,CC4,1003
1007,Gita Ghanem,LIS,2025-10-01,2025-12-31,720,KWD,CC5,1001
1007,Gita Ghanem,LIS,2026-01-01,,720,KWD,CC5,1003
"""
NAMES = {line.split(",")[0]: line.split(",")[1] for line in PEOPLE.splitlines()[1:]}
RESULTS = """\
unit,quarter,metric,value,answers,promoters,passives,detractors
LIS,2025-Q3,nps,,,50,30,20
LIS,2025-Q3,csat,85,100,,,
LIS,2025-Q3,income,100,,,,
LIS,2025-Q4,nps,,,62,20,18
LIS,2025-Q4,csat,85,100,,,
LIS,2025-Q4,income,100,,,,
FAR,2025-Q4,nps,,,2,1,1
FAR,2025-Q4,csat,85,100,,,
FAR,2025-Q4,income,100,,,,
"""
TARGETS = """\
unit,quarter,metric,target
AUR,2025,nps,40
"""


def plan_document(**fields: object) -> dict[str, object]:
    """The company's plan: 40 % on customers (60 % of it on NPS, 40 % on satisfaction), 60 % on income."""
    customer = [
        {
            "metric": "nps",
            "weight": "60%",
            "min_answers": "30",
            "too_few": ["hold"],
            "curve": {"points": [["10", "0%"], ["50", "100%"]]},
        },
        {"metric": "csat", "weight": "40%", "curve": {"points": [["70", "0%"], ["85", "100%"]]}},
    ]
    income = [{"metric": "income", "weight": "100%", "curve": {"points": [["80", "50%"], ["100", "100%"]]}}]
    document: dict[str, object] = {
        "id": "service",
        "name": "Service incentive",
        "starts": "2025-01-01",
        "applies_to": {"units": ["LIS", "FAR"]},
        "pay_code": "LOYQ",
        "components": [
            {"id": "customer", "name": "Customer loyalty", "share": "40%", "measures": customer},
            {"id": "financial", "name": "Operating income", "share": "60%", "measures": income},
        ],
        "eligibility": {"minimum_days": "30"},
    }
    return {**document, **fields}


def add_accounts(engine: Engine, dressed: Callable[[str], str] = str) -> None:
    """One account for each role, all with the same password."""
    with writing(engine) as session:
        for email, roles in ROLES.items():
            accounts.add_account(session, email, dressed(email.partition("@")[0].title()), PASSWORD, roles)


def take_in(engine: Engine, kind: Kind, content: str, name: str | None = None) -> None:
    """Take a file in, which must be sound."""
    intake = read_or_refuse(kind, content.encode(), name or f"{kind}.csv", import_options(engine, {}))
    with writing(engine) as session:
        seen = imports.accept(session, intake, HR, NOW)
    assert seen.is_acceptable, seen.problems


def add_plan(engine: Engine, *, published: bool, **fields: object) -> None:
    """Store a version of the plan that HR wrote, and publish it where it shall pay."""
    with writing(engine) as session:
        plan, _ = plans.save_draft(session, plan_document(**fields), HR, NOW)
        if published:
            submit(session, plan.version, HR, NOW)
            plan_moves.publish(session, plans.find_plan(session, plan.version), APPROVER, NOW)


def submit_plan(engine: Engine, name: str = "service@2026-01-01", by: str = HR) -> None:
    """Submit a draft, with words for each of its warnings."""
    with writing(engine) as session:
        submit(session, name, by, NOW)


def make_company(engine: Engine, dressed: Callable[[str], str] = str) -> None:
    """Accounts, files, a published plan, a draft of its next version, and two calculated quarters.

    `dressed` may change every name that people typed.
    """
    add_accounts(engine, dressed)
    take_in(engine, Kind.UNITS, _renamed(UNITS, dressed), dressed("units.csv"))
    take_in(engine, Kind.METRICS, METRICS, "metrics.yaml")
    take_in(engine, Kind.PEOPLE, _renamed(PEOPLE, dressed))
    _link_persons(engine)
    take_in(engine, Kind.RESULTS, RESULTS)
    take_in(engine, Kind.TARGETS, TARGETS)
    add_plan(engine, published=True, name=dressed("Service incentive"))
    add_plan(engine, published=False, name=dressed("Service incentive"), starts="2026-01-01")
    for quarter in (Q3, Q4):
        with writing(engine) as session:
            calculation.calculate_quarter(session, quarter, HR, NOW)


def _link_persons(engine: Engine) -> None:
    with writing(engine) as session:
        for email, employee in PERSONS.items():
            account = access.find_account_by_email(session, email)
            access.link_person(session, whoever_has_the_machine(), account, employee, NOW)
        always = Span(date(2020, 1, 1))
        add_delegation(session, (PERSONS[MANAGER], PERSONS[DELEGATE]), always, MANAGER, NOW)


def _renamed(table: str, dressed: Callable[[str], str]) -> str:
    """A table whose second column, the names, is dressed."""
    header, *lines = table.splitlines()
    for place, line in enumerate(lines):
        code, name, rest = line.split(",", 2)
        quoted = dressed(name).replace('"', '""')
        lines[place] = f'{code},"{quoted}",{rest}'
    return "\n".join([header, *lines])
