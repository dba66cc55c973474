//! The client: one exchange, bounded in time and size.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use ureq::config::Config;
use ureq::http::{Uri, header};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};

use crate::{Address, Error, Proxies};

/// The size of a response's header, in bytes.
const MAX_HEADER_BYTES: usize = 16 << 10;

/// Whose certificates are trusted.
#[derive(Debug, Clone, Default)]
pub enum Roots {
    /// Those of the platform. On Linux the variables SSL_CERT_FILE and SSL_CERT_DIR name others.
    #[default]
    Platform,
    /// Only these, in PEM.
    Given(Vec<u8>),
}

impl Roots {
    /// Names the certificates in a message.
    fn name(&self) -> &'static str {
        match self {
            Roots::Platform => "the platform's certificates",
            Roots::Given(_) => "the given certificates",
        }
    }
}

/// How requests are sent.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whose certificates are trusted.
    pub roots: Roots,
    /// The proxy.
    pub proxies: Proxies,
    /// The time for one exchange, from the name's resolution to the last byte.
    pub timeout: Duration,
    /// The redirects that are followed.
    pub redirects: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            roots: Roots::Platform,
            proxies: Proxies::default(),
            timeout: Duration::from_secs(30),
            redirects: 0,
        }
    }
}

/// A response, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The header `Content-Type`, empty where it is missing.
    pub content_type: String,
    /// The content, decompressed.
    pub body: Vec<u8>,
}

/// Sends requests. Connections are reused.
pub struct Client {
    options: Options,
    tls: TlsConfig,
    direct: Agent,
}

/// What is sent.
#[derive(Clone, Copy)]
enum Request<'r> {
    Get,
    Post { content_type: &'r str, body: &'r [u8] },
}

impl Client {
    /// Prepares requests.
    ///
    /// # Errors
    /// [`Error::Roots`] when the given certificates contain none, or an invalid one.
    pub fn new(options: Options) -> Result<Client, Error> {
        let tls = TlsConfig::builder()
            .root_certs(root_certificates(&options.roots)?)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = config(&options, tls.clone(), None);
        let direct = Agent::with_parts(config, DefaultConnector::default(), OwnMachine::default());
        Ok(Client { options, tls, direct })
    }

    /// Fetches what is at an address; the content has at most `limit` bytes.
    ///
    /// # Errors
    /// [`Error`], when the response is missing or incomplete.
    pub fn get(&self, address: &Address, limit: u64) -> Result<Response, Error> {
        let mut place = address.clone();
        let mut followed = 0;
        loop {
            let response = self.exchange(&place, Request::Get, limit)?;
            let Exchanged::Redirect { status, target } = response else {
                return response.into_response(&place);
            };
            let refuse = |reason: String| Error::Redirect {
                host: place.host().into(),
                status,
                target: target.clone(),
                reason,
            };
            if followed >= self.options.redirects {
                return Err(refuse(match self.options.redirects {
                    0 => "redirects are not followed".into(),
                    most => format!("more than {most} redirects"),
                }));
            }
            let next = place.redirected(&target).map_err(|error| refuse(error.to_string()))?;
            if place.is_encrypted() && !next.is_encrypted() {
                return Err(refuse("it is not encrypted".into()));
            }
            place = next;
            followed += 1;
        }
    }

    /// Sends a body to an address; the answer has at most `limit` bytes. A redirect is never followed.
    ///
    /// # Errors
    /// [`Error`], when the response is missing or incomplete.
    pub fn post(
        &self,
        address: &Address,
        content_type: &str,
        body: &[u8],
        limit: u64,
    ) -> Result<Response, Error> {
        self.exchange(address, Request::Post { content_type, body }, limit)?.into_response(address)
    }

