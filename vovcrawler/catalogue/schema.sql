-- The catalogue, version 4. Times are UTC as in WARC-Date (2026-11-21T15:04:05.123456Z), so that their
-- order is that of their text; days are those of Vietnam. A change here is a new step in migrations.py.

-- Every address that was ever asked for, and what came of the last visit.
CREATE TABLE pages (
    number INTEGER PRIMARY KEY,
    url TEXT NOT NULL,                  -- canonical
    variant TEXT NOT NULL DEFAULT '',   -- empty for a plain GET; else the method and a digest of the body
    state TEXT NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'done', 'moved', 'gone', 'refused', 'failed')),
    reason TEXT,                        -- why it failed or was refused
    status INTEGER,                     -- of the last answer
    failures INTEGER NOT NULL DEFAULT 0,    -- in a row
    etag TEXT,
    last_modified TEXT,
    article INTEGER REFERENCES articles (number),
    moved_to TEXT,                      -- the address that the last answer redirected to
    first_seen TEXT NOT NULL,
    visited_at TEXT,
    due_at TEXT,                        -- NULL: whenever it is asked for
    UNIQUE (url, variant)
) STRICT;
CREATE INDEX pages_due ON pages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX pages_article ON pages (article) WHERE article IS NOT NULL;
CREATE INDEX pages_bare ON pages (number) WHERE article IS NULL AND variant = '' AND state IN ('pending', 'done');

-- A job is a spider with its arguments; it lasts until all of its pages are settled, over several runs if need be.
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY,
    spider TEXT NOT NULL,
    arguments TEXT NOT NULL,            -- JSON, keys sorted
    started_at TEXT NOT NULL,
    finished_at TEXT
) STRICT;
CREATE INDEX jobs_open ON jobs (spider, arguments) WHERE finished_at IS NULL;

-- The requests of unfinished jobs. What is in flight is not marked: after a crash it is asked for again.
CREATE TABLE frontier (
    number INTEGER PRIMARY KEY,
    job INTEGER NOT NULL REFERENCES jobs (number),
    page INTEGER NOT NULL REFERENCES pages (number),
    level INTEGER NOT NULL,             -- links from a seed
    rank INTEGER NOT NULL,              -- the priority, negated: the smallest goes first
    seed INTEGER NOT NULL DEFAULT 0,    -- 1: visited even when it is not due
    settled INTEGER NOT NULL DEFAULT 0,
    request TEXT                        -- JSON; NULL: it could not be written down and lives in memory only
) STRICT;
CREATE INDEX frontier_next ON frontier (job, level, rank, number) WHERE settled = 0;
CREATE INDEX frontier_unwritten ON frontier (job) WHERE settled = 0 AND request IS NULL;
CREATE INDEX frontier_page ON frontier (job, page);
CREATE INDEX frontier_of_page ON frontier (page);

-- Every article that was ever captured, as it is now.
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,         -- in the order of first capture
    id TEXT NOT NULL UNIQUE,
    page INTEGER REFERENCES pages (number),     -- where it was last read
    state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'gone')),
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    url TEXT,
    headline TEXT,
    headline_key INTEGER,               -- the same for every printing of the headline
    published_at TEXT,
    section TEXT,                       -- the outermost
    layout TEXT NOT NULL,
    duplicate_of TEXT,                  -- an id
    near_duplicate_of TEXT,             -- an id
    similarity REAL,                    -- with that one
    first_seen TEXT NOT NULL,
    seen_at TEXT NOT NULL,              -- the last capture or confirmation
    linked_at TEXT                      -- the last capture whose links were read
) STRICT;
CREATE INDEX articles_digest ON articles (digest);
CREATE INDEX articles_headline ON articles (headline_key);
CREATE INDEX articles_section ON articles (section);
CREATE INDEX articles_gone ON articles (number) WHERE state = 'gone';
CREATE INDEX articles_page ON articles (page) WHERE page IS NOT NULL;
CREATE INDEX articles_duplicate ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX articles_near ON articles (near_duplicate_of) WHERE near_duplicate_of IS NOT NULL;

-- What finds near copies: texts that share a band may be alike, and from their hints it is guessed whether they are.
-- Which scheme made them is noted under copies_scheme.
CREATE TABLE bands (
    band INTEGER NOT NULL,
    article INTEGER NOT NULL,
    hint INTEGER NOT NULL,
    PRIMARY KEY (band, article)
) STRICT, WITHOUT ROWID;

-- The sieve of the bands (sieve.py) as the last run left it; under copies_sieve it is noted whether it is theirs.
CREATE TABLE sieve (
    start INTEGER PRIMARY KEY,          -- the first byte of this part
    bits BLOB NOT NULL
) STRICT;

