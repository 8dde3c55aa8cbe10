"""``make bench``: every benchmark of this folder, one after the other.

Each in a process of its own: what another one has held would count as the memory of every process it starts.
"""

from __future__ import annotations

import subprocess
import sys
from pkgutil import iter_modules

import benchmarks


def main() -> None:
    """Run each module; figures are ratios within one run."""
    for module in sorted(module.name for module in iter_modules(benchmarks.__path__)):
        if not module.startswith("_"):
            print(f"\n== benchmarks.{module}", flush=True)
            subprocess.run([sys.executable, "-m", f"benchmarks.{module}"], check=True)


if __name__ == "__main__":
    main()
