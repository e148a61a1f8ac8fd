"""A small company as the files that its HR would write, and what it is paid, worked out by hand.

Net Promoter Scores: Lisbon has 10 promoters, 6 passives and 4 detractors, so 30.0; Porto has 2 answers, too few, and is
paid on the whole company's 12, 6 and 4, so 36.4. The curve gives 87.5 % and 95.5 %. Operating income is 105 % of its
target, which gives 125 %. A personal check counts as it stands.
"""

from pathlib import Path

QUARTER = "2026-Q1"

UNITS = """\
unit,name,parent,loyalty_lead,currency
ALL,Whole company,,,EUR
LIS,Lisbon,ALL,10417,EUR
OPO,Porto,ALL,,EUR
HQ,Head office,,,EUR
"""
METRICS = """\
metrics:
  nps: {name: Net Promoter Score, question: recommend, statistic: nps, decimals: 1}
  income: {name: Operating income, statistic: value, decimals: 1}
  checks: {name: Checks passed, statistic: value, decimals: 0}
"""
PEOPLE = """\
employee,name,unit,from,to,manager,grade,annual_salary,target_percent,target_amount,currency,fte,hired,left
10417,Ana Silva,LIS,2020-01-01,,,T1,,,7200.00,EUR,1,2020-01-01,
10418,Rui Costa,OPO,2026-02-15,,10417,T1,36000,10%,,EUR,1,2026-02-15,
10419,Eva Sousa,LIS,2020-01-01,,10417,T2,,,3600.00,EUR,1,2020-01-01,
10420,Jo Pinto,LIS,2020-01-01,,10417,T2,,,3600.00,EUR,1,2020-01-01,
000421,Kai Braun,HQ,2020-01-01,,,T2,,,3600.00,EUR,1,2020-01-01,
"""
ABSENCES = """\
employee,from,to,kind
10419,2026-03-02,2026-03-11,unpaid
"""
TARGETS = """\
unit,quarter,metric,target
ALL,2026,income,100
"""
RESULTS = """\
unit,quarter,metric,value,answers,promoters,passives,detractors
ALL,2026-Q1,income,105,,,,
"""
PERSONAL = """\
employee,quarter,metric,value
10417,2026-Q1,checks,90
10418,2026-Q1,checks,80
10419,2026-Q1,checks,100
"""
ANSWERS = "Reply,Store,Day,Q12\n" + "".join(
    f"r{number},{store},{1 + number:02}/02/2026,{answer}\n"
    for number, (store, answer) in enumerate(
        [*[("LIS", 10)] * 10, *[("LIS", 8)] * 6, *[("LIS", 3)] * 4, *[("OPO", 9)] * 2], start=1
    )
)
PLAN = """\
id: service
name: Service incentive
starts: 2026-01-01
applies_to: {units: [ALL]}
pay_code: LOYQ
components:
  - id: customer
    name: Customer loyalty
    share: 50%
    measures:
      - metric: nps
        weight: 100%
        min_answers: 5
        too_few: [parent, hold]
        curve: {points: [[0, 50%], [40, 100%], [60, 150%]]}
  - id: financial
    name: Operating income
    share: 30%
    measures:
      - metric: income
        weight: 100%
        measured_at: top
        curve: {x: percent_of_target, points: [[80, 50%], [100, 100%], [120, 200%]]}
  - id: own
    name: Own checks
    share: 20%
    measures:
      - metric: checks
        weight: 100%
        measured_at: person
        too_few: [hold]
        curve: {points: [[0, 0%], [100, 100%]]}
absences: {unpaid: 0%}
examples:
  - name: at target
    scores: {nps: 40, income: 100, checks: 100}
    targets: {income: 100}
    target: 1000.00 EUR
    pays: 1000.00 EUR
"""
_FILES = {
    "units.csv": UNITS,
    "metrics.yaml": METRICS,
    "people.csv": PEOPLE,
    "absences.csv": ABSENCES,
    "targets.csv": TARGETS,
    "results.csv": RESULTS,
    "personal.csv": PERSONAL,
    "answers.csv": ANSWERS,
    "plan.yaml": PLAN,
}
MAPPED = ("--map", "Reply=response", "--map", "Store=unit", "--map", "Day=answered_on", "--map", "Q12=recommend")
ROAD = (
    ("import", "units", "units.csv"),
    ("import", "metrics", "metrics.yaml"),
    ("import", "people", "people.csv"),
    ("import", "absences", "absences.csv"),
    ("import", "targets", "targets.csv"),
    ("import", "results", "results.csv"),
    ("import", "personal-results", "personal.csv"),
    ("import", "answers", "answers.csv", *MAPPED, "--mapping", "shops", "--date-order", "dmy"),
    ("plan", "check", "plan.yaml"),
    ("plan", "import", "plan.yaml"),
    ("plan", "publish", "service"),
)
"""The commands that take the company in, in order."""

PAID = [
    # 7,200 a quarter of the year × (50 % × 87.5 % + 30 % × 125 % + 20 % × 90 %)
    {"employee": "10417", "currency": "EUR", "amount": "1786.50", "attainment": "99.25%"},
    # 3,600 × ¼ × 45 of 90 days × (50 % × 95.5 % + 30 % × 125 % + 20 % × 80 %) = 455.625
    {"employee": "10418", "currency": "EUR", "amount": "455.63", "attainment": "101.25%"},
    # 3,600 × ¼ × 80 of 90 days × (50 % × 87.5 % + 30 % × 125 % + 20 % × 100 %)
    {"employee": "10419", "currency": "EUR", "amount": "810.00", "attainment": "101.25%"},
]
TOTAL = "3,052.13"


def write_files(folder: Path) -> None:
    """Write every file of the company into a folder."""
    for name, text in _FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
