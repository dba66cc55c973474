//! A checked artifact of any kind: the document that describes it, and where it is.

use artifact::ArtifactKind;
use artifact::tag::Template;
use index::kind_of_file;
use snapshot::{RepoPath, Result};

use super::{ArtifactOnBase, Document, StateContext};

/// A checked plugin, document, policy pack or module.
#[derive(Clone)]
pub struct Artifact<'s> {
    /// What it is.
    pub kind: ArtifactKind,
    /// The spec, the pack, the module's description, or the document itself.
    pub document: &'s Document,
    /// Its directory, or the file itself.
    pub place: RepoPath,
}

impl<'s> Artifact<'s> {
    /// Returns the JSON pointer of the key.
    #[must_use]
    pub fn key_pointer(&self) -> &'static str {
        if self.kind == ArtifactKind::Document { "/doc_key" } else { "/key" }
    }

    /// Returns the JSON pointer of the version.
    #[must_use]
    pub fn version_pointer(&self) -> &'static str {
        if self.kind == ArtifactKind::Document { "/semver" } else { "/version" }
    }

    /// Returns the ULID, where it can be read.
    #[must_use]
    pub fn ulid(&self) -> Option<&'s str> {
        self.document.text_at("/ulid")
    }

    /// Returns the key, where it can be read.
    #[must_use]
    pub fn key(&self) -> Option<&'s str> {
        self.document.text_at(self.key_pointer())
    }

    /// Returns the version, where it can be read.
    #[must_use]
    pub fn version(&self) -> Option<&'s str> {
        self.document.text_at(self.version_pointer())
    }

    /// Returns the name of the document in messages.
    #[must_use]
    pub fn document_name(&self) -> &'static str {
        match self.kind {
            ArtifactKind::Plugin => "spec",
            ArtifactKind::Document => "document",
            ArtifactKind::PolicyPack => "pack",
            ArtifactKind::Module => "module",
        }
    }
}

impl StateContext<'_> {
    /// Returns the checked plugins, documents, packs and modules.
    pub fn artifacts(&self) -> impl Iterator<Item = Artifact<'_>> {
        let plugins = self.plugins.iter().filter_map(|plugin| {
            let document = plugin.spec.as_ref()?;
            Some(Artifact { kind: ArtifactKind::Plugin, document, place: plugin.directory.clone() })
        });
        let documents = self.documents.iter().map(|document| Artifact {
            kind: kind_of_file(&document.path).unwrap_or(ArtifactKind::Document),
            document,
            place: document.path.clone(),
        });
        let packs = self.packs.iter().map(|document| Artifact {
            kind: ArtifactKind::PolicyPack,
            document,
            place: document.path.parent(),
        });
        plugins.chain(documents).chain(packs)
    }

    /// Returns the template of an artifact's tags, where the policy has one.
    #[must_use]
    pub fn tag_template(&self, kind: ArtifactKind) -> Option<&Template> {
        match kind {
            ArtifactKind::Plugin => self.policy.tags.plugin.as_ref(),
            ArtifactKind::Document => self.policy.tags.document.as_ref(),
            ArtifactKind::PolicyPack => self.policy.tags.pack.as_ref(),
            ArtifactKind::Module => None,
        }
    }

    /// Returns whether this change creates an artifact: no artifact on the base branch has its ULID.
    #[must_use]
    pub fn is_created(&self, ulid: &str) -> bool {
        self.changes.is_some() && self.on_base(ulid).is_none()
    }

    /// Finds the artifact with a ULID on the base branch.
    #[must_use]
    pub fn on_base(&self, ulid: &str) -> Option<&ArtifactOnBase> {
        self.base_artifacts
            .get_or_init(|| self.base_index.map(ArtifactOnBase::by_ulid).unwrap_or_default())
            .get(ulid)
    }

    /// Opens the document of an artifact on the base branch: at the same path, or at the path of the same identity.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn document_on_base(&self, artifact: &Artifact<'_>) -> Result<Option<Document>> {
        let (Some(tip), Some(ulid)) = (self.tip, artifact.ulid()) else { return Ok(None) };
        let here = Document::open(tip, &artifact.document.path)?;
        if let Some(here) = here.filter(|here| here.text_at("/ulid") == Some(ulid)) {
            return Ok(Some(here));
        }
        match self.on_base(ulid) {
            Some(found) => Document::open(tip, &found.document),
            None => Ok(None),
        }
    }
}
