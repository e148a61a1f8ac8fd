from pathlib import Path

import pytest

from comp.calculate import calculate
from comp.explain import Explainer
from comp.nodes import Node, node_document, node_lines
from comp.scenario import read_scenario
from comp.waterfall import waterfall
from importers.documents import read_yaml
from tests.make import measure, person, plan_document, scenario

SCENARIOS = Path(__file__).parent.parent / "scenarios"
THIN = "\N{NARROW NO-BREAK SPACE}"


def explained(made) -> tuple[list[Node], Explainer]:
    facts = made.facts
    explainer = Explainer(facts.metrics, {unit.code: unit.name for unit in facts.units})
    run = calculate(facts)
    nodes = [explainer.payout(payout) for payout in run.payouts]
    return [*nodes, *(explainer.without_payout(each) for each in (*run.held, *run.outside))], explainer


def text(made) -> str:
    nodes, _ = explained(made)
    return "\n".join(line for node in nodes for line in node_lines(node)).replace(THIN, " ")


def from_file(name: str) -> str:
    made, problems = read_scenario(read_yaml((SCENARIOS / f"{name}.yaml").read_bytes(), name))
    assert made, problems
    return text(made)


def test_a_payout_opens_down_to_the_answers():
    assert from_file("joins-mid-quarter").splitlines() == [
        "Payout: 781.63 EUR",
        "    Rounded once, half up, from 781.630435 EUR.",
        "  15 November 2025 to 31 December 2025, Lisbon: 919.57 EUR × 85 %",
        "      781.630435 EUR earned under P, version of 2025-01-01.",
        "    Target: 919.57 EUR",
        "        Target amount 7,200 a year.",
        "        This quarter is a quarter of the year.",
        "        47 days of the quarter's 92 count.",
        "    C, 100 % of variable pay: 85 %",
        "      nps 44.0: 85 %",
        "          100 answers in Lisbon.",
        "          95 % interval 27.7 to 57.8.",
        "          Curve: 10 → 0 %, 50 → 100 %; 44 → 85 %.",
        "    Total attainment: 85 %",
        "        1 × 85 % = 85 %.",
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("absence", "31 days of absence (unpaid) counted at 0 %."),
        ("absence", "76.5 days of the quarter's 92 count."),
        ("absence", "31 days of absence (parental) counted in full."),
        ("annual-target", "Salary 50,000 × FTE 0.8 × target 12 % = 4,800 a year."),
        ("annual-target", "Target amount 6,000 a year × FTE 0.8 = 4,800."),
        ("quarter-shares", "This quarter is 40 % of the year."),
        ("elsewhere", "60 % of variable pay is calculated elsewhere."),
        ("gate-at-most", "Gate k 4.0000: fails: at most 25 %"),
        ("gate-at-most", "Gate k 3.0000: holds"),
        ("gate-at-most", "Asks for at least 1 and at most 3."),
        ("order-of-component-rules", "Capped at 110 %."),
        ("order-of-component-rules", "Modifier k 80.0000: × 1.5"),
        ("order-of-total-rules", "Capped at 125 %."),
        ("gates-and-modifiers-without-a-score", "Gate other: passed over"),
        ("gates-and-modifiers-without-a-score", "Modifier other: × 0"),
        ("neutral-zero-and-dropped", "other: left out"),
        ("neutral-zero-and-dropped", "No usable score: the plan takes it as neutral."),
        ("neutral-zero-and-dropped", "Held: no payout yet"),
        ("curve-from-target", "3 points from the target of 85."),
        ("curve-from-target", "75 % of the target of 120."),
        ("curve-below-and-steps", "Steps: 30 → 50 %, 40 → 100 %; 29 → 20 %."),
        ("measured-elsewhere", "The person's own result."),
        ("stated-values", "Stated for P, on 40 answers."),
        ("stated-values", "Stated for Company."),
        ("too-few-in-order", "60 answers of the last four quarters in A: this quarter alone has fewer than 50."),
        ("too-few-in-order", "41 answers in P above: B has fewer than 41 of its own."),
        (
            "weighted-by-touchpoint",
            "Weighted by touchpoint (store 50 %, repair 30 %, web 20 %); 36 before weighting; worth 144.6 answers",
        ),
        ("minimum-days", "Employed for 29 days of the quarter; the plan asks for 30."),
        ("in-no-plan", "In no plan: no payout"),
        ("measures-and-shares", "0.6 × 50 % + 0.4 × 100 % = 70 %."),
        ("measures-and-shares", "Weight 60 %."),
        ("measures-and-shares", "0.4 × 70 % + 0.6 × 120 % = 100 %."),
    ],
)
def test_every_rule_says_what_it_did(name, sentence):
    assert sentence in from_file(name)


