"""Corpora: the same records as a replay gives, whoever reads and however often it is killed."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from scrapy.settings import Settings

from tests import corpora
from tests.conftest import ROOT, Command, Outcome
from tests.warcs import Rec, http, members
from vovcrawler.commands import corpus as command

pytest.importorskip("datatrove")
engines = pytest.importorskip("vovcrawler.corpus.engines")
pytestmark = pytest.mark.slow

Build = Callable[..., Outcome]


@pytest.fixture
def build(scrapy: Command, tmp_path: Path) -> Build:
    """``scrapy corpus build SOURCE --out DIR`` with more options."""

    def run(*more: object, env: dict[str, str] | None = None) -> Outcome:
        return scrapy("corpus", "build", *map(str, more), "--out", tmp_path / "out", env=env)

    return run


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpora.fill(tmp_path_factory.mktemp("source") / "saved")


@pytest.fixture(scope="module")
def replayed(source: Path) -> bytes:
    return replay(source)[0]


def replay(source: Path) -> tuple[bytes, int]:
    line = [sys.executable, "-m", "scrapy", "replay", str(source)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, check=False)
    return done.stdout, done.returncode


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_gives_the_bytes_of_a_replay(
    build: Build, source: Path, replayed: bytes, workers: int, tmp_path: Path
) -> None:
    outcome = build(source, "--workers", workers)
    assert (outcome.code, outcome.stdout) == (0, "")
    # Nothing is shown in a pipe but how it ended.
    assert len(outcome.stderr.splitlines()) == 1
    assert (tmp_path / "out" / "articles.jsonl").read_bytes() == replayed
    statuses = {json.loads(line)["status"] for line in replayed.splitlines()}
    assert statuses == {"new", "revised", "unchanged", "gone"}
    # What was read is not kept when it is of no more use.
    assert not (tmp_path / "out" / "work").exists()


def test_a_folder_of_ones_own_that_is_called_work_stays_as_it_is(build: Build, few: Path, tmp_path: Path) -> None:
    own, left = tmp_path / "out" / "work" / "thesis", tmp_path / "out" / "work" / f"{0:016x}"
    for folder in (own, left):
        folder.mkdir(parents=True)
        (folder / "chapter.txt").write_text("One", encoding="utf-8")
    assert build(few, "--workers", 1).code == 0
    assert (own / "chapter.txt").read_text(encoding="utf-8") == "One"
    # What another build has left is nobody's.
    assert list((tmp_path / "out" / "work").iterdir()) == [own]


def test_a_damaged_source_gives_its_good_records_and_exit_code_5(build: Build, tmp_path: Path) -> None:
    folder = corpora.fill(tmp_path / "bad")
    corpora.damage(folder)
    lines, code = replay(folder)
    outcome = build(folder, "--workers", 2)
    assert outcome.code == code == 5
    assert (tmp_path / "out" / "articles.jsonl").read_bytes() == lines
    said = [line for line in outcome.stderr.splitlines() if "Damaged" in line]
    assert len(said) == 4
    assert any("b.warc.gz at byte" in line for line in said)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://vov.vn/the-gioi/tin-post1.vov", "Not the one capture gave an article."),
        ("https://vov.vn/the-gioi", "There was nothing to read."),
    ],
)
def test_a_source_without_any_article_ends_as_its_replay(
    build: Build, tmp_path: Path, url: str, said: str
) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(members([Rec(url=url, block=http(b"", status="404 Not Found"))]))
    outcome = build(file, "--workers", 1)
    assert (outcome.code, outcome.stderr.splitlines()[-1]) == (1, f"scrapy: {said}")
    assert replay(file) == (b"", 1)


def test_paths_that_are_missing_are_named_and_the_others_read(
    build: Build, source: Path, replayed: bytes, tmp_path: Path
) -> None:
    outcome = build(source, tmp_path / "nowhere", "--workers", 1)
    assert outcome.code == 2
    assert "nowhere" in outcome.stderr
    assert (tmp_path / "out" / "articles.jsonl").read_bytes() == replayed


def test_parquet_has_the_schema_of_an_export(build: Build, source: Path, replayed: bytes, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    from vovcrawler.exports.parquet import SCHEMA

    assert build(source, "--format", "parquet", "--workers", 1).code == 0
    table = parquet.read_table(tmp_path / "out" / "articles.parquet")
    assert table.schema.equals(SCHEMA)
    records = [json.loads(line) for line in replayed.splitlines()]
    for column in ("id", "status", "revision", "seq", "duplicate_of", "near_duplicate_of", "body"):
        assert table[column].to_pylist() == [record[column] for record in records]


# ---- stopped and begun again


def test_a_build_that_is_killed_goes_on_and_gives_the_same_bytes(
    scrapy: Command, source: Path, replayed: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    line = ("corpus", "build", source, "--out", out, "--workers", "2")
    for count in (1, 3):
        _kill_after(count, out, lambda: scrapy.popen(*line, start_new_session=True))
    finished = [path.name for path in _completions(out)]
    assert len(finished) >= 3
    # What is found in what was finished was not done again.
    for name in finished:
        (rows,) = out.glob(f"work/*/files/{name}.rows")
        with rows.open("a", encoding="utf-8") as file:
            file.write(json.dumps(["damage", name, f"Found in {name}.", 0]) + "\n")

    outcome = scrapy(*line)
    assert outcome.code == 5
    assert [name for name in finished if f"Found in {name}." not in outcome.stderr] == []
    assert (out / "articles.jsonl").read_bytes() == replayed


def _completions(out: Path) -> list[Path]:
    return sorted(out.glob("work/*/logs/files/completions/*"))


def _kill_after(count: int, out: Path, start: Callable[[], subprocess.Popen[str]]) -> None:
    """Kill a build that has finished so many tasks or more; one that was over before begins again from nothing."""
    while True:
        process = start()
        while len(_completions(out)) < count and process.poll() is None:
            time.sleep(0.005)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not list(out.glob("articles*")):
            return
        shutil.rmtree(out)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_of_a_build_outlives_it(scrapy: Command, source: Path, tmp_path: Path, number: int) -> None:
    out = tmp_path / "out"
    line = ("corpus", "build", source, "--out", out, "--workers", "2")
    process = scrapy.popen(*line, start_new_session=True, stderr=subprocess.PIPE)
    try:
        while not _completions(out) and process.poll() is None:
            time.sleep(0.005)
        # Ctrl-C reaches all of them, SIGKILL the one that it is for.
        (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
        # Each of them holds the other end of the pipe.
        said = process.communicate(timeout=30)[1]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert number == signal.SIGKILL or "Traceback" not in said, said


def test_two_builds_do_not_share_a_folder(build: Build, source: Path, tmp_path: Path) -> None:
    from vovcrawler.catalogue.lock import Lock

    (tmp_path / "out").mkdir()
    lock = Lock.take(tmp_path / "out", "another")
    try:
        outcome = build(source, "--workers", 1)
    finally:
        lock.release()
    assert outcome.code == 75


# ---- other machines


@pytest.fixture
def few(source: Path, tmp_path: Path) -> Path:
    """A smaller source: two files, the second of which refers to the first."""
    folder = tmp_path / "few"
    folder.mkdir()
    for name in ("b.warc.gz", "e.wacz"):
        (folder / name).write_bytes((source / name).read_bytes())
    return folder


def test_ray_workers_give_the_bytes_of_a_replay(build: Build, few: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    # The paths of Ray's sockets must be short.
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        env = {"NO_PROXY": "127.0.0.1,localhost", "RAY_TMPDIR": folder, "RAY_USAGE_STATS_ENABLED": "0"}
        # Somebody else's, where datatrove would have its logs.
        env["TMPDIR"] = str(tmp_path)
        (tmp_path / "ray_logs").touch()
        outcome = build(few, "--ray", "local", "--workers", 2, env=env)
    assert outcome.code == 0, outcome.stderr
    assert (tmp_path / "out" / "articles.jsonl").read_bytes() == replay(few)[0]


_SBATCH = """#!/bin/bash
# A Slurm of one machine: keeps the script, and runs it for each task of the array.
for script; do :; done
number=$(ls "{folder}" | grep -c script)
cp "$script" "{folder}/script$number"
last=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' "$script")
for task in $(seq 0 $last); do
    SLURM_ARRAY_TASK_ID=$task SLURM_NODELIST=localhost bash "$script" >>"{folder}/log" 2>&1 || exit 1
