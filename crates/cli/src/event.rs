//! Base and head of a GitHub event.

use artifact::{Limits, Syntax, Value, parse};
use snapshot::ObjectId;

/// The limits of an event file; GitHub's own limit on payloads is 25 MB.
const LIMITS: Limits = Limits { bytes: 32 << 20, depth: 64, nodes: 2_000_000 };

/// The change of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// The event's name.
    pub(crate) name: String,
    /// The base commit; `None` if the event creates the branch.
    pub(crate) base: Option<ObjectId>,
    /// The base branch, whose current tip replaces `base`.
    pub(crate) base_branch: Option<String>,
    /// The commit to check.
    pub(crate) head: ObjectId,
    /// The default branch, for a push that creates a branch.
    pub(crate) default_branch: Option<String>,
    /// Whether the branch was rewritten.
    pub(crate) forced: bool,
    /// The ref that was pushed.
    pub(crate) pushed: Option<String>,
    /// Whether the base branch itself was pushed.
    pub(crate) mainline: bool,
    /// The commit that an entry of a merge queue follows: the tip of the target branch, or the entry before it, which is not merged yet.
    pub(crate) queued_on: Option<ObjectId>,
    /// The pull request's number.
    pub(crate) pull: Option<u64>,
}

/// Returns whether an event of this name describes a change.
pub(crate) fn names_change(name: &str) -> bool {
    matches!(name, "pull_request" | "pull_request_target" | "merge_group" | "push")
}

/// Returns whether an event of this name has no change: a person or a schedule started the run.
pub(crate) fn is_without_change(name: &str) -> bool {
    matches!(name, "schedule" | "workflow_dispatch")
}

/// Reads the default branch of an event of any name.
pub(crate) fn default_branch(bytes: &[u8]) -> Option<String> {
    let value = parse(Syntax::Json, bytes, &LIMITS).ok()?;
    value.pointer("/repository/default_branch").and_then(Value::as_str).map(String::from)
}

/// Reads an event file. `name` is the event's name, from `GITHUB_EVENT_NAME`.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Event, String> {
    let value =
        parse(Syntax::Json, bytes, &LIMITS).map_err(|error| format!("invalid event file: {error}"))?;
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(String::from);
    let id = |pointer: &str| -> Result<ObjectId, String> {
        let found = text(pointer).and_then(|text| ObjectId::from_hex(text.as_bytes()));
        found.ok_or_else(|| format!("the event `{name}` has no commit id at {pointer}"))
    };
    let branch = |pointer: &str| text(pointer).map(|name| name.trim_start_matches("refs/heads/").to_string());
    let default_branch = branch("/repository/default_branch");
    let event = |base, base_branch, head, forced| Event {
        name: name.into(),
        base,
        base_branch,
        head,
        default_branch: default_branch.clone(),
        forced,
        pushed: None,
        mainline: false,
        pull: None,
        queued_on: None,
    };
    match name {
        "pull_request" | "pull_request_target" => {
            let head = id("/pull_request/head/sha")?;
            let number = value.pointer("/pull_request/number").and_then(Value::as_integer);
            let pull = number.and_then(|number| u64::try_from(number).ok());
            let base = Some(id("/pull_request/base/sha")?);
            Ok(Event { pull, ..event(base, branch("/pull_request/base/ref"), head, false) })
        }
        "merge_group" => {
            let head = id("/merge_group/head_sha")?;
            let previous = id("/merge_group/base_sha")?;
            let target = branch("/merge_group/base_ref").or_else(|| default_branch.clone());
            Ok(Event { queued_on: Some(previous), ..event(Some(previous), target, head, false) })
        }
        "push" => {
            let (before, after) = (id("/before")?, id("/after")?);
            let forced = value.pointer("/forced").and_then(Value::as_bool).unwrap_or(false);
            if after.is_zero() {
                return Err("the push deleted the branch: nothing to check".into());
            }
            // Other branches than the base branch may be rewritten; their pushes are checked as changes.
            let pushed = text("/ref").filter(|name| name.starts_with("refs/"));
            let mainline = match (&pushed, &default_branch) {
                (Some(name), Some(default)) => *name == format!("refs/heads/{default}"),
                _ => true,
            };
            let before = Some(before).filter(|id| !id.is_zero());
            Ok(Event { mainline, pushed, ..event(before, None, after, forced) })
        }
        _ => Err(format!("the event `{name}` describes no change; pass --base and --head")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    #[test]
    fn each_event_describes_its_change() {
        let zero = "0".repeat(40);
        let pull =
            format!(r#"{{"pull_request":{{"base":{{"sha":"{A}","ref":"main"}},"head":{{"sha":"{B}"}}}}}}"#);
        let event = read("pull_request", pull.as_bytes()).unwrap();
        assert_eq!((event.base.unwrap().to_string(), event.head.to_string()), (A.into(), B.into()));
        assert_eq!(event.base_branch.as_deref(), Some("main"));
        let queue = format!(
            r#"{{"merge_group":{{"base_sha":"{A}","head_sha":"{B}","base_ref":"refs/heads/release"}}}}"#
        );
        let event = read("merge_group", queue.as_bytes()).unwrap();
        assert_eq!(event.base_branch.as_deref(), Some("release"));
        assert_eq!((event.queued_on, event.base), (ObjectId::from_hex(A.as_bytes()), event.queued_on));
        let push = format!(
            r#"{{"before":"{zero}","after":"{B}","forced":true,"repository":{{"default_branch":"main"}}}}"#
        );
        let event = read("push", push.as_bytes()).unwrap();
        assert_eq!((event.base, event.forced, event.default_branch.as_deref()), (None, true, Some("main")));
        let gone = format!(r#"{{"before":"{A}","after":"{zero}"}}"#);
        assert!(read("push", gone.as_bytes()).unwrap_err().contains("deleted"));
        assert!(
            read("schedule", b"{}").is_err()
                && read("pull_request", b"{}").is_err()
                && read("push", b"[").is_err()
        );
    }
}
