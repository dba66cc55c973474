//! `id-ledger witness serve`: a witness on the network (C2SP tlog-witness).

mod http;
mod memory;
mod server;

use tlog::{Algorithm, VerifierKey};

use super::private_key;
use crate::arguments::{WitnessCommand, WitnessServeArguments};
use crate::error::CommandError;
use memory::WitnessMemory;
use server::Server;

pub(super) fn run(command: &WitnessCommand) -> Result<String, CommandError> {
    match command {
        WitnessCommand::Serve(arguments) => serve(arguments),
    }
}

fn serve(arguments: &WitnessServeArguments) -> Result<String, CommandError> {
    let key = private_key(&arguments.key_file)?;
    if key.verifier().algorithm() != Algorithm::Cosignature {
        return Err(CommandError::failed_with(
            "this is not a witness's key",
            "generate one: id-ledger key generate example.org/witness --witness --out witness.key",
        ));
    }
    let logs = arguments.log.iter().map(|text| log_key(text)).collect::<Result<Vec<_>, _>>()?;
    let memory = WitnessMemory::open(&arguments.state, key, logs)?;
    Server::bind(&arguments.listen, memory)?.run()
}

fn log_key(text: &str) -> Result<VerifierKey, CommandError> {
    let invalid = |reason: String| {
        CommandError::failed_with(
            format!("--log: {reason}"),
            "pass the log's verifier key, which id-ledger key show prints",
        )
    };
    let key = VerifierKey::parse(text).map_err(|error| invalid(error.to_string()))?;
    if key.algorithm() == Algorithm::Ed25519 {
        Ok(key)
    } else {
        Err(invalid("expected a log key, found another kind of key".into()))
    }
}