    fn exchange(&self, address: &Address, request: Request<'_>, limit: u64) -> Result<Exchanged, Error> {
        let proxied;
        let proxy = self.options.proxies.of(address);
        let agent = match proxy {
            None => &self.direct,
            Some(proxy) => {
                proxied = self.through(proxy)?;
                &proxied
            }
        };
        let failed = |error: ureq::Error| self.describe(address, proxy, limit, error);
        let uri = address.to_string();
        let sent = match request {
            Request::Get => agent.get(&uri).call(),
            Request::Post { content_type, body } => {
                agent.post(&uri).header(header::CONTENT_TYPE, content_type).send(body)
            }
        };
        let mut response = sent.map_err(failed)?;
        let status = response.status().as_u16();
        let text = |name| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_string()
        };
        if matches!(status, 301 | 302 | 303 | 307 | 308) {
            return Ok(Exchanged::Redirect { status, target: text(header::LOCATION) });
        }
        let (content_type, encoding) = (text(header::CONTENT_TYPE), text(header::CONTENT_ENCODING));
        let body = read(response.body_mut(), &encoding, limit).map_err(failed)?;
        Ok(Exchanged::Response(Response { status, content_type, body }))
    }

    /// An agent that reaches everything through a proxy.
    fn through(&self, proxy: &str) -> Result<Agent, Error> {
        let shown = without_password(proxy);
        let parsed = ureq::Proxy::new(proxy)
            .map_err(|error| Error::Proxy { proxy: shown, reason: error.to_string() })?;
        Ok(config(&self.options, self.tls.clone(), Some(parsed)).new_agent())
    }

    fn describe(&self, address: &Address, proxy: Option<&str>, limit: u64, error: ureq::Error) -> Error {
        let host = address.host().to_string();
        match error {
            ureq::Error::Timeout(_) => Error::TimedOut { host, after: self.options.timeout },
            ureq::Error::BodyExceedsLimit(_) => Error::TooLarge { host, limit },
            ureq::Error::ConnectProxyFailed(reason) => {
                Error::Proxy { proxy: without_password(proxy.unwrap_or_default()), reason }
            }
            ureq::Error::InvalidProxyUrl => Error::Proxy {
                proxy: without_password(proxy.unwrap_or_default()),
                reason: "expected an address such as http://proxy.example:3128".into(),
            },
            error => match refused_certificate(&error) {
                Some(reason) => Error::Certificate { host, reason, roots: self.options.roots.name() },
                None => Error::Connection { host, source: Box::new(error) },
            },
        }
    }
}

/// What came back.
enum Exchanged {
    Response(Response),
    Redirect { status: u16, target: String },
}

impl Exchanged {
    fn into_response(self, address: &Address) -> Result<Response, Error> {
        match self {
            Exchanged::Response(response) => Ok(response),
            Exchanged::Redirect { status, target } => Err(Error::Redirect {
                host: address.host().into(),
                status,
                target,
                reason: "redirects are not followed".into(),
            }),
        }
    }
}

/// The proxy is the one that is passed: the caller reads the environment.
fn config(options: &Options, tls: TlsConfig, proxy: Option<ureq::Proxy>) -> Config {
    Config::builder()
        .tls_config(tls)
        .proxy(proxy)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(MAX_HEADER_BYTES)
        .timeout_global(Some(options.timeout))
        .user_agent(concat!("id-guard/", env!("CARGO_PKG_VERSION")))
        .build()
}

fn root_certificates(roots: &Roots) -> Result<RootCerts, Error> {
    let Roots::Given(pem) = roots else { return Ok(RootCerts::PlatformVerifier) };
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| Error::Roots(error.to_string()))? {
            let der = CertificateDer::from_slice(certificate.der());
            // The library would leave out one that it cannot use.
            RootCertStore::empty().add(der).map_err(|error| Error::Roots(error.to_string()))?;
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(Error::Roots("expected at least one certificate in PEM".into()));
    }
    Ok(RootCerts::from(found))
}

/// Reads and decompresses a body.
fn read(body: &mut Body, encoding: &str, limit: u64) -> Result<Vec<u8>, ureq::Error> {
    let mut bytes = Vec::new();
    let raw = body.as_reader().take(limit + 1);
    match encoding {
        "" | "identity" => raw.take(limit + 1).read_to_end(&mut bytes)?,
        "gzip" => flate2::read::MultiGzDecoder::new(raw).take(limit + 1).read_to_end(&mut bytes)?,
        _ => return Err(std::io::Error::other("the content has an unknown encoding").into()),
    };
    if bytes.len() as u64 > limit { Err(ureq::Error::BodyExceedsLimit(limit)) } else { Ok(bytes) }
}

/// Returns why a server's certificate was refused, if that is the error.
fn refused_certificate(error: &ureq::Error) -> Option<String> {
    match error {
        ureq::Error::Rustls(rustls::Error::InvalidCertificate(reason)) => Some(reason.to_string()),
        // The handshake reports its errors as errors of input and output.
        ureq::Error::Io(error) => match error.get_ref()?.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(reason)) => Some(reason.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Leaves user name and password of a proxy out.
fn without_password(proxy: &str) -> String {
    match proxy.split_once("://") {
        Some((scheme, rest)) => {
            format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
        }
        None => proxy.rsplit_once('@').map_or(proxy, |(_, host)| host).into(),
    }
}

/// Resolves names. Without encryption, a name must be of this machine itself.
#[derive(Debug, Default)]
struct OwnMachine(DefaultResolver);

impl Resolver for OwnMachine {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        let is_plain = uri.scheme_str() == Some("http");
        match found.iter().find(|address| is_plain && !address.ip().is_loopback()) {
            None => Ok(found),
            Some(address) => {
                let reason =
                    format!("{} is not this machine itself, and http is not encrypted", address.ip());
                Err(ureq::Error::Other(reason.into()))
            }
        }
    }
}
