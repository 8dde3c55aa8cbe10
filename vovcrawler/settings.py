"""Settings of the project: Scrapy's own under Scrapy's names, ours below.

Scrapy's reference: https://docs.scrapy.org/en/latest/topics/settings.html
"""

import os

from vovcrawler import __version__

# ---------------------------------------------------------------- The project

BOT_NAME = "vovcrawler"
SPIDER_MODULES = ["vovcrawler.spiders"]
NEWSPIDER_MODULE = "vovcrawler.spiders"
COMMANDS_MODULE = "vovcrawler.commands"
# Modes. A replay reaches nothing, so it comes first and switches the other one off.
ADDONS = {"vovcrawler.replay.ReplayMode": 100, "vovcrawler.scaleout.RedisMode": 200}

# Neither opens a port: the second can run code that it is sent.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

LOG_LEVEL = "INFO"
STATS_CLASS = "vovcrawler.runs.Stats"
STATS_DUMP = False  # they are in the report of the run
LOG_FORMATTER = "vovcrawler.progress.QuietFormatter"
# Reads the source of a callback again for each page; ours return nothing.
WARN_ON_GENERATOR_RETURN_VALUE = False
FEED_EXPORT_ENCODING = "utf-8"  # not escaped
FEED_EXPORTERS = dict.fromkeys(("jsonlines", "jsonl", "jl"), "vovcrawler.feeds.RecordLines") | {
    "csv": "vovcrawler.outputs.PlainCsv",
    "marshal": "vovcrawler.outputs.PlainMarshal",
    "pickle": "vovcrawler.outputs.PlainPickle",
    "xml": "vovcrawler.outputs.PlainXml",
}

# ---------------------------------------------------------------- Politeness

USER_AGENT = f"vovcrawler/{__version__} (news archive; identifies itself; obeys robots.txt)"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi",  # default en
}
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "vovcrawler"
COOKIES_ENABLED = False
# A refusal that redirects by markup is not followed.
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5  # default 20

# Few: what has been handed out and waits for its turn is out of order and lost to an early end.
CONCURRENT_REQUESTS = 4  # default 16
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # default 8
# For each page Scrapy starts as many workers, and ours give one record. Default 100.
CONCURRENT_ITEMS = 1
DOWNLOAD_DELAY = 1  # seconds, varied between half and one and a half
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1
AUTOTHROTTLE_MAX_DELAY = 60
AUTOTHROTTLE_TARGET_CONCURRENCY = 2
DOWNLOAD_TIMEOUT = 60
# The last gate before the wire: hosts, holds, budget. Used for everything that is asked for, robots.txt too.
DOWNLOAD_HANDLERS = {"http": "vovcrawler.gate.Gate", "https": "vovcrawler.gate.Gate"}
# The page that failed goes first: it tells whether the host has recovered. Default -1.
RETRY_PRIORITY_ADJUST = 1000
RETRY_GIVE_UP_LOG_LEVEL = "WARNING"  # default ERROR; the page stays known as failed
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024  # an article page has some 60 KB
DOWNLOAD_WARNSIZE = 10 * 1024 * 1024

# ---------------------------------------------------------------- Components

EXTENSIONS = {
    "vovcrawler.runs.Report": 0,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "vovcrawler.outputs.Outputs": 0,
    "vovcrawler.archive.Archive": 5,
    "vovcrawler.progress.Progress": 10,
    "vovcrawler.politeness.Manners": 20,
    # Last: what it judges has been counted by then.
    "vovcrawler.monitors.Monitors": 900,
}

# Scrapy's own in its place gives Scrapy's crawl: in memory, and over with its process.
SCHEDULER = "vovcrawler.frontier.Frontier"

SPIDER_MIDDLEWARES = {
    # It looks for what spiders may copy by mistake; ours copy no meta.
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    # Outermost: sees everything that leaves a page.
    "vovcrawler.flights.Family": 0,
    # Next to the spider: nobody else knows what to do with a sighting.
    "vovcrawler.sightings.Sightings": 950,
}

