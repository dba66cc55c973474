//! Requests to real servers on this machine: good and refused certificates, slow and endless answers, redirects, proxies.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up fails")]

mod server;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fetch::{Address, Client, Error, Options, Proxies, Response, Roots};
use server::{Authority, Flaw, Server, respond};

const LIMIT: u64 = 1_000;
/// Long enough for an answer on a busy machine.
const PATIENT: Duration = Duration::from_secs(120);
/// For answers that never end.
const IMPATIENT: Duration = Duration::from_millis(300);

fn options(authority: &Authority) -> Options {
    Options {
        roots: Roots::Given(authority.pem.clone().into_bytes()),
        timeout: PATIENT,
        ..Options::default()
    }
}

fn get(options: Options, address: &str) -> Result<Response, Error> {
    Client::new(options)?.get(&Address::parse(address).unwrap(), LIMIT)
}

fn at(server: &Server, path: &str) -> String {
    format!("https://localhost:{}{path}", server.port)
}

#[test]
fn a_body_is_sent_and_the_answer_is_read() {
    let authority = Authority::new("one");
    let server = authority.serve(Flaw::None, |request, out| {
        assert!(request.header.to_ascii_lowercase().contains("user-agent: id-guard/"), "{}", request.header);
        let body = [request.line.as_bytes(), &request.body].concat();
        respond(out, "409 Conflict", "Content-Type: text/x.tlog.size\r\n", &body);
    });
    let client = Client::new(options(&authority)).unwrap();
    let address = Address::parse(&at(&server, "/prefix/")).unwrap().join("add-checkpoint");
    let response = client.post(&address, "text/plain", b"old 0\n\n", LIMIT).unwrap();
    assert_eq!((response.status, response.content_type.as_str()), (409, "text/x.tlog.size"));
    assert_eq!(response.body, b"POST /prefix/add-checkpoint HTTP/1.1\r\nold 0\n\n");
}

#[test]
fn a_certificate_is_refused_with_its_reason() {
    let [authority, other] = [Authority::new("one"), Authority::new("other")];
    let server = |flaw| authority.serve(flaw, |_, out| respond(out, "200 OK", "", b"secret"));
    for (flaw, trusted, expected) in [
        (Flaw::Expired, &authority, "expired"),
        (Flaw::OtherName, &authority, "not valid for name"),
        (Flaw::None, &other, "UnknownIssuer"),
    ] {
        let error = get(options(trusted), &at(&server(flaw), "/")).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::Certificate { .. }) && text.contains(expected), "{expected}: {text}");
        assert!(
            text.starts_with("localhost: ") && text.ends_with("(trusted: the given certificates)"),
            "{text}"
        );
    }
    assert_eq!(get(options(&authority), &at(&server(Flaw::None), "/")).unwrap().body, b"secret");
}

#[test]
fn given_certificates_must_be_certificates() {
    for pem in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let roots = Roots::Given(pem.as_bytes().to_vec());
        let refused = Client::new(Options { roots, ..Options::default() });
        assert!(matches!(refused, Err(Error::Roots(_))), "{pem}");
    }
}

#[test]
fn slow_answers_end_in_time() {
    let authority = Authority::new("one");
    let silent = |_: &server::Request, _: &mut dyn std::io::Write| loop {
        std::thread::park();
    };
    let dripping = |_: &server::Request, out: &mut dyn std::io::Write| {
        let _ = out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
        while out.write_all(b"a").and_then(|()| out.flush()).is_ok() {
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    let open: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
    let keep = Arc::clone(&open);
    let servers = [
        authority.serve(Flaw::None, silent),
        authority.serve(Flaw::None, dripping),
        // It never answers the handshake.
        Server::accept(move |stream| keep.lock().unwrap().push(stream)),
    ];
    for server in &servers {
        let impatient = Options { timeout: IMPATIENT, ..options(&authority) };
        let error = get(impatient, &at(server, "/")).unwrap_err();
        assert!(matches!(error, Error::TimedOut { .. }) && error.is_transient(), "{error}");
    }
}

#[test]
fn large_answers_are_cut_off() {
    let authority = Authority::new("one");
    let endless = authority.serve(Flaw::None, |_, out| {
        let _ = out.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while out.write_all(b"10\r\n0123456789abcdef\r\n").is_ok() {}
    });
    let announced = authority.serve(Flaw::None, |_, out| respond(out, "200 OK", "", &vec![b'a'; 1_001]));
    let bomb = authority.serve(Flaw::None, |_, out| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; 500_000]).unwrap();
        let body = encoder.finish().unwrap();
        assert!(body.len() < 1_000, "it is small as it is sent");
        respond(out, "200 OK", "Content-Encoding: gzip\r\n", &body);
    });
    for server in [&endless, &announced, &bomb] {
        let error = get(options(&authority), &at(server, "/")).unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit: LIMIT, .. }), "{error}");
    }
    let header = authority.serve(Flaw::None, |_, out| {
        let _ = out.write_all(b"HTTP/1.1 200 OK\r\n");
        while out.write_all(b"a: 0123456789abcdef0123456789abcdef\r\n").is_ok() {}
    });
    assert!(matches!(get(options(&authority), &at(&header, "/")), Err(Error::Connection { .. })));
    let exact = authority.serve(Flaw::None, |_, out| respond(out, "200 OK", "", &vec![b'a'; 1_000]));
    assert_eq!(get(options(&authority), &at(&exact, "/")).unwrap().body.len(), 1_000);
}

