"""Who is told when a run is not well: by mail, Slack, Telegram, or a JSON webhook.

Spidermon's actions, set by ``SPIDERMON_*`` variables of the environment and by nothing else, so that no secret
stands in a settings file or on a command line. Which variables there are is in ``docs/operations.md``.
"""

from __future__ import annotations

import json
import os
import smtplib
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from spidermon import Action
from spidermon.exceptions import NotConfigured

from vovcrawler import context
from vovcrawler.errors import UsageTrouble

_SECONDS = 30
_SECRETS = ("SMTP_PASSWORD", "SLACK_SENDER_TOKEN", "TELEGRAM_SENDER_TOKEN", "WEBHOOK_URL")
_PREFIX = "SPIDERMON_"
_DEFAULTS = {
    "SPIDERMON_EMAIL_SENDER": "vovcrawler@localhost",
    "SPIDERMON_EMAIL_SUBJECT": "vovcrawler: a run is not well",
    "SPIDERMON_SLACK_SENDER_NAME": "vovcrawler",
}


def actions(crawler: Crawler, environment: Mapping[str, str] = os.environ) -> list[Action]:
    """Return the actions that the *environment* asks for; raises :class:`UsageTrouble` where one lacks a part."""
    given = {name: value for name, value in environment.items() if name.startswith(_PREFIX) and value}
    for name in [name for name in crawler.settings if str(name).startswith(_PREFIX)]:
        crawler.settings.delete(name, priority="cmdline")
    for name, value in {**_DEFAULTS, **given}.items():
        crawler.settings.set(name, value, priority="cmdline")
    chosen = []
    for variable, kind in _KINDS.items():
        if f"{_PREFIX}{variable}" in given:
            try:
                chosen.append(kind().from_crawler(crawler))
            except NotConfigured as problem:
                raise UsageTrouble(f"{_PREFIX}{variable} is set, but: {problem}") from problem
    return chosen


def without_secrets(said: str, settings: BaseSettings) -> str:
    """Return *said*, in which an address that could not be asked may stand with its token, fit for a log."""
    for name in _SECRETS:
        secret = (settings.get(f"{_PREFIX}{name}") or "").strip()
        # Of an address its host is none.
        for part in (secret, secret.partition("://")[2].partition("/")[2]):
            said = said.replace(part, "…") if part else said
    return said


def report(action: Any) -> dict[str, Any]:
    """Return what there is to tell after *action* was given its result."""
    from vovcrawler.monitors import verdict

    crawler = action.data.crawler
    run, verdicts = context.run(crawler), verdict(action.result)
    failed = {name: said for name, said in verdicts.items() if said != "OK"}
    return {
        "run": run.name,
        "spider": run.spider,
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "reason": action.data.reason,
        "failed": failed,
        "passed": [name for name in verdicts if name not in failed],
    }


def text(action: Any) -> str:
    """Return the same for people."""
    told = report(action)
    count = len(told["failed"])
    head = f"vovcrawler: run {told['run']} of {told['spider']}: {count} monitor{'s' * (count != 1)} failed."
    return "\n".join([head, *(f"- {name}: {said}" for name, said in told["failed"].items())])


class SendWebhook(Action):  # type: ignore[misc]
    """Posts the verdicts as JSON to ``SPIDERMON_WEBHOOK_URL``."""

    def __init__(self, url: str) -> None:
        super().__init__()
        if not url.startswith(("http://", "https://")):
            # Not what it is: its path is a secret, and where it has no scheme all of it may be.
            raise NotConfigured("it does not begin with https:// or http://.")
        self.url = url

    @classmethod
    def from_crawler_kwargs(cls, crawler: Crawler) -> dict[str, Any]:
        return {"url": crawler.settings["SPIDERMON_WEBHOOK_URL"]}

    def run_action(self) -> None:
        _post(self.url, report(self))


def _post(url: str, message: Mapping[str, Any]) -> None:
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=_SECONDS):
        pass


