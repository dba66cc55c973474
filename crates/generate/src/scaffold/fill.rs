//! Templates filled with values: `{{name}}` becomes the value of that name.

/// Fills a template. What has no value stands as it is; what a value says is not filled again.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled += before;
        let found = after.split_once("}}").and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, behind))
        });
        let (text, behind) = found.unwrap_or(("{{", after));
        filled += text;
        rest = behind;
    }
    filled + rest
}
