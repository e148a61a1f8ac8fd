"""The accounts of the sample company: who may sign in to it, and in whose name it was made."""

from datetime import UTC, datetime

from comp.roles import Role

PASSWORD = "loyalty-demo"  # noqa: S105 - the sample company's, printed at the end
PEOPLE = (
    ("ines@aurelia.example", "Ines Duarte", (Role.HR,)),
    ("rui@aurelia.example", "Rui Okafor", (Role.APPROVER,)),
    ("petra@aurelia.example", "Petra Lind", (Role.PAYROLL,)),
    ("audit@aurelia.example", "Aiko Mori", (Role.AUDITOR,)),
    ("kai@aurelia.example", "Kai Braun", ()),
    ("ada@aurelia.example", "Ada Lopes", (Role.ADMIN,)),
    ("010048@aurelia.example", "Marta Brandt", ()),
    ("010573@aurelia.example", "Vasco Lopes", ()),
)
AUTHOR, PUBLISHER, PAYER = (PEOPLE[place][0] for place in range(3))
START = datetime(2026, 10, 5, 9, tzinfo=UTC)
"""When the sample company began to use the product."""