def _check_server(settings: BaseSettings) -> None:
    """Raise :class:`NotConfigured` for what would be found wrong only when there is a mail to be sent."""
    for name, (kind, read) in _SERVER.items():
        try:
            read(settings, name)
        except ValueError:
            raise NotConfigured(f"{name}={settings[name]} is not {kind}.") from None


_SERVER: dict[str, tuple[str, Callable[[BaseSettings, str], object]]] = {
    "SPIDERMON_SMTP_PORT": ("a port, such as 587", BaseSettings.getint),
    "SPIDERMON_SMTP_ENFORCE_TLS": ("True or False", BaseSettings.getbool),
    "SPIDERMON_SMTP_ENFORCE_SSL": ("True or False", BaseSettings.getbool),
}

# The libraries of these are loaded when somebody is to be told by them.


def _mail() -> type[Action]:
    from spidermon.contrib.actions.email import SendEmail

    class SendMail(SendEmail):  # type: ignore[misc]
        """Sends a plain mail; Spidermon's own sender stands on a module that Scrapy gives up."""

        body_text = "see below"
        body_html_template = None

        @classmethod
        def from_crawler(cls, crawler: Crawler) -> Any:
            action = super().from_crawler(crawler)
            action.settings = crawler.settings
            if not crawler.settings.get("SPIDERMON_SMTP_HOST"):
                raise NotConfigured("SPIDERMON_SMTP_HOST is not.")
            _check_server(crawler.settings)
            return action

        def get_body_text(self) -> str:
            return text(self)

        def send_message(self, message: Message, **_: Any) -> None:
            settings = self.settings
            wrapped = settings.getbool("SPIDERMON_SMTP_ENFORCE_SSL")
            port = settings.getint("SPIDERMON_SMTP_PORT") or (465 if wrapped else 25)
            connect = smtplib.SMTP_SSL if wrapped else smtplib.SMTP
            with connect(settings["SPIDERMON_SMTP_HOST"], port, timeout=_SECONDS) as server:
                if settings.getbool("SPIDERMON_SMTP_ENFORCE_TLS"):
                    server.starttls()
                if user := settings.get("SPIDERMON_SMTP_USER"):
                    server.login(user, settings.get("SPIDERMON_SMTP_PASSWORD", ""))
                server.send_message(message)

    return SendMail


def _slack() -> type[Action]:
    from spidermon.contrib.actions.slack import SendSlackMessage

    class SendSlack(SendSlackMessage):  # type: ignore[misc]
        """Sends to ``SPIDERMON_SLACK_RECIPIENTS``."""

        include_attachments = False

        @classmethod
        def from_crawler(cls, crawler: Crawler) -> Any:
            action = super().from_crawler(crawler)
            if base := crawler.settings.get("SPIDERMON_SLACK_BASE_URL"):
                action.manager._client.base_url = base
            return action

        def get_message(self) -> str:
            return text(self)

    return SendSlack


def _telegram() -> type[Action]:
    from spidermon.contrib.actions.telegram import SendTelegramMessage

    class SendTelegram(SendTelegramMessage):  # type: ignore[misc]
        """Sends to ``SPIDERMON_TELEGRAM_RECIPIENTS``, as plain text: Spidermon would have it read as markup."""

        @classmethod
        def from_crawler(cls, crawler: Crawler) -> Any:
            action = super().from_crawler(crawler)
            base = crawler.settings.get("SPIDERMON_TELEGRAM_BASE_URL", "https://api.telegram.org")
            action.url = f"{base.rstrip('/')}/bot{crawler.settings['SPIDERMON_TELEGRAM_SENDER_TOKEN']}/sendMessage"
            return action

        def run_action(self) -> None:
            for recipient in self.recipients:
                _post(self.url, {"chat_id": recipient, "text": text(self)})

    return SendTelegram


_KINDS: dict[str, Callable[[], Any]] = {
    "EMAIL_TO": _mail,
    "SLACK_SENDER_TOKEN": _slack,
    "TELEGRAM_SENDER_TOKEN": _telegram,
    "WEBHOOK_URL": lambda: SendWebhook,
}
