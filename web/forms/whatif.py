"""The sliders of a what-if: read from an address or a posted form, each a range with a number beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from comp.errors import RefusedError
from comp.explain_unit import UnitExplainer
from comp.figures import decimal_text
from comp.money import Money, allocate, exact, round_half_up
from comp.plan import TOTAL, Plan
from comp.services.scenarios import LONGEST_NAME
from comp.services.whatif import budget_of
from comp.whatif_goal import Goal
from comp.whatif_position import Position, measure_name
from web.forms.plans import SeenField

_PERCENT, _POINTS = "%", "points"
_FINEST = 1_000_000
_WHATS = ("share", "weight", "cap", "shift")


@dataclass(frozen=True, slots=True)
class Slider:
    """One slider: its field, what it is of, where it stands as text, between which ends, and what is wrong with it.

    `value` is in the slider's own unit (a percentage, or points of a curve's axis); None where nothing is stated,
    which a cap may be.
    """

    field: str
    label: str
    text: str
    low: int
    high: int
    unit: str
    value: Fraction | None
    usual: Fraction | None
    error: str = ""

    @property
    def is_moved(self) -> bool:
        """Whether it stands elsewhere than the plan has it."""
        return not self.error and self.value != self.usual

    @property
    def place(self) -> str:
        """Where the range stands, within its ends; a range always stands somewhere."""
        here = self.high if self.value is None else self.value
        return decimal_text(Fraction(min(max(here, self.low), self.high)), 4)


@dataclass(frozen=True, slots=True)
class Group:
    """Sliders that belong together."""

    title: str
    told: str
    sliders: tuple[Slider, ...]

    @property
    def is_open(self) -> bool:
        """Whether one of them was moved, or is wrong: then all are in sight."""
        return any(slider.is_moved or slider.error for slider in self.sliders)


@dataclass(frozen=True, slots=True)
class Panel:
    """All sliders of a plan, and the budget."""

    groups: tuple[Group, ...]
    budget: Money | None
    budget_text: str
    currency: str
    budget_error: str
    goal_text: str
    goals: tuple[tuple[str, str], ...]
    """What could be turned to meet the budget: how it is named in a form, and in words."""

    @property
    def goal(self) -> Goal | None:
        """What shall meet the budget, where both are stated."""
        named = self.goal_text in {text for text, _ in self.goals}
        return Goal.parse(self.goal_text) if named and self.budget else None

    @property
    def sliders(self) -> Iterator[Slider]:
        """Every slider."""
        for group in self.groups:
            yield from group.sliders

    @property
    def errors(self) -> list[str]:
        """What is wrong with what was typed, slider by slider."""
        found = [f"{slider.label}: {slider.error}" for slider in self.sliders if slider.error]
        return [*found, *([self.budget_error] if self.budget_error else [])]

    @property
    def position(self) -> Position:
        """Where the sliders stand. Only for a panel without errors."""
        values: dict[str, dict[str, Fraction | None]] = {what: {} for what in _WHATS}
        scale = Fraction(1)
        for slider in self.sliders:
            what, _, name = slider.field.partition("-")
            if what == "scale":
                scale = (slider.value or Fraction(0)) / 100
            elif slider.is_moved:
                values[what][name] = _stored(slider)
        shares, weights, shifts = (_stated(values[what]) for what in ("share", "weight", "shift"))
        return Position(shares, weights, values["cap"], shifts, scale)

    @property
    def query(self) -> dict[str, str]:
        """What an address states to come back to where the sliders stand."""
        moved = {slider.field: slider.text for slider in self.sliders if slider.is_moved}
        return {**moved, **self.aim}

    @property
    def aim(self) -> dict[str, str]:
        """The budget, as an address states it."""
        return {"budget": self.budget_text, "currency": self.currency} if self.budget else {}


def _stored(slider: Slider) -> Fraction | None:
    return None if slider.value is None else slider.value / 100 if slider.unit == _PERCENT else slider.value


def _stated(values: Mapping[str, Fraction | None]) -> dict[str, Fraction]:
    return {name: value for name, value in values.items() if value is not None}


def read_panel(plan: Plan, names: UnitExplainer, typed: Mapping[str, str]) -> Panel:
    """The sliders of a plan where an address or a form puts them; what it does not state stands as the plan has it."""
    shares = tuple(_slider(typed, f"share-{each.id}", each.name, each.share * 100, 100) for each in plan.components)
    groups = [Group("Shares", "of variable pay", shares)]
    for component in plan.components:
        sliders = []
        for place, measure in enumerate(component.measures):
            name, metric = measure_name(component, place), names.metric(measure.reading.metric)
            if len(component.measures) > 1:
                sliders.append(_slider(typed, f"weight-{name}", f"Weight of {metric}", measure.weight * 100, 100))
            sliders.append(_slider(typed, f"shift-{name}", f"Curve of {metric}", Fraction(0), 20, _POINTS))
        cap = None if component.cap is None else component.cap * 100
        sliders.append(_slider(typed, f"cap-{component.id}", f"Cap of {component.name}", cap, 300))
        groups.append(Group(component.name, "weights, curves and cap", tuple(sliders)))
    cap = None if plan.cap is None else plan.cap * 100
    whole = (
        _slider(typed, f"cap-{TOTAL}", "Cap of the whole", cap, 300),
        _slider(typed, "scale", "What every measure pays", Fraction(100), 200),
    )
    goals = tuple(_goals(plan, names))
    return Panel((*groups, Group("The whole", "", whole)), *_budget(typed), typed.get("goal", ""), goals)


def _goals(plan: Plan, names: UnitExplainer) -> Iterator[tuple[str, str]]:
    if sum(each.share > 0 for each in plan.components) > 1:
        yield from ((f"share:{each.id}", f"the share of {each.name}") for each in plan.components)
    metrics = dict.fromkeys(measure.reading.metric for each in plan.components for measure in each.measures)
    yield from ((f"shift:{metric}", f"the curve of {names.metric(metric)}") for metric in metrics)
    yield "scale", "what every measure pays"


def query_of(plan: Plan, position: Position) -> dict[str, str]:
    """What an address states to put the sliders where a position has them: shares and weights still make a whole."""
    found = _percents("share", position.shares)
    for component in plan.components:
        own = {name: value for name, value in position.weights.items() if name.rpartition(".")[0] == component.id}
        found |= _percents("weight", own)
    for name, cap in position.caps.items():
        found[f"cap-{name}"] = "" if cap is None else decimal_text(cap * 100, 4)
    found |= {f"shift-{name}": decimal_text(points, 4) for name, points in position.shifts.items()}
    return found if position.scale == 1 else {**found, "scale": decimal_text(position.scale * 100, 4)}


def _percents(what: str, values: Mapping[str, Fraction]) -> dict[str, str]:
    """Ratios as percentages with four decimals that add up to what the ratios do, by largest remainder."""
    parts = [value * _FINEST for value in values.values()]
    total = sum(parts, Fraction(0))
    whole = allocate(round_half_up(total.numerator, total.denominator), parts)
    texts = (decimal_text(Fraction(each * 100, _FINEST), 4) for each in whole)
    return {f"{what}-{name}": text for name, text in zip(values, texts, strict=True)}


def _slider(
    typed: Mapping[str, str], field: str, label: str, usual: Fraction | None, high: int, unit: str = _PERCENT
) -> Slider:
    usual_text = "" if usual is None else decimal_text(usual, 4)
    text = typed.get(field, usual_text).strip()
    low = -high if unit == _POINTS else 0
    value, error = (usual, "") if text == usual_text else _value(text, low, field)
    return Slider(field, label, text, low, high, unit, value, usual, error)


def _value(text: str, low: int, field: str) -> tuple[Fraction | None, str]:
    if not text and field.startswith("cap-"):
        return None, ""
    try:
        value = exact(text.removeprefix("+"))
    except ValueError:
        return None, "Type a number such as 40 or 12.5."
    if field.startswith("cap-") and value == 0:
        return None, "A cap is above 0; leave it empty for none."
    return (value, "") if value >= min(low, 0) else (None, f"Type a number of at least {low}.")


def _budget(typed: Mapping[str, str]) -> tuple[Money | None, str, str, str]:
    text, currency = typed.get("budget", "").strip(), typed.get("currency", "")
    if not text:
        return None, "", currency, ""
    try:
        return budget_of(exact(text), currency), text, currency, ""
    except ValueError:
        return None, text, currency, "Budget: type an amount such as 100000 or 99999.50."
    except RefusedError as refused:
        return None, text, currency, f"Budget: {refused}"


class DraftForm(FlaskForm):
    """What saving sliders as a draft needs: what was seen, and from when it would pay."""

    seen = SeenField()
    starts = DateField("Pays from", [InputRequired("Type the day from which the version pays.")])


class KeepForm(FlaskForm):
    """The name under which a what-if is kept."""

    called = StringField(
        "Name",
        [
            InputRequired("Give the scenario a name."),
            Length(max=LONGEST_NAME, message=f"A name has at most {LONGEST_NAME} characters."),
        ],
    )
