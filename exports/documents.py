"""Plans and payroll layouts as YAML that people can read, the same bytes for the same document."""

import yaml

from comp.payroll_layout_documents import write_layout
from comp.payroll_layouts import Layout
from comp.plan import Plan
from comp.plan_documents import write_plan

_LONG = 40


class _Dumper(yaml.SafeDumper):
    """Lists of words and points on one line, everything else indented; numbers and `on` unquoted, as they are read."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - how PyYAML is configured
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)


def _represent_list(dumper: yaml.SafeDumper, items: list[object]) -> yaml.Node:
    words = all(isinstance(item, str) and len(item) < _LONG for item in items)
    flow = words or all(isinstance(item, list) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flow)


_Dumper.add_representer(list, _represent_list)


def plan_yaml(plan: Plan) -> str:
    """The YAML document of a plan."""
    return _yaml(write_plan(plan))


def layout_yaml(layout: Layout) -> str:
    """The YAML document of a payroll layout."""
    return _yaml(write_layout(layout))


def _yaml(document: dict[str, object]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
