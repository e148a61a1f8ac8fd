"""Files that cannot be taken in: what, where and what next is told, and nothing is stored."""

import pytest

from tests.cli.commands import stored
from tests.cli.company import PEOPLE, PLAN, QUARTER

HEADER = "employee,name,unit,from,to,manager,currency\n"
NO_PLAN = "No plan is published for {}, so nobody can be paid. Import a plan and publish it."
NOBODY = "Nobody was employed in 2019-Q1. Import people whose assignments reach into it. 2019-Q1 has no answers and no"
ANSWER = "response,unit,answered_on,recommend\n"

REFUSED = {
    "an empty file": ("people", b"", "  file.csv is empty."),
    "a header and nothing below it": ("people", HEADER.encode(), "  file.csv has a header and no rows below it."),
    "a byte of no encoding": (
        "units",
        b"unit,name\nA,Caf\x81\xe9\n",
        (
            "  line 2 ('byte 0x81'): is neither UTF-8 nor Windows-1252. "
            "Save the file as UTF-8 from the program that made it."
        ),
    ),
    "one number for two people": (
        "people",
        f"{HEADER}1,Ana,LIS,2026-01-01,2026-01-31,,EUR\n1,Rui,LIS,2026-02-01,,,EUR\n".encode(),
        "  line 3, column employee ('1'): stands for two people: 'Ana' on line 2 and 'Rui' here.",
    ),
    "an unknown unit": (
        "people",
        f"{HEADER}1,Ana,MARS,2026-01-01,,,EUR\n".encode(),
        "  line 2, column unit ('MARS'): is not a unit. Import the units first, or correct the code.",
    ),
    "overlapping assignments": (
        "people",
        f"{HEADER}1,Ana,LIS,2026-01-01,2026-02-15,,EUR\n1,Ana,OPO,2026-02-15,,,EUR\n".encode(),
        (
            "  line 3, column from ('2026-02-15'): 1's assignments overlap: the one from 1 January 2026 (line 2) is "
            "not ended before 15 February 2026. Give it a last day in `to`."
        ),
    ),
    "a circle of managers": (
        "people",
        f"{HEADER}1,Ana,LIS,2026-01-01,,2,EUR\n2,Rui,LIS,2026-01-01,,1,EUR\n".encode(),
        "  line 2, column manager ('2'): closes a circle of managers: 1 under 2 under 1.",
    ),
    "an answer outside its scale": (
        "answers",
        f"{ANSWER}x1,LIS,2026-02-03,11\n".encode(),
        "  line 2, column recommend ('11'): is outside the scale of recommend, 0 to 10",
    ),
    "a result outside its scale": (
        "results",
        b"unit,quarter,metric,value\nHQ,2026-Q1,nps,101\n",
        "  line 2, column value ('101'): is outside the scale of nps, -100 to 100.",
    ),
    "metrics that are broken YAML": (
        "metrics",
        b"metrics:\n  nps: {name: x\n",
        "  line 3: expected ',' or '}', but got '<stream end>'",
    ),
}


@pytest.mark.parametrize(("kind", "content", "told_why"), REFUSED.values(), ids=REFUSED)
def test_a_file_is_refused_with_the_reason_and_nothing_is_stored(run, company, folder, kind, content, told_why):
    (folder / "file.csv").write_bytes(content)
    before = stored(company)
    told = run("import", kind, "file.csv")
    assert (told.code, told.err.splitlines()) == (1, [told_why])
    assert told.out.endswith("  Nothing was stored. Mend the file and import it again.\n")
    assert stored(company) == before


def test_days_in_an_order_that_cannot_be_told_are_asked_about(run, company, folder):
    (folder / "file.csv").write_text(f"{ANSWER}x1,LIS,03/04/2026,9\n", "utf-8")
    before = stored(company)
    told = run("import", "answers", "file.csv")
    assert told.code == 1
    assert told.err.startswith("  line 2, column answered_on ('03/04/2026'): ")
    assert "--date-order" in told.err
    assert stored(company) == before


UNREADABLE = {
    "weights of 99 %": (
        PLAN.replace("weight: 100%", "weight: 99%", 1),
        "Weights of Customer loyalty make 99%, not 100%: 1% is left.",
    ),
    "broken YAML": (PLAN.replace("[ALL]}", "[ALL"), "plan.yaml cannot be read as YAML."),
}
UNFIT = {
    "no scope": (PLAN.replace("applies_to: {units: [ALL]}\n", ""), "The plan does not say whom it pays."),
    "a metric that nobody knows": (PLAN.replace("metric: nps", "metric: nsp"), "'nsp' is not a known metric."),
    "an example that does not come out": (
        PLAN.replace("pays: 1000.00 EUR", "pays: 999.00 EUR"),
        "It says 999 EUR and the plan pays 1000.00.",
    ),
}
PLANS = UNREADABLE | UNFIT


def written(folder, text):
    (folder / "plan.yaml").write_text(text.replace("id: service", "id: another", 1), "utf-8")


@pytest.mark.parametrize("command", ["check", "publish"])
@pytest.mark.parametrize(("text", "why"), PLANS.values(), ids=PLANS)
def test_a_plan_that_cannot_pay_is_refused_and_nothing_is_stored(run, company, folder, command, text, why):
    written(folder, text)
    before = stored(company)
    told = run("plan", command, "plan.yaml")
    assert told.code == 1
    assert why in " ".join(f"{told.out} {told.err}".split())
    assert stored(company) == before


@pytest.mark.parametrize(("text", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_plan_that_cannot_be_read_is_not_stored_as_a_draft(run, company, folder, text, why):
    written(folder, text)
    before = stored(company)
    told = run("plan", "import", "plan.yaml")
    assert (told.code, told.out, stored(company)) == (1, "", before)
    assert why in told.err


@pytest.mark.parametrize(("text", "why"), UNFIT.values(), ids=UNFIT)
def test_a_plan_with_errors_is_stored_as_a_draft_that_cannot_be_submitted(run, company, folder, text, why):
    written(folder, text)
    told = run("plan", "import", "plan.yaml")
    assert (told.code, told.out) == (
        0,
        "another@2026-01-01 is stored as a draft. It cannot be submitted before its errors are mended.\n",
    )
    assert why in told.err
    refused = run("plan", "submit", "another@2026-01-01")
    assert refused.code == 1
    assert why in refused.err


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (
            ("calculate", "2025-Q4"),
            f"2025-Q4 has no answers and no results of any kind. Import them first. {NO_PLAN.format('2025-Q4')}",
        ),
        (("scores", "2025-Q4"), "2025-Q4 has no answers and no results of any kind. Import them first."),
        (
            ("calculate", "2019-Q1"),
            f"{NOBODY} results of any kind. Import them first. {NO_PLAN.format('2019-Q1')}",
        ),
        (("explain", "10417", QUARTER), "2026-Q1 has not been calculated. Run `loyaltypay calculate 2026-Q1` first."),
        (
            ("export", "payroll", QUARTER, "--out", "."),
            "2026-Q1 has not been calculated. Run `loyaltypay calculate 2026-Q1` first.",
        ),
    ],
)
def test_what_there_is_nothing_for_is_refused_with_what_to_do_first(run, company, command, why):
    before = stored(company)
    told = run(*command)
    assert (told.code, told.out, told.err) == (1, "", f"{why}\n")
    assert stored(company) == before


def test_without_a_published_plan_nothing_is_calculated(run, initialised, folder):
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    told = run("calculate", QUARTER)
    assert told.code == 1
    assert told.err.endswith(f"{NO_PLAN.format(QUARTER)}\n")
