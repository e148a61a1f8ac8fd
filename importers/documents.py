"""YAML files as plain documents, every value as the text that was written, every problem with its line."""

from collections.abc import Hashable

import yaml

from comp.errors import Problem, RefusedError

_LARGEST = 2_000_000


class _Loader(yaml.SafeLoader):
    """Text stays text: no number, date or `on`/`off` is guessed, so `000123`, `40.10` and `on` are read as written."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - how PyYAML is configured
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases, which can make a small file into a huge document."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call] # PyYAML's stubs leave it untyped
            raise _refused("aliases (*name) are not read here; write the value out", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Refuse a key that stands twice, of which PyYAML would silently keep the last."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused("a key must be a single word or text", key.start_mark)
            if key.value in seen:
                raise _refused(f"{key.value!r} stands twice in the same place", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(content: bytes, name: str) -> object:
    """The document in a YAML file. Raises `RefusedError` with line and column where it is not one document."""
    if len(content) > _LARGEST:
        raise RefusedError(f"{name} is larger than {_LARGEST:,} bytes: not a plan, metrics or scenario file.")
    try:
        document = yaml.load(content.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("is not UTF-8; save the file as UTF-8", line=line, value=f"byte 0x{content[error.start]:02x}")
        raise RefusedError(f"{name} cannot be read.", [problem]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"{name} cannot be read as YAML."
        raise RefusedError(
            message, [Problem(error.problem or str(error), line=mark.line + 1 if mark else None)]
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise RefusedError(f"{name} cannot be read as YAML: {error}.") from None
    if document is None:
        raise RefusedError(f"{name} is empty.")
    return document


def _refused(why: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.constructor.ConstructorError(None, None, why, mark)
