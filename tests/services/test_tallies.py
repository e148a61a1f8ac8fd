"""The tallies that are kept of answers always equal a count over the responses in force."""

import json
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from comp.db import reading, writing
from comp.models import ResponseRow, TallyRow
from tests.stored import company, take_path, taken

KEYS = ("unit", "question", "month", "touchpoint", "segment", "answer")
rows = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["U", "V"]),
        "answered_on": st.sampled_from(["2025-07-01", "2025-07-31", "2025-08-01"]),
        "touchpoint": st.sampled_from(["", "store"]),
        "segment": st.sampled_from(["", "new"]),
        "recommend": st.sampled_from(["", "0", "9", "10"]),
        "satisfaction": st.sampled_from(["", "1", "5"]),
    }
)
files = st.lists(st.dictionaries(st.sampled_from("abcdef"), rows, min_size=1, max_size=6), min_size=1, max_size=4)


def written(responses):
    header = ["response", "unit", "answered_on", "touchpoint", "segment", "recommend", "satisfaction"]
    lines = [[key, *(row[name] for name in header[1:])] for key, row in responses.items()]
    return "\n".join(",".join(line) for line in [header, *lines])


def kept(engine):
    with reading(engine) as session:
        tallies = session.scalars(select(TallyRow).where(TallyRow.count > 0))
        return {tuple(getattr(row, key) for key in KEYS): row.count for row in tallies}


def counted(engine):
    with reading(engine) as session:
        found = Counter()
        for row in session.scalars(select(ResponseRow).where(ResponseRow.replaced_by.is_(None))):
            for question, answer in json.loads(row.answers).items():
                found[row.unit, question, row.answered_on.replace(day=1), row.touchpoint, row.segment, answer] += 1
        return dict(found)


def test_tallies_equal_a_count_over_the_responses_after_any_files(engine):
    company(engine, people="", results="")

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(files)
    def taken_one_after_another(some_files):
        _forget_everything_said(engine)
        stated = {}
        for responses in some_files:
            stated |= responses
            taken(engine, "answers", written(responses))
            assert kept(engine) == counted(engine)
        assert sum(kept(engine).values()) == sum(
            bool(row["recommend"]) + bool(row["satisfaction"]) for row in stated.values()
        )

    taken_one_after_another()


def _forget_everything_said(engine):
    """A response is never deleted: those of the example before are marked as replaced, and nothing is counted."""
    with writing(engine) as session:
        session.execute(delete(TallyRow))
        batch = session.scalar(select(ResponseRow.batch_id).order_by(ResponseRow.batch_id.desc()).limit(1))
        session.execute(update(ResponseRow).where(ResponseRow.replaced_by.is_(None)).values(replaced_by=batch))


def test_a_restated_response_leaves_what_was_said_before_on_file(engine):
    company(engine, people="", results="")
    header = "response,unit,answered_on,recommend,comment\n"
    first = taken(engine, "answers", f"{header}r1,U,2025-07-01,9,good")
    second = taken(engine, "answers", f"{header}r1,V,2025-07-01,2,bad")
    with reading(engine) as session:
        query = select(ResponseRow.unit, ResponseRow.comment, ResponseRow.batch_id, ResponseRow.replaced_by)
        assert session.execute(query.order_by(ResponseRow.id)).all() == [
            ("U", "good", first.batch, second.batch),
            ("V", "bad", second.batch, None),
        ]
    assert {(unit, answer): count for (unit, *_, answer), count in kept(engine).items()} == {("V", 2): 1}


def test_customers_are_hashed_with_the_companys_own_key(engine):
    company(engine, people="", results="")
    taken(
        engine,
        "answers",
        """
        response,unit,answered_on,recommend,customer
        r1,U,2025-07-01,9,Jo@example.org
        r2,U,2025-07-02,8,jo@EXAMPLE.org
        r3,U,2025-07-02,8,
        """,
    )
    with reading(engine) as session:
        first, same, nobody = session.scalars(select(ResponseRow.customer).order_by(ResponseRow.key))
    assert (len(first), same, nobody) == (32, first, "")
    assert "example" not in first


def test_the_same_responses_as_numbers_and_then_as_choice_texts_stay_the_same_responses(engine, shared):
    taken(engine, "units", "unit,name\nLAB,Laboratory")
    for name in ("03_qualtrics_3header_numeric_redacted.csv", "variants/03b_qualtrics_3header_choicetext_redacted.csv"):
        seen = take_path(engine, "answers", shared / "data" / name, unit="LAB")
        assert (seen.intake.tool, seen.new + seen.changed + seen.unchanged, seen.problems) == ("qualtrics", 156, ())
    with reading(engine) as session:
        in_force = session.scalars(select(ResponseRow.key).where(ResponseRow.replaced_by.is_(None))).all()
    assert len(in_force) == len(set(in_force)) == 156
