//! Links lead to what is there.

use std::ops::Range;

use artifact::Syntax;
use diagnostic::{Diagnostic, RuleInfo};
use documents::markdown::{Link, Markdown};
use documents::target::{Target, resolve};
use engine::{Check, Plugin, Rule, StateContext, Text};
use snapshot::{Mode, RepoPath, Result};

use super::words::{Places, made_again, name, problem, shown, tell_some};

/// `DOC001` link-broken.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LINK_BROKEN,
        summary: "links lead to what is there",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

/// The most anchors of a document that a message lists.
const MOST_ANCHORS: usize = 8;

/// Why a link leads nowhere.
enum Fault {
    Unsafe(&'static str),
    Leaves,
    Missing(RepoPath),
    NoAnchor(RepoPath, String),
    Unread(RepoPath, String),
}

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut places = Places::of(state);
    for plugin in &state.plugins {
        for page in &state.texts(plugin)?.pages {
            judge_page(page, Some(plugin), &mut places, findings)?;
        }
    }
    for page in &state.pages() {
        judge_page(page, None, &mut places, findings)?;
    }
    Ok(())
}

fn judge_page(
    page: &Text<Markdown>,
    plugin: Option<&Plugin>,
    places: &mut Places<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    findings.extend(page.problems.iter().map(|problem| {
        let mut told = page.to_diagnostic(&RULE.info, problem);
        told.message = format!("the links cannot be looked at: {}", told.message);
        told
    }));
    let mut faults = Vec::new();
    for link in &page.read.links {
        faults.extend(fault(link, page, places)?.map(|fault| (link, fault)));
    }
    let help = |span: &Range<usize>, told: Diagnostic| match plugin {
        Some(plugin) => made_again(plugin, page, span, told),
        None => told,
    };
    tell_some(&RULE.info, page, &faults, findings, |(link, fault)| {
        Ok(help(&link.span, tell(link, fault, page, places)?))
    })?;
    tell_some(&RULE.info, page, &page.read.undefined, findings, |label| {
        let word = shown(&label.value);
        let message = format!("nothing defines the reference `{word}`");
        let told =
            problem(&label.span, message, format!("add a line `[{word}]: TARGET`, or write it as code"));
        Ok(help(&label.span, page.to_diagnostic(&RULE.info, &told)))
    })
}

fn fault(link: &Link, page: &Text<Markdown>, places: &mut Places<'_>) -> Result<Option<Fault>> {
    let target = link.target.as_str();
    // GitHub takes a path that begins with `/` from the repository's root.
    let (base, target) = match target.starts_with('/') && !target.starts_with("//") {
        true => (RepoPath::root(), Target::of(&format!(".{target}"))),
        false => (page.path.parent(), Target::of(target)),
    };
    let (path, anchor) = match target {
        Target::External(_) | Target::Mail(_) => return Ok(None),
        Target::Unsafe(reason) => return Ok(Some(Fault::Unsafe(reason))),
        Target::Anchor(anchor) => {
            let is_there = page.read.has_anchor(&anchor) || is_lines(&anchor);
            return Ok((!is_there).then(|| Fault::NoAnchor(page.path.clone(), anchor)));
        }
        Target::File { path, anchor } => (path, anchor),
    };
    let Some(place) = resolve(&base, &path) else { return Ok(Some(Fault::Leaves)) };
    let Some(node) = places.find(&place)? else { return Ok(Some(Fault::Missing(place))) };
    // Only of Markdown is it known which anchors it has.
    let is_page = matches!(node.object.mode, Mode::File | Mode::Executable)
        && Syntax::of_path(&place) == Some(Syntax::FrontMatter);
    let Some(anchor) = anchor.filter(|anchor| is_page && !is_lines(anchor)) else { return Ok(None) };
    Ok(match places.page(&node)? {
        Ok(page) if page.has_anchor(&anchor) => None,
        Ok(_) => Some(Fault::NoAnchor(place, anchor)),
        Err(reason) => Some(Fault::Unread(place, reason.clone())),
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

fn tell(link: &Link, fault: &Fault, page: &Text<Markdown>, places: &mut Places<'_>) -> Result<Diagnostic> {
    let what = if link.is_image { "image" } else { "link" };
    let written = shown(&link.target);
    let (message, help) = match fault {
        Fault::Unsafe(reason) => (
            format!("the {what} `{written}` cannot be relied on: {reason}"),
            "link by a path relative to the document, or by a whole URL".into(),
        ),
        Fault::Leaves => (
            format!("the {what} `{written}` leaves the repository"),
            "link to what the repository holds, or by a whole URL".into(),
        ),
        Fault::Missing(place) => (
            format!("the {what} `{written}` leads to {}, and nothing stands there", name(place)),
            match places.twin(place)? {
                Some(twin) => format!("it is written {}: case counts", name(&twin)),
                None => "add the file, or mend the link".into(),
            },
        ),
        Fault::NoAnchor(place, anchor) => (
            format!("the {what} `{written}` leads to no heading of {}", name(place)),
            anchors(place, anchor, page, places)?,
        ),
        Fault::Unread(place, reason) => (
            format!("where the {what} `{written}` leads in {} cannot be looked for: {reason}", name(place)),
            "link to the document as a whole, or make it one that can be read".into(),
        ),
    };
    Ok(page.to_diagnostic(&RULE.info, &problem(&link.span, message, help)))
}

/// Names the anchors that a document has.
fn anchors(place: &RepoPath, anchor: &str, page: &Text<Markdown>, places: &mut Places<'_>) -> Result<String> {
    let other = match *place == page.path {
        true => None,
        false => places.find(place)?,
    };
    let read = match &other {
        Some(node) => places.page(node)?.as_deref().ok(),
        None => Some(&page.read),
    };
    let Some(read) = read else { return Ok("mend the link".into()) };
    let lower = anchor.to_lowercase();
    if read.has_anchor(&lower) {
        return Ok(format!("write `#{}`: case counts", shown(&lower)));
    }
    let known: Vec<String> = read
        .headings
        .iter()
        .take(MOST_ANCHORS)
        .map(|heading| format!("`#{}`", shown(&heading.anchor)))
        .collect();
    let more = if read.headings.len() > known.len() { ", …" } else { "" };
    Ok(match known.is_empty() {
        true => "the document has no headings".into(),
        false => format!("it has {}{more}", known.join(", ")),
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
