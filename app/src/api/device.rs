//! One's own devices.

use crate::AppError;
use domain::{delivery::Delivery, device::Device, ids::DeviceId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One's devices, and how they were tried.
#[derive(Clone, Serialize, Deserialize)]
pub struct MyDevices {
    /// The devices, last seen first.
    pub devices: Vec<Device>,
    /// The last test of each that had one within a day.
    pub tests: Vec<Delivery>,
    /// Whether this PMS sends mail.
    pub email: bool,
}

/// One's own devices.
#[server(name = ListMyDevices, prefix = "/fn", endpoint = "device/list")]
pub async fn my_devices() -> Result<MyDevices, AppError> {
    use crate::ssr;
    use domain::delivery::Channel;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(MyDevices {
        devices: services::devices::list(&services, &actor).await?,
        tests: services::devices::last_tests(&services, &actor).await?,
        email: services::deliveries::has(&services, Channel::Email),
    })
}

/// Removes one of one's own devices.
#[server(name = RemoveDevice, prefix = "/fn", endpoint = "device/remove")]
pub async fn remove_device(id: DeviceId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    services::devices::remove(&services, &actor, id).await?;
    super::account::landing::without_script(crate::paths::DEVICES);
    Ok(())
}

/// Sends a test to one of one's own devices.
#[server(name = SendDeviceTest, prefix = "/fn", endpoint = "device/test")]
pub async fn test_device(id: DeviceId) -> Result<Delivery, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let queued = services::devices::test(&services, &actor, id).await?;
    super::account::landing::without_script(crate::paths::DEVICES);
    Ok(queued)
}
