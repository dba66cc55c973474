//! Witnesses on the network: our server and our client against a second implementation of the protocol (`tests/peers/witness.py`, an
//! interoperability check), with racing, lying and dying witnesses.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::support::life::{LIFE, Lived};
use crate::support::registry::{RunResult, ledger, ledger_does, read, result_of};
use scripted::git;

/// A running witness, which ends with the test.
struct Witness {
    child: Child,
    key: String,
    url: String,
    /// Open, so that the witness can go on to write.
    _out: BufReader<ChildStdout>,
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/witness.py")
}

/// Starts a witness of the second implementation.
fn peer(name: &str, log: &str, behaviour: &str) -> Witness {
    start_peer(Command::new("python3"), name, log, behaviour)
}

fn start_peer(mut command: Command, name: &str, log: &str, behaviour: &str) -> Witness {
    command.arg(script()).args(["serve", name, name, log, behaviour]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let (key, url) = line.trim().split_once(' ').unwrap();
    Witness { child, key: key.into(), url: url.into(), _out: out }
}

/// Starts our own witness. A port that was in use until now may be taken for a moment.
fn own(place: &Path, log: &str, listen: &str) -> Witness {
    const MAX_ATTEMPTS: usize = 100;
    let started = (0..MAX_ATTEMPTS).find_map(|attempt| {
        if attempt > 0 {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        try_own(place, log, listen)
    });
    started.unwrap_or_else(|| panic!("no witness listens on {listen}"))
}

fn try_own(place: &Path, log: &str, listen: &str) -> Option<Witness> {
    let key_file = place.join("witness.key");
    if !key_file.exists() {
        ledger_does(
            place,
            &["key", "generate", "own.example/w", "--witness", "--out", key_file.to_str().unwrap()],
        );
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_id-ledger"))
        .args(["witness", "serve", "--listen", listen, "--state"])
        .arg(place.join("state"))
        .arg("--key-file")
        .arg(&key_file)
        .args(["--log", log])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut lines = [String::new(), String::new()];
    for line in &mut lines {
        out.read_line(line).unwrap();
    }
    let Some(url) = lines[1].trim().strip_prefix("listening on ") else {
        child.wait().unwrap();
        return None;
    };
    Some(Witness { child, key: lines[0].trim().into(), url: url.to_string(), _out: out })
}

/// A remote and a clone, and the key of the log.
struct Witnessed {
    lived: Lived,
    place: tempfile::TempDir,
    log: String,
}

impl Witnessed {
    fn begin() -> Witnessed {
        let lived = Lived::begin();
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("log.key");
        ledger_does(
            lived.path(),
            &["key", "generate", "example.org/plugins", "--out", file.to_str().unwrap()],
        );
        let log = ledger_does(lived.path(), &["key", "show", file.to_str().unwrap()]).trim().to_string();
        Witnessed { lived, place, log }
    }

    /// Commits a trust policy with these witnesses, of which all that are named in `quorum` must sign.
    fn trust(&self, witnesses: &[(&str, &Witness)], quorum: &str) {
        let lines: String = witnesses
            .iter()
            .map(|(name, witness)| format!("witness {name} {} {}\n", witness.key, witness.url))
            .collect();
        let quorum = if quorum == "none" {
            "quorum none\n".into()
        } else {
            format!("group g all {quorum}\nquorum g\n")
        };
        self.commit(".ledger/trust.policy", format!("log {}\n{lines}{quorum}", self.log));
    }

    fn require(&self, requirement: &str) {
        let path = "policy-packs/policy.yaml";
        let text = read(self.lived.path(), path);
        let text = text.replace("  witnesses: required\n", "").replace("  witnesses: preferred\n", "");
        let text = text.replace("ledger:\n", &format!("ledger:\n  witnesses: {requirement}\n"));
        self.commit(path, text);
    }

    fn commit(&self, path: &str, text: String) {
        self.lived.clone.write(path, text);
        self.lived.clone.commit("trust");
        self.lived.push();
    }

    fn write(&self, arguments: &[&str]) -> RunResult {
        let key = self.place.path().join("log.key");
        self.lived.write(&[&["--key-file", key.to_str().unwrap()], arguments].concat())
    }

    fn head(&self) -> String {
        git(self.lived.remote.path(), &["rev-parse", "main"], 0)
    }
}

#[test]
fn a_record_is_cosigned_before_it_is_published() {
    let log = Witnessed::begin();
    let (own, peer) =
        (own(log.place.path(), &log.log, "127.0.0.1:0"), peer("peer.example/w", &log.log, "honest"));
    log.trust(&[("own", &own), ("peer", &peer)], "own peer");
    log.require("required");
    for merge in [0, 1, 2] {
        log.lived.merge(merge, &LIFE[merge]);
        let dry = log.write(&["--dry-run"]);
        assert!(dry.text.contains("would ask for cosignatures: own, peer"), "{}", dry.text);
        let written = log.write(&[]);
        assert_eq!(written.status, 0, "{}", written.text);
        assert!(written.text.contains("cosigned by own, peer\n"), "{}", written.text);
        let verified = ledger_does(log.lived.path(), &["verify"]);
        assert!(verified.contains("witnesses 2 of 2: "), "{verified}");
    }
    let again = log.write(&[]);
    assert!(again.text.starts_with("nothing to do"), "{}", again.text);
    // The witness serves what it cosigned last, with its own signature.
    let digest = digest::Digest::of("example.org/plugins").hex();
    let served = get(&own.url, &format!("/{digest}/checkpoint"));
    let published = read(log.lived.path(), ".ledger/checkpoint");
    let line = published.lines().find(|line| line.contains("own.example/w")).unwrap();
    assert!(served.contains(line) && served.contains("200 OK"), "{served}\n{published}");
    assert!(get(&own.url, "/0000/checkpoint").contains("404 Not Found"));
    assert!(get(&own.url, "/add-checkpoint").contains("405 Method Not Allowed"));
}

/// A GET request without any library.
fn get(url: &str, path: &str) -> String {
    exchange(url, format!("GET {path} HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n").as_bytes())
}

fn exchange(url: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn lying_and_dying_witnesses_are_named() {
    let log = Witnessed::begin();
    let behaviours = [
        ("other-text", "no valid cosignature of the key in the trust policy"),
        ("other-key", "no valid cosignature of the key in the trust policy"),
        ("garbage", "no valid cosignature of the key in the trust policy"),
        ("endless", "larger than 65536 bytes"),
        ("silent", "no complete answer within 10 s"),
        ("dies", "127.0.0.1: "),
        ("redirects", "redirects are not followed"),
        ("moving", "changes faster than it can be asked"),
        ("400", "status 400: it could not read the request"),
        ("403", "status 403: it does not accept the log's signature"),
        ("404", "status 404: it does not know this log"),
        ("422", "status 422: it does not accept that this checkpoint continues"),
        ("429", "status 429: it was asked too often"),
        ("503", "status 503: it failed"),
        ("418", "status 418: its answer is unknown"),
    ];
    let peers: Vec<Witness> =
        behaviours.iter().map(|(name, _)| peer(&format!("{name}.example"), &log.log, name)).collect();
    let honest = peer("honest.example", &log.log, "honest");
    let names: Vec<String> = behaviours.iter().map(|(name, _)| format!("w-{name}")).collect();
    let mut all: Vec<(&str, &Witness)> = names.iter().map(String::as_str).zip(&peers).collect();
    all.push(("honest", &honest));
    log.trust(&all, &format!("honest {}", names.join(" ")));
    log.require("required");
    log.lived.merge(0, &LIFE[0]);
    let before = log.head();
    let refused = log.write(&[]);
    assert_eq!(refused.status, 2, "{}", refused.text);
    assert!(
        refused.text.contains("nothing was published: quorum g not reached: signed by honest"),
        "{}",
        refused.text
    );
    assert_eq!(log.head(), before, "nothing was pushed");
    assert_eq!(git(log.lived.remote.path(), &["tag"], 0), "");
    for ((_, message), name) in behaviours.iter().zip(&names) {
        let found = refused.text.lines().find(|line| line.starts_with(&format!("warning: witness {name}: ")));
        assert!(found.is_some_and(|found| found.contains(message)), "{name}: {found:?}\n{}", refused.text);
    }
    assert!(!refused.text.contains('\u{1b}') && !refused.text.contains("\n::error"), "{}", refused.text);
    // One of them answers at last: the rest is a warning where the policy prefers witnesses.
    log.require("preferred");
    log.trust(&all[13..], "honest w-503");
    let written = log.write(&[]);
    assert_eq!(written.status, 0, "{}", written.text);
    assert!(written.text.contains("warning: witness w-503: status 503"), "{}", written.text);
    assert!(
        written.text.contains("published without enough cosignatures: quorum g not reached"),
        "{}",
        written.text
    );
    assert!(written.text.contains("cosigned by honest\n"), "{}", written.text);
    // The next run asks again, and only who has not cosigned.
    let reformed = peer("503.example", &log.log, "honest");
    log.trust(&[("honest", &honest), ("w-503", &reformed)], "honest w-503");
    let again = log.write(&[]);
    assert_eq!(again.status, 0, "{}", again.text);
    assert!(again.text.contains("added cosignatures"), "{}", again.text);
    assert!(again.text.contains("cosigned by w-503\n"), "{}", again.text);
    let verified = ledger_does(log.lived.path(), &["verify"]);
    assert!(verified.contains("witnesses 2 of 2: "), "{verified}");
    assert!(log.write(&[]).text.starts_with("nothing to do"));
}

#[test]
fn what_was_cosigned_is_continued_when_another_push_comes_first() {
    let log = Witnessed::begin();
    log.lived.merge(0, &LIFE[0]);
    assert_eq!(log.write(&[]).status, 0);
    log.lived.merge(1, &LIFE[1]);
    // Another merge, which is pushed while the witness is asked.
    let other = tempfile::tempdir().unwrap();
    let remote = log.lived.remote.path().to_str().unwrap();
    git(other.path(), &["clone", "--quiet", remote, "."], 0);
    let overtake = format!(
        "cd {} && git pull --quiet && echo more > more.txt && git add more.txt && git -c user.name=a -c user.email=a@example.org commit --quiet -m more && git push --quiet",
        other.path().display()
    );
    let witness = peer("slow.example/w", &log.log, &format!("run:{overtake}"));
    log.trust(&[("slow", &witness)], "slow");
    log.require("required");
    // The seal is at a place that the later history alone would not give.
    let written = log.write(&["--seal"]);
    assert_eq!(written.status, 0, "{}", written.text);
    assert!(written.text.contains("cosigned by slow\n"), "{}", written.text);
    assert_eq!(log.write(&[]).text.lines().next().map(|line| line.starts_with("nothing to do")), Some(true));
    ledger_does(log.lived.path(), &["verify", "--rederive"]);
}

#[test]
fn a_requirement_that_cannot_be_met_is_an_error() {
    let log = Witnessed::begin();
    log.lived.merge(0, &LIFE[0]);
    log.require("required");
    let honest = peer("honest.example", &log.log, "honest");
    let missing = log.write(&[]);
    assert_eq!(missing.status, 2);
    assert!(missing.text.contains(".ledger/trust.policy is missing"), "{}", missing.text);
    log.trust(&[("honest", &honest)], "none");
    assert!(log.write(&[]).text.contains("quorum none"));
    let line = format!("witness w {}\nquorum w\n", honest.key);
    log.commit(".ledger/trust.policy", format!("log {}\n{line}", log.log));
    let without_address = log.write(&[]);
    assert!(without_address.text.contains("has an address"), "{}", without_address.text);
    // An address on the command line is enough.
    let asked = log.write(&["--witness", &honest.url]);
    assert_eq!(asked.status, 0, "{}", asked.text);
    assert!(asked.text.contains("cosigned by "), "{}", asked.text);
    for (address, message) in [
        ("http://witness.example", "expected the scheme https"),
        ("https://user:secret@witness.example", "must not contain a user name"),
    ] {
        log.lived.clone.write("more.txt", address);
        let refused =
            ledger(log.lived.path(), &["checkpoint", "cosign", ".ledger/checkpoint", "--witness", address]);
        assert!(refused.status == 2 && refused.text.contains(message), "{}", refused.text);
    }
}

#[test]
fn a_witness_cosigns_one_history_while_it_is_raced_and_killed() {
    let place = tempfile::tempdir().unwrap();
    let python = |arguments: &[&str]| {
        let output = Command::new("python3").arg(script()).args(arguments).output().unwrap();
        result_of(&output)
    };
    let log = python(&["log-key", "seed"]).text.trim().to_string();
    let mut witness = own(place.path(), &log, "127.0.0.1:0");
    let url = witness.url.clone();
    let key = witness.key.clone();
    let racing = std::thread::spawn(move || {
        let output = Command::new("python3").arg(script()).args(["race", &url, &key, "seed", "12"]).output();
        result_of(&output.unwrap())
    });
    let listen = witness.url.strip_prefix("http://").unwrap().to_string();
    for _ in 0..3 {
        std::thread::sleep(std::time::Duration::from_millis(300));
        drop(witness);
        witness = own(place.path(), &log, &listen);
    }
    let raced = racing.join().unwrap();
    assert_eq!(raced.status, 0, "{}", raced.text);
    assert!(raced.text.contains("fork"), "{}", raced.text);
    // What is remembered is one of the checkpoints that were cosigned, by this witness.
    let digest = digest::Digest::of("race.example/log").hex();
    assert!(get(&witness.url, &format!("/{digest}/checkpoint")).contains("\u{2014} own.example/w "));
}

#[test]
fn a_witness_bounds_what_it_reads() {
    let place = tempfile::tempdir().unwrap();
    let log = Witnessed::begin();
    let witness = own(place.path(), &log.log, "127.0.0.1:0");
    let post = |body: &[u8]| {
        let head = format!(
            "POST /add-checkpoint HTTP/1.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        exchange(&witness.url, &[head.as_bytes(), body].concat())
    };
    assert!(post(&vec![b'a'; 16_385]).contains("413 Content Too Large"));
    assert!(post(&vec![b'a'; 16_384]).contains("400 Bad Request"));
    assert!(post(b"\xff\xfe").contains("400 Bad Request"));
    assert!(
        post(b"old 0\n\nunknown.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
            .contains("404 Not Found")
    );
    let chunked = b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(exchange(&witness.url, chunked).contains("411 Length Required"));
    let header = [b"GET / HTTP/1.1\r\na: ".as_slice(), &vec![b'a'; 9_000]].concat();
    assert!(exchange(&witness.url, &header).contains("431 Request Header Fields Too Large"));
    // Two requests on one connection.
    let twice = b"GET /a/checkpoint HTTP/1.1\r\n\r\nGET /b/checkpoint HTTP/1.1\r\nConnection: close\r\n\r\n";
    assert_eq!(exchange(&witness.url, twice).matches("404 Not Found").count(), 2);
}

#[test]
fn a_witness_is_asked_over_https() {
    let log = Witnessed::begin();
    log.lived.merge(0, &LIFE[0]);
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]).unwrap();
    let ca = log.place.path().join("ca.pem");
    let both = log.place.path().join("server.pem");
    std::fs::write(&ca, certified.cert.pem()).unwrap();
    std::fs::write(&both, certified.cert.pem() + &certified.signing_key.serialize_pem()).unwrap();
    let mut python = Command::new("python3");
    python.env("TLS_CERTIFICATE", &both);
    let witness = start_peer(python, "tls.example/w", &log.log, "honest");
    log.trust(&[("tls", &witness)], "tls");
    let warned = log.write(&[]);
    assert_eq!(warned.status, 0, "{}", warned.text);
    assert!(warned.text.contains("witness tls: localhost: certificate refused"), "{}", warned.text);
    let (path, ca) = (log.lived.path(), ca.to_str().unwrap());
    let cosign = |more: &[&str]| {
        let fixed = ["checkpoint", "cosign", ".ledger/checkpoint", "--witness", &witness.url];
        ledger(path, &[&fixed, more].concat())
    };
    assert_eq!(cosign(&[]).status, 1, "the quorum is not reached");
    assert_eq!(cosign(&["--ca", "missing.pem"]).status, 2);
    assert_eq!(cosign(&["--ca", ".ledger/checkpoint"]).status, 2);
    let cosigned = cosign(&["--ca", ca, "--out", ".ledger/checkpoint"]);
    assert_eq!(cosigned.status, 0, "{}", cosigned.text);
    assert!(cosigned.text.contains("cosigned by tls: "), "{}", cosigned.text);
    assert!(ledger_does(path, &["verify"]).contains("witnesses 1 of 1: tls"));
}

#[test]
fn a_proposal_is_cosigned_once() {
    let log = Witnessed::begin();
    let witness = peer("peer.example/w", &log.log, "honest");
    log.trust(&[("peer", &witness)], "peer");
    log.lived.merge(0, &LIFE[0]);
    let key = log.place.path().join("log.key");
    let propose = || {
        let arguments = ["--writer", "pull-request", "--key-file", key.to_str().unwrap()];
        log.lived.write_alone(&arguments)
    };
    let first = propose();
    assert!(first.status == 0 && first.text.contains("cosigned by peer\n"), "{}", first.text);
    let again = propose();
    assert!(again.status == 0 && again.text.contains("waits to be merged"), "{}", again.text);
    assert_eq!(log.lived.refs().matches("refs/heads/id-guard/record-").count(), 1);
}

#[test]
fn a_witness_that_cannot_remember_ends_without_a_cosignature() {
    let place = tempfile::tempdir().unwrap();
    let log = Witnessed::begin();
    let mut witness = own(place.path(), &log.log, "127.0.0.1:0");
    log.lived.merge(0, &LIFE[0]);
    assert_eq!(log.write(&[]).status, 0);
    // The lock of the log cannot be taken, so nothing can be written.
    let state = place.path().join("state");
    let own_state = std::fs::read_dir(state).unwrap().next().unwrap().unwrap().path();
    let name = digest::Digest::of("example.org/plugins").hex()[..32].to_string();
    std::fs::create_dir(own_state.join(format!("{name}.lock"))).unwrap();
    let published = read(log.lived.path(), ".ledger/checkpoint");
    let body = format!("old 0\n\n{published}");
    let head = format!("POST /add-checkpoint HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len());
    let answer = exchange(&witness.url, format!("{head}{body}").as_bytes());
    assert!(answer.contains("500 Internal Server Error") && !answer.contains('\u{2014}'), "{answer}");
    assert_eq!(witness.child.wait().unwrap().code(), Some(2));
}
