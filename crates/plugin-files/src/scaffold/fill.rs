//! Filling templates: `{{name}}` is replaced by the value with this name.

/// Fills a template. Placeholders without a value are kept; placeholders inside values are not replaced.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled += before;
        let found = after.split_once("}}").and_then(|(name, rest)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, rest))
        });
        let (text, after) = found.unwrap_or(("{{", after));
        filled += text;
        rest = after;
    }
    filled + rest
}
