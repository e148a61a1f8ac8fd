"""What makes a person look twice: repeated customers, same comments, bursts, begging, ends above targets, shifts."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.begging import begging_language
from comp.integrity import TELLING_COMMENTS, Flag, Given, Sign, flags, shown_signs
from comp.integrity_unit import Against, bunching, mix_shift
from comp.masking import masked
from comp.periods import Quarter, Span
from comp.scores import Metric, Question, Sample, Statistic, sample

DAYS = Span(date(2025, 7, 1), date(2025, 10, 1))
FIRST = DAYS.start
NPS = Metric("nps", Statistic.NPS, 1, name="NPS", question=Question("recommend", 0, 10))


def said(number, day=0, customer="", comment=""):
    return Given(number, FIRST + timedelta(days=day), customer, comment)


def signs(*each, seen=None):
    known = seen or {one.customer: [other.day for other in each if other.customer == one.customer] for one in each}
    return {number: [flag.sign for flag in found] for number, found in flags(each, DAYS, known).items()}


def test_a_customer_who_answers_again_within_ninety_days_is_worth_a_look():
    assert signs(said(1, 0, "a"), said(2, 90, "a"), said(3, 5, "b")) == {1: [Sign.REPEATED], 2: [Sign.REPEATED]}
    assert signs(said(1, 0, "a"), said(2, 91, "a")) == {}
    assert signs(said(1), said(2)) == {}, "nobody knows whether these are one customer"


def test_a_repeated_customer_is_found_wherever_they_answered():
    elsewhere = {"a": [FIRST, FIRST - timedelta(days=30), FIRST + timedelta(days=10)]}
    found = flags([said(1, 0, "a")], DAYS, elsewhere)
    assert found[1][0].words == "The same customer answered 3 times within 90 days of this answer."


def test_comments_are_alike_whatever_their_case_and_points_and_short_ones_are_not():
    told = [said(1, 1, "", "Called on Saturday, had a courier!"), said(2, 2, "", "called  on saturday had a courier.")]
    assert signs(*told, said(3, 3, "", "All good"), said(4, 4, "", "all good!")) == {
        1: [Sign.IDENTICAL],
        2: [Sign.IDENTICAL],
    }
    assert flags(told, DAYS, {})[1][0].words == "2 responses of the quarter have this same comment."


def test_a_day_with_far_more_answers_than_usual_is_a_burst():
    usual = [said(number, number) for number in range(60)]
    found = flags([*usual, *(said(100 + n, 70) for n in range(12))], DAYS, {})
    assert set(found) == {100 + n for n in range(12)}
    assert found[100][0].words == "12 responses on 9 September 2025, where 0.7 a day are usual."
    assert signs(*usual, *(said(100 + n, 70) for n in range(3))) == {}


def test_all_answers_on_one_day_are_a_burst_from_five_on():
    assert signs(*(said(n, 3) for n in range(5))) == {n: [Sign.BURST] for n in range(5)}
    assert signs(*(said(n, 3) for n in range(4))) == {}


@given(st.lists(st.integers(0, 91), max_size=40))
def test_flags_are_found_whatever_the_order(days):
    given_ = [said(number, day, f"c{day % 5}", "the same old story") for number, day in enumerate(days)]
    seen = {f"c{n}": [each.day for each in given_ if each.customer == f"c{n}"] for n in range(5)}
    assert flags(given_, DAYS, seen) == flags(given_[::-1], DAYS, seen)


@pytest.mark.parametrize(
    ("comment", "language"),
    [
        ("The technician asked me to give a 10.", "English"),
        ("He BEGGED for a perfect score, so here it is", "English"),
        ("Please rate us ten, the man said", "English"),
        ("Der Techniker hat um eine 10 gebeten", "German"),
        ("Man bat mich um die volle Punktzahl", "German"),
        ("O técnico pediu para dar nota máxima", "Portuguese"),
        ("Il m'a demandé de mettre un dix", "French"),
        ("Me pidió que pusiera un 10", "Spanish"),
        ("10点をお願いしますと言われました", "Japanese"),
        ("１０点をつけてと頼まれた", "Japanese"),
        ("I waited 10 minutes and asked twice", ""),
        ("I asked for a refund", ""),
        ("Ten out of ten!", ""),
        ("Schon 10 Tage gewartet, um Rückruf gebeten", ""),
        ("I wanted 10 % off", ""),
        ("", ""),
    ],
)
def test_comments_that_tell_of_begging_are_found_in_six_languages(comment, language):
    assert begging_language(comment) == language
    found = signs(said(1, 0, "", comment))
    assert found == ({1: [Sign.BEGGING]} if language else {})


def test_without_comments_no_flag_tells_of_them():
    found = tuple(Flag(sign, str(sign)) for sign in Sign)
    assert shown_signs(found, with_comments=True) == found
    assert {flag.sign for flag in shown_signs(found, with_comments=False)} == set(Sign) - TELLING_COMMENTS


def history(*gaps):
    quarters = (Quarter(2025, 1).plus(ahead) for ahead in range(len(gaps)))
    return [Against(quarter, 40 + Fraction(gap), Fraction(40)) for quarter, gap in zip(quarters, gaps, strict=True)]


def test_scores_that_end_just_above_their_target_again_and_again_are_worth_a_look():
    told = bunching(NPS, history("0.1", "0.5", "1.9", "0", "0.3", "7"))
    assert told.startswith(
        "NPS reached the target by less than 2 points in 5 quarters, and missed it by as little in 0 "
    )
    assert "(2025-Q1 40.1, 2025-Q2 40.5," in told
    assert told.endswith("By chance that happens in 3.1% of cases.")


@pytest.mark.parametrize("gaps", [(), ("0.1",) * 4, ("0.1", "0.1", "0.1", "0.1", "-0.1"), ("5",) * 8, ("-1",) * 8])
def test_scores_on_both_sides_or_far_from_the_target_are_not(gaps):
    assert bunching(NPS, history(*gaps)) == ""


def test_where_less_is_better_the_other_side_is_looked_at():
    fewer = Metric("open", Statistic.MEAN, 1, better="lower", name="Open", question=NPS.question)
    assert bunching(fewer, history(*(["-0.5"] * 5)))
    assert not bunching(fewer, history(*(["0.5"] * 5)))


def mixed(**tallies):
    return {name: sample(NPS, tally) for name, tally in tallies.items()}


def test_a_shift_between_touchpoints_tells_what_the_score_would_be_without_it():
    before, after = mixed(store={10: 50}, phone={0: 50}), mixed(store={10: 80}, phone={0: 20})
    assert mix_shift(NPS, before, after) == (
        "Answers shifted between touchpoints: phone 50% → 20%, store 50% → 80%. NPS is 60.0; with the touchpoints at "
        "the shares of the quarter before it would be 0.0."
    )


def test_a_touchpoint_that_is_gone_leaves_the_score_as_it_is():
    told = mix_shift(NPS, mixed(store={10: 50}, phone={0: 50}), {"store": Sample(60, 60, 60), "": Sample(40, 40, 40)})
    assert told == "Answers shifted between touchpoints: no touchpoint 0% → 40%, phone 50% → 0%."


def test_small_shifts_and_small_numbers_are_chance():
    assert mix_shift(NPS, mixed(store={10: 50}, phone={0: 50}), mixed(store={10: 55}, phone={0: 45})) == ""
    assert mix_shift(NPS, mixed(store={10: 15}, phone={0: 15}), mixed(store={10: 18}, phone={0: 12})) == ""
    assert mix_shift(NPS, mixed(store={10: 10}), mixed(phone={10: 50})) == ""
    assert mix_shift(NPS, {}, {}) == ""


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("Write to jo.doe+x@mail.example please", "Write to [e-mail] please"),
        ("Call +351 912 345 678 or (089) 12 34 56 7", "Call [number] or [number]"),
        ("Order AB-123456, case #99812, ref 20250701223", "Order [number], case [number], ref [number]"),
        ("See https://x.example/u?id=1 and www.y.example", "See [link] and [link]"),
        ("Waited 26 minutes on 2025-07-01, paid 1,335.94", "Waited 26 minutes on 2025-07-01, paid 1,335.94"),
        ("Since 01.07.2025 the TV 55 works", "Since 01.07.2025 the TV 55 works"),
        ("10点", "10点"),
    ],
)
def test_what_tells_who_somebody_is_is_masked(comment, shown):
    assert masked(comment) == shown


def test_employees_names_are_masked_whole_and_in_parts():
    names = {"Ada Alves", "Bo Li"}
    assert masked("Ada Alves and Mr Alves were kind, Bo Li too; adage", names) == (
        "[name] and Mr [name] were kind, [name] too; adage"
    )
    assert masked("Ada", ()) == "Ada"


@given(st.text(max_size=80))
def test_masking_twice_changes_nothing_more(comment):
    once = masked(comment)
    assert masked(once) == once
    assert "@" not in masked(f"{comment} a@b.example").rpartition(" ")[2]
