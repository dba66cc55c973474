//! Functions of OPA that are not available here, each with the reason for messages.

/// Functions that depend on more than their arguments.
const IMPURE: [&str; 8] = [
    "http.send",
    "net.lookup_ip_addr",
    "opa.runtime",
    "providers.aws.sign_req",
    "rand.intn",
    "test.sleep",
    "time.now_ns",
    "uuid.rfc4122",
];

/// Functions that only depend on their arguments, and that the engine does not have.
const PURE: [&str; 54] = [
    "crypto.hmac.equal",
    "crypto.hmac.md5",
    "crypto.hmac.sha1",
    "crypto.hmac.sha256",
    "crypto.hmac.sha512",
    "crypto.md5",
    "crypto.parse_private_keys",
    "crypto.sha1",
    "crypto.sha256",
    "crypto.x509.parse_and_verify_certificates",
    "crypto.x509.parse_and_verify_certificates_with_options",
    "crypto.x509.parse_certificate_request",
    "crypto.x509.parse_certificates",
    "crypto.x509.parse_keypair",
    "crypto.x509.parse_rsa_private_key",
    "graphql.is_valid",
    "graphql.parse",
    "graphql.parse_and_verify",
    "graphql.parse_query",
    "graphql.parse_schema",
    "graphql.schema_is_valid",
    "internal.member_2",
    "internal.member_3",
    "io.jwt.decode",
    "io.jwt.decode_verify",
    "io.jwt.encode_sign",
    "io.jwt.encode_sign_raw",
    "io.jwt.verify_eddsa",
    "io.jwt.verify_es256",
    "io.jwt.verify_es384",
    "io.jwt.verify_es512",
    "io.jwt.verify_hs256",
    "io.jwt.verify_hs384",
    "io.jwt.verify_hs512",
    "io.jwt.verify_ps256",
    "io.jwt.verify_ps384",
    "io.jwt.verify_ps512",
    "io.jwt.verify_rs256",
    "io.jwt.verify_rs384",
    "io.jwt.verify_rs512",
    "json.match_schema",
    "json.verify_schema",
    "net.cidr_contains_matches",
    "net.cidr_merge",
    "net.cidr_overlap",
    "rego.metadata.chain",
    "rego.metadata.rule",
    "rego.parse_module",
    "strings.render_template",
    "urlquery.decode",
    "urlquery.decode_object",
    "urlquery.encode",
    "urlquery.encode_object",
    "uuid.parse",
];

/// Returns whether a function needs a clock, the network or chance, and so is refused even where the engine has it.
pub(crate) fn is_impure(name: &str) -> bool {
    IMPURE.contains(&name)
}

/// Returns why a function is not available, for a message.
pub(crate) fn explain(name: &str) -> String {
    if is_impure(name) {
        return format!(
            "unknown function {name}: custom rules have no access to a clock, the network or random numbers"
        );
    }
    if PURE.contains(&name) {
        return format!("unsupported function {name}: OPA has it, and this program does not");
    }
    format!("unknown function {name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::is_known;

    #[test]
    fn lists_name_what_is_not_available() {
        for name in IMPURE.iter().chain(&PURE) {
            assert!(!is_known(name), "{name} is available");
        }
        assert!(PURE.is_sorted() && IMPURE.is_sorted());
        for name in
            ["time.parse_rfc3339_ns", "time.date", "net.cidr_contains", "semver.compare", "glob.match"]
        {
            assert!(is_known(name), "{name} is not available");
        }
    }
}
