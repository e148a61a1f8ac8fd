"""What all tables share: constraint names that migrations can rely on, and columns for exact numbers and documents."""

from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from comp.figures import exact_text
from comp.money import exact

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


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


def check(name: str, rule: str) -> CheckConstraint:
    """A rule that the database itself holds."""
    return CheckConstraint(rule, name=name)


def later(target: str) -> ForeignKey:
    """A reference that is checked when the transaction ends, for rows that refer to each other."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")
