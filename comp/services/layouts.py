"""Payroll layouts: those that come with the product and those that the company wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, NotFoundError, Problem, RefusedError
from comp.payroll_layout_documents import layout_sha256, read_layout
from comp.payroll_layouts import Layout
from comp.services import audit
from comp.store import payroll
from comp.store.payroll import StoredLayout

BuiltIn = Mapping[str, Layout]


@dataclass(frozen=True, slots=True)
class KnownLayout:
    """A layout, and who wrote it when where the company did; `sha256` tells whether it changed since it was seen."""

    layout: Layout
    sha256: str
    saved_by: str | None = None
    saved_at: datetime | None = None

    @property
    def is_own(self) -> bool:
        """Whether the company wrote it."""
        return self.saved_at is not None


def list_layouts(session: Session, built_in: BuiltIn) -> list[KnownLayout]:
    """Every layout: the company's own first."""
    own = [_own(stored) for stored in payroll.load_layouts(session)]
    return [*own, *(_built_in(layout) for layout in built_in.values())]


def find_layout(session: Session, built_in: BuiltIn, name: str) -> KnownLayout:
    """A layout by its id. Raises `NotFoundError` where there is none."""
    if name in built_in:
        return _built_in(built_in[name])
    stored = payroll.find_layout(session, name)
    if stored is None:
        known = ", ".join(each.layout.id for each in list_layouts(session, built_in))
        raise NotFoundError(f"There is no layout {name}. Layouts: {known}.")
    return _own(stored)


def save_layout(
    session: Session, built_in: BuiltIn, document: object, seen: str | None, by: str, now: datetime
) -> Layout:
    """Store a document as a layout of the company's own; `seen` is the hash of the one that it takes the place of.

    `seen` is empty where there should be none yet, and None where whoever saves has not looked. Raises `RefusedError`
    with every problem, and `ChangedError` where somebody changed the layout in between.
    """
    layout, problems = read_layout(document)
    if layout is None:
        raise RefusedError("The layout was not stored.", problems)
    _require_free(layout, built_in, list_layouts(session, built_in))
    before = payroll.find_layout(session, layout.id)
    if seen is not None:
        _require_seen(before, seen)
    sha256 = payroll.save_layout(session, layout, by, now)
    told = {"before": before.sha256} if before else {}
    audit.note(session, by, now, "write", f"payroll layout {layout.id}", document=sha256, **told)
    return layout


def forget_layout(session: Session, built_in: BuiltIn, name: str, seen: str, by: str, now: datetime) -> Layout:
    """Drop a layout of the company's own with its maps.

    Raises `RefusedError` for one that comes with the product, or whose maps another one uses.
    """
    known = find_layout(session, built_in, name)
    if not known.is_own:
        raise RefusedError(f"{known.layout.name} comes with the product and stays.")
    if known.sha256 != seen:
        raise _changed(known.saved_by, name)
    users = [each.layout.name for each in list_layouts(session, built_in) if each.layout.maps == name]
    if users:
        raise RefusedError(f"{', '.join(users)} uses its maps. Change that first.")
    payroll.forget_layout(session, name)
    audit.note(session, by, now, "forget", f"payroll layout {name}", document=known.sha256)
    return known.layout


def _require_free(layout: Layout, built_in: BuiltIn, known: Iterable[KnownLayout]) -> None:
    if layout.id in built_in:
        why = "is the name of a layout that comes with the product; give yours another one"
        raise RefusedError("The layout was not stored.", [Problem(why, "id", value=layout.id)])
    if layout.maps and layout.maps not in {each.layout.id for each in known}:
        why = "names a layout that there is not; leave it out for maps of its own"
        raise RefusedError("The layout was not stored.", [Problem(why, "maps", value=layout.maps)])


def _require_seen(before: StoredLayout | None, seen: str) -> None:
    if (before.sha256 if before else "") == seen:
        return
    if before is None:
        raise ChangedError("Somebody has removed this layout since you loaded it. Nothing was stored.")
    if not seen:
        raise RefusedError(
            "The layout was not stored.", [Problem("is taken by another layout of yours", "id", value=before.layout.id)]
        )
    raise _changed(before.saved_by, before.layout.id)


def _changed(by: str | None, name: str) -> ChangedError:
    return ChangedError(f"{by} has changed the layout {name} since you loaded it. Nothing was stored: load it again.")


def _own(stored: StoredLayout) -> KnownLayout:
    return KnownLayout(stored.layout, stored.sha256, stored.saved_by, stored.saved_at)


def _built_in(layout: Layout) -> KnownLayout:
    return KnownLayout(layout, layout_sha256(layout))