done
echo "Submitted batch job 7"
"""


def test_slurm_runs_the_script_that_it_is_given(build: Build, few: Path, tmp_path: Path) -> None:
    folder = tmp_path / "slurm"
    folder.mkdir()
    (tmp_path / "bin").mkdir()
    sbatch = tmp_path / "bin" / "sbatch"
    sbatch.write_text(_SBATCH.format(folder=folder))
    sbatch.chmod(0o755)
    scontrol = tmp_path / "bin" / "scontrol"
    scontrol.write_text("#!/bin/sh\necho localhost\n")
    scontrol.chmod(0o755)
    env = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    outcome = build(few, "--slurm", "short", "--workers", 3, env=env)
    assert outcome.code == 0, outcome.stderr
    assert (tmp_path / "out" / "articles.jsonl").read_bytes() == replay(few)[0]
    script = (folder / "script0").read_text()
    for line in ("--partition=short", "--array=0-1%3", "--wait", "--time=1-00:00:00", "--cpus-per-task=1"):
        assert f"#SBATCH {line}\n" in script


def test_a_task_of_slurm_finds_its_folder_whatever_that_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / 'tin "mới" $(touch here) `x`'
    odd.mkdir()
    monkeypatch.chdir(odd)
    executor = engines._executor(engines.Engine(kind="slurm", where="short"), [], 1, tmp_path / "logs")
    line = [executor.env_command, "pwd", 'echo "$PYTHONPATH"', "command -v python"]
    told = subprocess.run(["bash", "-c", "; ".join(line)], cwd="/", capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == [str(odd), str(odd), str(Path(sys.executable).parent / "python")]
    assert not list(odd.iterdir())


def test_a_slurm_that_is_not_there_is_said_in_a_sentence(build: Build, source: Path, tmp_path: Path) -> None:
    outcome = build(source, "--slurm", "short", env={"PATH": str(tmp_path)})
    assert outcome.code == 2
    assert "sbatch" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_an_archive_that_fsspec_reads_gives_the_records_that_it_gives_here(
    build: Build, replayed: bytes, tmp_path: Path, source: Path
) -> None:
    outcome = build(source.as_uri(), "--workers", 1)
    assert outcome.code == 0, outcome.stderr
    # A page saved in a file of its own is named as it was given.
    expected = replayed.replace(f'"{source}'.encode(), f'"{source.as_uri()}'.encode())
    assert (tmp_path / "out" / "articles.jsonl").read_bytes() == expected


@pytest.fixture
def bucket(source: Path) -> Iterator[dict[str, str]]:
    """An S3 server on this machine that holds the source; what a client needs to know of it."""
    server = pytest.importorskip("moto.server", reason="needs pip install s3fs 'moto[server]'")
    pytest.importorskip("s3fs", reason="needs pip install s3fs")
    running = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        env = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
        env |= {"AWS_DEFAULT_REGION": "us-east-1", "NO_PROXY": "127.0.0.1"}
        client = {"key": "a", "secret": "b", "client_kwargs": {"endpoint_url": env["AWS_ENDPOINT_URL"]}}
        code = f"""
