//! Exports of the registry for other tools: JSON, CSV, Markdown.

use artifact::Ulid;
use diagnostic::sanitise;
use serde_json::{Map, Value, json};

use super::{Contents, Entry, Exported};

/// The columns of tables, in order.
pub const COLUMNS: [&str; 15] = [
    "ulid",
    "key",
    "kind",
    "path",
    "version",
    "status",
    "aliases",
    "owner",
    "tag",
    "sha256",
    "replaced_by",
    "merged_into",
    "yanked",
    "recorded",
    "visibility",
];

/// An identity as a table shows it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'e> {
    /// Its ULID.
    pub ulid: Ulid,
    /// Its facts.
    pub entry: &'e Entry,
    /// `public` or `private`.
    pub visibility: &'static str,
}

/// Returns the identities of an export.
#[must_use]
pub fn rows(exported: &Exported) -> Vec<Row<'_>> {
    let identities = exported.contents.by_ulid.iter();
    identities
        .map(|(ulid, entry)| Row { ulid: *ulid, entry, visibility: exported.visibility(*ulid) })
        .collect()
}

/// Returns the cells of an identity in the order of [`COLUMNS`]; lists are joined by spaces.
#[must_use]
pub fn cells(row: &Row<'_>) -> [String; 15] {
    let Row { ulid, entry, visibility } = row;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        ulid.to_string(),
        entry.key.clone(),
        entry.kind.clone(),
        entry.path.clone(),
        text(&entry.version),
        entry.status.clone(),
        entry.aliases.join(" "),
        text(&entry.owner),
        text(&entry.tag),
        text(&entry.sha256),
        text(&entry.replaced_by),
        entry.merged_into.map(|ulid| ulid.to_string()).unwrap_or_default(),
        entry.yanked.join(" "),
        (!entry.unrecorded).to_string(),
        (*visibility).to_string(),
    ]
}

/// Returns an identity as JSON, with the fields of the registry and its visibility.
#[must_use]
pub fn entry_json(row: &Row<'_>) -> Value {
    let entry = row.entry;
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.into(), value);
    put("key", json!(entry.key));
    put("kind", json!(entry.kind));
    put("path", json!(entry.path));
    put("status", json!(entry.status));
    put("aliases", json!(entry.aliases));
    let optional = [
        ("version", &entry.version),
        ("owner", &entry.owner),
        ("tag", &entry.tag),
        ("sha256", &entry.sha256),
        ("replaced_by", &entry.replaced_by),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            put(name, json!(value));
        }
    }
    if let Some(target) = entry.merged_into {
        put("merged_into", json!(target.to_string()));
    }
    if !entry.yanked.is_empty() {
        put("yanked", json!(entry.yanked));
    }
    if entry.unrecorded {
        put("recorded", json!(false));
    }
    put("visibility", json!(row.visibility));
    Value::Object(object)
}

/// Returns the registry as JSON: the same document as the YAML, with the visibility of each identity.
#[must_use]
pub fn json(exported: &Exported) -> String {
    let Contents { sources, by_key, .. } = &exported.contents;
    let tree = |id: &Option<snapshot::ObjectId>| id.map(|id| id.to_string());
    let identities: Map<String, Value> =
        rows(exported).iter().map(|row| (row.ulid.to_string(), entry_json(row))).collect();
    let keys: Map<String, Value> =
        by_key.iter().map(|(key, ulid)| (key.clone(), json!(ulid.to_string()))).collect();
    let document = json!({
        "schema_version": 1,
        "sources": {
            "cards": tree(&sources.cards),
            "plugins": tree(&sources.plugins),
            "ledger_size": sources.ledger_size,
            "ledger_root": sources.ledger_root.to_string(),
        },
        "by_ulid": identities,
        "by_key": keys,
    });
    format!("{document:#}\n")
}

/// Returns identities as CSV (RFC 4180). Cells that a spreadsheet would run as a formula get an apostrophe in front.
#[must_use]
pub fn csv(rows: &[Row<'_>]) -> String {
    let cell = |text: &str| {
        // Line breaks and invisible characters are replaced.
        let text = sanitise::text(text);
        let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text };
        if text.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let mut text = COLUMNS.join(",") + "\r\n";
    for row in rows {
        let row: Vec<String> = cells(row).iter().map(|text| cell(text)).collect();
        text += &(row.join(",") + "\r\n");
    }
    text
}

/// Returns identities as a Markdown table.
#[must_use]
pub fn markdown(rows: &[Row<'_>]) -> String {
    // Text from the repository must not become markup.
    let cell = |text: &str| {
        let mut safe = String::new();
        let text = sanitise::text(text);
        for character in text.chars() {
            match character {
                '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&' | '~'
                | '@' => {
                    safe.extend(['\\', character]);
                }
                other if other.is_control() => safe.push(' '),
                other => safe.push(other),
            }
        }
        // Viewers turn bare addresses into links.
        safe.replace("://", "\\://").replace("www.", "www\\.")
    };
    let mut text = String::from(
        "| key | kind | version | status | path | owner | visibility | ULID |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for Row { ulid, entry, visibility } in rows {
        let version = entry.version.clone().unwrap_or_default();
        let yanked = if entry.yanked.contains(&version) { " (yanked)" } else { "" };
        let row = [
            cell(&entry.key),
            cell(&entry.kind),
            cell(&version) + yanked,
            cell(&entry.status),
            cell(&entry.path),
            cell(entry.owner.as_deref().unwrap_or_default()),
            (*visibility).to_string(),
            ulid.to_string(),
        ];
        text += &format!("| {} |\n", row.join(" | "));
    }
    text
}