#[test]
fn broken_answers_are_errors() {
    let authority = Authority::new("one");
    let cut = authority.serve(Flaw::None, |_, out| {
        let _ = out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
    });
    let garbage = authority.serve(Flaw::None, |_, out| drop(out.write_all(b"\x00\x01\x02 not HTTP\r\n\r\n")));
    let unknown =
        authority.serve(Flaw::None, |_, out| respond(out, "200 OK", "Content-Encoding: br\r\n", b"x"));
    let closed = Server::accept(drop);
    for server in [&cut, &garbage, &unknown, &closed] {
        let error = get(options(&authority), &at(server, "/")).unwrap_err();
        assert!(matches!(error, Error::Connection { .. }), "{error}");
    }
}

#[test]
fn compressed_answers_are_read() {
    let authority = Authority::new("one");
    let server = authority.serve(Flaw::None, |_, out| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(b"an entry bundle").unwrap();
        respond(out, "200 OK", "Content-Encoding: gzip\r\n", &encoder.finish().unwrap());
    });
    assert_eq!(get(options(&authority), &at(&server, "/")).unwrap().body, b"an entry bundle");
}

#[test]
fn redirects_are_followed_only_where_asked() {
    let authority = Authority::new("one");
    let server = authority.serve(Flaw::None, |request, out| {
        let path = request.line.split(' ').nth(1).unwrap();
        match path {
            "/end" => respond(out, "200 OK", "", b"arrived"),
            "/plain" => respond(out, "302 Found", "Location: http://127.0.0.1:9/\r\n", b""),
            "/file" => respond(out, "302 Found", "Location: file:///etc/passwd\r\n", b""),
            "/nowhere" => respond(out, "302 Found", "", b""),
            "/loop" => respond(out, "302 Found", "Location: /loop\r\n", b""),
            _ => respond(out, "307 Temporary Redirect", "Location: /end\r\n", b""),
        }
    });
    let following = || Options { redirects: 5, ..options(&authority) };
    assert_eq!(get(following(), &at(&server, "/start")).unwrap().body, b"arrived");
    for (options, path, reason) in [
        (options(&authority), "/start", "redirects are not followed"),
        (following(), "/plain", "it is not encrypted"),
        (following(), "/file", "expected an address"),
        (following(), "/nowhere", "expected an address"),
        (following(), "/loop", "more than 5 redirects"),
    ] {
        let error = get(options, &at(&server, path)).unwrap_err();
        assert!(
            matches!(error, Error::Redirect { .. }) && error.to_string().contains(reason),
            "{path}: {error}"
        );
    }
    let client = Client::new(following()).unwrap();
    let posted = client.post(&Address::parse(&at(&server, "/start")).unwrap(), "text/plain", b"x", LIMIT);
    assert!(matches!(posted, Err(Error::Redirect { status: 307, .. })), "a body is never sent elsewhere");
}

/// A proxy that connects to what it is asked for, if it is let.
fn proxy(answer: &'static str) -> Server {
    Server::accept(move |mut client| {
        std::thread::spawn(move || {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                client.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            let target =
                head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()).unwrap().to_string();
            client.write_all(answer.as_bytes()).unwrap();
            let Ok(mut server) = TcpStream::connect(target) else { return };
            let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut from, &mut to));
            let _ = std::io::copy(&mut server, &mut client);
        });
    })
}

#[test]
fn encrypted_requests_go_through_the_proxy() {
    let authority = Authority::new("one");
    let server = authority.serve(Flaw::None, |_, out| respond(out, "200 OK", "", b"through"));
    let open = proxy("HTTP/1.1 200 Connection established\r\n\r\n");
    let closed = proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    let by = |proxy: &Server, none: &str| Options {
        proxies: Proxies {
            https: Some(format!("http://me:secret@127.0.0.1:{}", proxy.port)),
            none: none.into(),
        },
        ..options(&authority)
    };
    assert_eq!(get(by(&open, ""), &at(&server, "/")).unwrap().body, b"through");
    assert_eq!(open.connections.load(Ordering::SeqCst), 1);
    assert_eq!(get(by(&open, "localhost"), &at(&server, "/")).unwrap().body, b"through");
    assert_eq!(open.connections.load(Ordering::SeqCst), 1, "NO_PROXY names the host");
    let error = get(by(&closed, ""), &at(&server, "/")).unwrap_err();
    assert!(matches!(error, Error::Proxy { .. }), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
    let plain = Server::plain(|_, out| respond(out, "200 OK", "", b"direct"));
    let response = get(by(&closed, ""), &format!("http://127.0.0.1:{}/", plain.port)).unwrap();
    assert_eq!(response.body, b"direct", "this machine itself is reached directly");
}
