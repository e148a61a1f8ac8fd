"""The calendar of quarters over both databases: a rule, days of a quarter's own, and what was seen of them."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from comp.db import reading, writing
from comp.errors import ChangedError, RefusedError
from comp.periods import Quarter
from comp.quarter_calendar import USUAL_RULE, CalendarRule, Offset, Step
from comp.services import audit, quarter_calendar
from comp.services.quarter_calendar import QuarterRules, rules_fingerprint
from tests.stored import NOW

Q2 = Quarter(2026, 2)
SLOW = CalendarRule({**USUAL_RULE.offsets, Step.RELEASE: Offset(45, is_working=False)}, 5)


def view(engine, quarter=Q2):
    with reading(engine) as session:
        return quarter_calendar.view(session, quarter)


def set_rule(engine, rule=SLOW, seen=None, swing=Fraction(1, 5)):
    with writing(engine) as session:
        before = rules_fingerprint(quarter_calendar.load_rules(session))
        quarter_calendar.save_rules(session, QuarterRules(rule, swing), seen or before, "hr", NOW)


def set_days(engine, seen=None, after=3, **days):
    found = view(engine)
    made = {**found.calendar.days, **{Step(step): day for step, day in days.items()}}
    with writing(engine) as session:
        calendar = replace(found.calendar, days=made, escalate_after=after)
        return quarter_calendar.save_days(session, Q2, calendar, seen or found.fingerprint, "hr", NOW)


def test_a_quarter_follows_the_rule_until_its_days_are_set(engine):
    assert view(engine).calendar.days[Step.RELEASE] == date(2026, 7, 28)
    set_rule(engine)
    assert view(engine).calendar.days[Step.RELEASE] == date(2026, 8, 14)
    assert (view(engine).stored, view(engine).own_days) == (None, ())


def test_single_days_are_changed_and_another_rule_leaves_them_alone(engine):
    found = set_days(engine, release=date(2026, 7, 30), after=0)
    assert found.own_days == (Step.RELEASE,)
    set_rule(engine)
    found = view(engine)
    assert found.calendar.days[Step.RELEASE] == date(2026, 7, 30)
    assert (found.calendar.escalate_after, found.stored.set_by, found.stored.set_at) == (0, "hr", NOW)


def test_a_copied_quarter_keeps_the_rule_of_then(engine):
    with writing(engine) as session:
        assert quarter_calendar.copy_to(session, Q2, "clock", NOW)
        assert not quarter_calendar.copy_to(session, Q2, "clock", NOW)
    set_rule(engine)
    with reading(engine) as session:
        assert quarter_calendar.calendar_of(session, Q2) == USUAL_RULE.calendar(view(engine).span)
        assert quarter_calendar.due(session, Q2, Step.IMPORT, date(2026, 7, 9)).words == "2 days late"


def test_days_and_rules_out_of_order_are_refused_whole(engine):
    with pytest.raises(RefusedError, match="not in order") as refused:
        set_days(engine, release=date(2026, 7, 1))
    assert [problem.where for problem in refused.value.problems] == [Step.RELEASE]
    with pytest.raises(RefusedError, match="not in order"):
        set_rule(engine, CalendarRule({**USUAL_RULE.offsets, Step.IMPORT: Offset(9)}, 3))
    for far in (-1, 61):
        with pytest.raises(RefusedError, match="escalated after 0 to 60 days"):
            set_days(engine, after=far)
        with pytest.raises(RefusedError, match="escalated after 0 to 60 days"):
            set_rule(engine, replace(SLOW, escalate_after=far))
    assert view(engine).stored is None


def test_what_somebody_changed_meanwhile_is_not_overwritten(engine):
    seen = view(engine).fingerprint
    set_days(engine, release=date(2026, 7, 30))
    with pytest.raises(ChangedError, match=r"By now: import by 7 July 2026, .* release by 30 July 2026"):
        set_days(engine, seen=seen, release=date(2026, 7, 31))
    with pytest.raises(ChangedError, match="Somebody changed the rule"):
        set_rule(engine, seen="other")


def test_changes_are_noted_and_the_same_rule_again_is_none(engine):
    set_rule(engine)
    set_rule(engine)
    set_days(engine)
    with reading(engine) as session:
        noted = [each.entry for each in reversed(audit.search(session, "calendar", 1))]
    assert [(each.action, each.about) for each in noted] == [
        ("set rule", "calendar"),
        ("set calendar", "calendar 2026-Q2"),
    ]
    assert '"swing":"0.2"' in noted[0].details
