//! The format of a repository: one that git would refuse, or that is not supported, is refused (gitrepository-layout(5)).

use std::path::Path;

use gix::bstr::ByteSlice as _;
use gix::config::File;
use snapshot::{Error, Result};

use crate::error::{corrupt, io};

/// The extensions of format 0 and 1 that do not change how objects and refs are read.
const HARMLESS: [&str; 4] = ["noop", "preciousobjects", "partialclone", "worktreeconfig"];
/// The extensions that exist in format 1 only. The values of two of them are checked.
const FORMAT_1: [&str; 5] =
    ["noop-v1", "compatobjectformat", "relativeworktrees", "objectformat", "refstorage"];

/// Reads the repository's own configuration file; one that does not exist is empty.
pub(crate) fn own_config(common: &Path) -> Result<File> {
    let path = common.join("config");
    match std::fs::read(&path) {
        Ok(text) => {
            let text =
                text.to_str().map_err(|error| corrupt("the configuration of the repository", error))?;
            File::try_from(text).map_err(|error| corrupt("the configuration of the repository", error))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(io(&path, error)),
    }
}

/// Refuses a format that is not supported.
///
/// # Errors
/// [`Error::Refused`] for another version than 0 and 1, an unknown extension, reftable.
pub(crate) fn refuse_unread_formats(common: &Path, config: &File) -> Result<()> {
    let version = config.string_by("core", None, "repositoryformatversion");
    let version = version.map_or_else(|| "0".to_string(), |value| value.to_string());
    let one = match version.trim() {
        "0" => false,
        "1" => true,
        other => {
            return Err(Error::Refused {
                what: format!("the repository has format {other}, and 0 and 1 are supported"),
                help: "use a newer version of this program, or clone the repository with git".into(),
            });
        }
    };
    for (name, value) in extensions(config) {
        let lower = name.to_ascii_lowercase();
        let known = FORMAT_1.contains(&lower.as_str());
        if lower == "refstorage" && value == "reftable" {
            return Err(reftable());
        }
        let accepted = HARMLESS.contains(&lower.as_str())
            || known
                && one
                && (lower != "objectformat" || ["sha1", "sha256"].contains(&value.as_str()))
                && (lower != "refstorage" || value == "files");
        // Git ignores what it does not know in a repository of format 0.
        if accepted || !one && !known {
            continue;
        }
        let what = match (known, one) {
            (true, true) => format!("the repository uses `extensions.{name} = {value}`, which is unknown"),
            (true, false) => {
                format!("the extension `{name}` needs format 1, and the repository has format 0")
            }
            (false, _) => {
                format!("the repository uses the unknown extension `{name}`, which git refuses as well")
            }
        };
        let file = snapshot::shell::word(common.join("config").as_os_str().as_encoded_bytes());
        let key = snapshot::shell::word(format!("extensions.{name}").as_bytes());
        let help = format!("if nothing needs it, remove it: git config --file {file} --unset-all {key}");
        return Err(Error::Refused { what, help });
    }
    if common.join("reftable").is_dir() {
        return Err(reftable());
    }
    Ok(())
}

/// Lists the settings of `extensions`, those with a subsection as well.
fn extensions(config: &File) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for section in
        config.sections().filter(|section| section.header().name().eq_ignore_ascii_case(b"extensions"))
    {
        for name in section.value_names() {
            let value = section.value(&name).map_or_else(String::new, |value| value.to_string());
            let name = match section.header().subsection_name() {
                Some(subsection) => format!("{subsection}.{name}"),
                None => name,
            };
            found.push((name, value));
        }
    }
    found
}

fn reftable() -> Error {
    Error::Refused {
        what: "the repository uses reftable, which is not supported".into(),
        help: "migrate its refs: git refs migrate --ref-format=files".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(config: &str) -> Option<String> {
        let place = tempfile::tempdir().unwrap();
        let config = File::try_from(config).unwrap();
        refuse_unread_formats(place.path(), &config).err().map(|error| error.to_string())
    }

    #[test]
    fn what_git_refuses_is_refused() {
        for accepted in [
            "",
            "[core]\nrepositoryformatversion = 0\n[extensions]\nunheardOf = true\n",
            "[extensions]\npartialClone = origin\n",
            "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha256\nworktreeConfig = true\n",
            "[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = files\nnoop-v1\n",
        ] {
            assert_eq!(refused(accepted), None, "{accepted}");
        }
        for (config, reason) in [
            ("[core]\nrepositoryformatversion = 2\n", "format 2"),
            ("[core]\nrepositoryformatversion = x\n", "format x"),
            ("[core]\nrepositoryformatversion = 1\n[extensions]\nunheardOf = true\n", "`unheardOf`"),
            ("[core]\nrepositoryformatversion = 1\n[extensions]\nunheardOf\n", "`unheardOf`"),
            ("[core]\nrepositoryformatversion = 1\n[Extensions \"new\"]\nx = 1\n", "`new.x`"),
            ("[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = reftable\n", "reftable"),
            (
                "[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = other\n",
                "`extensions.refStorage",
            ),
            ("[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha3\n", "sha3"),
            ("[extensions]\nobjectFormat = sha1\n", "needs format 1"),
        ] {
            assert!(refused(config).is_some_and(|message| message.contains(reason)), "{config}");
        }
    }
}
