//! `sprintf` with the format of Go, which OPA uses. The engine's own drops values that do not fit the verb, and supports few widths.

use regorus::Value;

use crate::builtin::builtin;

/// The maximum width of a field: Go allows more, but a message never needs it.
const MAX_WIDTH_CHARS: usize = 1000;

/// A formatting directive: `%-08.2f`.
#[derive(Debug, Default)]
struct Directive {
    flags: String,
    width: usize,
    precision: Option<usize>,
    verb: char,
}

/// Formats values.
pub(crate) fn sprintf(values: &[Value]) -> Result<Value, String> {
    let [Value::String(format), Value::Array(values)] = values else {
        return Err("`sprintf` expects a string and an array".into());
    };
    let mut values = values.iter();
    let mut out = String::new();
    let mut rest = &**format;
    while let Some((text, after)) = rest.split_once('%') {
        out.push_str(text);
        let (directive, after) = directive(after).ok_or("`sprintf` expects a verb after %")?;
        rest = after;
        match (directive.verb, values.clone().next()) {
            ('%', _) => out.push('%'),
            (verb, None) => out.push_str(&format!("%!{verb}(MISSING)")),
            (_, Some(value)) => {
                values.next();
                out.push_str(&directive.print(value)?);
            }
        }
    }
    out.push_str(rest);
    let extra = values.map(named).collect::<Result<Vec<_>, _>>()?;
    if !extra.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    Ok(Value::from(out))
}

/// Parses a directive after `%`, and returns the rest of the text.
fn directive(text: &str) -> Option<(Directive, &str)> {
    let digits = |text: &str| text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let number = |text: &str| text.parse().unwrap_or(MAX_WIDTH_CHARS).min(MAX_WIDTH_CHARS);
    let (flags, rest) = text.split_at(text.find(|letter| !"+-# 0".contains(letter))?);
    let (width, mut rest) = rest.split_at(digits(rest));
    let width = if width.is_empty() { 0 } else { number(width) };
    let mut precision = None;
    if let Some(after) = rest.strip_prefix('.') {
        let (text, after) = after.split_at(digits(after));
        precision = Some(if text.is_empty() { 0 } else { number(text) });
        rest = after;
    }
    let verb = rest.chars().next()?;
    Some((Directive { flags: flags.into(), width, precision, verb }, &rest[verb.len_utf8()..]))
}

impl Directive {
    fn print(&self, value: &Value) -> Result<String, String> {
        let number = matches!(value, Value::Number(_));
        let text = match self.verb {
            's' | 'v' => Some(truncate(plain(value)?, self.precision)),
            'q' if !number => {
                Some(plain(&builtin("sprintf", &["%q".into(), vec![plain(value)?.into()].into()])?)?)
            }
            'd' if is_integer(value) => Some(plain(value)?),
            'b' | 'c' | 'o' | 'x' | 'X' if is_integer(value) => self.integer(value),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' if number => {
                value.as_f64().ok().map(|number| self.float(number))
            }
            _ => None,
        };
        let Some(mut text) = text else { return Ok(format!("%!{}({})", self.verb, named(value)?)) };
        if number && self.flags.contains('+') && !text.starts_with('-') {
            text.insert(0, '+');
        }
        Ok(self.pad(text, number))
    }

    /// Prints an integer of at most 64 bits.
    fn integer(&self, value: &Value) -> Option<String> {
        let signed = value.as_i64().ok();
        let sign = if signed.is_some_and(|number| number < 0) { "-" } else { "" };
        let number = signed.map(i64::unsigned_abs).or_else(|| value.as_u64().ok())?;
        Some(match self.verb {
            'b' => format!("{sign}{number:b}"),
            'o' => format!("{sign}{number:o}"),
            'x' => format!("{sign}{number:x}"),
            'X' => format!("{sign}{number:X}"),
            _ if sign.is_empty() => char::from_u32(u32::try_from(number).ok()?)?.to_string(),
            _ => return None,
        })
    }

    fn float(&self, number: f64) -> String {
        let places = self.precision.unwrap_or(6);
        match self.verb {
            'f' | 'F' => format!("{number:.places$}"),
            'e' | 'E' => {
                let text = format!("{number:.places$e}");
                let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let (sign, exponent) =
                    exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
                format!("{digits}{}{sign}{exponent:0>2}", self.verb)
            }
            _ => number.to_string(),
        }
    }

    fn pad(&self, text: String, number: bool) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if self.flags.contains('-') {
            return text + &" ".repeat(missing);
        }
        if number && self.flags.contains('0') {
            let digits = text.trim_start_matches(['-', '+']);
            let (sign, digits) = text.split_at(text.len() - digits.len());
            return format!("{sign}{}{digits}", "0".repeat(missing));
        }
        " ".repeat(missing) + &text
    }
}

