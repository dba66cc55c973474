-- Lines are counted from 1, as `id-ledger log` prints them. Times are in UTC: 2026-01-01T00:00:00Z.
PRAGMA user_version = 2;

CREATE TABLE log (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL, signed_by TEXT
) STRICT;

CREATE TABLE identities (
    ulid TEXT PRIMARY KEY NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, version TEXT,
    status TEXT NOT NULL, owner TEXT, visibility TEXT NOT NULL, notes TEXT, created_at TEXT, recorded INTEGER NOT NULL,
    merged_into TEXT REFERENCES identities (ulid) DEFERRABLE INITIALLY DEFERRED, replaced_by TEXT,
    deprecated_reason TEXT, deprecated_at TEXT, tag TEXT, sha256 TEXT
) STRICT;

CREATE TABLE events (
    line INTEGER PRIMARY KEY NOT NULL, type TEXT NOT NULL, ulid TEXT REFERENCES identities (ulid), time TEXT NOT NULL,
    actor TEXT NOT NULL, commit_id TEXT, event_ulid TEXT NOT NULL, payload TEXT NOT NULL, leaf_hash TEXT NOT NULL
) STRICT;

CREATE TABLE keys (
    key TEXT PRIMARY KEY NOT NULL, ulid TEXT NOT NULL REFERENCES identities (ulid), is_current INTEGER NOT NULL,
    since_line INTEGER REFERENCES events (line)
) STRICT;

CREATE TABLE versions (
    ulid TEXT NOT NULL REFERENCES identities (ulid), version TEXT NOT NULL, line INTEGER NOT NULL REFERENCES events (line),
    time TEXT NOT NULL, commit_id TEXT, tree TEXT, sha256 TEXT NOT NULL, tag TEXT,
    yanked_line INTEGER REFERENCES events (line), yanked_reason TEXT,
    PRIMARY KEY (ulid, version)
) STRICT;

CREATE TABLE aliases (
    alias TEXT NOT NULL, ulid TEXT NOT NULL REFERENCES identities (ulid), since_line INTEGER REFERENCES events (line),
    PRIMARY KEY (ulid, alias)
) STRICT;

CREATE TABLE owner_history (
    ulid TEXT NOT NULL REFERENCES identities (ulid), owner TEXT NOT NULL, since_line INTEGER REFERENCES events (line),
    until_line INTEGER REFERENCES events (line),
    UNIQUE (ulid, since_line)
) STRICT;

CREATE TABLE path_history (
    ulid TEXT NOT NULL REFERENCES identities (ulid), path TEXT NOT NULL, since_line INTEGER REFERENCES events (line),
    until_line INTEGER REFERENCES events (line),
    UNIQUE (ulid, since_line)
) STRICT;

-- What was published when, by whom, and is it yanked?
CREATE VIEW published AS
SELECT
    versions.line, identities.key, versions.ulid, identities.kind, versions.version, versions.time AS published_at,
    publish.actor AS published_by, versions.commit_id, versions.tag, versions.sha256,
    versions.yanked_line IS NOT NULL AS yanked, versions.yanked_reason, yank.time AS yanked_at, yank.actor AS yanked_by
FROM versions
JOIN identities ON identities.ulid = versions.ulid
JOIN events AS publish ON publish.line = versions.line
LEFT JOIN events AS yank ON yank.line = versions.yanked_line
ORDER BY versions.line;

-- The identities in use, each with its last published version.
CREATE VIEW current AS
SELECT
    identities.key, identities.ulid, identities.kind, identities.path, identities.owner, identities.status,
    identities.visibility, identities.version, published.published_at, published.published_by, published.tag,
    published.sha256, published.yanked, published.yanked_reason
FROM identities
LEFT JOIN published ON published.ulid = identities.ulid AND published.version = identities.version
WHERE identities.status NOT IN ('consolidated', 'retired')
ORDER BY identities.key;
