"""What every command says when it is used wrongly: one sentence, the right exit code, no traceback."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys

import pytest
from scrapy.cmdline import ScrapyArgumentParser
from scrapy.settings import Settings

from tests.conftest import ROOT
from vovcrawler.catalogue import Catalogue
from vovcrawler.cli import QuietCommand, begin, guarded, output
from vovcrawler.commands.crawl import Command as Crawl
from vovcrawler.errors import Locked, StorageTrouble, UsageTrouble
from vovcrawler.running import check_outputs, check_settings


class Count(QuietCommand):
    """Count to a number.

    Only the first line is shown.
    """

    def add_arguments(self, parser):
        parser.add_argument("--to", type=int, default=3)

    def act(self, args, settings):
        print(args.to)
        return 0


@pytest.fixture
def count():
    command = Count()
    command.settings = Settings()
    return lambda *args, help=False: _run(command, list(args), help)  # noqa: A006


def _run(command, args, wants_help):
    command.run(args, argparse.Namespace(wants_help=wants_help))
    return command.exitcode


def test_a_command_reads_its_own_options(count, capsys):
    assert count("--to", "7") == 0
    assert capsys.readouterr().out == "7\n"


@pytest.mark.parametrize("args", [["--to", "seven"], ["--to", "-5m"], ["--too"], ["extra"]])
def test_a_mistake_is_one_sentence_that_quotes_it(count, capsys, args):
    assert count(*args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert args[-1] in err
    assert len(err.splitlines()) == 1


def test_help_lists_the_options(count, capsys):
    with pytest.raises(SystemExit, match="0"):
        count(help=True)
    out = capsys.readouterr().out
    assert "--to" in out
    assert "Count to a number." in out
    assert "Only the first line" not in out


def test_a_command_runs_where_docstrings_are_left_out(count, capsys, monkeypatch):
    monkeypatch.setattr(Count, "__doc__", None)
    assert count("--to", "7") == 0
    assert capsys.readouterr().out == "7\n"


@pytest.mark.parametrize(
    ("trouble", "code"), [(UsageTrouble, 2), (StorageTrouble, 5), (Locked, 75)], ids=lambda value: str(value)
)
def test_a_trouble_gives_its_exit_code_and_its_sentence(capsys, trouble, code):
    def act():
        raise trouble("The disk is full.")

    assert guarded(act) == code
    assert capsys.readouterr().err == "scrapy: The disk is full.\n"


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("DOWNLOAD_DELAY", "fast", "a number, such as DOWNLOAD_DELAY=1"),
        ("CONCURRENT_REQUESTS", "two", "a whole number, such as CONCURRENT_REQUESTS=4"),
        ("CONCURRENT_REQUESTS", "1.5", "a whole number, such as CONCURRENT_REQUESTS=4"),
        ("ROBOTSTXT_OBEY", "maybe", "True or False, such as ROBOTSTXT_OBEY=True"),
        ("MONITORS_ENABLED", "maybe", "True or False, such as MONITORS_ENABLED=True"),
        ("MONITOR_ITEMS_MIN", "some", "a number, such as MONITOR_ITEMS_MIN=0"),
        ("HOLD_MAX", "long", "a number, such as HOLD_MAX=300"),
        ("UPDATE_DAYS", "2.5", "a whole number, such as UPDATE_DAYS=30"),
        ("DOWNLOAD_DELAY", "nan", "a number, such as DOWNLOAD_DELAY=1"),
        ("DOWNLOAD_DELAY", "inf", "a number, such as DOWNLOAD_DELAY=1"),
        ("MONITOR_MISSING_MAX", "much", 'a JSON object, such as MONITOR_MISSING_MAX={"headline": 0.05'),
        (
            "SCHEDULER",
            "foo",
            "a class or function that can be loaded, such as SCHEDULER=vovcrawler.frontier.Frontier",
        ),
        ("STATS_CLASS", "vovcrawler.runs.No", "a class or function that can be loaded, such as STATS_CLASS="),
        ("TWISTED_REACTOR", "no.such", "a class or function that can be loaded, such as TWISTED_REACTOR=twisted."),
        ("MONITOR_MISSING_MAX", "[1]", 'a JSON object, such as MONITOR_MISSING_MAX={"headline": 0.05'),
    ],
)
def test_a_setting_that_is_none_is_quoted_with_what_would_be_right(name, value, right):
    settings = Settings()
    settings.set(name, value, priority="cmdline")
    with pytest.raises(UsageTrouble) as trouble:
        check_settings(settings)
    assert str(trouble.value).startswith(f"{name}={value} is not {right}")


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("CONCURRENT_REQUESTS_PER_DOMAIN", "0", "1 or more, such as CONCURRENT_REQUESTS_PER_DOMAIN=2."),
        ("DOWNLOAD_DELAY", "-0.5", "0 or more, such as DOWNLOAD_DELAY=1."),
        ("REQUESTS_MAX", "-1", "0 or more, such as REQUESTS_MAX=0."),
        ("ARCHIVE_MAX_BYTES", "0", "1 or more, such as ARCHIVE_MAX_BYTES=1073741824."),
        ("MONITOR_MEDIAN_FACTOR", "0", "1 or more, such as MONITOR_MEDIAN_FACTOR=4."),
    ],
)
def test_a_number_with_which_no_run_would_come_to_its_end_is_refused(name, value, right):
    settings = Settings()
    settings.set(name, value, priority="cmdline")
    with pytest.raises(UsageTrouble, match=re.escape(f"{name}={value} is too little: say {right}")):
        check_settings(settings)


@pytest.mark.parametrize(
    ("name", "value", "most"), [("MONITOR_COVERAGE_MIN", "9e1", "1"), ("UPDATE_DAYS", "800000", "36500")]
)
def test_a_number_above_what_can_be_is_refused_as_it_was_typed(name, value, most):
    settings = Settings()
    settings.set(name, value, priority="cmdline")
    with pytest.raises(UsageTrouble, match=f"^{name}={value} is too much: say {most} or less, such as "):
        check_settings(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [("FORCE_CRAWLER_PROCESS", "1"), ("TWISTED_REACTOR", "twisted.internet.selectreactor.SelectReactor")],
)
def test_a_crawl_without_asyncio_is_refused(scrapy, name, value):
    outcome = scrapy("replay", "fixtures", settings={name: value})
    assert (outcome.code, outcome.stdout) == (2, "")
    *_, said = outcome.stderr.splitlines()
    assert said == f"scrapy: {name}={value} is not for us, who need asyncio; leave it as it was."
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("feed", ["5", "[]", '"http://[::1"', '"https://example.com/podcast.rss"'])
def test_a_section_whose_feed_is_no_address_of_the_site_is_refused(feed):
    settings = Settings()
    settings.set("SECTIONS", f'{{"podcast": {feed}, "the-gioi": null}}', priority="cmdline")
    said = f"SECTIONS has {json.loads(feed)!r} for 'podcast'; say where on vov.vn its feed is"
    with pytest.raises(UsageTrouble, match=re.escape(said)):
        check_settings(settings)


@pytest.mark.parametrize("name", ["MONITOR_MISSING_MAX", "MONITOR_FALLBACK_MAX"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('{"leed": 0.1}', "has 'leed'; say a field of the record, such as lead or drupal/lead."),
        ('{"joomla/lead": 0.1}', "has 'joomla/lead'; say a field of the record"),
        ('{"lead": "x"}', "has 'x' for 'lead'; say a share from 0 to 1, such as 0.05."),
        ('{"lead": 5}', "has 5 for 'lead'; say a share"),
        ('{"lead": null}', "has None for 'lead'; say a share"),
        ('{"lead": 0, "drupal/body": "0.5", "epi/tags": 1}', None),
    ],
)
def test_a_limit_that_no_page_could_break_is_refused(name, value, said):
    settings = Settings()
    settings.set(name, value, priority="cmdline")
    if said is None:
        check_settings(settings)
        return
    with pytest.raises(UsageTrouble, match=re.escape(f"{name} {said}")):
        check_settings(settings)


OPTIONS = {
    "-L LOUD": "LOG_LEVEL=LOUD is no level; there are NOTSET, DEBUG, INFO, ",
    "-s LOG_LEVEL=LOUD": "LOG_LEVEL=LOUD is no level; there are NOTSET, DEBUG, INFO, ",
    "--logfile .": "The file '.' cannot be made: a folder is there.",
    "-s LOG_FILE=nowhere/log": "The file 'nowhere/log' cannot be made: there is no folder 'nowhere'.",
    "--pidfile nowhere/pid": "The file 'nowhere/pid' cannot be made: there is no folder 'nowhere'.",
    "-s DATA_DIR": "-s 'DATA_DIR' gives no value; say -s NAME=VALUE.",
    "-a url": "-a 'url' gives no value; say -a NAME=VALUE.",
    "-o out.doc": "-o 'out.doc' names no format; end it in .jsonl, or say FILE:FORMAT (csv, ",
    "-O out:doc": "-O 'out:doc' names no format; end it in .jsonl, or say FILE:FORMAT (csv, ",
    "-o a.csv -O b.csv": "-o 'a.csv' and -O 'b.csv' do not go together; say one of them.",
    "-s FEEDS=out.csv": "FEEDS=out.csv is not a JSON object, such as FEEDS={}.",
    "-s FEEDS=[1]": "FEEDS=[1] is not a JSON object, such as FEEDS={}.",
}


@pytest.mark.parametrize("typed", OPTIONS)
def test_a_wrong_option_of_scrapy_s_own_is_one_sentence_of_ours(capsys, typed):
    command, parser = Crawl(), ScrapyArgumentParser()
    command.settings = Settings()
    command.add_options(parser)
    opts, _ = parser.parse_known_args(typed.split())
    with pytest.raises(SystemExit) as ended:
        begin(opts)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(f"scrapy: {OPTIONS[typed]}")


@pytest.mark.parametrize(
    "typed", ["crawl article -a", "update --budget", "replay -O", "doctor -s", "search -L", "catalogue stats -s"]
)
def test_an_option_without_its_value_is_one_sentence(scrapy, typed):
    line = [sys.executable, "-m", "scrapy", *typed.split()]
    done = subprocess.run(line, cwd=ROOT, env=scrapy.environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    said = "expected one argument; --help tells what would be right."
    assert re.fullmatch(rf"scrapy: Argument {typed.split()[-1]}(/\S+)?: {said}\n", done.stderr)


@pytest.mark.parametrize(
    "command", [["update"], ["search", "tin"], ["doctor", "--offline"], ["schedule"]], ids=" ".join
)
def test_every_command_looks_at_the_options_that_all_have(scrapy, command):
    outcome = scrapy(*command, "-L", "LOUD")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("scrapy: LOG_LEVEL=LOUD is no level")
    assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "command", [["crawl", "article"], ["doctor", "--offline"], ["schedule"], ["catalogue", "check"]], ids=" ".join
)
def test_a_folder_without_a_name_is_not_the_one_where_we_are(scrapy, command):
    outcome = scrapy(*command, settings={"DATA_DIR": ""})
    assert (outcome.code, outcome.stderr) == (2, "scrapy: DATA_DIR= names no folder; say DATA_DIR=data.\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["replay", "nowhere"], "There is no file or folder 'nowhere'."),
        (["replay", ""], "'' names no file or folder; SOURCE is a folder, "),
        (["crawl", "article", "-s", "REPLAY_SOURCE=nowhere"], "There is no file or folder 'nowhere'."),
        (["update", "-s", "REVISIT_AFTER=1d"], "REVISIT_AFTER has '1d'; say age:interval, such as "),
        (["update", "-s", "NEAR_DUPLICATE_SIMILARITY=2"], "NEAR_DUPLICATE_SIMILARITY=2 is not a similarity "),
        (["catalogue", "ingest", ""], "'' names no file or folder; PATH is a folder, "),
    ],
)
def test_wrong_usage_is_said_before_anything_is_logged(scrapy, command, said):
    outcome = scrapy(*command)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"scrapy: {said}")
    assert outcome.stderr.count("\n") == 1
    assert not scrapy.data.exists()


@pytest.mark.parametrize(
    "command", [["crawl", "article", "-a", "url=https://vov.vn/\udcff-post1.vov"], ["catalogue", "show", "\udcff"]]
)
def test_what_is_typed_in_another_coding_is_quoted(scrapy, command):
    Catalogue.open(scrapy.data).close()
    outcome = scrapy(*command)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("scrapy: '")
    assert "\\udcff" in outcome.stderr
    assert outcome.stderr.endswith("' is not text in UTF-8.\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_none_that_is_missed(scrapy, tmp_path, closed):
    line = f"{sys.executable} -m scrapy replay fixtures -O {tmp_path}/out.jsonl {closed}"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_what_is_printed_is_utf_8_whatever_the_locale(scrapy):
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    pipe = subprocess.PIPE
    process = scrapy.popen("corpus", "build", "--help", env=ascii_only, stdout=pipe, stderr=pipe, encoding="utf-8")
    told, trouble = process.communicate(timeout=60)
    assert (process.returncode, trouble) == (0, "")
    assert "s3://…" in told


@pytest.mark.parametrize(
    "proxy", ["127.0.0.1:3128", "https://127.0.0.1:3128", "socks5://[::1]:1", "http://127.0.0.1:x", "http://"]
)
def test_a_proxy_that_cannot_be_used_is_wrong_usage(scrapy, proxy):
    env = {"HTTPS_PROXY": proxy, "https_proxy": proxy}
    outcome = scrapy("crawl", "article", "-a", "url=https://vov.vn/x-post1.vov", env=env)
    sentence = f"scrapy: HTTPS_PROXY={proxy} is no proxy for us; say HTTPS_PROXY=http://HOST:PORT.\n"
    assert (outcome.code, outcome.stderr) == (2, sentence)
    assert scrapy("replay", "fixtures", env=env).code == 0
    # Where the site is reached without it, it may be anything.
    assert "HTTPS_PROXY" not in scrapy("update", "--dry-run", env={**env, "NO_PROXY": "*"}).stderr


def test_right_settings_pass():
    right = {
        "DOWNLOAD_DELAY": "0.5",
        "ROBOTSTXT_OBEY": "False",
        "DATA_DIR": "x",
        "SECTIONS": '{"podcast": ""}',
        "HOLD_MAX": "0.5",
        "UPDATE_DAYS": "3",
    }
    settings = Settings()
    settings.setdict(right, priority="cmdline")
    check_settings(settings)


def test_an_output_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    settings = Settings({"FEEDS": {str(tmp_path / "file" / "out.jsonl"): {"format": "jsonlines"}}})
    with pytest.raises(UsageTrouble, match=r"out\.jsonl"):
        check_outputs(settings)


def test_an_output_where_not_even_root_may_write_is_refused():
    with pytest.raises(UsageTrouble, match="/proc/nowhere"):
        check_outputs(Settings({"FEEDS": {"/proc/nowhere/out.jsonl": {"format": "jsonlines"}}}))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-88"])
@pytest.mark.parametrize("is_its_own", [False, True])
def test_an_output_that_cannot_hold_vietnamese_is_refused(tmp_path, encoding, is_its_own):
    options = {"format": "jsonlines", **({"encoding": encoding} if is_its_own else {})}
    settings = Settings({"FEEDS": {str(tmp_path / "out.jsonl"): options}})
    settings.set("FEED_EXPORT_ENCODING", "utf-16" if is_its_own else encoding)
    with pytest.raises(UsageTrouble, match=f"FEED_EXPORT_ENCODING={encoding} cannot hold Vietnamese; say"):
        check_outputs(settings)


@pytest.mark.parametrize("options", ["csv", None, {}, {"format": "doc"}, {"format": 5}], ids=repr)
def test_an_output_without_a_format_is_refused(tmp_path, options):
    with pytest.raises(UsageTrouble, match=r"FEEDS names no format for '.*out\.csv'; say .* of csv, "):
        check_outputs(Settings({"FEEDS": {str(tmp_path / "out.csv"): options}}))


def test_an_output_that_is_a_folder_is_refused(tmp_path):
    settings = Settings({"FEEDS": {str(tmp_path): {"format": "jsonlines"}}})
    with pytest.raises(UsageTrouble, match="is a folder"):
        check_outputs(settings)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: os.mkfifo(path), "is a device or a pipe"),
        (lambda path: path.symlink_to("/dev/null"), "is a device or a pipe"),
        (lambda path: path.mkdir(), "is a folder"),
    ],
)
@pytest.mark.parametrize("command", [["catalogue", "export", "-o"], ["report", "-o"], ["pack"]], ids=" ".join)
def test_nothing_but_a_file_is_replaced_by_an_output(scrapy, tmp_path, command, make, why):
    Catalogue.open(scrapy.data).close()
    path = tmp_path / "out.wacz"
    make(path)
    before = path.lstat()
    outcome = scrapy(*command, path)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert f"The output '{path}' {why}" in outcome.stderr
    after = path.lstat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


def test_an_output_behind_a_link_is_written_where_that_leads(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "file")
    assert output(str(tmp_path / "link")) == tmp_path / "elsewhere" / "file"
    with pytest.raises(UsageTrouble, match="''"):
        output("")


def test_an_output_behind_links_that_lead_nowhere_is_a_sentence(scrapy, tmp_path):
    Catalogue.open(scrapy.data).close()
    (tmp_path / "one.html").symlink_to(tmp_path / "other.html")
    (tmp_path / "other.html").symlink_to(tmp_path / "one.html")
    outcome = scrapy("report", "-o", tmp_path / "one.html")
    assert outcome.code == 0 or outcome.stderr.startswith("scrapy: '")
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("uri", ["stdout:", "s3://bucket/out.jsonl", "new/folder/out.jsonl"])
def test_other_outputs_are_left_to_scrapy(tmp_path, monkeypatch, uri):
    monkeypatch.chdir(tmp_path)
    check_outputs(Settings({"FEEDS": {uri: {"format": "jsonlines"}}}))
