//! `pms serve`

use crate::{
    boot,
    config::{Config, Trouble},
    telemetry,
};

pub async fn run(config: Config) -> Result<(), Trouble> {
    telemetry::start(&config.telemetry)?;
    boot::serve(config).await
}
