"""The payroll layouts that come with the product: documents beside this module, each naming its sources."""

from functools import cache
from pathlib import Path

from comp.payroll_layout_documents import read_layout
from comp.payroll_layouts import Layout
from importers.documents import read_yaml


@cache
def built_in_layouts() -> dict[str, Layout]:
    """Every layout that comes with the product, by its id in the order of names; the plain table comes first."""
    layouts = sorted(map(_read, Path(__file__).parent.glob("*.yaml")), key=_order)
    return {layout.id: layout for layout in layouts}


def _order(layout: Layout) -> tuple[bool, str]:
    return layout.id != "generic-csv", layout.name


def _read(path: Path) -> Layout:
    layout, problems = read_layout(read_yaml(path.read_bytes(), path.name))
    if layout is None:
        raise ValueError(f"{path.name} is damaged: {problems[0]}")
    return layout