CREATE TABLE revisions (
    number INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (number),
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    captured_at TEXT,
    capture TEXT NOT NULL,              -- JSON
    first_seen TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    record TEXT NOT NULL,               -- the line of the archive feed, without its end
    UNIQUE (article, revision)
) STRICT;
CREATE INDEX revisions_changes ON revisions (number) WHERE revision > 1;

-- What the server said of an article's page when that was not the article: each 404 and 410, and each return.
CREATE TABLE observations (
    number INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (number),
    at TEXT NOT NULL,
    status INTEGER NOT NULL,
    capture TEXT                        -- JSON
) STRICT;
CREATE INDEX observations_article ON observations (article);

-- The edges of "Tin liên quan", as printed when last seen.
CREATE TABLE links (
    number INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES articles (number),
    kind TEXT NOT NULL DEFAULT 'related',
    target TEXT,                        -- an article's id; NULL where the link has no address
    url TEXT,
    headline TEXT NOT NULL,
    headline_key INTEGER,
    teaser TEXT,
    position INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL             -- equal to the article's linked_at: it still stands there
) STRICT;
CREATE UNIQUE INDEX links_edge ON links (source, kind, coalesce(url, headline));
CREATE INDEX links_target ON links (target) WHERE target IS NOT NULL;
CREATE INDEX links_headline ON links (headline_key) WHERE target IS NULL;

-- The archive feed: which line stands where in which day's file.
CREATE TABLE feed (
    seq INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (number),
    revision INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('new', 'revised', 'gone')),
    day TEXT NOT NULL,
    start INTEGER NOT NULL,             -- the line's first byte in the file of its day
    length INTEGER NOT NULL
) STRICT;
CREATE INDEX feed_day ON feed (day);
CREATE INDEX feed_article ON feed (article);

CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    job INTEGER,
    spider TEXT NOT NULL,
    arguments TEXT NOT NULL,            -- JSON
    version TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,                   -- NULL: it runs, or it was killed
    exit_code INTEGER,
    reason TEXT,
    report TEXT                         -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_started ON runs (started_at);
CREATE INDEX runs_alike ON runs (spider, arguments, started_at);

-- Hosts that asked to be left alone.
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    held_until TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The WARC record that holds a body, by 128 bits of a hash of address and digest; of the address alone for the
-- last good body.
CREATE TABLE payloads (
    key BLOB PRIMARY KEY,
    at TEXT NOT NULL,                   -- its WARC-Date
    record BLOB NOT NULL                -- its UUID
) STRICT, WITHOUT ROWID;

-- Where in the archive the records are that were taken in: later ones refer to their bodies.
CREATE TABLE places (
    record BLOB PRIMARY KEY,            -- its UUID
    warc TEXT NOT NULL,
    start INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The search index, kept by indexing.py. A document's number is its place in time: the newest is the highest.
CREATE TABLE search_documents (
    number INTEGER PRIMARY KEY,
    article INTEGER NOT NULL UNIQUE REFERENCES articles (number),
    revision INTEGER NOT NULL,          -- the one whose words are in the index
    published INTEGER                   -- seconds since 1970
) STRICT;
-- Articles whose words are to enter the index at the end of this transaction.
CREATE TABLE search_queue (article INTEGER PRIMARY KEY REFERENCES articles (number)) STRICT;
-- Folded words that stand in any text, for prefixes.
CREATE TABLE search_words (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- What opens an article, apart from the whole: most searches end here. The words come as tokens, in ASCII or not.
CREATE VIRTUAL TABLE search_fronts USING fts5(
    headline, lead, facets, content = '', tokenize = 'ascii');
CREATE VIRTUAL TABLE search_texts USING fts5(
    body, headline, lead, facets, content = '', tokenize = 'ascii');

-- Small facts about the whole catalogue, by name.
CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The ledger: the lists of the site, and what each of them listed.
CREATE TABLE sources (
    number INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,           -- the first page of the list
    kind TEXT NOT NULL CHECK (kind IN ('feed', 'list', 'latest', 'sitemap')),
    section TEXT,                       -- the path of the section, where the list is one's own
    read_to TEXT                        -- the day back to which it was read without a gap; NULL: not yet
) STRICT;
CREATE TABLE listings (
    page INTEGER NOT NULL REFERENCES pages (number),
    source INTEGER NOT NULL REFERENCES sources (number),
    published_at TEXT,                  -- as the list gave it
    first_listed TEXT NOT NULL,
    last_listed TEXT NOT NULL,
    PRIMARY KEY (page, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_first ON listings (first_listed);
