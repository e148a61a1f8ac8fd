"""The rule of pay a second time, day by day and person by person: slow, plain, and sharing no line with the program.

It takes the same facts and says of each employee `HELD`, `OUTSIDE` (in no plan), or what is paid by currency:
the exact amount, and that amount rounded, in minor units.
"""

from datetime import date, timedelta
from fractions import Fraction
from math import floor

HELD, OUTSIDE, DROPPED = "held", "in no plan", "dropped"
MINOR_UNITS = {"EUR": 100, "USD": 100, "GBP": 100, "JPY": 1, "KWD": 1000}


class HoldError(Exception):
    pass


def half_up(number):
    """The nearest whole number, halves away from zero."""
    return floor(abs(number) + Fraction(1, 2)) * (-1 if number < 0 else 1)


def quarter_days(calendar, quarter):
    """Every day of a quarter."""
    year = quarter.year - (calendar.named_for == "end" and calendar.first_month != 1)
    months = [calendar.first_month - 1 + 3 * (quarter.number - 1) + ahead for ahead in (0, 1, 2)]
    allowed = {(year + month // 12, month % 12 + 1) for month in months}
    first = date(*min(allowed), 1)
    return [day for day in (first + timedelta(n) for n in range(93)) if (day.year, day.month) in allowed]


def on_curve(curve, x, better):
    """The attainment at `x`."""
    points = sorted(curve.points, reverse=better == "lower")
    reached = [point for point in points if (x <= point[0] if better == "lower" else x >= point[0])]
    if not reached:
        return curve.below
    is_last = len(reached) == len(points)
    if curve.shape == "step" or (is_last and not curve.extends):
        return reached[-1][1]
    (x0, y0), (x1, y1) = points[-2:] if is_last else points[len(reached) - 1 : len(reached) + 1]
    return max(Fraction(0), y0 + (y1 - y0) * (x - x0) / (x1 - x0))


class Oracle:
    """What becomes of everybody who is employed on a day of the quarter."""

    def __init__(self, facts):
        self.facts = facts
        self.days = quarter_days(facts.calendar, facts.quarter)
        codes = [unit.code for unit in facts.units]
        self.parents = {unit.code: unit.parent for unit in facts.units if codes.count(unit.code) == 1}
        self.totals = {}

    def settle(self):
        return {person.employee: self.settled(person) for person in self.facts.people if self.employed(person)}

    def settled(self, person):
        try:
            self.refuse_doubles(person)
            exact, employed = {}, self.employed(person)
            for day in employed:
                for currency, amount in self.earned_on(day, person, employed):
                    exact[currency] = exact.get(currency, 0) + amount
        except HoldError:
            return HELD
        return {currency: (amount, self.rounded(currency, amount)) for currency, amount in exact.items()} or OUTSIDE

    def employed(self, person):
        hired = person.hired or min((each.span.start for each in person.assignments), default=date.max)
        return [day for day in self.days if hired <= day and (person.left is None or day < person.left)]

    def refuse_doubles(self, person):
        if [other.employee for other in self.facts.people].count(person.employee) > 1:
            raise HoldError
        for dated in (person.assignments, person.absences):
            for day in self.days:
                if sum(each.span.start <= day < each.span.end for each in dated) > 1:
                    raise HoldError

    def earned_on(self, day, person, employed):
        for assignment in person.assignments:
            if assignment.span.start <= day < assignment.span.end:
                if self.way_up(assignment.unit) is None:
                    raise HoldError
                plan = self.plan(day, assignment)
                if plan:
                    forfeited = self.forfeits(person, plan.eligibility, employed)
                    share = plan.quarter_shares[self.facts.quarter.number - 1] / len(self.days)
                    target = annual_target(assignment) * share * counted(day, person, plan)
                    yield assignment.currency, 0 if forfeited else target * self.total(person, plan, assignment.unit)

    def forfeits(self, person, rules, employed):
        if len(employed) < rules.minimum_days:
            return True
        is_gone = self.days[-1] not in employed
        return rules.on_last_day and is_gone and person.leaving_reason not in rules.prorated_leavers

    def rounded(self, currency, amount):
        step = dict(self.facts.round_to).get(currency, Fraction(1, MINOR_UNITS[currency]))
        return half_up(amount / step) * step * MINOR_UNITS[currency]

    def way_up(self, unit):
        """The unit and those above it; None where the way does not end at a top."""
        way = []
        while unit:
            if unit in way or unit not in self.parents:
                return None
            way.append(unit)
            unit = self.parents[unit]
        return way

    # Which plan pays

    def plan(self, day, assignment):
        begun = [plan for plan in self.facts.plans if plan.starts <= day]
        in_force = [plan for plan in begun if plan.starts == max(p.starts for p in begun if p.id == plan.id)]
        fitting = [plan for plan in in_force if plan.people.grades is None or assignment.grade in plan.people.grades]
        for place in [*self.way_up(assignment.unit), None]:
            here = [plan for plan in fitting if place in (plan.people.units or [None])]
            if here:
                if len(here) > 1 or [plan.id for plan in in_force].count(here[0].id) > 1:
                    raise HoldError
                return here[0]
        return None

    # What share of the target is earned

    def total(self, person, plan, unit):
        key = (id(plan), unit, id(person))
        if key not in self.totals:
            self.totals[key] = self.worked_total(person, plan, unit)
        return self.totals[key]

    def worked_total(self, person, plan, unit):
        scores = {id(reading): self.read(person, reading, unit) for reading in plan.readings()}
        if HELD in scores.values():
            raise HoldError
        earned = Fraction(0)
        for component in plan.components:
            attained = [(m.weight, self.attained(m, scores[id(m.reading)], unit)) for m in component.measures]
            left = [(weight, attainment) for weight, attainment in attained if attainment != DROPPED]
            if not sum(weight for weight, _ in left):
                raise HoldError
            mean = sum(weight * attainment for weight, attainment in left) / sum(weight for weight, _ in left)
            earned += component.share * self.limited(plan, scores, unit, (mean, component.id, component.cap))
        return self.limited(plan, scores, unit, (earned, "total", plan.cap))

    def limited(self, plan, scores, unit, earned_on_cap):
        earned, on, cap = earned_on_cap
        for modifier in plan.modifiers:
            multiplier = self.attained(modifier, scores[id(modifier.reading)], unit)
            if modifier.on == on and multiplier != DROPPED:
                earned *= multiplier
        for gate in plan.gates:
            score = scores[id(gate.reading)]
            if gate.on == on and isinstance(score, Fraction):
                too_low = gate.at_least is not None and score < gate.at_least
                too_high = gate.at_most is not None and score > gate.at_most
                earned = min(earned, gate.cap) if too_low or too_high else earned
        return earned if cap is None else min(earned, cap)

    def attained(self, rule, score, unit):
        if not isinstance(score, Fraction):
            return {"renormalise": DROPPED, "neutral": Fraction(1), "zero": Fraction(0)}[score]
        better = next(metric.better for metric in self.facts.metrics if metric.id == rule.reading.metric)
        if rule.curve.axis == "score":
            return on_curve(rule.curve, score, better)
        target = self.target(rule.reading.metric, self.place(rule.reading, unit))
        if rule.curve.axis == "points_from_target":
            return on_curve(rule.curve, score - target, better)
        if target <= 0:
            raise HoldError
        return on_curve(rule.curve, score / target * 100, better)

    def target(self, metric, unit):
        for place in self.way_up(unit):
            for period in (str(self.facts.quarter), str(self.facts.quarter.year)):
                wanted = (place, metric, period)
                stated = {t.target for t in self.facts.targets if (t.unit, t.metric, str(t.period)) == wanted}
                if len(stated) > 1:
                    raise HoldError
                if stated:
                    return stated.pop()
        raise HoldError

    # Which score is read

    def read(self, person, reading, unit):
        """A published score, or `renormalise`, `neutral`, `zero` or `HELD`."""
        metrics = [metric for metric in self.facts.metrics if metric.id == reading.metric]
        if not metrics:
            return HELD
        found = self.own_result(person, reading) if reading.measured_at == "person" else self.found(reading, unit)
        scale = 10 ** metrics[0].decimals
        return Fraction(half_up(found * scale), scale) if isinstance(found, Fraction) else found

    def own_result(self, person, reading):
        own = [r.value for r in person.results if (r.quarter, r.metric) == (self.facts.quarter, reading.metric)]
        last_resorts = [str(word) for word in reading.too_few if word not in {"rolling-4", "parent"}]
        if len(own) > 1 or (not own and [*last_resorts, "hold"][0] == "hold"):
            return HELD
        return [*own, *last_resorts][0]

    def place(self, reading, unit):
        way = self.way_up(unit)
        named = {"unit": unit, "person": unit, "parent": way[:2][-1], "top": way[-1]}
        return named.get(reading.measured_at, reading.measured_at)

    def found(self, reading, unit):
        place = self.place(reading, unit)
        if self.way_up(place) is None:
            return HELD
        here = self.score(reading, place)
        if here == HELD:
            return HELD
        tried = [here]
        for word in [*reading.too_few, "hold"]:
            for score in tried:
                if score not in {None, HELD} and score[1]:
                    return score[0]
            if word == "rolling-4":
                tried = [self.rolling(reading, place)]
            elif word == "parent":
                tried = [self.score(reading, above) for above in self.way_up(place)[1:]]
            else:
                return HELD if word == "hold" else str(word)
        return HELD

    def score(self, reading, unit):
        """The quarter's score and whether it is enough; None without any, `HELD` where data contradicts itself."""
        quarter = self.facts.quarter
        points, answers, tallied = self.pooled(reading, unit, [quarter])
        for place in [unit] if answers else self.way_up(unit):
            stated = self.stated(reading, place, quarter)
            holds_below = [value for value, count in stated if count is None]
            if (place == unit or holds_below) and self.contradicts(reading, place, quarter):
                return HELD
            if holds_below:
                return holds_below[0], True
        if not answers:
            return None
        if reading.touchpoints and tallied == answers:
            return self.weighted(reading, unit, [quarter])
        return points / answers, not tallied or answers >= reading.min_answers

    def rolling(self, reading, unit):
        quarters = [self.facts.quarter.plus(-back) for back in range(4)]
        if any(self.contradicts(reading, unit, quarter) for quarter in quarters):
            return None
        if reading.touchpoints:
            return self.weighted(reading, unit, quarters)
        points, answers, _ = self.pooled(reading, unit, quarters)
        return (points / answers, answers >= reading.min_answers) if answers else None

    def weighted(self, reading, unit, quarters):
        score, spread = Fraction(0), Fraction(0)
        for touchpoint, share in reading.touchpoints:
            points, answers, tallied = self.pooled(reading, unit, quarters, touchpoint, tallies_only=True)
            if not tallied:
                return None
            score += share * points / answers
            spread += share**2 / answers
        return score, 1 / spread >= reading.min_answers

    def pooled(self, reading, unit, quarters, touchpoint=None, *, tallies_only=False):
        """The points and answers of a unit and all units below it, and how many of the answers are tallied."""
        points, answers, tallied = Fraction(0), 0, 0
        for result in self.facts.results:
            is_here = unit in (self.way_up(result.unit) or []) and touchpoint in {None, result.touchpoint}
            if result.metric == reading.metric and result.quarter in quarters and is_here:
                if result.sample:
                    tallied += result.sample.answers
                    answers += result.sample.answers
                    points += result.sample.points
                elif result.answers and not tallies_only:
                    answers += result.answers
                    points += result.value * result.answers
        return points, answers, tallied

    def own(self, reading, unit, quarter):
        wanted = (reading.metric, unit, quarter)
        return [result for result in self.facts.results if (result.metric, result.unit, result.quarter) == wanted]

    def stated(self, reading, unit, quarter):
        return [(r.value, r.answers) for r in self.own(reading, unit, quarter) if r.value is not None]

    def contradicts(self, reading, unit, quarter):
        stated = self.stated(reading, unit, quarter)
        has_tally = any(result.sample and result.sample.answers for result in self.own(reading, unit, quarter))
        has_answers_below = self.pooled(reading, unit, [quarter])[2] > 0
        is_uncounted = any(count is None for _, count in stated)
        return len(stated) > 1 or (bool(stated) and (has_tally or (is_uncounted and has_answers_below)))


def annual_target(assignment):
    if assignment.currency not in MINOR_UNITS:
        raise HoldError
    if assignment.target_amount is not None:
        return assignment.target_amount * assignment.fte
    if assignment.annual_salary is None or assignment.target_percent is None:
        raise HoldError
    return assignment.annual_salary * assignment.fte * assignment.target_percent


def counted(day, person, plan):
    """How much of a day counts."""
    away = [absence.kind for absence in person.absences if absence.span.start <= day < absence.span.end]
    return dict(plan.absences).get(away[0], Fraction(1)) if away else Fraction(1)
