"""How a document states what a plan reads and what follows from it: readings, curves, gates and modifiers."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from comp.bands import Band, band_problems, read_band
from comp.curves import Axis, Curve, Point, Shape
from comp.documents import Fields, positive_percent
from comp.figures import exact_text
from comp.money import exact
from comp.plan import TOTAL, UNIT, Fallback, Gate, Modifier, Reading

Document = dict[str, object]
_PAIR = 2


def read_gate(fields: Fields) -> Gate:
    """A condition, with what it caps where it fails."""
    otherwise = fields.inner("otherwise")
    gate = Gate(
        reading=read_reading(fields),
        at_least=fields.optional("at_least", exact),
        at_most=fields.optional("at_most", exact),
        cap=otherwise.percent("cap"),
        on=otherwise.text("on", default=TOTAL),
    )
    otherwise.finish()
    fields.finish()
    return gate


def read_modifier(fields: Fields) -> Modifier:
    """A multiplier that follows a metric."""
    modifier = Modifier(
        read_reading(fields), read_curve(fields.inner("curve"), _multiplier), fields.text("on", default=TOTAL)
    )
    fields.finish()
    return modifier


def read_reading(fields: Fields) -> Reading:
    """Where and how a metric is read; what is left out has its usual value."""
    standard = Reading("")
    return Reading(
        metric=fields.text("metric"),
        measured_at=fields.text("measured_at", default=UNIT),
        min_answers=fields.whole("min_answers", default=standard.min_answers),
        too_few=_too_few(fields) or standard.too_few,
        touchpoints=fields.percents("touchpoints"),
    )


def _too_few(fields: Fields) -> tuple[Fallback, ...]:
    chain = []
    for text in fields.texts("too_few"):
        try:
            chain.append(Fallback(text))
        except ValueError:
            fields.problem(f"{text!r} is not one of {', '.join(Fallback)}", "too_few")
    return tuple(chain)


def read_curve(fields: Fields, read_height: Callable[[str], Fraction] = positive_percent) -> Curve:
    """A curve, whose heights are percentages unless `read_height` reads them otherwise."""
    curve = Curve(
        points=_points(fields, read_height),
        shape=Shape(fields.choice("shape", list(Shape), default=Shape.LINEAR)),
        axis=Axis(fields.choice("x", list(Axis), default=Axis.SCORE)),
        below=fields.value("below", read_height, Fraction(0), default=Fraction(0)),
        extends=fields.choice("above", ["last", "extend"], default="last") == "extend",
    )
    fields.finish()
    return curve


def _points(fields: Fields, read_height: Callable[[str], Fraction]) -> tuple[Point, ...]:
    stated = fields.raw("points")
    if not isinstance(stated, list | tuple) or not stated:
        fields.problem("should be a list of points such as [40, 100%]", "points")
        return ()
    bands = [band for pair in stated if (band := _band(pair))]
    if bands:
        fields.problem(" ".join(band_problems(bands)), "points")
        return ()
    points = []
    for index, pair in enumerate(stated):
        try:
            points.append(_point(pair, read_height))
        except ValueError as error:
            fields.problem(str(error), f"points[{index}]", pair)
    return tuple(points)


def _band(pair: object) -> Band | None:
    """The band that stands where a point has its x: `85-90`, or its two ends."""
    if not isinstance(pair, list | tuple) or len(pair) < _PAIR:
        return None
    ends = pair[0] if isinstance(pair[0], list | tuple) else pair[:_PAIR] if len(pair) > _PAIR else (pair[0],)
    return read_band(" to ".join(str(end) for end in ends))


def _point(pair: object, read_height: Callable[[str], Fraction]) -> Point:
    if not isinstance(pair, list | tuple) or len(pair) != _PAIR:
        raise ValueError("a point is a score and an attainment, such as [40, 100%]")
    if any(isinstance(part, float) for part in pair):
        raise ValueError("write the numbers as text: a floating-point number is not exact")
    return exact(str(pair[0])), read_height(str(pair[1]))


def _multiplier(text: str) -> Fraction:
    """What a modifier's curve gives: `110%` and `1.1` both multiply by eleven tenths."""
    return positive_percent(text) if text.strip().endswith("%") else exact(text)


def write_gate(gate: Gate) -> Document:
    """The fields of a gate."""
    return only_stated(
        {
            "metric": gate.reading.metric,
            "at_least": number_or_none(gate.at_least),
            "at_most": number_or_none(gate.at_most),
            "otherwise": {"cap": percent_or_none(gate.cap), "on": gate.on},
            **write_reading(gate.reading),
        }
    )


def write_modifier(modifier: Modifier) -> Document:
    """The fields of a modifier."""
    reading = write_reading(modifier.reading)
    curve = write_curve(modifier.curve)
    return only_stated({"metric": modifier.reading.metric, "on": modifier.on, **reading, "curve": curve})


def write_reading(reading: Reading) -> Document:
    """The fields of a reading without its metric, which stands first."""
    return {
        "measured_at": reading.measured_at,
        "min_answers": str(reading.min_answers),
        "too_few": [str(fallback) for fallback in reading.too_few],
        "touchpoints": {touchpoint: percent_or_none(share) for touchpoint, share in reading.touchpoints},
    }


def write_curve(curve: Curve) -> Document:
    """The fields of a curve."""
    return only_stated(
        {
            "shape": str(curve.shape),
            "x": str(curve.axis),
            "points": [[number_or_none(x), percent_or_none(attainment)] for x, attainment in curve.points],
            "below": percent_or_none(curve.below) if curve.below else None,
            "above": "extend" if curve.extends else None,
        }
    )


def only_stated(document: Mapping[str, object]) -> Document:
    """The fields that say something."""
    return {key: value for key, value in document.items() if value not in (None, "", [], {})}


def percent_or_none(ratio: Fraction | None) -> str | None:
    """A ratio as a document states it: `40%`."""
    return None if ratio is None else f"{exact_text(ratio * 100)}%"


def number_or_none(value: Fraction | None) -> str | None:
    """A number as a document states it."""
    return None if value is None else exact_text(value)
