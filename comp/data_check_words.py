"""What the data check says of people, by check: the words, what to do next, and whether it holds them."""

from dataclasses import dataclass

from comp.data_findings import Check, Mend, MendKind, Stop

_PEOPLE, _ABSENCES, _UNITS = (Mend(MendKind.IMPORT, kind) for kind in ("people", "absences", "units"))


@dataclass(frozen=True, slots=True)
class Said:
    """How a check of people speaks: `what` follows their number, as in `3 people of Lisbon` + `have …`."""

    one: str
    several: str
    change: str
    mend: Mend
    stops: Stop | None = None


SAID = {
    Check.REPEATED_NUMBER: Said(
        "bears an employee number that somebody else bears too.",
        "bear an employee number that somebody else bears too.",
        "Import each under a number of their own.",
        _PEOPLE,
        Stop.PEOPLE,
    ),
    Check.OVERLAPPING_ASSIGNMENTS: Said(
        "is in two assignments at once.",
        "are in two assignments at once.",
        "Import them with days that do not overlap.",
        _PEOPLE,
        Stop.PEOPLE,
    ),
    Check.OVERLAPPING_ABSENCES: Said(
        "is absent for two reasons at once.",
        "are absent for two reasons at once.",
        "Import the absences with days that do not overlap.",
        _ABSENCES,
        Stop.PEOPLE,
    ),
    Check.UNKNOWN_UNIT: Said(
        "is assigned to it, and it is not a unit of the company, or has no way to the top.",
        "are assigned to it, and it is not a unit of the company, or has no way to the top.",
        "Import the units, or correct the assignments.",
        _UNITS,
        Stop.PEOPLE,
    ),
    Check.NO_TARGET: Said(
        "has no target: neither an amount nor a salary with a target percentage is stated.",
        "have no target: neither an amount nor a salary with a target percentage is stated.",
        "Import the assignments with one of them.",
        _PEOPLE,
        Stop.PEOPLE,
    ),
    Check.NO_CURRENCY: Said(
        "has a target in what is not an ISO 4217 currency.",
        "have a target in what is not an ISO 4217 currency.",
        "Import the assignments with one such as EUR.",
        _PEOPLE,
        Stop.PEOPLE,
    ),
    Check.GAP: Said(
        "is employed on days that are in no assignment, and earns nothing on them.",
        "are employed on days that are in no assignment, and earn nothing on them.",
        "Import the assignments of these days, or let it stand where they were not at work for the company.",
        _PEOPLE,
    ),
    Check.OUTSIDE_EMPLOYMENT: Said(
        "is assigned on days on which they are not employed, which earn nothing.",
        "are assigned on days on which they are not employed, which earn nothing.",
        "Correct `hired` and `left`, or the days of the assignments, so that they add up.",
        _PEOPLE,
    ),
    Check.NO_PLAN: Said(
        "is not paid by any plan.",
        "are not paid by any plan.",
        "Let a plan name the unit and the grade, or let it stand where they are not meant to be in one.",
        Mend(MendKind.PLANS),
    ),
    Check.ZERO_TARGET: Said(
        "has a target of 0 and gets 0 whatever the scores.",
        "have a target of 0 and get 0 whatever the scores.",
        "Import the target, or let it stand where none was agreed.",
        _PEOPLE,
    ),
}
"""How each check of people speaks."""
