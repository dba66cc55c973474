//! Where a pack is, in words for a finding: a directory of the repository, or inside the program.

use artifact::layout::PACKS;
use policy::Origin;
use snapshot::RepoPath;

/// Returns the directory of the pack that declares something, or names it if no repository has one.
pub(crate) fn pack_name(origin: &Origin) -> String {
    let directory = lossy(&origin.path.parent());
    if origin.embedded { format!("the embedded pack {}", inside(&directory, PACKS)) } else { directory }
}

/// Returns where the rules of the pack are.
pub(crate) fn rules_place(origin: &Origin) -> String {
    let pack = pack_name(origin);
    if origin.embedded { pack } else { format!("{pack}/rules") }
}

/// Names a file of the pack.
pub(crate) fn file_of(origin: &Origin, path: &RepoPath) -> String {
    let path = lossy(path);
    if origin.embedded {
        let own = inside(&path, &lossy(&origin.path.parent())).to_string();
        format!("{own} of {}", pack_name(origin))
    } else {
        path
    }
}

fn lossy(path: &RepoPath) -> String {
    String::from_utf8_lossy(path.as_bytes()).into_owned()
}

fn inside<'p>(path: &'p str, directory: &str) -> &'p str {
    path.strip_prefix(directory).map_or(path, |rest| rest.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_pack_is_no_directory() {
        let schema = RepoPath::from("policy-packs/registries/ours/schemas/a.json");
        for (embedded, expected) in [
            (
                true,
                [
                    "the embedded pack registries/ours",
                    "the embedded pack registries/ours",
                    "schemas/a.json of the embedded pack registries/ours",
                ],
            ),
            (
                false,
                [
                    "policy-packs/registries/ours",
                    "policy-packs/registries/ours/rules",
                    "policy-packs/registries/ours/schemas/a.json",
                ],
            ),
        ] {
            let path = RepoPath::from("policy-packs/registries/ours/pack.yaml");
            let origin = Origin { path, embedded, ..Origin::default() };
            assert_eq!([pack_name(&origin), rules_place(&origin), file_of(&origin, &schema)], expected);
        }
    }
}
