//! HTTP/1.1 for a witness: one small request after another, bounded in time and size.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The size of a request's header, in bytes.
const MAX_HEADER_BYTES: usize = 8 << 10;
/// The number of a request's header fields.
const MAX_FIELDS: usize = 64;
/// The size of a request's body, in bytes: a proof has at most 63 lines, and a checkpoint a few signatures.
pub(super) const MAX_BODY_BYTES: usize = 16 << 10;
/// The time for a whole request, and for its answer.
const MAX_REQUEST_TIME: Duration = Duration::from_secs(10);

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: Vec<u8>,
    /// Whether another request may follow on the connection.
    pub(super) keep_alive: bool,
}

/// An answer.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
}

impl Response {
    pub(super) fn text(status: u16, text: &str) -> Response {
        Response { status, content_type: "text/plain; charset=utf-8", body: format!("{text}\n").into_bytes() }
    }
}

/// Why a request is missing.
pub(super) enum NoRequest {
    /// The other side closed the connection, or was too slow.
    Closed,
    /// The request is refused with this status.
    Refused(u16, &'static str),
}

impl From<io::Error> for NoRequest {
    fn from(_: io::Error) -> NoRequest {
        NoRequest::Closed
    }
}

/// What has arrived on a connection and was not read yet.
pub(super) struct Connection {
    stream: TcpStream,
    pending: Vec<u8>,
}

/// The header of a request, and how long it is.
struct Head {
    request: Request,
    length: usize,
    body: usize,
    expects_continue: bool,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Connection {
        Connection { stream, pending: Vec::new() }
    }

    /// Reads the next request.
    pub(super) fn read(&mut self) -> Result<Request, NoRequest> {
        let end = Instant::now() + MAX_REQUEST_TIME;
        let head = loop {
            match parse(&self.pending)? {
                Some(head) => break head,
                None if self.pending.len() >= MAX_HEADER_BYTES => {
                    return Err(NoRequest::Refused(431, "the header is too large"));
                }
                None => self.receive(end)?,
            }
        };
        if head.expects_continue {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        let whole = head.length + head.body;
        while self.pending.len() < whole {
            self.receive(end)?;
        }
        let mut request = head.request;
        request.body = self.pending[head.length..whole].to_vec();
        self.pending.drain(..whole);
        Ok(request)
    }

    fn receive(&mut self, end: Instant) -> Result<(), NoRequest> {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(NoRequest::Closed);
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer)? {
            0 => Err(NoRequest::Closed),
            count => {
                self.pending.extend(&buffer[..count]);
                Ok(())
            }
        }
    }

    /// Reads what is left of a refused request: a connection that is closed before is reset, and the answer lost.
    pub(super) fn drain(self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Write);
        let _ = self.stream.set_read_timeout(Some(MAX_REST_TIME));
        let _ = io::copy(&mut self.stream.take(MAX_REST_BYTES), &mut io::sink());
    }

    /// Sends an answer.
    pub(super) fn write(&mut self, response: &Response, keep_alive: bool) -> io::Result<()> {
        self.stream.set_write_timeout(Some(MAX_REQUEST_TIME))?;
        let Response { status, content_type, body } = response;
        let connection = if keep_alive { "keep-alive" } else { "close" };
        let head = format!(
            "HTTP/1.1 {status} {}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: {connection}\r\n\r\n",
            reason(*status),
            body.len()
        );
        self.stream.write_all(&[head.as_bytes(), body].concat())
    }
}

/// The rest of a refused request that is read, in bytes.
const MAX_REST_BYTES: u64 = 64 << 10;
/// How long the rest of a refused request is waited for.
const MAX_REST_TIME: Duration = Duration::from_secs(1);

/// Parses a header; `None` if it is incomplete.
fn parse(bytes: &[u8]) -> Result<Option<Head>, NoRequest> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    let malformed = |_| NoRequest::Refused(400, "malformed request");
    let httparse::Status::Complete(length) = parsed.parse(bytes).map_err(malformed)? else { return Ok(None) };
    let field = |name: &str| {
        let mut found = parsed.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        let first = found.next().map(|field| field.value);
        // Two lengths could be read in two ways.
        if found.next().is_some() {
            Err(NoRequest::Refused(400, "a header field is repeated"))
        } else {
            Ok(first)
        }
    };
    if field("transfer-encoding")?.is_some() {
        return Err(NoRequest::Refused(411, "the header Content-Length is required"));
    }
    let method = parsed.method.unwrap_or_default().to_string();
    let body = match field("content-length")? {
        None if method == "POST" => {
            return Err(NoRequest::Refused(411, "the header Content-Length is required"));
        }
        None => 0,
        Some(value) => {
            let is_decimal = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
            let text = std::str::from_utf8(value).unwrap_or_default();
            let length: u64 = text.parse().unwrap_or(u64::MAX);
            if !is_decimal {
                return Err(NoRequest::Refused(400, "malformed request"));
            }
            usize::try_from(length)
                .ok()
                .filter(|length| *length <= MAX_BODY_BYTES)
                .ok_or(NoRequest::Refused(413, "the body is larger than 16384 bytes"))?
        }
    };
    let is_11 = parsed.version == Some(1);
    let closes = field("connection")?.is_some_and(|value| value.eq_ignore_ascii_case(b"close"));
    let expects_continue = field("expect")?.is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"));
    let request = Request {
        method,
        path: parsed.path.unwrap_or_default().to_string(),
        body: Vec::new(),
        keep_alive: is_11 && !closes,
    };
    Ok(Some(Head { request, length, body, expects_continue }))
}

/// The reason phrases of the statuses that a witness sends (RFC 9110 §15).
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        411 => "Length Required",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(text: &str) -> Option<u16> {
        match parse(text.as_bytes()) {
            Err(NoRequest::Refused(status, _)) => Some(status),
            _ => None,
        }
    }

    #[test]
    fn requests_that_could_be_read_in_two_ways_are_refused() {
        let post = |fields: &str| status(&format!("POST /add-checkpoint HTTP/1.1\r\n{fields}\r\n"));
        assert_eq!(post("Content-Length: 5\r\n"), None);
        assert_eq!(post(""), Some(411));
        assert_eq!(post("Transfer-Encoding: chunked\r\n"), Some(411));
        assert_eq!(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), Some(411));
        assert_eq!(post("Content-Length: 5\r\nContent-Length: 6\r\n"), Some(400));
        assert_eq!(post("Content-Length: +5\r\n"), Some(400));
        assert_eq!(post("Content-Length: -5\r\n"), Some(400));
        assert_eq!(post("Content-Length: \r\n"), Some(400));
        assert_eq!(post("Content-Length: 16384\r\n"), None);
        assert_eq!(post("Content-Length: 16385\r\n"), Some(413));
        assert_eq!(post("Content-Length: 99999999999999999999999\r\n"), Some(413));
        assert_eq!(post(&"a: b\r\n".repeat(MAX_FIELDS + 1)), Some(400));
        assert_eq!(status("\x00\x01 /\r\n\r\n"), Some(400));
    }

    #[test]
    fn an_incomplete_header_is_waited_for() {
        let whole = "GET /x/checkpoint HTTP/1.1\r\nHost: w\r\n\r\n";
        for at in 0..whole.len() {
            assert!(matches!(parse(&whole.as_bytes()[..at]), Ok(None)), "{at}");
        }
        let head = parse(whole.as_bytes()).ok().flatten().unwrap();
        assert_eq!((head.length, head.body, head.request.keep_alive), (whole.len(), 0, true));
        assert_eq!((head.request.method.as_str(), head.request.path.as_str()), ("GET", "/x/checkpoint"));
    }
}