DOWNLOADER_MIDDLEWARES = {
    # Outermost: sees what nobody else could answer.
    "vovcrawler.flights.Unanswered": 0,
    "vovcrawler.revisit.NotModified": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "vovcrawler.refusal.Robots": 100,
    # Before retries: each try counts.
    "vovcrawler.outages.Outages": 584,
    # After decompression (590): a challenge is told by what it says. Before retries (550) and redirects by
    # markup (580): a refusal is neither.
    "vovcrawler.refusal.Refusals": 585,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "vovcrawler.wholeness.Redirects": 600,
    # Before decompression (590), which makes do with half a body.
    "vovcrawler.wholeness.WholeBodies": 595,
    # Innermost: what is not stored is not read.
    "vovcrawler.archive.BytesFirst": 1000,
}

ITEM_PIPELINES = {
    # Order matters: what is dropped is not recorded.
    "vovcrawler.pipelines.Require": 100,
    "vovcrawler.pipelines.Record": 900,
}

DEFAULT_DROPITEM_LOG_LEVEL = "INFO"

# ---------------------------------------------------------------- Our own

# The folder that holds everything the program writes.
DATA_DIR = "data"

# Whether every response is stored in WARC files, and how big one of them gets. Used by the extension Archive.
ARCHIVE_ENABLED = True
ARCHIVE_MAX_BYTES = 1024**3

# A folder, dump, page, WARC or WACZ to read instead of the network. Used by the add-on ReplayMode.
REPLAY_SOURCE = ""

# The Redis that many crawl workers share, such as redis://10.0.0.5:6379/0; empty: one machine. Best given by the
# environment, where nobody reads its password in a list of processes. Used by the add-on RedisMode.
REDIS_URL = os.environ.get("VOVCRAWLER_REDIS_URL", "")

# Seconds after which a worker that is not heard of is taken for dead, and others do what it had.
REDIS_LEASE = 30

# Seconds that a host which refuses is left alone, doubled with each refusal in a row; and the most.
BACKOFF_START = 1
BACKOFF_MAX = 300

# The longest hold (Retry-After) that a run waits for; a longer one ends it and holds for later runs.
HOLD_MAX = 300

# After so many refusals in a row the run ends with exit code 3.
REFUSALS_MAX = 5

# After so many requests in a row without an answer (502, 503 and 504 are none), whatever the page, the run ends
# with exit code 1. 0: never.
UNANSWERED_MAX = 10

# The most requests of a run; what is left is for the next one. 0: no limit.
REQUESTS_MAX = 0

# Sections besides those of vovcrawler.sections, as JSON: path and address of the feed, empty where there is
# none; null takes a section away. Used by discovery.
SECTIONS: dict[str, str | None] = {}

# Bounds for lists that go on without end. Used by discovery.
LIST_PAGES_MAX = 100
SITEMAPS_MAX = 500

# The newest article of an archive that is well is no older. Used by doctor.
NEWEST_MAX = "1d"

# How many days back scheduled runs read lists. Used by update.
UPDATE_DAYS = 30

# How often a page is visited again, by its age: up to a day old hourly, and so on; older pages never.
# Used by the Frontier.
REVISIT_AFTER = "1d:1h,7d:1d,30d:7d"

# The run's only clock: a callable that returns an aware datetime.
CLOCK = "vovcrawler.dates.utc_now"

# From this Jaccard similarity on an article is a near copy of an earlier one (why 0.6: vovcrawler/duplicates.py);
# a lower limit also finds fewer of the pairs that it allows. 0 marks none.
NEAR_DUPLICATE_SIMILARITY = 0.6

# ---------------------------------------------------------------- Monitors

# Whether each run is judged when it is over; a failed monitor makes exit code 4. Notices: SPIDERMON_* variables
# of the environment.
MONITORS_ENABLED = True

MONITOR_ITEMS_MIN = 0  # articles
MONITOR_ERRORS_MAX = 100  # failed pages and errors in the log
MONITOR_REFUSALS_MAX = 20  # pages
MONITOR_DURATION_MAX = 6 * 60 * 60  # seconds
MONITOR_COVERAGE_MIN = 0.9  # of what was listed in the last week before today

# Shares by field, or layout/field, of the last articles of a layout that may lack it, or have it from a later
# layer; and by how much such a share may rise over what it was.
MONITOR_MISSING_MAX = {"headline": 0.05, "body": 0.5}
MONITOR_FALLBACK_MAX: dict[str, float] = {}
MONITOR_DRIFT_MAX = 0.25
MONITOR_SAMPLE = 20  # articles, before shares say anything

# So many times worse than the median of the last ten runs of the same hour.
MONITOR_MEDIAN_FACTOR = 4
