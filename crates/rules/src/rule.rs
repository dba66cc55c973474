//! What a rule is: a value that says what is wrong and how it is found.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use crate::change::ChangeContext;
use crate::judge::{Breach, BreachKind};
use crate::state::StateContext;
use crate::telling::Scene;
use crate::waivers::WaiverContext;

/// A rule. [`crate::RULES`] is the single list; pages, `explain`, SARIF and the completeness test derive from it.
#[derive(Debug)]
pub struct Rule {
    /// What is known of it before it runs.
    pub info: RuleInfo,
    /// How it finds what is wrong.
    pub check: Check,
}

impl Rule {
    /// Tells whether the rule speaks of tags.
    #[must_use]
    pub fn is_about_tags(&self) -> bool {
        use LedgerMatter as M;
        let tags = [M::TagMoved, M::TagMissing, M::TagAltered, M::TagUnrecorded];
        matches!(self.check, Check::Ledger { speaks_of, .. } if tags.contains(&speaks_of))
    }
}

/// How a rule finds what is wrong. A rule never prints, exits, reads a clock or knows another rule.
#[derive(Debug)]
pub enum Check {
    /// It puts one kind of breach of a path discipline into words.
    Breach {
        /// The kinds it speaks of.
        kinds: &'static [BreachKind],
        /// The subjects it speaks of.
        subjects: &'static [Subject],
        /// The words.
        tell: fn(&Breach, &mut Scene<'_>) -> Result<Diagnostic>,
    },
    /// It looks at a change as a whole.
    Change(fn(&ChangeContext<'_>, &mut Vec<Diagnostic>)),
    /// It looks at what stands after a change: the artifacts that it touches, or everything.
    State(fn(&StateContext<'_>, &mut Vec<Diagnostic>) -> Result<()>),
    /// It speaks of what is wrong with the ledger.
    Ledger {
        /// What it speaks of.
        speaks_of: LedgerMatter,
        /// What to do about it.
        help: &'static [&'static str],
    },
    /// It speaks of what packs say of documents, by schemas and custom rules of their own.
    Custom(CustomMatter),
    /// It looks at the waivers, once it is known what each one covered.
    Waivers(fn(&WaiverContext<'_>, &mut Vec<Diagnostic>)),
}

/// What a pack can say of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomMatter {
    /// It is not what the pack's schema says, or cannot be read.
    Schema,
    /// A custom rule denies it.
    Denied,
    /// A custom rule warns of it.
    Warned,
}

/// What can be wrong with a ledger, with what a change does to it, or with the tags that it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerMatter {
    /// The ledger itself is not as it must be.
    Fault(ledger::FaultKind),
    /// A change touches what is not its to touch.
    Touched,
    /// A request cannot be recorded.
    Request,
    /// A published version gets other bytes.
    Published,
    /// A tag names another commit than the ledger says.
    TagMoved,
    /// A tag that the ledger tells of is not there.
    TagMissing,
    /// A tag names the right commit, and is not the one that the ledger makes.
    TagAltered,
    /// A tag is called as those of published versions, and the ledger tells of none.
    TagUnrecorded,
}

/// Every subject, for rules that speak of any file.
pub(crate) const ANY: &[Subject] = &[Subject::Path, Subject::Card, Subject::Ledger];