import s3fs
there = s3fs.S3FileSystem(**{client!r})
there.mkdir("saved")
there.put({str(source)!r} + "/", "saved/pages/", recursive=True)
"""
        subprocess.run([sys.executable, "-c", code], env={**os.environ, **env}, check=True)
        yield env
    finally:
        running.stop()


def test_an_archive_on_s3_gives_the_records_that_it_gives_here(
    build: Build, bucket: dict[str, str], replayed: bytes, tmp_path: Path, source: Path
) -> None:
    outcome = build("s3://saved/pages", "--workers", 2, env=bucket)
    assert outcome.code == 0, outcome.stderr
    # A page saved in a file of its own is named as it was given.
    expected = replayed.replace(str(source).encode(), b"s3://saved/pages")
    assert (tmp_path / "out" / "articles.jsonl").read_bytes() == expected


def test_a_bucket_without_keys_is_said_to_have_none(build: Build, tmp_path: Path) -> None:
    pytest.importorskip("s3fs", reason="needs pip install s3fs")
    nowhere = str(tmp_path / "nowhere")
    env = {"AWS_CONFIG_FILE": nowhere, "AWS_SHARED_CREDENTIALS_FILE": nowhere, "AWS_EC2_METADATA_DISABLED": "true"}
    env |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"), "")
    outcome = build("s3://saved/pages", env=env | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert outcome.code == 2
    assert outcome.stderr.startswith("scrapy: 's3://saved/pages' cannot be read: ")
    assert outcome.stderr.count("\n") == 1


# ---- wrong usage


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["build"], "SOURCE"),
        (["build", "{source}"], "--out"),
        (["build", "{tmp}/nowhere", "--out", "{tmp}/o"], "nowhere"),
        (["build", "{source}", "--out", "{tmp}/o", "--workers", "0"], "'0'"),
        (["build", "{source}", "--out", "{tmp}/o", "--workers", "two"], "'two'"),
        (["build", "{source}", "--out", "{tmp}/o", "--format", "csv"], "'csv'"),
        (["build", "{source}", "--out", "s3://bucket/o"], "'s3://bucket/o'"),
        (["build", "{source}", "--out", ""], "''"),
        (["build", "{source}", "--out", "{tmp}/o", "--ray", "auto", "--slurm", "x"], "--slurm x"),
        (["build", "nonsense://x/y", "--out", "{tmp}/o"], "'nonsense://x/y'"),
        (["destroy"], "'destroy'"),
    ],
)
def test_wrong_usage_is_one_sentence(
    source: Path, tmp_path: Path, arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = command.Command()
    asked.settings = Settings()
    asked.settings.setmodule("vovcrawler.settings", priority="project")
    given = [argument.format(source=source, tmp=tmp_path) for argument in arguments]
    asked.run(given, argparse.Namespace(wants_help=False))
    said = capsys.readouterr().err
    assert asked.exitcode == 2
    assert named in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "o").exists()


def test_a_cluster_that_nobody_answers_for_is_one_sentence(build: Build, few: Path) -> None:
    pytest.importorskip("ray")
    outcome = build(few, "--ray", "127.0.0.1:1")
    assert outcome.code == 2
    assert "--ray '127.0.0.1:1' is no Ray cluster that answers" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_without_the_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    with pytest.raises(command.UsageTrouble, match=r"pip install -e '\.\[corpus\]'"):
        command._require("datatrove")
