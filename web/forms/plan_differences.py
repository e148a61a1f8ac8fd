"""In words, what differs between two documents of a plan."""

from collections.abc import Iterator, Mapping

_KEYS = ("id", "metric", "name")
NOTHING = "nothing"


def differences(stored: Mapping[str, object], typed: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Every place in which two documents differ, with what stands there in each."""
    one, other = dict(_leaves(stored, "")), dict(_leaves(typed, ""))
    places = dict.fromkeys([*one, *other])
    found = ((place, one.get(place, NOTHING), other.get(place, NOTHING)) for place in places)
    return [(place, here, there) for place, here, there in found if here != there]


def _leaves(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}, {key}" if place else str(key))
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value, start=1):
            yield from _leaves(each, f"{place} {_called(each, number)}")
    elif isinstance(value, list):
        yield place, ", ".join(" → ".join(each) if isinstance(each, list) else str(each) for each in value)
    else:
        yield place, str(value)


def _called(item: object, number: int) -> str:
    """What an item of a list is known by: its id, metric or name, else its number."""
    return next((f"“{item[key]}”" for key in _KEYS if isinstance(item, Mapping) and item.get(key)), f"number {number}")
