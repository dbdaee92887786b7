//! The server: configuration, HTTP, REST, jobs and the commands of the binary `pms`.

#![warn(missing_docs)]

pub mod adapters;
pub mod alone;
pub mod backups;
pub mod boot;
pub mod cli;
pub mod config;
pub mod doctor;
pub mod http;
pub mod jobs;
pub mod migrations;
pub mod open_files;
pub mod rest;
pub mod telemetry;
