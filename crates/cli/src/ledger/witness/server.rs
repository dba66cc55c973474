//! The server of a witness: `add-checkpoint` and the latest checkpoint of each log.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use diagnostic::sanitise;
use tlog::witness::{AddCheckpoint, Refused};

use super::http::{Connection, NoRequest, Response};
use super::memory::{Answer, WitnessMemory};
use crate::error::CommandError;
use crate::output::{inform, print};

/// The connections that are served at a time; each has a thread.
const MAX_CONNECTIONS: usize = 64;
/// The requests of one connection.
const MAX_REQUESTS: usize = 1_000;

/// A witness that listens.
pub(super) struct Server {
    listener: TcpListener,
    memory: Arc<WitnessMemory>,
}

impl Server {
    pub(super) fn bind(address: &str, memory: WitnessMemory) -> Result<Server, CommandError> {
        let listener = TcpListener::bind(address).map_err(|error| {
            CommandError::failed_with(
                format!("--listen {}: {error}", sanitise::text(address)),
                "pass an address of this machine and a port that is not in use, such as 127.0.0.1:8080",
            )
        })?;
        Ok(Server { listener, memory: Arc::new(memory) })
    }

    /// Serves until the memory fails: after that, nothing may be cosigned.
    pub(super) fn run(self) -> Result<String, CommandError> {
        let address = self.listener.local_addr().map_err(|error| CommandError::failed(error.to_string()))?;
        let logs: String = self.memory.describe()?.iter().map(|line| format!("  {line}\n")).collect();
        print(&format!("{}\nlistening on http://{address}\n{logs}", self.memory.verifier()));
        let (failed, failures): (Sender<CommandError>, Receiver<CommandError>) = channel();
        let Server { listener, memory } = self;
        std::thread::spawn(move || accept(&listener, &memory, &failed));
        let error = failures.recv();
        Err(error.unwrap_or_else(|_| CommandError::failed("the listening socket was closed")))
    }
}

fn accept(listener: &TcpListener, memory: &Arc<WitnessMemory>, failed: &Sender<CommandError>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        if open.fetch_add(1, Ordering::SeqCst) >= MAX_CONNECTIONS {
            open.fetch_sub(1, Ordering::SeqCst);
            // It is closed without an answer where it is not writable at once.
            let _ = stream.set_nonblocking(true);
            let _ = Connection::new(stream).write(&Response::text(503, "too many connections"), false);
            continue;
        }
        let (memory, failed, open) = (Arc::clone(memory), failed.clone(), Arc::clone(&open));
        std::thread::spawn(move || {
            if let Err(error) = serve(&memory, stream) {
                // The receiver ends the program.
                let _ = failed.send(error);
            }
            open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

/// Serves the requests of a connection. An error is one of the memory.
fn serve(memory: &WitnessMemory, stream: TcpStream) -> Result<(), CommandError> {
    let mut connection = Connection::new(stream);
    for _ in 0..MAX_REQUESTS {
        let request = match connection.read() {
            Ok(request) => request,
            Err(NoRequest::Closed) => return Ok(()),
            Err(NoRequest::Refused(status, message)) => {
                let _ = connection.write(&Response::text(status, message), false);
                connection.drain();
                return Ok(());
            }
        };
        let response = match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/add-checkpoint") => add(memory, &request.body),
            (_, "/add-checkpoint") => Ok(Response::text(405, "expected POST")),
            ("GET", path) => latest(memory, path),
            _ => Ok(Response::text(405, "expected GET")),
        };
        let failure = response.as_ref().err().map(|_| Response::text(500, "the state cannot be written"));
        let sent = match (&response, &failure) {
            (Ok(response), _) => connection.write(response, request.keep_alive),
            (Err(_), Some(failure)) => connection.write(failure, false),
            (Err(_), None) => Ok(()),
        };
        response?;
        if sent.is_err() || !request.keep_alive {
            return Ok(());
        }
    }
    Ok(())
}

fn add(memory: &WitnessMemory, body: &[u8]) -> Result<Response, CommandError> {
    let refuse = |refused: &Refused| match refused {
        Refused::Conflict { size, .. } => Response {
            status: refused.status(),
            content_type: "text/x.tlog.size",
            body: format!("{size}\n").into_bytes(),
        },
        refused => Response::text(refused.status(), &refused.to_string()),
    };
    let request = match AddCheckpoint::parse(body) {
        Ok(request) => request,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let shown = describe(&request);
    Ok(match memory.add(&request)? {
        Answer::Cosigned(line) => {
            inform(&format!("cosigned {shown}"));
            Response { status: 200, content_type: "text/plain; charset=utf-8", body: line.into_bytes() }
        }
        Answer::Refused(refused) => {
            inform(&format!("refused {shown}: {refused}"));
            refuse(&refused)
        }
    })
}

/// The checkpoint of a request, for the log of the server; anyone may have written it.
fn describe(request: &AddCheckpoint) -> String {
    match tlog::open(request.checkpoint.as_bytes()) {
        Ok(opened) => {
            let origin: String = opened.checkpoint.origin.chars().take(256).collect();
            format!("{}: {} → {} lines", sanitise::text(&origin), request.old, opened.checkpoint.size)
        }
        Err(_) => "a request without a checkpoint".into(),
    }
}

fn latest(memory: &WitnessMemory, path: &str) -> Result<Response, CommandError> {
    let digest = path.strip_prefix('/').and_then(|path| path.strip_suffix("/checkpoint")).unwrap_or_default();
    Ok(match memory.latest(digest)? {
        Some(note) => {
            Response { status: 200, content_type: "text/plain; charset=utf-8", body: note.into_bytes() }
        }
        None => Response::text(404, "not found"),
    })
}
