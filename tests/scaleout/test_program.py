"""The whole program, several times at once: killed, without Redis, and at the pace of one machine.

``python -m tests.crew`` kills more of them.
"""

from __future__ import annotations

import signal
import threading

import pytest

pytest.importorskip("redis", reason="the extra redis is not installed")
from tests import chain, crew
from tests.scaleout.conftest import PASSWORD

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("server")
def test_workers_killed_at_random_lose_nothing_and_redis_may_go_down_meanwhile(tmp_path):
    assert crew.trial(tmp_path, seed=1, kills=4, size=25) == []


def test_the_site_sees_the_pace_of_one_machine(replica, url, tmp_path):
    count, robots, two_ask = 14, [], threading.Event()
    for number in range(count):
        chain.publish(replica.site, number, *range(1, count))

    def hold_back(asked):
        """Behind the first page, answer nobody before two workers have asked for the robots.txt."""
        if asked.url.endswith("/robots.txt"):
            robots.append(asked)
            if len(robots) == 2:
                two_ask.set()
        elif asked.url != chain.url(0):
            assert two_ask.wait(120)

    replica.listen(hold_back)
    workers = [crew.Worker(tmp_path / str(number), replica, url) for number in range(3)]
    for worker in workers:
        worker.start("DOWNLOAD_DELAY=0.5", "CONCURRENT_REQUESTS=1")
    assert [worker.wait() for worker in workers] == [0, 0, 0], [worker.log.read_text() for worker in workers]
    times = sorted(line.at for line in replica.log)
    # Each delay is half of that at least; a third on average, if each worker kept it by itself.
    assert (times[-1] - times[0]) / (len(times) - 1) >= 0.48 * 0.5
    assert replica.most_at_once() <= 2
    at_work = [worker for worker in workers if chain.rows(worker.folder, "SELECT 1 FROM articles")]
    assert len(at_work) > 1


@pytest.mark.usefixtures("server")
def test_a_run_that_loses_redis_says_so_and_the_same_command_goes_on(replica, tmp_path):
    chain.publish_web(replica.site, 3, 15)
    reached, is_down = threading.Event(), threading.Event()

    def hold_back(asked):
        """Answer some pages, and no other before Redis is down."""
        if len(replica.log) > 4:
            reached.set()
            assert is_down.wait(120)

    replica.listen(hold_back)
    with crew.Server(tmp_path / "redis", PASSWORD) as server:
        worker = crew.Worker(tmp_path / "worker", replica, server.url)
        worker.start("DOWNLOAD_DELAY=0.2")
        assert reached.wait(120), worker.log.read_text()
        server.stop(signal.SIGTERM)
        is_down.set()
        assert worker.wait() == 5, worker.log.read_text()
        said = worker.log.read_text()
        assert f"Redis at {server.plain_url} cannot be used" in said
        assert "Traceback" not in said
        server.start()
        worker.start("DOWNLOAD_DELAY=0")
        assert worker.wait() == 0, worker.log.read_text()
        written = [path.read_text() for path in (worker.folder / "reports").iterdir()]
        assert PASSWORD not in said + worker.log.read_text() + "".join(written)
    alone = crew.Worker(tmp_path / "alone", replica, "")
    alone.start("DOWNLOAD_DELAY=0")
    assert alone.wait() == 0, alone.log.read_text()
    articles = "SELECT id, digest FROM articles ORDER BY id"
    assert chain.rows(worker.folder, articles) == chain.rows(alone.folder, articles)
