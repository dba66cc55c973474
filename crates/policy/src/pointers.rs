//! The JSON pointers of a path discipline, each with the values in which it is looked up.

use crate::collection::{Collection, ElementRule, KeyPart};
use crate::discipline::{Discipline, Kind};
use crate::field::{FieldDiscipline, FieldRule};
use crate::origin::Origin;

/// A pointer that a policy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPointer<'p> {
    /// The alternatives, of which a value has one: several only in a key of elements.
    pub any_of: Vec<&'p str>,
    /// The collection whose elements have it; `None` if the document itself has it.
    pub elements_of: Option<&'p Collection>,
    /// What it is for, as the policy writes it: `frozen`, `increasing semver`, `when`.
    pub role: String,
    /// The line of the policy that names it.
    pub origin: &'p Origin,
}

impl PolicyPointer<'_> {
    /// Returns the pointer as messages show it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.any_of.join(", ")
    }
}

impl Discipline {
    /// Lists the pointers whose values the discipline depends on, each once.
    ///
    /// An exception (`except`) is not listed: if nothing has it, the discipline protects all the more.
    #[must_use]
    pub fn pointers(&self) -> Vec<PolicyPointer<'_>> {
        let mut found: Vec<PolicyPointer<'_>> = Vec::new();
        match &self.kind {
            Kind::Frozen { when: Some(when) } => {
                let role = format!("when {}", when.values.join(", "));
                found.push(PolicyPointer {
                    any_of: vec![&when.field],
                    elements_of: None,
                    role,
                    origin: &self.origin,
                });
            }
            Kind::Fields(rules) => {
                add_fields(&rules.fields, None, &mut found);
                for collection in &rules.collections {
                    add_collection(collection, &mut found);
                }
            }
            Kind::Frozen { when: None }
            | Kind::Versioned
            | Kind::Sealed
            | Kind::AppendOnly
            | Kind::Burned => {}
        }
        let mut unique: Vec<PolicyPointer<'_>> = Vec::with_capacity(found.len());
        for pointer in found {
            let is_known = |known: &PolicyPointer<'_>| {
                known.any_of == pointer.any_of && known.elements_of == pointer.elements_of
            };
            if !unique.iter().any(is_known) {
                unique.push(pointer);
            }
        }
        unique
    }
}

/// Adds the fields, then the other fields that their disciplines look at.
fn add_fields<'p>(
    rules: &'p [FieldRule],
    elements_of: Option<&'p Collection>,
    found: &mut Vec<PolicyPointer<'p>>,
) {
    let mut add = |pointer: &'p str, role: String, origin: &'p Origin| {
        found.push(PolicyPointer { any_of: vec![pointer], elements_of, role, origin });
    };
    for rule in rules {
        add(&rule.pointer, rule.discipline.to_string(), &rule.origin);
    }
    for rule in rules {
        match &rule.discipline {
            FieldDiscipline::OnceWhile(other) | FieldDiscipline::FrozenWhile(other) => {
                add(other, format!("condition of {}", rule.pointer), &rule.origin);
            }
            FieldDiscipline::Frozen
            | FieldDiscipline::Once
            | FieldDiscipline::GrowOnly
            | FieldDiscipline::AppendOnly
            | FieldDiscipline::Increasing(_)
            | FieldDiscipline::Forward(_) => {}
        }
    }
}

fn add_collection<'p>(collection: &'p Collection, found: &mut Vec<PolicyPointer<'p>>) {
    let origin = &collection.origin;
    let role = collection.to_string();
    found.push(PolicyPointer { any_of: vec![&collection.at], elements_of: None, role, origin });
    if let Some(field) = &collection.while_unchanged {
        let role = "condition of the collection".into();
        found.push(PolicyPointer { any_of: vec![field], elements_of: None, role, origin });
    }
    for part in &collection.key {
        let any_of = match part {
            KeyPart::Pointer(pointer) => vec![pointer.as_str()],
            KeyPart::AnyOf(pointers) => pointers.iter().map(String::as_str).collect(),
        };
        let role = "key of the elements".into();
        found.push(PolicyPointer { any_of, elements_of: Some(collection), role, origin });
    }
    if let ElementRule::Fields(rules) = &collection.elements {
        add_fields(rules, Some(collection), found);
    }
}
