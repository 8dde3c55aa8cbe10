"""What every command says when it is used wrongly: one sentence, the right exit code, no traceback."""

from __future__ import annotations

import argparse

import pytest
from scrapy.settings import Settings

from vovcrawler.cli import QuietCommand, guarded
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


@pytest.mark.parametrize("args", [["--to", "seven"], ["--too"], ["extra"]])
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
        ("MONITOR_MISSING_MAX", "much", 'a JSON object, such as MONITOR_MISSING_MAX={"headline": 0.05'),
        ("MONITOR_MISSING_MAX", "[1]", 'a JSON object, such as MONITOR_MISSING_MAX={"headline": 0.05'),
    ],
)
def test_a_setting_that_is_none_is_quoted_with_what_would_be_right(name, value, right):
    settings = Settings()
    settings.set(name, value, priority="cmdline")
    with pytest.raises(UsageTrouble) as trouble:
        check_settings(settings)
    assert str(trouble.value).startswith(f"{name}={value} is not {right}")


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


def test_an_output_that_is_a_folder_is_refused(tmp_path):
    settings = Settings({"FEEDS": {str(tmp_path): {"format": "jsonlines"}}})
    with pytest.raises(UsageTrouble, match="is a folder"):
        check_outputs(settings)


@pytest.mark.parametrize("uri", ["stdout:", "s3://bucket/out.jsonl", "new/folder/out.jsonl"])
def test_other_outputs_are_left_to_scrapy(tmp_path, monkeypatch, uri):
    monkeypatch.chdir(tmp_path)
    check_outputs(Settings({"FEEDS": {uri: {"format": "jsonlines"}}}))
