"""What customers of Aurelia Electronics answered in six quarters: seasonal, different by unit, the same every time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from comp.periods import FiscalCalendar, Quarter
from web.demo.organisation import PLACES, SEED, Place

CALENDAR = FiscalCalendar(4, "start")
QUARTERS = tuple(Quarter(2025, 1).plus(later) for later in range(6))
LAST = QUARTERS[-1]

_SEASON = {1: 0.0, 2: 0.01, 3: -0.03, 4: 0.02}
_TOUCHPOINTS = {"SERVICE": ("repair", "contact-centre", "web"), "STORES": ("store", "store", "registration")}
_SEGMENTS = ("private", "private", "private", "business")
_COMMENTS = {
    "promoter": (
        "Called on Saturday, had a courier on Monday. That is why I stay.",
        "The technician explained what had failed and how to avoid it.",
        "Fast, friendly, and the price was what was said.",
        "Third product from you, still the best sound I know.",
        "The store let me compare at leisure. Nobody pushed.",
        "Repaired in one visit, with a call the day before.",
    ),
    "passive": (
        "Fine in the end, though it took two calls.",
        "Good product, the app could be simpler.",
        "Polite staff, long queue.",
        "All as expected.",
        "The repair was good, the parcel arrived a day late.",
    ),
    "detractor": (
        "Waited 26 minutes, then the line dropped.",
        "Third time I had to explain the same fault. The person was kind, the system knew nothing.",
        "The spare part was not there and nobody called.",
        "I was promised a call back that never came.",
        "Too expensive for what it is.",
        "The invoice did not match the offer.",
    ),
}
_BEFORE = (
    "",
    "",
    "Second visit. ",
    "To be fair: ",
    "My wife called. ",
    "Bought in spring. ",
    "Out of warranty. ",
    "As told by phone: ",
)
_AFTER = (
    "",
    "",
    " It was a soundbar.",
    " It was the kitchen radio.",
    " I have told my neighbours.",
    " Let us see how long it lasts.",
    " You know my address.",
    " That was in the morning.",
    " My old set was from 1998.",
    " Please pass it on.",
    " I will say so to anybody.",
    " The manual could be clearer.",
)
_BEGGED = (
    "The technician asked me to give a ten, or he would get into trouble.",
    "He asked twice for a perfect score. Here it is.",
    "Was told at the door that only a ten counts for his pay.",
)
"""What happy customers of one place write in the last quarter, so that there is something to judge."""
_BEGGING = "CC-AUS"


@dataclass(frozen=True, slots=True)
class Response:
    """One customer's return of the survey, in the company's own time."""

    key: str
    place: Place
    at: datetime
    touchpoint: str
    segment: str
    customer: str
    recommend: int | None
    satisfaction: int | None
    repurchase: int | None
    comment: str


def responses(quarter: Quarter) -> Iterator[Response]:
    """Everything that was answered in a quarter, place by place."""
    for place in PLACES:
        chance = Random(f"{SEED}-{quarter}-{place.unit}")  # noqa: S311 - the same sample company every time
        count = place.answers and max(4, round(chance.gauss(place.answers, place.answers / 25)))
        for number in range(count):
            yield _response(place, quarter, number, chance)


def _response(place: Place, quarter: Quarter, number: int, chance: Random) -> Response:
    days = CALENDAR.span(quarter)
    at = datetime(days.start.year, days.start.month, days.start.day, 8)  # noqa: DTZ001 - the company's own time
    at += timedelta(days=chance.randrange(days.days), minutes=chance.randrange(12 * 60))
    promoters = place.mood + _SEASON[quarter.number] + place.drift * QUARTERS.index(quarter)
    luck = chance.random()
    group = "promoter" if luck < promoters else "passive" if luck < promoters + (1 - promoters) * 0.6 else "detractor"
    comments = _COMMENTS[group]
    return Response(
        key=f"R_{quarter.year}{quarter.number}{place.unit.replace('-', '')}{number:05}",
        place=place,
        at=at,
        touchpoint=chance.choice(_TOUCHPOINTS.get(place.parent, ("web",))),
        segment=chance.choice(_SEGMENTS),
        customer=f"customer{chance.randrange(60_000):05}@mail.example",
        recommend=None if chance.random() < 0.02 else _recommend(group, chance),  # noqa: PLR2004 - left blank
        satisfaction=None if chance.random() < 0.03 else _satisfaction(group, chance),  # noqa: PLR2004
        repurchase=None if chance.random() < 0.05 else _repurchase(group, chance),  # noqa: PLR2004
        comment=_comment(place, quarter, number, comments, chance),
    )


def _comment(place: Place, quarter: Quarter, number: int, comments: tuple[str, ...], chance: Random) -> str:
    """Three in ten say more, each in words of their own."""
    comment = chance.choice(comments) if chance.random() < 0.3 else ""  # noqa: PLR2004
    own = Random(f"{SEED}-{quarter}-{place.unit}-{number}")  # noqa: S311 - the same sample company every time
    if quarter == LAST and place.unit == _BEGGING and comments is _COMMENTS["promoter"] and own.random() < 0.06:  # noqa: PLR2004
        return own.choice(_BEGGED)
    return f"{own.choice(_BEFORE)}{comment}{own.choice(_AFTER)}" if comment else ""


def _recommend(group: str, chance: Random) -> int:
    weighted = {"promoter": (9, 9, 10, 10, 10), "passive": (7, 8, 8), "detractor": (0, 2, 3, 4, 5, 5, 6, 6)}
    return chance.choice(weighted[group])


def _satisfaction(group: str, chance: Random) -> int:
    return chance.choice({"promoter": (4, 5, 5, 5), "passive": (3, 4, 4, 4, 5), "detractor": (1, 2, 2, 3, 4)}[group])


def _repurchase(group: str, chance: Random) -> int:
    return chance.choice({"promoter": (4, 5, 5), "passive": (3, 4, 4, 4), "detractor": (1, 2, 3, 3)}[group])
