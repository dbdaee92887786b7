//! `pms openapi`

use crate::{config::Trouble, rest};
use std::io::Write as _;

pub fn run() -> Result<(), Trouble> {
    writeln!(std::io::stdout(), "{}", rest::openapi_json())
        .map_err(|error| Trouble::new(format!("PMS cannot write to standard output: {error}.")))
}
