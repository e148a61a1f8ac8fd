"""What all tables share: constraint names that migrations can rely on, and columns for exact numbers and documents."""

from fractions import Fraction
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import GenericTypeCompiler
from sqlalchemy.types import TypeDecorator
from sqlmodel import AutoString, SQLModel

from comp.figures import exact_text
from comp.money import exact, minor_unit_decimals, whole_minor_units

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@compiles(AutoString, "postgresql")
def _by_code_point(type_: AutoString, compiler: GenericTypeCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    """Text sorts by code point on PostgreSQL too, as on SQLite and in Python, whatever the server's language."""
    return f'{compiler.visit_string(String(type_.length), **options)} COLLATE "C"'


class ExactNumber(TypeDecorator[Fraction]):
    """An exact number as its decimal text, or as `numerator/denominator`: never a float. Not for sums in SQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The text that is stored. A float is refused."""
        if isinstance(value, float):
            raise TypeError(f"{value!r} is a float; only exact numbers are stored")
        return None if value is None else exact_text(Fraction(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:  # noqa: ARG002 - as above
        """The number that was stored."""
        return None if value is None else read_exact(value)


def read_exact(text: str) -> Fraction:
    """The number that an `ExactNumber` column holds."""
    return Fraction(text) if "/" in text else exact(text)


def minor_units(amount: Fraction | None, currency: str) -> int | None:
    """An amount in main units as it is stored: whole minor units. Raises `ValueError` for a finer one."""
    if amount is None:
        return None
    minor = whole_minor_units(amount, currency)
    if minor is None:
        raise ValueError(f"{amount} is finer than the minor unit of {currency}")
    return minor


def main_units(minor: int | None, currency: str) -> Fraction | None:
    """The amount, in main units, that was stored as minor units."""
    return None if minor is None else Fraction(minor, 10 ** minor_unit_decimals(currency))


def check(name: str, rule: str) -> CheckConstraint:
    """A rule that the database itself holds."""
    return CheckConstraint(rule, name=name)


def later(target: str) -> ForeignKey:
    """A reference that is checked when the transaction ends, for rows that refer to each other."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")
