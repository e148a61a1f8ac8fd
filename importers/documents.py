"""YAML files as plain documents, every value as the text that was written, every problem with its line."""

import re
from collections.abc import Hashable

import yaml

from comp.errors import Problem, RefusedError

_LARGEST = 2_000_000
_CONTROL = "control characters are not read; take them out"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class _Loader(yaml.SafeLoader):
    """Text stays text: no number, date or `on`/`off` is guessed, so `000123`, `40.10` and `on` are read as written."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - how PyYAML is configured
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases, which can make a small file into a huge document, tags, and characters that no text has."""
        event = self.peek_event()  # type: ignore[no-untyped-call] # PyYAML's stubs leave it untyped
        if isinstance(event, yaml.AliasEvent):
            raise _refused("aliases (*name) are not read here; write the value out", event)
        if getattr(event, "tag", None):
            raise _refused(f"tags ({event.tag}) are not read here; write the value alone", event)
        if isinstance(event, yaml.ScalarEvent) and _UNFIT.search(event.value):
            raise _refused(_CONTROL, event)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Refuse a key that stands twice, of which PyYAML would silently keep the last."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused("a key must be a single word or text", key)
            if key.value in seen:
                raise _refused(f"{key.value!r} stands twice in the same place", key)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(content: bytes, name: str) -> object:
    """The document in a YAML file. Raises `RefusedError` with line and column where it is not one document."""
    if len(content) > _LARGEST:
        raise RefusedError(f"{name} is larger than {_LARGEST:,} bytes: not a plan, metrics or scenario file.")
    document = _parsed(_decoded(content, name), name)
    if document is None:
        raise RefusedError(f"{name} is empty.")
    return document


def parse_nodes(content: bytes) -> yaml.Node | None:
    """The nodes of a YAML text that `read_yaml` reads, each with its line."""
    node: yaml.Node | None = yaml.compose(content.decode("utf-8-sig"), Loader=_Loader)
    return node


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("is not UTF-8; save the file as UTF-8", line=line, value=f"byte 0x{content[error.start]:02x}")
        raise RefusedError(f"{name} cannot be read.", [problem]) from None


def _parsed(text: str, name: str) -> object:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problem = Problem(error.problem or str(error), line=mark.line + 1 if mark else None)
    except yaml.reader.ReaderError as error:
        problem = Problem(_CONTROL, line=text.count("\n", 0, error.position) + 1, value=f"character {error.character}")
    except RecursionError:
        problem = Problem("is nested too deeply to be a plan, metrics or scenario file")
    raise RefusedError(f"{name} cannot be read as YAML.", [problem])


def _refused(why: str, at: yaml.Event | yaml.Node) -> yaml.MarkedYAMLError:
    mark = at.start_mark
    return yaml.constructor.ConstructorError(None, None, why, mark)  # type: ignore[arg-type] # the stubs know one of two marks
