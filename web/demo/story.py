"""The demo from files to payroll, step by step, through the same services that commands and pages use."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from comp.company import Company
from comp.db import Engine, reading, writing
from comp.errors import LoyaltyPayError
from comp.figures import counted, money_text
from comp.payroll_layouts import WORKBOOK_CODES
from comp.payroll_maps import ELSEWHERE, CompanyRule
from comp.results import Run
from comp.roles import whoever_has_the_machine
from comp.services import (
    access,
    accounts,
    calculation,
    data_check,
    imports,
    payroll,
    payroll_maps,
    plan_moves,
    plans,
    waivers,
)
from comp.services.company import initialise
from comp.services.waivers import Seen
from exports.files import write_whole
from exports.payroll_workbook import payroll_workbook
from importers.documents import read_yaml
from importers.payroll_layouts import built_in_layouts
from web.database import disposed, open_engine
from web.demo.customers import CALENDAR, LAST, QUARTERS
from web.demo.files import PLANS, ZONE, document, write_files
from web.demo.paying import pay
from web.demo.people import AUTHOR as _AUTHOR
from web.demo.people import PASSWORD, PEOPLE
from web.demo.people import PUBLISHER as _PUBLISHER
from web.demo.people import START as _START
from web.intake import import_options, read_or_refuse
from web.settings import Settings

_ANSWER = "Agreed with the works council; looked at again when the next version is written."
"""What HR of the sample company says of the linter's warnings."""
_REASON = "The figures come with next month's file. Whoever is held stays held until then."
"""Why HR of the sample company asks for waivers."""
_APART = {"database_url": "", "smtp_url": "", "oidc_issuer": "", "local_sign_in": True}
"""What the sample company has in place of the machine's settings: nobody real gets its mails or signs in there."""
__all__ = ["PASSWORD", "PEOPLE", "Told", "play"]
_COMPANIES = {"EUR": "EU", "JPY": "JP", "USD": "US"}
"""Which company of the sample pays in which currency."""
_MARK = "sample-company.txt"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Told:
    """What the demo made: where its data and its workbook lie, and what the last run gives."""

    machine: Settings
    workbook: Path
    run: Run


def play(machine: Settings, say: Say) -> Told:
    """Make the sample company anew in the folder `demo` of the home, whatever was there before."""
    folder = _fresh_folder(machine.home / "demo")
    there = machine.model_copy(update={"home": folder, **_APART})
    say("Aurelia Electronics, a fictional maker of electronics with an April fiscal year")
    with disposed(open_engine(there)) as engine:
        _make_company(engine)
        _take_files(engine, folder, say)
        _publish_plans(engine, say)
        _map_codes(engine, say)
        run = _calculate(engine, say)
        _ask_for_waivers(engine, say)
        workbook = _write_workbook(engine, folder)
    say(f"Payroll workbook: {workbook}")
    return Told(there, workbook, run)


def _fresh_folder(folder: Path) -> Path:
    """An empty folder. Only one that the demo made itself is cleared."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise LoyaltyPayError(f"{folder} has files that the demo did not make. Set LOYALTYPAY_HOME to another folder.")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "files").mkdir(parents=True)
    (folder / _MARK).write_text("A sample company: `loyaltypay demo` clears this folder and makes it anew.\n", "utf-8")
    return folder


def _make_company(engine: Engine) -> None:
    with writing(engine) as session:
        initialise(session, Company(CALENDAR, (), ZONE))
        for email, name, roles in PEOPLE:
            accounts.add_account(session, email, name, PASSWORD, roles)


def _take_files(engine: Engine, folder: Path, say: Say) -> None:
    for kind, path, columns in write_files(folder / "files"):
        intake = read_or_refuse(kind, path.read_bytes(), path.name, import_options(engine, columns))
        with writing(engine) as session:
            seen = imports.accept(session, intake, _AUTHOR, _START)
        if not seen.is_acceptable:
            raise LoyaltyPayError(f"{path.name} was refused: {seen.problems[0]}")
        left_out = f", {sum(intake.dropped.values())} previews left out" if intake.dropped else ""
        say(f"  {path.name}: {counted(seen.new, 'row')} of {kind}{left_out}")


def _publish_plans(engine: Engine, say: Say) -> None:
    for name in PLANS:
        with writing(engine) as session:
            plan, findings = plans.save_draft(session, read_yaml(document(name), name), _AUTHOR, _START)
        answers = {plan_moves.warning_key(each.problem): _ANSWER for each in findings}
        with writing(engine) as session:
            plan_moves.submit(session, plans.find_plan(session, plan.version), answers, _AUTHOR, _START)
        with writing(engine) as session:
            plan_moves.publish(session, plans.find_plan(session, plan.version), _PUBLISHER, _START)
        say(f"  {plan.name}, from {plan.starts}: written by {_AUTHOR}, published by {_PUBLISHER}")


def _map_codes(engine: Engine, say: Say) -> None:
    """Let ADP pay whoever is paid in dollars: payroll's codes, and a minus sign for all others."""
    layout = built_in_layouts()["adp-workforce-now"]
    others = [CompanyRule(ELSEWHERE, currency=currency) for currency in ("EUR", "JPY")]
    with writing(engine) as session:
        codes = dict.fromkeys(payroll_maps.view_maps(session, layout).pay_codes, "LQ")
        payroll_maps.save_pay_codes(session, layout, codes, None, PEOPLE[2][0], _START)
        payroll_maps.save_companies(session, layout, [CompanyRule("NA1"), *others], None, PEOPLE[2][0], _START)
        companies = [CompanyRule(f"AUR-{place}", currency=currency) for currency, place in _COMPANIES.items()]
        payroll_maps.save_companies(session, WORKBOOK_CODES, companies, None, PEOPLE[2][0], _START)
    say(f"  {layout.name}: pays in dollars, under the company code NA1")


def _calculate(engine: Engine, say: Say) -> Run:
    """Calculate every quarter; all but the last go on to be reviewed, approved, released and closed."""
    for quarter in QUARTERS:
        with writing(engine) as session:
            stored, run = calculation.calculate_quarter(session, quarter, _AUTHOR, _START)
        totals = ", ".join(money_text(total.amount) for total in payroll.totals(run))
        paid = f"; paid as {pay(engine, quarter)}" if quarter != LAST else ""
        people = counted(len(run.payouts), "payout")
        say(f"  {quarter}, run {stored.number}: {people}, {totals}; held {len(run.held)}{paid}")
    return run


def _ask_for_waivers(engine: Engine, say: Say) -> None:
    """Let HR ask that the last quarter goes on in spite of what stands against it; an approver has not decided yet."""
    with writing(engine) as session:
        asker = access.find_account_by_email(session, _AUTHOR)
        for finding in data_check.stands_against(session, LAST):
            waivers.ask(session, asker, LAST, Seen(finding.id), _REASON, _START)
            say(f"  {LAST}: {_AUTHOR} asks for a waiver for {finding.place.words}")


def _write_workbook(engine: Engine, folder: Path) -> Path:
    with reading(engine) as session:
        sheets = payroll.payroll_sheets(session, whoever_has_the_machine(PEOPLE[2][0]), LAST, _START)
    path = folder / sheets.file_name
    write_whole(path, payroll_workbook(sheets))
    return path
