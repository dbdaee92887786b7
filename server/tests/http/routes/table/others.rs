//! Everything else that is answered.

use super::{super::answers::*, Area, Row};

/// Everything that is neither of the API, nor a server function, nor a page.
pub const OTHERS: &[Area] =
    &[("health", HEALTH), ("descriptions", DESCRIPTIONS), ("files", FILES), ("links", LINKS)];

const HEALTH: &[Row] =
    &[("GET /api/health", "", OPEN), ("GET /api/health/live", "", OPEN), ("GET /api/health/ready", "", OPEN)];

const DESCRIPTIONS: &[Row] = &[
    ("GET /api/openapi.json", "", OPEN),
    ("GET /api/docs", "", OPEN),
    ("GET /api/docs.css", "", OPEN),
    ("ANY /api/{*nothing}", "", NOTHING),
    ("ANY /fn/{*nothing}", "", NOTHING),
];

const FILES: &[Row] = &[
    ("GET /pkg/{*style}", "", OPEN),
    ("GET /alerts/{hash}/{script}", "", OPEN),
    ("GET /apple-touch-icon.png", "", OPEN),
    ("GET /icon-192.png", "", OPEN),
    ("GET /icon-512.png", "", OPEN),
    ("GET /icon-alert.svg", "", OPEN),
    ("GET /icon-maskable.png", "", OPEN),
    ("GET /icon.svg", "", OPEN),
    ("GET /live-worker.js", "", OPEN),
    ("GET /live.js", "", OPEN),
    ("GET /vitals.js", "", OPEN),
    ("GET /manifest.webmanifest", "", OPEN),
    ("GET /sw.js", "", OPEN),
];

const LINKS: &[Row] = &[
    ("POST /vitals", "{\"errors\":[]}", OPEN),
    ("POST /theme", "theme=dark&next=/", [303; 5]),
    ("GET /unsubscribe?token={end_of_mails}", "", OPEN),
    ("GET /unsubscribe?token=x", "", NOTHING),
    ("POST /unsubscribe?token={end_of_mails}", "", OPEN),
    ("POST /unsubscribe?token=x", "", NOTHING),
];
