"""`python -m tests.bench [core] [store] [compare] [whatif]`: run benchmarks."""

import argparse

from tests.bench.company import Size

_ALL = ["core", "store", "compare", "whatif"]


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("which", nargs="*", choices=_ALL, default=_ALL)
    parser.add_argument("--people", type=int, default=170_000)
    parser.add_argument("--units", type=int, default=5_000)
    options = parser.parse_args()
    size = Size(options.people, options.units)
    if "core" in options.which:
        from tests.bench.core import run

        run(size)
    if "whatif" in options.which:
        from tests.bench.whatif import run as run_whatif

        run_whatif(size)
    if "store" in options.which:
        from tests.bench.store import run as run_store

        run_store(size)
    if "compare" in options.which:
        from tests.bench.compare import run as run_compare

        run_compare(size)


if __name__ == "__main__":
    main()
