"""People who move, leave, are away or are stated anew."""

from datetime import date

from sqlalchemy import select

from comp.db import reading
from comp.models import AbsenceRow, AssignmentRow, PersonRow
from comp.store.facts import load_facts
from tests.stored import PEOPLE, Q3, calculated, company, publish, take, taken

HEADER = "employee,name,unit,from,to,target_amount,currency,left,leaving_reason\n"


def assignments(engine):
    with reading(engine) as session:
        query = select(AssignmentRow.unit, AssignmentRow.start_on, AssignmentRow.end_on)
        return session.execute(query.where(AssignmentRow.employee == "1").order_by(AssignmentRow.start_on)).all()


def test_a_move_ends_the_earlier_assignment_and_starts_another(engine):
    company(engine)
    seen = taken(engine, "people", f"{HEADER}1,Ann,U,2020-01-01,2025-07-31,4000,EUR,,\n1,Ann,V,2025-08-01,,4000,EUR,,")
    assert (seen.new, seen.changed) == (1, 1)
    assert assignments(engine) == [
        ("U", date(2020, 1, 1), date(2025, 8, 1)),
        ("V", date(2025, 8, 1), date.max),
    ]


def test_a_move_without_an_end_of_the_earlier_assignment_is_refused(engine):
    company(engine)
    (problem,) = take(engine, "people", f"{HEADER}1,Ann,V,2025-08-01,,4000,EUR,,").problems
    assert "the one from 1 January 2020 (an assignment on file) is not ended before 1 August 2025" in problem.why


def test_a_leaver_is_paid_to_the_last_day_and_then_no_more(engine):
    company(engine)
    publish(engine)
    taken(engine, "people", f"{HEADER}1,Ann,U,2020-01-01,,4000,EUR,2025-07-31,retired")
    assert [str(payout.amount) for payout in calculated(engine)[1].payouts] == ["336.96", "1000.00"]
    with reading(engine) as session:
        person = session.get_one(PersonRow, "1")
        assert (person.employed_until, person.leaving_reason) == (date(2025, 8, 1), "retired")
        assert [each.employee for each in load_facts(session, Q3.plus(1))[0].people] == ["2"]


def test_what_is_said_of_a_person_changes_with_any_of_their_assignments(engine):
    company(engine)
    seen = taken(engine, "people", PEOPLE.replace("Bob", "Robert"))
    assert (seen.new, seen.changed, seen.unchanged) == (0, 1, 1)
    with reading(engine) as session:
        assert session.get_one(PersonRow, "2").name == "Robert"


def test_absences_that_overlap_those_on_file_are_refused_and_longer_ones_replace_them(engine):
    company(engine)
    taken(engine, "absences", "employee,from,to,kind\n1,2025-07-01,2025-07-03,unpaid")
    (problem,) = take(engine, "absences", "employee,from,to,kind\n1,2025-07-03,2025-07-04,ill").problems
    assert problem.line == 2
    taken(engine, "absences", "employee,from,to,kind\n1,2025-07-01,2025-07-05,ill")
    with reading(engine) as session:
        kept = session.execute(select(AbsenceRow.end_on, AbsenceRow.kind)).all()
    assert kept == [(date(2025, 7, 6), "ill")]


def test_stated_groups_and_answers_that_were_all_taken_back_are_read_as_they_are(engine):
    company(engine, results="unit,quarter,metric,promoters,passives,detractors\nU,2025-Q3,nps,50,30,20")
    header = "response,unit,answered_on,recommend\n"
    taken(engine, "answers", f"{header}r1,V,2025-07-01,9")
    taken(engine, "answers", f"{header}r1,V,2025-10-01,9")
    with reading(engine) as session:
        (result,) = load_facts(session, Q3)[0].results
    assert (result.unit, result.sample.groups) == ("U", (50, 30, 20))
