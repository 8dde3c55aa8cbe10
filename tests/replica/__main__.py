"""Run the replica by hand: ``python -m tests.replica --stories 600 --seed 1`` prints its address."""

from __future__ import annotations

import argparse
import threading

from . import LAYOUTS, Replica, generate


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.replica", description="A small vov.vn behind a proxy.")
    parser.add_argument("--stories", type=int, default=100, help="how many stories (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another site (default 1)")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--weight", type=int, default=0, help="fill article pages up to so many bytes")
    parser.add_argument("--layout", choices=LAYOUTS, action="append", help="only these layouts")
    parser.add_argument("--urls", action="store_true", help="print the address of every story, too")
    parser.add_argument("--log", action="store_true", help="print every request")
    options = parser.parse_args()
    more = {"layouts": tuple(options.layout)} if options.layout else {}
    with Replica(port=options.port) as replica:
        stories = generate(options.seed, options.stories, **more)
        replica.site.weight = options.weight
        replica.site.fill(stories)
        print(replica.url, flush=True)
        if options.urls:
            print(*(story.url for story in stories), sep="\n", flush=True)
        if options.log:
            replica.listen(lambda line: print(line.status, line.method, line.url, flush=True))
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
