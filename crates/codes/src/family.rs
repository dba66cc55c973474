//! The families of rules.

/// A family of rules: the first three letters of their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Family {
    /// The three letters, as in `IMM`.
    pub code: &'static str,
    /// The module and directory of its rules, as in `immutability`.
    pub module: &'static str,
    /// The subject of its rules, as in "immutability".
    pub title: &'static str,
}

impl Family {
    /// `IMM`
    pub const IMMUTABILITY: Family = Family { code: "IMM", module: "immutability", title: "immutability" };
    /// `GIT`
    pub const GIT_OBJECTS: Family =
        Family { code: "GIT", module: "git_objects", title: "git objects and attributes" };
    /// `LED`
    pub const LEDGER: Family = Family { code: "LED", module: "ledger", title: "ledger" };
    /// `CRD`
    pub const CARDS: Family = Family { code: "CRD", module: "cards", title: "ID cards" };
    /// `UNI`
    pub const UNIQUENESS: Family = Family { code: "UNI", module: "uniqueness", title: "uniqueness" };
    /// `ONE`
    pub const ONE_ARTIFACT: Family = Family { code: "ONE", module: "one_artifact", title: "one artifact" };
    /// `STR`
    pub const STRUCTURE: Family = Family { code: "STR", module: "structure", title: "structure" };
    /// `SCH`
    pub const SCHEMAS: Family = Family { code: "SCH", module: "schemas", title: "schemas" };
    /// `GEN`
    pub const DERIVED: Family = Family { code: "GEN", module: "derived", title: "derived files" };
    /// `CMP`
    pub const COMPATIBILITY: Family = Family { code: "CMP", module: "compatibility", title: "compatibility" };
    /// `DOC`
    pub const DOCUMENTS: Family = Family { code: "DOC", module: "documents", title: "documents" };
    /// `CAP`
    pub const CAPABILITIES: Family = Family { code: "CAP", module: "capabilities", title: "capabilities" };
    /// `POL`
    pub const POLICY: Family = Family { code: "POL", module: "policy", title: "policy" };
    /// `CUS`
    pub const CUSTOM: Family = Family { code: "CUS", module: "custom", title: "custom rules" };
}
