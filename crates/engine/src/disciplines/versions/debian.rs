//! Versions of Debian packages: `[epoch:]upstream[-revision]` (Debian Policy §5.6.12).

use std::cmp::Ordering;

/// A version of a Debian package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Debian(String);

impl Debian {
    /// Reads a version; the upstream part starts with a digit.
    pub(super) fn read(text: &str) -> Option<Debian> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (has_epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if digits(epoch) => (true, rest),
            Some(_) => return None,
            None => (false, text),
        };
        let (upstream, revision) = rest.rsplit_once('-').map_or((rest, None), |(a, b)| (a, Some(b)));
        let allowed = |text: &str, more: &[u8]| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
        };
        let colon: &[u8] = if has_epoch { b".+-~:" } else { b".+-~" };
        let valid = upstream.starts_with(|first: char| first.is_ascii_digit())
            && allowed(upstream, colon)
            && revision.is_none_or(|revision| allowed(revision, b".+~"));
        valid.then(|| Debian(text.into()))
    }

    pub(super) fn compare(&self, other: &Debian) -> Ordering {
        deb_version::compare_versions(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use policy::Scheme;

    use super::super::tests::{equal, refused, rises};

    #[test]
    fn versions_are_ordered_as_dpkg_does() {
        rises(
            Scheme::Debian,
            &[
                "1.0~~", "1.0~~a", "1.0~", "1.0", "1.0-1", "1.0-1.1", "1.0-2", "1.0-10", "1.0a", "1.0+dfsg",
                "1.0.1", "1:0.1", "2:0~rc1",
            ],
        );
        equal(Scheme::Debian, "0:1.0-1", "1.00-01");
        refused(
            Scheme::Debian,
            &["", "master", "a:1", "1:", "1.0-", "1.0 ", "1.0_1", "v1.0", "1.0é", "1.0-1:2"],
        );
    }
}
