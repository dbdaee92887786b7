//! Stories about the binary itself. One program, because linking one takes long.

mod backup;
mod boot;
mod config;
mod connections;
mod copies;
mod doctor;
mod held;
mod import;
mod instances;
mod migrate;
mod operator;
mod secrets;
mod storm;
mod support;
mod telemetry;
