//! Each field of a valid manifest, broken in eight ways: each time exactly one finding, at that field.

use scripted::Scripted;
use serde_json::{Value, json};

use super::repository::{Finding, doctor, repository};

/// The manifests in one repository.
const BATCH: usize = 40;

/// A valid manifest, and how its fields can be broken.
struct Subject {
    pack: &'static str,
    document: Value,
    /// Strings that can have any value.
    free: &'static [&'static str],
    /// Fields that can be null.
    nullable: &'static [&'static str],
    /// Mappings whose content is not described.
    open: &'static [&'static str],
    /// Fields that cannot be missing.
    required: &'static [&'static str],
    /// Writes a manifest under a number; returns its path.
    place: fn(&Scripted, usize, &Value, &str) -> String,
}

/// A broken manifest, and the field.
struct Mutant {
    document: Value,
    pointer: String,
    change: String,
}

/// Eight values that a field cannot have.
fn wrong_values(value: &Value, is_free: bool, is_nullable: bool) -> Vec<Value> {
    let null = if is_nullable { json!([[]]) } else { Value::Null };
    match value {
        Value::String(_) if is_free => {
            vec![null, json!(7), json!(-1), json!(2.5), json!(true), json!(false), json!([]), json!({"a": 1})]
        }
        Value::String(_) => {
            vec![
                null,
                json!(7),
                json!(2.5),
                json!(true),
                json!(""),
                json!("no such ~ value"),
                json!([]),
                json!({"a": 1}),
            ]
        }
        Value::Bool(_) => {
            vec![
                null,
                json!(0),
                json!(2.5),
                json!("true"),
                json!(""),
                json!([]),
                json!({"a": 1}),
                json!(["true"]),
            ]
        }
        Value::Number(_) => {
            vec![
                null,
                json!(-1),
                json!(2.5),
                json!("seven"),
                json!(""),
                json!(true),
                json!([]),
                json!({"a": 1}),
            ]
        }
        Value::Array(_) => {
            vec![
                null,
                json!(7),
                json!(2.5),
                json!(true),
                json!(""),
                json!("no such ~ value"),
                json!({"a": 1}),
                json!([[7]]),
            ]
        }
        _ => vec![
            null,
            json!(7),
            json!(2.5),
            json!(true),
            json!(""),
            json!("no such ~ value"),
            json!([]),
            json!([7]),
        ],
    }
}

/// The pointers of all fields.
fn pointers(value: &Value, at: &str, open: &[&str], found: &mut Vec<String>) {
    if !at.is_empty() {
        found.push(at.to_string());
    }
    match value {
        _ if open.contains(&at) => {}
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            pointers(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), open, found);
        }),
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(number, value)| pointers(value, &format!("{at}/{number}"), open, found));
        }
        _ => {}
    }
}

fn mutants(subject: &Subject) -> Vec<Mutant> {
    let mut found = Vec::new();
    pointers(&subject.document, "", subject.open, &mut found);
    let mut mutants = Vec::new();
    for pointer in found {
        let value = subject.document.pointer(&pointer).unwrap();
        let (is_free, is_nullable) =
            (subject.free.contains(&pointer.as_str()), subject.nullable.contains(&pointer.as_str()));
        for wrong in wrong_values(value, is_free, is_nullable) {
            let mut document = subject.document.clone();
            *document.pointer_mut(&pointer).unwrap() = wrong.clone();
            mutants.push(Mutant { document, pointer: pointer.clone(), change: wrong.to_string() });
        }
        if subject.required.contains(&pointer.as_str()) {
            let mut document = subject.document.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
            mutants.push(Mutant { document, pointer, change: "missing".into() });
        }
    }
    mutants
}