def test_days_that_earn_nothing_are_in_the_tree():
    assert "1 July 2025 to 31 July 2025: 0\n      No plan pays U." in text(
        scenario(plans=[plan_document(starts="2025-08-01")])
    )


def test_a_unit_is_explained_once_for_all_its_people():
    (first, second), _ = explained(scenario(people=[person("1"), person("2", target_amount="9999")]))
    assert first.parts[0].parts[1] is second.parts[0].parts[1]


def test_the_tree_is_also_a_document_with_exact_numbers():
    (node,), _ = explained(scenario(people=[person(target_amount="100", from_="2025-09-30")]))
    document = node_document(node)
    assert document["kind"] == "payout"
    assert document["numbers"] == {"amount": "0.27", "exact": "25/92"}
    assert document["parts"][0]["parts"][0]["numbers"]["counted_days"] == "1"


def test_what_has_no_name_is_called_by_its_code():
    made = scenario(metrics={"k": {"statistic": "value"}})
    facts = made.facts
    run = calculate(facts)
    bare = Explainer([], {})
    assert "k 100" in "\n".join(node_lines(bare.payout(run.payouts[0])))
    assert bare.units.interval(run.payouts[0].pieces[0].stretch.attainment.components[0].measures[0].score) is None


def test_a_waterfall_leads_from_the_target_to_the_payout():
    components = [
        {
            "id": "c",
            "name": "Customer",
            "share": "60%",
            "cap": "120%",
            "measures": [measure(weight="50%"), measure("other", weight="50%")],
        }
    ]
    rules = {
        "components": components,
        "elsewhere": "40%",
        "absences": {"unpaid": "0%"},
        "modifiers": [{"metric": "k", "on": "c", "curve": {"points": [["0", "1.5"]]}}],
        "cap": "66%",
    }
    made = scenario(
        metrics={"k": {"statistic": "value"}, "other": {"statistic": "value"}},
        plans=[plan_document(**rules)],
        results=[
            {"unit": "U", "quarter": "2025-Q3", "metric": metric, "value": value}
            for metric, value in (("k", "120"), ("other", "50"))
        ],
        people=[person(absences=[{"from": "2025-07-01", "to": "2025-07-23", "kind": "unpaid"}])],
    )
    (payout,) = calculate(made.facts).payouts
    _, explainer = explained(made)
    steps = [(step.label, str(step.change)) for step in waterfall(payout, explainer.units)]
    assert steps == [
        ("Target", "1000.00"),
        ("Absence: unpaid", "-250.00"),
        ("Paid elsewhere", "-300.00"),
        ("k", "45.00"),
        ("other", "-112.50"),
        ("Modifier: Customer", "191.25"),
        ("Gates and caps: Customer", "-33.75"),
        ("Gates and caps", "-45.00"),
    ]
    assert str(payout.amount) == "495.00"


def test_a_waterfall_shows_a_coarse_rounding_and_a_forfeited_payout():
    made = scenario(
        settings={"round_to": {"EUR": "10"}},
        plans=[plan_document(eligibility={"minimum_days": "60"})],
        people=[person("1", target_amount="4016"), person("2", hired="2025-09-01")],
    )
    _, explainer = explained(made)
    first, second = calculate(made.facts).payouts
    assert [(step.label, str(step.change)) for step in waterfall(first, explainer.units)] == [
        ("Target", "1004.00"),
        ("Rounding", "-4.00"),
    ]
    assert [(step.label, str(step.change)) for step in waterfall(second, explainer.units)] == [
        ("Target", "326.09"),
        ("Not eligible", "-326.09"),
    ]


def test_an_explainer_knows_which_way_is_better():
    made = scenario(metrics={"k": {"statistic": "value"}, "effort": {"statistic": "value", "better": "lower"}})
    _, explainer = explained(made)
    assert dict(explainer.units.directions()) == {"k": "higher", "effort": "lower"}
