//! `healthcheck.md`: the probes that say whether a plugin is well, and the thresholds that its policy snapshot sets.

use artifact::{PluginSpec, Problem, scalar};

use super::manual::Manual;
use super::readme::{BEGINS, GENERATED, plain};
use super::snapshot::Resolved;
use super::{HEALTH, Standing};

/// How long a probe may take where nothing else is said, in milliseconds.
pub const TIMEOUT: i64 = 10_000;

/// Makes the health check of a spec, under the policy that its version was made under.
///
/// # Errors
/// When the MANUAL sections of the one that stands cannot be told apart.
pub fn make(spec: &PluginSpec, standing: &Standing, policy: &Resolved) -> Result<String, Problem> {
    let mut manual = Manual::of(standing.files.get(HEALTH), BEGINS)?;
    let mut text = format!(
        "{GENERATED}\n# Health of {}\n\nThe plugin is well when every probe passes within its time. Probes run in the plugin's folder.\n",
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
    let startup = policy.number("performance", "startup_ms").unwrap_or(TIMEOUT).max(1);
    let longest = policy.number("security", "execution_timeout_ms").unwrap_or(i64::MAX);
    for probe in probes(spec, startup, longest) {
        text += &format!("\n```yaml probe\n{probe}```\n");
    }
    text += &format!("\n{}", manual.place("probes"));
    text += &format!("\n{}", manual.place("notes"));
    text += &manual.rest();
    Ok(text)
}

/// The probes that follow from how a plugin is run: within the time that it takes to start, and may run.
fn probes(spec: &PluginSpec, startup: i64, longest: i64) -> Vec<String> {
    let entry = scalar::write(&spec.runtime.entry);
    let last =
        |kind: &str, rest: &str| vec![format!("name: {kind}\nkind: {kind}\n{rest}timeout_ms: {startup}\n")];
    match (spec.runtime.kind.as_str(), spec.launch()) {
        ("process", Some(words)) if !spec.operations.is_empty() => {
            let examples = spec.operations.iter().map(|operation| {
                let name = &operation.name;
                let words: Vec<String> = words.iter().chain([name]).map(|text| scalar::write(text)).collect();
                let runs = operation.timeout_ms.unwrap_or(TIMEOUT).min(longest);
                let timeout = runs.saturating_add(startup).min(600_000);
                format!(
                    "name: example_{name}\nkind: command\nrun: [{}]\nstdin: examples/{name}_request.json\nexpect: {{exit: 0, stdout: examples/{name}_response.json}}\ntimeout_ms: {timeout}\n",
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
