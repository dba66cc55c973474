//! The packs for other plugin systems: their cases, their mutants, real manifests, and the page that maps requirements to rules.

mod cases;
mod corpus;
mod mutants;
mod page;
mod repository;
mod together;
