//! `pms serve`

use crate::{
    boot,
    config::{Config, Trouble},
    telemetry,
};

pub async fn run(config: Config) -> Result<(), Trouble> {
    let telemetry = telemetry::start(&config.telemetry)?;
    let served = boot::serve(config).await;
    telemetry.end().await;
    served
}
