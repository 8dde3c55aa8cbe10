"""``make bench``: every benchmark of this folder, one after the other."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import benchmarks


def main() -> None:
    """Run the ``main()`` of each module; figures are ratios within one run."""
    for module in sorted(module.name for module in iter_modules(benchmarks.__path__)):
        if not module.startswith("_"):
            print(f"\n== benchmarks.{module}", flush=True)
            import_module(f"benchmarks.{module}").main()


if __name__ == "__main__":
    main()
