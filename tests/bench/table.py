"""How benchmarks print: seconds as they came out on this machine, and the ratio, which is what counts."""


class Table:
    """The lines of one benchmark."""

    def __init__(self, title: str) -> None:
        print(f"\n{title}")  # noqa: T201 - a benchmark prints

    def row(self, what: str, seconds: float, remark: str = "") -> None:
        """One contender."""
        print(f"  {what:<48} {seconds:8.2f} s   {remark}".rstrip())  # noqa: T201

    def ratio(self, what: str, rival: float, ours: float) -> None:
        """By how much the product is faster than a rival; below 1 it is slower."""
        print(f"  {what:<48} {rival / ours:8.2f} times")  # noqa: T201
