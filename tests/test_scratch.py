from concurrent.futures import ThreadPoolExecutor

import pytest

from vovcrawler.scratch import scratch_database
from vovcrawler.soundness import Inspection
from vovcrawler.sources.index import Index
from vovcrawler.wacz.contents import Contents


def test_a_scratch_database_is_its_own():
    one, other = (
        scratch_database("CREATE TABLE things (name TEXT)"),
        scratch_database("CREATE TABLE things (name TEXT)"),
    )
    one.execute("INSERT INTO things VALUES ('a')")
    assert other.execute("SELECT count(*) FROM things").fetchone() == (0,)
    assert one.in_transaction
    one.close()
    other.close()


@pytest.mark.parametrize("owner", [Index, Contents, lambda: Inspection(None)])
def test_any_thread_may_let_go_of_it_since_the_garbage_collector_runs_in_any(owner):
    kept = owner()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(kept.close).result()