/// Formats a value like `%v`: strings without quotes.
fn plain(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.to_string()),
        other => match builtin("sprintf", &["%v".into(), vec![other.clone()].into()])? {
            Value::String(text) => Ok(text.to_string()),
            _ => Err("`sprintf` did not return a string".into()),
        },
    }
}

/// Formats a value with its type, like Go if the verb does not fit. OPA passes other types than numbers to Go as strings.
fn named(value: &Value) -> Result<String, String> {
    let kind = match value {
        Value::Number(_) if is_integer(value) => "int",
        Value::Number(_) => "float64",
        _ => "string",
    };
    Ok(format!("{kind}={}", plain(value)?))
}

fn is_integer(value: &Value) -> bool {
    matches!(value, Value::Number(number) if number.is_integer())
}

fn truncate(text: String, precision: Option<usize>) -> String {
    match precision {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_formatted_like_go() {
        for (format, values, printed) in [
            ("%s is %d of %v", r#"["a", 1, [1, "b"]]"#, r#"a is 1 of [1, "b"]"#),
            ("100%% %v", r#"[{"a": null}]"#, r#"100% {"a": null}"#),
            ("%5d|%-5d|%05d|%+d|%x|%X", "[42, 42, -42, 42, 255, 255]", "   42|42   |-0042|+42|ff|FF"),
            ("%5s|%-5s|%.2s", r#"["ä", "b", "abc"]"#, "    ä|b    |ab"),
            ("%8.3f|%.1f|%f|%.2f", "[1.5, 2.26, 1.5, 1]", "   1.500|2.3|1.500000|1.00"),
            ("%.2e|%E|%g", "[1234.5, 0.00015, 0.5]", "1.23e+03|1.500000E-04|0.5"),
            ("%d|%x|%b|%o|%c", "[-42, -255, 5, 8, 228]", "-42|-ff|101|10|ä"),
            ("%x|%c", "[1e22, -1]", "%!x(int=10000000000000000000000)|%!c(int=-1)"),
            ("%q %q", r#"["a\"b", ["c"]]"#, r#""a\"b" "[\"c\"]""#),
            ("%+v %v", r#"["a", true]"#, "a true"),
            ("%d %d", r#"["a", 1.5]"#, "%!d(string=a) %!d(float64=1.5)"),
            ("%t", "[true]", "%!t(string=true)"),
            ("%d %s", "[1]", "1 %!s(MISSING)"),
            ("%d", "[1, 2, \"x\"]", "1%!(EXTRA int=2, string=x)"),
            (
                "%d|%x",
                "[18446744073709551615, 18446744073709551615]",
                "18446744073709551615|ffffffffffffffff",
            ),
            ("ä%vö", "[0]", "ä0ö"),
        ] {
            let values = [Value::from(format), Value::from_json_str(values).unwrap()];
            assert_eq!(sprintf(&values), Ok(Value::from(printed)), "{format}");
        }
    }

    #[test]
    fn invalid_formats_are_errors() {
        for format in ["%", "a%", "%-", "%5", "%.", "%.3"] {
            assert!(sprintf(&[Value::from(format), Value::new_array()]).is_err(), "{format}");
        }
        assert!(sprintf(&[Value::from(1_u64), Value::new_array()]).is_err());
        assert!(sprintf(&[Value::from("a"), Value::from("b")]).is_err());
    }

    #[test]
    fn widths_are_limited() {
        let values = [Value::from("%999999999999999999999d"), Value::from_json_str("[1]").unwrap()];
        assert_eq!(sprintf(&values).unwrap().as_string().unwrap().len(), MAX_WIDTH_CHARS);
    }
}
