"""Who works at Aurelia Electronics, where, and for how much: the same people every time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

SEED = 20250401
_FOUNDED = date(2019, 4, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """A team or store: its unit, how many people it has, and how its customers feel.

    `mood` is the share of promoters in a usual quarter, `drift` how much it gains a quarter, `answers` how many answer.
    """

    unit: str
    name: str
    parent: str
    country: str
    people: int
    answers: int
    mood: float
    drift: float = 0.0


GROUPS = (
    ("AURELIA", "Aurelia Electronics", ""),
    ("SERVICE", "Service Group", "AURELIA"),
    ("STORES", "Brand Stores", "AURELIA"),
    ("HOME", "Home Audio & TV", "AURELIA"),
    ("COMPUTING", "Computers", "AURELIA"),
)
PLACES = (
    Place("REP-LIS", "Repair Lisbon", "SERVICE", "PT", 26, 420, 0.56, 0.008),
    Place("REP-MUC", "Repair Munich", "SERVICE", "DE", 30, 460, 0.60),
    Place("REP-AUS", "Repair Austin", "SERVICE", "US", 28, 400, 0.58, 0.004),
    Place("REP-OSA", "Repair Osaka", "SERVICE", "JP", 24, 380, 0.71, 0.010),
    Place("CC-OPO", "Contact Centre Porto", "SERVICE", "PT", 34, 640, 0.55, -0.016),
    Place("CC-AUS", "Contact Centre Austin", "SERVICE", "US", 32, 600, 0.52, 0.002),
    Place("FIELD-DE", "Field Service Germany", "SERVICE", "DE", 9, 130, 0.62),
    Place("ST-LIS", "Store Lisbon", "STORES", "PT", 22, 330, 0.62, 0.004),
    Place("ST-BER", "Store Berlin", "STORES", "DE", 24, 340, 0.60),
    Place("ST-NYC", "Store New York", "STORES", "US", 28, 380, 0.57, 0.006),
    Place("ST-TYO", "Store Tokyo", "STORES", "JP", 26, 350, 0.66),
    Place("ST-FNC", "Store Funchal", "STORES", "PT", 6, 14, 0.60),
    Place("HOME-SAL", "Sales Home Audio & TV", "HOME", "DE", 38, 300, 0.55),
    Place("HOME-DEV", "Development Home Audio & TV", "HOME", "JP", 30, 0, 0.5),
    Place("COMP-SAL", "Sales Computers", "COMPUTING", "US", 24, 280, 0.50, -0.004),
    Place("COMP-DEV", "Development Computers", "COMPUTING", "JP", 20, 0, 0.5),
)

_CURRENCY = {"PT": "EUR", "DE": "EUR", "US": "USD", "JP": "JPY"}
_SALARIES = {"PT": (19_000, 34_000), "DE": (38_000, 62_000), "US": (41_000, 74_000), "JP": (4_200_000, 7_400_000)}
_FIRST = {
    "PT": [
        "Ana",
        "Inês",
        "João",
        "Tiago",
        "Rita",
        "Miguel",
        "Sofia",
        "Nuno",
        "Marta",
        "Pedro",
        "Catarina",
        "Rui",
        "Beatriz",
        "Duarte",
        "Leonor",
        "Vasco",
    ],
    "DE": [
        "Anna",
        "Lukas",
        "Lena",
        "Jonas",
        "Marie",
        "Felix",
        "Clara",
        "Paul",
        "Greta",
        "Maximilian",
        "Ida",
        "Emil",
        "Johanna",
        "Karl",
        "Nele",
        "Oskar",
    ],
    "US": [
        "Emily",
        "James",
        "Olivia",
        "Michael",
        "Ava",
        "Daniel",
        "Grace",
        "Ethan",
        "Chloe",
        "Marcus",
        "Naomi",
        "Tyler",
        "Hannah",
        "Isaac",
        "Zoe",
        "Caleb",
    ],
    "JP": [
        "Yuki",
        "Haruto",
        "Sakura",
        "Ren",
        "Aoi",
        "Sota",
        "Hina",
        "Kaito",
        "Mei",
        "Daiki",
        "Rin",
        "Takumi",
        "Nanami",
        "Shun",
        "Emi",
        "Kenta",
    ],
}
_LAST = {
    "PT": [
        "Silva",
        "Santos",
        "Ferreira",
        "Pereira",
        "Oliveira",
        "Costa",
        "Rodrigues",
        "Martins",
        "Sousa",
        "Gomes",
        "Lopes",
        "Marques",
        "Almeida",
        "Reis",
    ],
    "DE": [
        "Müller",
        "Schmidt",
        "Weber",
        "Fischer",
        "Wagner",
        "Becker",
        "Hoffmann",
        "Koch",
        "Richter",
        "Wolf",
        "Neumann",
        "Braun",
        "Krüger",
        "Vogel",
    ],
    "US": [
        "Johnson",
        "Williams",
        "Brown",
        "Garcia",
        "Miller",
        "Davis",
        "Nguyen",
        "Wilson",
        "Anderson",
        "Thomas",
        "Moore",
        "Jackson",
        "Lee",
        "Harris",
    ],
    "JP": [
        "Sato",
        "Suzuki",
        "Takahashi",
        "Tanaka",
        "Watanabe",
        "Ito",
        "Yamamoto",
        "Nakamura",
        "Kobayashi",
        "Kato",
        "Yoshida",
        "Yamada",
        "Mori",
        "Abe",
    ],
}
_GRADES = ("T1", "T1", "T1", "T2", "T2", "T3")
_TARGETS = {"T1": "8%", "T2": "10%", "T3": "12%", "M1": "15%", "M2": "20%"}

Row = dict[str, str]


class Staff:
    """Everybody, as the rows of a people file; with the leavers, the transfer and the absences that a quarter has."""

    def __init__(self) -> None:
        self._random = Random(SEED)  # noqa: S311 - the same sample company every time
        self._number = 10_000
        self._names: set[str] = set()
        self.rows: list[Row] = []
        self.leads: dict[str, str] = {}
        self._hire_everybody()
        self._let_life_happen()

    def absences(self) -> list[Row]:
        """Who was away."""
        return [
            {"employee": self._of("REP-MUC", 5), "from": "2026-08-01", "to": "2026-08-31", "kind": "unpaid"},
            {"employee": self._of("ST-BER", 4), "from": "2026-07-13", "to": "2026-07-24", "kind": "sick"},
            {"employee": self._of("CC-AUS", 7), "from": "2026-06-15", "to": "2026-09-06", "kind": "parental"},
        ]

    def _hire_everybody(self) -> None:
        top = self._hire("AURELIA", "DE", "M2", "")
        heads = {unit: self._hire(unit, "DE", "M2", top) for unit, _, parent in GROUPS if parent}
        for place in PLACES:
            lead = self._hire(place.unit, place.country, "M1", heads[place.parent])
            for _ in range(place.people - 1):
                self._hire(place.unit, place.country, self._random.choice(_GRADES), lead)

    def _hire(self, unit: str, country: str, grade: str, manager: str) -> str:
        self._number += self._random.randint(1, 9)
        employee = f"{self._number:06}"
        low, high = _SALARIES[country]
        step = 10_000 if country == "JP" else 100
        factor = {"M1": 1.35, "M2": 2.2}.get(grade, 1.0)
        salary = int(self._random.uniform(low, high) * factor) // step * step
        part_time = self._random.random() < 0.08 and not grade.startswith("M")  # noqa: PLR2004 - one in twelve
        self.rows.append(
            {
                "employee": employee,
                "name": self._name(country),
                "unit": unit,
                "from": str(_FOUNDED),
                "to": "",
                "email": f"{employee}@aurelia.example",
                "manager": manager,
                "grade": grade,
                "annual_salary": str(salary),
                "target_percent": _TARGETS[grade],
                "currency": _CURRENCY[country],
                "fte": "0.8" if part_time else "1",
                "cost_centre": f"{country}{len(unit) * 37 % 90 + 10}",
                "hired": str(_FOUNDED),
                "left": "",
                "leaving_reason": "",
            }
        )
        self.leads.setdefault(unit, employee)
        return employee

    def _name(self, country: str) -> str:
        while True:
            name = f"{self._random.choice(_FIRST[country])} {self._random.choice(_LAST[country])}"
            if name not in self._names or len(self._names) > 180:  # noqa: PLR2004 - then namesakes happen
                self._names.add(name)
                return name

    def _of(self, unit: str, place: int) -> str:
        return [row["employee"] for row in self.rows if row["unit"] == unit][place]

    def _row(self, unit: str, place: int) -> Row:
        employee = self._of(unit, place)
        return next(row for row in self.rows if row["employee"] == employee)

    def _let_life_happen(self) -> None:
        """A transfer with a rise, leavers, a late hire."""
        mover = self._row("REP-LIS", 3)
        mover["name"], mover["to"] = "Marta Brandt", "2026-08-14"
        salary = str(int(mover["annual_salary"]) + 2400)
        new = {**mover, "unit": "CC-OPO", "from": "2026-08-15", "to": "", "annual_salary": salary, "grade": "T3"}
        self.rows.append({**new, "target_percent": "12%", "manager": self.leads["CC-OPO"]})
        for unit, place, day, reason in (
            ("CC-AUS", 4, "2026-08-31", "resigned"),
            ("REP-AUS", 6, "2026-08-15", "retired"),
        ):
            self._row(unit, place).update(left=day, leaving_reason=reason)
        self._row("REP-OSA", 9).update({"hired": "2026-09-14", "from": "2026-09-14"})


def unit_rows(staff: Staff) -> Iterator[Row]:
    """The rows of a units file."""
    for unit, name, parent in GROUPS:
        yield {
            "unit": unit,
            "name": name,
            "parent": parent,
            "loyalty_lead": staff.leads.get(unit, ""),
            "currency": "EUR",
        }
    for place in PLACES:
        yield {
            "unit": place.unit,
            "name": place.name,
            "parent": place.parent,
            "loyalty_lead": staff.leads[place.unit],
            "currency": _CURRENCY[place.country],
        }
