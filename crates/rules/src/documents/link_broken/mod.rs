//! Every link has an existing target.

mod removed;

use std::ops::Range;

use artifact::Syntax;
use diagnostic::{Diagnostic, RuleInfo};
use documents::markdown::{Link, Markdown};
use documents::target::{Target, resolve};
use engine::{Check, Plugin, Rule, StateContext, Text};
use snapshot::{Mode, RepoPath, Result};

use super::findings::{Places, display_path, problem, report_some, shown, with_regenerate_help};

/// `DOC001` link-broken.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LINK_BROKEN,
        summary: "every link has an existing target",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// Anchors of a document that a message lists.
const MAX_LISTED_ANCHORS: usize = 8;

/// The problem of a link.
enum LinkProblem {
    Unsafe(&'static str),
    Leaves,
    Missing(RepoPath),
    NoAnchor(RepoPath, String),
    Unread(RepoPath, String),
}

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut places = Places::of(state);
    for plugin in &state.plugins {
        for page in &state.texts(plugin)?.pages {
            check_page(page, Some(plugin), &mut places, findings)?;
        }
    }
    for page in &state.pages() {
        check_page(page, None, &mut places, findings)?;
    }
    removed::check(state, findings)
}

fn check_page(
    page: &Text<Markdown>,
    plugin: Option<&Plugin>,
    places: &mut Places<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    findings.extend(page.problems.iter().map(|problem| {
        let mut finding = page.to_diagnostic(&RULE.info, problem);
        finding.message = format!("links not checked: {}", finding.message);
        finding
    }));
    let mut faults = Vec::new();
    for link in &page.read.links {
        faults.extend(fault(link, page, places)?.map(|fault| (link, fault)));
    }
    let help = |span: &Range<usize>, finding: Diagnostic| match plugin {
        Some(plugin) => with_regenerate_help(plugin, page, span, finding),
        None => finding,
    };
    report_some(&RULE.info, page, &faults, findings, |(link, fault)| {
        Ok(help(&link.span, describe(link, fault, page, places)?))
    })?;
    report_some(&RULE.info, page, &page.read.undefined, findings, |label| {
        let word = shown(&label.value);
        let message = format!("reference `{word}` is not defined");
        let problem = problem(
            &label.span,
            message,
            format!("add a line `[{word}]: TARGET`, or write it as a code span"),
        );
        Ok(help(&label.span, page.to_diagnostic(&RULE.info, &problem)))
    })
}

/// Returns the target of a link, and the directory that it is relative to.
fn target_of(link: &Link, page: &Text<Markdown>) -> (RepoPath, Target) {
    let target = link.target.as_str();
    // GitHub resolves a leading `/` from the repository root.
    match target.starts_with('/') && !target.starts_with("//") {
        true => (RepoPath::root(), Target::of(&format!(".{target}"))),
        false => (page.path.parent(), Target::of(target)),
    }
}

fn fault(link: &Link, page: &Text<Markdown>, places: &mut Places<'_>) -> Result<Option<LinkProblem>> {
    let (base, target) = target_of(link, page);
    let (path, anchor) = match target {
        Target::External(_) | Target::Mail(_) => return Ok(None),
        Target::Unsafe(reason) => return Ok(Some(LinkProblem::Unsafe(reason))),
        Target::Anchor(anchor) => {
            let exists = page.read.has_anchor(&anchor) || is_lines(&anchor);
            return Ok((!exists).then(|| LinkProblem::NoAnchor(page.path.clone(), anchor)));
        }
        Target::File { path, anchor } => (path, anchor),
    };
    let Some(place) = resolve(&base, &path) else { return Ok(Some(LinkProblem::Leaves)) };
    let Some(node) = places.find(&place)? else { return Ok(Some(LinkProblem::Missing(place))) };
    // Only the anchors of Markdown files are known.
    let is_page = matches!(node.object.mode, Mode::File | Mode::Executable)
        && Syntax::of_path(&place) == Some(Syntax::FrontMatter);
    let Some(anchor) = anchor.filter(|anchor| is_page && !is_lines(anchor)) else { return Ok(None) };
    Ok(match places.page(&node)? {
        Ok(page) if page.has_anchor(&anchor) => None,
        Ok(_) => Some(LinkProblem::NoAnchor(place, anchor)),
        Err(reason) => Some(LinkProblem::Unread(place, reason.clone())),
    })
}

/// `L3`, `L3-L7`, `L3C1-L4C2`: lines, as GitHub names them in any file.
fn is_lines(anchor: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_line = |text: &str| {
        let (line, column) = text.split_once('C').unwrap_or((text, "1"));
        line.strip_prefix('L').is_some_and(digits) && digits(column)
    };
    anchor.split_once('-').map_or_else(|| is_line(anchor), |(from, to)| is_line(from) && is_line(to))
}

fn describe(
    link: &Link,
    fault: &LinkProblem,
    page: &Text<Markdown>,
    places: &mut Places<'_>,
) -> Result<Diagnostic> {
    let what = if link.is_image { "image" } else { "link" };
    let written = shown(&link.target);
    let (message, help) = match fault {
        LinkProblem::Unsafe(reason) => (
            format!("unsafe {what} `{written}`: {reason}"),
            "use a path relative to the document, or a complete URL".into(),
        ),
        LinkProblem::Leaves => (
            format!("{what} `{written}` leaves the repository"),
            "link to a file of the repository, or use a complete URL".into(),
        ),
        LinkProblem::Missing(place) => (
            format!("broken {what}: {} does not exist", display_path(place)),
            match places.case_variant(place)? {
                Some(variant) => format!("did you mean {}? names are case-sensitive", display_path(&variant)),
                None => "fix the link, or add the file".into(),
            },
        ),
        LinkProblem::NoAnchor(place, anchor) => (
            format!("broken {what} `{written}`: {} has no such heading", display_path(place)),
            anchors(place, anchor, page, places)?,
        ),
        LinkProblem::Unread(place, reason) => (
            format!(
                "anchor of {what} `{written}` not checked: {} is unreadable: {reason}",
                display_path(place)
            ),
            "link to the document without an anchor, or fix the document".into(),
        ),
    };
    Ok(page.to_diagnostic(&RULE.info, &problem(&link.span, message, help)))
}

/// Returns the help that lists the anchors of a document.
fn anchors(place: &RepoPath, anchor: &str, page: &Text<Markdown>, places: &mut Places<'_>) -> Result<String> {
    let other = match *place == page.path {
        true => None,
        false => places.find(place)?,
    };
    let read = match &other {
        Some(node) => places.page(node)?.as_deref().ok(),
        None => Some(&page.read),
    };
    let Some(read) = read else { return Ok("fix the link".into()) };
    let lower = anchor.to_lowercase();
    if read.has_anchor(&lower) {
        return Ok(format!("did you mean `#{}`? anchors are case-sensitive", shown(&lower)));
    }
    let known: Vec<String> = read
        .headings
        .iter()
        .take(MAX_LISTED_ANCHORS)
        .map(|heading| format!("`#{}`", shown(&heading.anchor)))
        .collect();
    let more = if read.headings.len() > known.len() { ", …" } else { "" };
    Ok(match known.is_empty() {
        true => "the document has no headings".into(),
        false => format!("it has the headings {}{more}", known.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_that_github_names() {
        for (anchor, expected) in [
            ("L3", true),
            ("L3-L10", true),
            ("L3C1-L4C20", true),
            ("L", false),
            ("L3-", false),
            ("L3-4", false),
            ("usage", false),
            ("L+3", false),
        ] {
            assert_eq!(super::is_lines(anchor), expected, "{anchor}");
        }
    }
}
