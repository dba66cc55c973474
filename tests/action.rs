//! The Action and its workflows, run by `act` on events and checkouts as GitHub makes them.

mod changes;
mod gate;
mod step;
mod writer;
