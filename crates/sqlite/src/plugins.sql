-- The plugins of other systems in a tree: one row per manifest. `application_id` is "idgd".
CREATE TABLE plugin (
    dialect TEXT NOT NULL, path TEXT NOT NULL, identity TEXT, version TEXT, kind TEXT, mode TEXT, trust TEXT,
    valid INTEGER NOT NULL, json TEXT, blob TEXT NOT NULL,
    PRIMARY KEY (dialect, path)
) STRICT;

CREATE TABLE capability (
    dialect TEXT NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (dialect, path, name),
    FOREIGN KEY (dialect, path) REFERENCES plugin (dialect, path)
) STRICT;

CREATE TABLE diagnostic (
    dialect TEXT NOT NULL, path TEXT NOT NULL, code TEXT NOT NULL, rule TEXT NOT NULL, pointer TEXT, line INTEGER,
    message TEXT NOT NULL,
    FOREIGN KEY (dialect, path) REFERENCES plugin (dialect, path)
) STRICT;

CREATE INDEX plugin_by_identity ON plugin (identity);
CREATE INDEX plugin_by_kind ON plugin (dialect, kind);
CREATE INDEX capability_by_name ON capability (name);
CREATE INDEX diagnostic_by_plugin ON diagnostic (dialect, path);
CREATE INDEX diagnostic_by_rule ON diagnostic (rule);