/// Returns the problems of the mutants of a manifest, and their number.
fn problems(subject: &Subject) -> (Vec<String>, usize) {
    let mutants = mutants(subject);
    let mut problems = Vec::new();
    for batch in mutants.chunks(BATCH) {
        let scripted = repository(subject.pack, "");
        let valid = (subject.place)(&scripted, BATCH, &subject.document, "");
        let places: Vec<String> = batch
            .iter()
            .enumerate()
            .map(|(number, mutant)| (subject.place)(&scripted, number, &mutant.document, &mutant.pointer))
            .collect();
        let findings = doctor(&scripted);
        let at = |path: &str| findings.iter().filter(|finding| finding.path == path).collect::<Vec<_>>();
        assert_eq!(at(&valid), Vec::<&Finding>::new(), "{}: the manifest itself is valid", subject.pack);
        for (mutant, path) in batch.iter().zip(&places) {
            let found = at(path);
            let is_inside = |finding: &&&Finding| {
                let rest = finding.pointer.strip_prefix(&mutant.pointer);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if found.len() != 1 || found.iter().filter(is_inside).count() != 1 {
                problems.push(format!("{} {} → {}: {found:?}", subject.pack, mutant.pointer, mutant.change));
            }
        }
    }
    (problems, mutants.len())
}

/// Gives a manifest a name of its own, unless its name is what is broken.
fn rename(document: &Value, pointer: &str, field: &str, name: &str) -> String {
    let mut document = document.clone();
    if pointer != field {
        *document.pointer_mut(field).unwrap() = json!(name);
    }
    document.to_string()
}

fn place_cartero(scripted: &Scripted, number: usize, document: &Value, pointer: &str) -> String {
    let path = format!("plugins/m{number}.yaml");
    scripted.write(&path, rename(document, pointer, "/name", &format!("m{number}")));
    path
}

fn place_flowbot(scripted: &Scripted, number: usize, document: &Value, pointer: &str) -> String {
    let path = format!("plugins/m{number}/plugin.yaml");
    for file in ["plugin.wasm", "server"] {
        scripted.write(format!("plugins/m{number}/{file}"), "");
    }
    scripted.write(&path, rename(document, pointer, "/name", &format!("acme/m{number}")));
    path
}

fn place_tribes(scripted: &Scripted, number: usize, document: &Value, pointer: &str) -> String {
    let directory = format!("plugins/m{number}");
    let mix = "defmodule Acme.MixProject do\n  use Mix.Project\n\n  def project do\n    [app: :acme_weather, deps: [{:tribes_plugin_api, \"~> 0.1\"}]]\n  end\nend\n";
    scripted.write(format!("{directory}/mix.exs"), mix);
    let plugin = "defmodule Acme.Weather.Plugin do\n  use Tribes.Plugin.Base, otp_app: :acme_weather\nend\n";
    scripted.write(format!("{directory}/lib/plugin.ex"), plugin);
    let path = format!("{directory}/manifest.json");
    let text = rename(document, pointer, "/id", &format!("org.example.m{number}"));
    let document: Value = serde_json::from_str(&text).unwrap();
    scripted.write(&path, rename(&document, pointer, "/slug", &format!("acme-m{number}")));
    path
}

fn place_channel(scripted: &Scripted, number: usize, document: &Value, pointer: &str) -> String {
    let path = format!("channels/m{number}/channel-plugin.json");
    scripted.write(&path, rename(document, pointer, "/name", &format!("channel-m{number}")));
    path
}

fn place_catalog(scripted: &Scripted, number: usize, document: &Value, _: &str) -> String {
    let path = format!("m{number}/catalog/extensions.json");
    scripted.write(&path, document.to_string());
    path
}

fn place_capabilities(scripted: &Scripted, number: usize, document: &Value, pointer: &str) -> String {
    let path = format!("tools/m{number}.capabilities.json");
    scripted.write(&path, rename(document, pointer, "/name", &format!("m{number}")));
    path
}

fn place_entry(scripted: &Scripted, number: usize, document: &Value, pointer: &str) -> String {
    let path = format!("registry/tools/m{number}.json");
    scripted.write(&path, rename(document, pointer, "/name", &format!("m{number}")));
    path
}

fn assert_one_finding_each(subject: &Subject, least: usize) {
    let (problems, count) = problems(subject);
    assert!(count >= least, "{}: {count} mutants", subject.pack);
    assert!(problems.is_empty(), "{} of {count}:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn a_broken_field_of_cartero_is_one_finding() {
    let document = json!({
        "schema_version": "v1", "name": "m", "version": "1.2.0", "kind": "integration", "mode": "operator-review", "safe": true,
        "capabilities": ["events.ingest", "audience.sync"], "trust": {"level": "reviewed", "review_required": false},
        "description": "A plugin for tests.",
    });
    let subject = Subject {
        pack: "cartero",
        document,
        free: &["/description"],
        nullable: &[],
        open: &[],
        required: &[
            "/schema_version",
            "/name",
            "/version",
            "/kind",
            "/mode",
            "/safe",
            "/capabilities",
            "/trust",
            "/trust/level",
            "/trust/review_required",
        ],
        place: place_cartero,
    };
    assert_one_finding_each(&subject, 100);
}

#[test]
fn a_broken_field_of_flowbot_is_one_finding() {
    let document = json!({
        "name": "m", "version": "1.2.0", "description": "A plugin for tests.", "author": "Acme", "runtime": "wasm",
        "provides": {
            "module": true, "abilities": [{"capability": "forecast", "operations": ["today"]}],
            "provider": {"name": "sky", "oauth": false},
        },
        "wasm": {
            "module": "./plugin.wasm",
            "permissions": {
                "http": [{"host": "api.example.org"}], "filesystem": [{"path": "./data", "mode": "read"}],
                "memory": {"max": "64MB"}, "execution": {"timeout": "30s"},
            },
            "pool": {"max_instances": 4, "wait_timeout": "5s"},
        },
    });
    let subject = Subject {
        pack: "flowbot",
        document,
        free: &[
            "/description",
            "/author",
            "/provides/abilities/0/capability",
            "/provides/abilities/0/operations/0",
            "/provides/provider/name",
            "/wasm/permissions/filesystem/0/path",
            "/wasm/module",
        ],
        nullable: &[],
        open: &[],
        required: &[
            "/name",
            "/runtime",
            "/wasm",
            "/wasm/module",
            "/provides/abilities/0/capability",
            "/provides/provider/name",
            "/wasm/permissions/http/0/host",
            "/wasm/permissions/filesystem/0/path",
            "/wasm/permissions/filesystem/0/mode",
            "/wasm/permissions/memory/max",
            "/wasm/permissions/execution/timeout",
        ],
        place: place_flowbot,
    };
    assert_one_finding_each(&subject, 250);
}

#[test]
fn a_broken_field_of_tribes_is_one_finding() {
    let document = json!({
        "id": "org.example.m", "slug": "acme-m", "otp_app": "acme_weather", "entry_module": "Acme.Weather.Plugin", "host_api": "1",
        "version": "0.1.0", "description": "A plugin for tests.", "provides": ["org.example.caps.weather@1"],
        "requires": ["org.tribe-one.caps.ui@1"], "enhances_with": ["org.example.caps.maps@1"], "migrations": false, "children": false,
    });
    let subject = Subject {
        pack: "tribes",
        document,
        free: &["/description", "/host_api"],
        nullable: &[],
        open: &["/host_api"],
        required: &["/id", "/slug", "/otp_app", "/entry_module", "/host_api"],
        place: place_tribes,
    };
    // An integer is a version of the host API.
    let (problems, count) = problems(&subject);
    let wrong: Vec<&String> =
        problems.iter().filter(|problem| !problem.starts_with("tribes /host_api → 7")).collect();
    assert!(count > 110 && wrong.is_empty(), "{count}: {wrong:#?}");
}

#[test]
fn a_broken_field_of_a_dispatch_manifest_is_one_finding() {
    let document = json!({
        "kind": "channel", "name": "channel-m", "version": "0.2.0", "protocol": "jsonl", "protocol_version": 1,
        "description": "A plugin for tests.", "entrypoint": {"command": "./bin/m", "args": ["--stdio"]},
        "auth": {"mode": "manual", "provider": "Pager", "setup_url": "https://pager.example.org/", "scopes": ["send"]},
        "capabilities": {
            "channel": {
                "platform": "pager", "ingress_modes": ["webhook"], "attachment_support": true, "allowed_paths": ["/pager/in"],
                "ingress": {
                    "endpoints": [{"path": "/pager/in", "methods": ["POST"], "host_managed": true}],
                    "polling": {"min_interval_ms": 100}, "trust": {"mode": "shared_secret_header", "secret_name": "PAGER_SECRET"},
                },
                "delivery": {"push": true, "attachment_sources": ["url"]},
            },
            "http": {"allowlist": [{"host": "pager.example.org", "path_prefix": "/api/", "methods": ["GET"]}]},
            "secrets": {"allowed_names": ["PAGER_*"]},
            "ingress": {"allowed_paths": ["/pager/in"], "signature_secret_env": "PAGER_SECRET"},
            "rate_limits": {"outbound_per_minute": 60},
        },
        "requirements": {"secrets": ["PAGER_TOKEN"], "network_domains": ["pager.example.org"], "platforms": ["pager"]},
    });
    let subject = Subject {
        pack: "dispatch",
        document,
        free: &[
            "/description",
            "/entrypoint/args/0",
            "/entrypoint/command",
            "/auth/mode",
            "/auth/provider",
            "/auth/scopes/0",
            "/capabilities/channel/platform",
            "/capabilities/channel/ingress_modes/0",
            "/capabilities/channel/ingress/trust/mode",
            "/requirements/platforms/0",
        ],
        nullable: &[],
        open: &[],
        required: &[
            "/name",
            "/version",
            "/protocol",
            "/protocol_version",
            "/entrypoint",
            "/entrypoint/command",
            "/auth/mode",
            "/capabilities/http/allowlist/0/host",
            "/capabilities/channel/ingress/endpoints/0/path",
        ],
        place: place_channel,
    };
    assert_one_finding_each(&subject, 400);
}

#[test]
fn a_broken_field_of_a_dispatch_catalog_is_one_finding() {
    let document = json!({
        "schema": "https://example.org/catalog.json", "catalog_id": "acme", "repository": "pagers",
        "entries": [{
            "id": "acme.channel.m", "name": "channel-m", "display_name": "M", "kind": "channel", "version": "0.2.0",
            "description": "A plugin for tests.", "protocol": "jsonl", "protocol_version": 1,
            "manifest_url": "https://example.org/v0.2.0/channel-plugin.json", "keywords": ["pager"],
            "auth": {"method": "manual", "provider": "Pager"}, "requirements": {"secrets": ["PAGER_TOKEN"]},
            "source": {
                "type": "github_release", "repo": "acme/pagers", "tag": "v0.2.0", "checksum_asset": "SHA256SUMS.txt",
                "binaries": [{"target": "x86_64-unknown-linux-gnu", "asset": "pager-linux", "binary_name": "pager"}],
            },
            "signatures": {
                "minisign_pubkey": "RWQaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "signature_asset": "sums.minisig",
            },
        }],
    });
    let subject = Subject {
        pack: "dispatch",
        document,
        free: &[
            "/schema",
            "/repository",
            "/entries/0/display_name",
            "/entries/0/description",
            "/entries/0/keywords/0",
            "/entries/0/auth/method",
            "/entries/0/auth/provider",
            "/entries/0/source/tag",
            "/entries/0/source/binaries/0/target",
        ],
        nullable: &[],
        open: &[],
        required: &[
            "/entries",
            "/entries/0/name",
            "/entries/0/kind",
            "/entries/0/version",
            "/entries/0/source/type",
            "/entries/0/source/repo",
            "/entries/0/source/tag",
            "/entries/0/source/binaries",
            "/entries/0/source/binaries/0/target",
            "/entries/0/source/binaries/0/asset",
            "/entries/0/source/binaries/0/binary_name",
            "/entries/0/signatures/minisign_pubkey",
            "/entries/0/signatures/signature_asset",
            "/entries/0/auth/method",
        ],
        place: place_catalog,
    };
    assert_one_finding_each(&subject, 250);
}

#[test]
fn a_broken_field_of_an_ironclaw_capability_file_is_one_finding() {
    let document = json!({
        "version": "0.2.0", "wit_version": "0.3.0", "type": "channel", "name": "m", "description": "A plugin for tests.",
        "auth": {"secret_name": "m_token", "validation_endpoint": {"url": "https://m.example.org/", "method": "GET"}},
        "setup": {"required_secrets": [{"name": "m_token", "prompt": "Token", "optional": false}]},
        "capabilities": {
            "http": {
                "allowlist": [{"host": "m.example.org", "path_prefix": "/api/", "methods": ["GET"]}],
                "credentials": {
                    "a": {"secret_name": "m_token", "location": {"type": "bearer"}, "host_patterns": ["m.example.org"]},
                    "b": {"secret_name": "m_token", "location": {"type": "header", "name": "X-Key"}},
                },
                "rate_limit": {"requests_per_minute": 60, "requests_per_hour": 600}, "timeout_secs": 30,
            },
            "secrets": {"allowed_names": ["m_*"]},
            "channel": {"allowed_paths": ["/webhook/m"], "allow_polling": false, "webhook": {"hmac_secret_name": "m_secret"}},
        },
        "config": {"owner": "a"},
    });
    let subject = Subject {
        pack: "ironclaw",
        document,
        free: &[
            "/description",
            "/type",
            "/auth/secret_name",
            "/setup/required_secrets/0/name",
            "/setup/required_secrets/0/prompt",
            "/auth/validation_endpoint/url",
            "/capabilities/http/credentials/a/secret_name",
            "/capabilities/http/credentials/b/secret_name",
            "/capabilities/http/credentials/b/location/name",
            "/capabilities/secrets/allowed_names/0",
            "/capabilities/channel/webhook/hmac_secret_name",
        ],
        nullable: &[
            "/version",
            "/wit_version",
            "/description",
            "/auth",
            "/auth/validation_endpoint",
            "/setup",
            "/capabilities",
            "/capabilities/http",
            "/capabilities/http/allowlist/0/path_prefix",
            "/capabilities/http/rate_limit",
            "/capabilities/http/timeout_secs",
            "/capabilities/secrets",
            "/capabilities/channel",
            "/capabilities/channel/webhook",
            "/capabilities/channel/webhook/hmac_secret_name",
        ],
        open: &["/config"],
        required: &[
            "/name",
            "/auth/secret_name",
            "/setup/required_secrets/0/name",
            "/setup/required_secrets/0/prompt",
            "/capabilities/http/allowlist/0/host",
            "/capabilities/http/credentials/a/secret_name",
            "/capabilities/http/credentials/a/location",
            "/capabilities/http/credentials/a/location/type",
            "/capabilities/http/credentials/b/location/name",
        ],
        place: place_capabilities,
    };
    assert_one_finding_each(&subject, 300);
}

#[test]
fn a_broken_field_of_an_ironclaw_entry_is_one_finding() {
    let document = json!({
        "name": "m", "display_name": "M", "kind": "tool", "version": "0.2.0", "wit_version": "0.3.0",
        "description": "A plugin for tests.", "keywords": ["m"], "tags": ["default"],
        "source": {"dir": "tools-src/m", "capabilities": "m.json", "crate_name": "m"},
        "artifacts": {"wasm32-wasip2": {"url": "https://example.org/m.tar.gz", "sha256": "5f".repeat(32)}},
        "auth_summary": {"method": "manual", "secrets": ["m_token"]},
    });
    let subject = Subject {
        pack: "ironclaw",
        document,
        free: &[
            "/display_name",
            "/description",
            "/keywords/0",
            "/tags/0",
            "/source/dir",
            "/source/capabilities",
            "/source/crate_name",
            "/auth_summary/method",
            "/auth_summary/secrets/0",
        ],
        nullable: &[
            "/version",
            "/wit_version",
            "/source",
            "/artifacts/wasm32-wasip2/url",
            "/auth_summary",
            "/auth_summary/method",
        ],
        open: &[],
        required: &[
            "/name",
            "/display_name",
            "/kind",
            "/description",
            "/source/dir",
            "/source/capabilities",
            "/source/crate_name",
        ],
        place: place_entry,
    };
    assert_one_finding_each(&subject, 150);
}
