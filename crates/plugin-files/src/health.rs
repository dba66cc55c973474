//! `healthcheck.md`: the probes that test whether a plugin is healthy, and the thresholds of its policy snapshot.

use artifact::{PluginSpec, Problem, scalar};

use super::manual::Manual;
use super::policy_snapshot::PolicySnapshot;
use super::readme::{BEGINS, GENERATED, plain};
use super::{HEALTH, PluginFiles};

/// The default timeout of a probe, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: i64 = 10_000;

/// Generates the health check of a spec with its policy snapshot.
///
/// # Errors
/// When the MANUAL sections of the existing file are invalid.
pub fn make(spec: &PluginSpec, existing: &PluginFiles, policy: &PolicySnapshot) -> Result<String, Problem> {
    let mut manual = Manual::of(existing.files.get(HEALTH), BEGINS)?;
    let mut text = format!(
        "{GENERATED}\n# Health of {}\n\nThe plugin is healthy if every probe passes within its time. Probes run in the plugin's directory.\n",
        plain(&spec.name)
    );
    let thresholds = policy.numbers("performance");
    if !thresholds.is_empty() {
        text += "\n## Thresholds\n\n```yaml thresholds\n";
        for (name, number) in thresholds {
            text += &format!("{name}: {number}\n");
        }
        text += "```\n";
    }
    text += "\n## Probes\n";
    let startup = policy.number("performance", "startup_ms").unwrap_or(DEFAULT_TIMEOUT_MS).max(1);
    let longest = policy.number("security", "execution_timeout_ms").unwrap_or(i64::MAX);
    for probe in probes(spec, startup, longest) {
        text += &format!("\n```yaml probe\n{probe}```\n");
    }
    text += &format!("\n{}", manual.take_section("probes"));
    text += &format!("\n{}", manual.take_section("notes"));
    text += &manual.remaining();
    Ok(text)
}

/// Returns the probes for the kind of runtime, with timeouts from the limits for start and execution.
fn probes(spec: &PluginSpec, startup: i64, longest: i64) -> Vec<String> {
    let entry = scalar::write(&spec.runtime.entry);
    let last =
        |kind: &str, rest: &str| vec![format!("name: {kind}\nkind: {kind}\n{rest}timeout_ms: {startup}\n")];
    match (spec.runtime.kind.as_str(), spec.launch()) {
        ("process", Some(words)) if !spec.operations.is_empty() => {
            let examples = spec.operations.iter().map(|operation| {
                let name = &operation.name;
                let words: Vec<String> = words.iter().chain([name]).map(|text| scalar::write(text)).collect();
                let runs = operation.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS).min(longest);
                let timeout = runs.saturating_add(startup).min(600_000);
                let stdin = match operation.input.as_str() {
                    "" => String::new(),
                    _ => format!("stdin: examples/{name}_request.json\n"),
                };
                let stdout = match operation.output.as_str() {
                    "" => String::new(),
                    _ => format!(", stdout: examples/{name}_response.json"),
                };
                format!(
                    "name: example_{name}\nkind: command\nrun: [{}]\n{stdin}expect: {{exit: 0{stdout}}}\ntimeout_ms: {timeout}\n",
                    words.join(", ")
                )
            });
            examples.collect()
        }
        ("wasm", _) => last("wasm", &format!("module: {entry}\nexport: health\n")),
        ("grpc", _) => last("grpc", "service: \"\"\naddress: \"127.0.0.1:50051\"\n"),
        ("external", _) => last("http", "url: \"${BASE_URL}/health\"\nmethod: GET\nexpect: {status: 200}\n"),
        _ => last("file", &format!("path: {entry}\n")),
    }
}
