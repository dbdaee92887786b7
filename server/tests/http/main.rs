//! Stories about what is asked and answered over HTTP, on both engines. One program, because linking one takes long.

mod support;

mod areas;
mod bad_input;
mod cors;
mod csrf;
mod dependencies;
mod description;
mod devices;
mod events;
mod forms;
mod headers;
mod health;
mod lists;
mod load_script;
mod maintenance;
mod metrics;
mod notifications;
mod operations;
mod parallel;
mod problems;
mod random_input;
mod rate_limits;
mod repeats;
mod routes;
mod sessions;
mod sign_in;
mod slow_bodies;
mod unreadable;
mod urgent;
mod vitals;
