//! The embedded schemas, each compiled on first use.

use std::sync::OnceLock;

use artifact::embedded;

use crate::Schema;

/// An embedded schema.
pub struct Embedded {
    /// The name, as in `id-guard schema NAME`.
    pub name: &'static str,
    /// Its path in this repository.
    pub path: &'static str,
    /// Its JSON.
    pub text: &'static str,
}

const ID_CARD: Embedded = Embedded {
    name: "id-card",
    path: "policy-packs/baseline/schemas/id-card.v1.schema.json",
    text: embedded::ID_CARD,
};
const PLUGIN_SPEC: Embedded = Embedded {
    name: "plugin-spec",
    path: "policy-packs/baseline/schemas/plugin-spec.v1.schema.json",
    text: embedded::PLUGIN_SPEC,
};
const DOCUMENT: Embedded = Embedded {
    name: "document",
    path: "policy-packs/baseline/schemas/document.v1.schema.json",
    text: embedded::DOCUMENT,
};
const PACK: Embedded = Embedded {
    name: "pack",
    path: "policy-packs/baseline/schemas/pack.v1.schema.json",
    text: embedded::PACK,
};

const REGISTRY: Embedded = Embedded {
    name: "registry",
    path: "policy-packs/baseline/schemas/registry.v1.schema.json",
    text: embedded::REGISTRY,
};
const MANIFEST: Embedded = Embedded {
    name: "manifest",
    path: "policy-packs/baseline/schemas/manifest.v1.schema.json",
    text: embedded::MANIFEST,
};
const POLICY_SNAPSHOT: Embedded = Embedded {
    name: "policy-snapshot",
    path: "policy-packs/baseline/schemas/policy-snapshot.v1.schema.json",
    text: embedded::POLICY_SNAPSHOT,
};

const MODULE: Embedded = Embedded {
    name: "module",
    path: "policy-packs/baseline/schemas/module.v1.schema.json",
    text: embedded::MODULE,
};

/// All embedded schemas.
pub const EMBEDDED: &[Embedded] =
    &[ID_CARD, PLUGIN_SPEC, DOCUMENT, PACK, MODULE, REGISTRY, MANIFEST, POLICY_SNAPSHOT];

/// Returns the schema of ID cards.
pub fn id_card() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::trusted(ID_CARD.text))
}

/// Returns the schema of `plugin.spec.json`.
pub fn plugin_spec() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::trusted(PLUGIN_SPEC.text))
}

/// Returns the schema of a document's front matter.
pub fn document() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::trusted(DOCUMENT.text))
}

/// Returns the schema of `ids/registry.yaml`.
pub fn registry() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::trusted(REGISTRY.text))
}

/// Returns the schema of `pack.yaml`.
pub fn pack() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::trusted(PACK.text))
}

/// Returns the schema of `module.yaml`.
pub fn module() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::trusted(MODULE.text))
}

/// Returns the schema of `policy_snapshot.json`.
pub fn policy_snapshot() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::trusted(POLICY_SNAPSHOT.text))
}
