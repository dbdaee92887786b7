//! What is measured once, beside the scenarios: how PMS starts, what it weighs.

use crate::{
    client::{Ask, Connection},
    pms::Pms,
    process::Process,
};
use anyhow::Result;
use hyper::{StatusCode, header};
use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

/// The script, beside the module, that loads its other parts.
const LOADER: &str = "later.js";
/// How often the start is timed.
const STARTS: usize = 5;
/// How long a server that nobody asks is left to itself before its memory is read.
const REST: Duration = Duration::from_secs(3);

/// Numbers of a whole run.
#[derive(Debug, Default)]
pub struct Facts {
    /// `pms seed`, from an empty folder.
    pub seeding: Duration,
    /// The database's files after that, in bytes; `None` on a server.
    pub database: Option<u64>,
    /// From starting the process to the first good answer of `/api/health`, on the filled database, slowest of some.
    pub start: Duration,
    /// From asking it to stop to its end.
    pub stop: Duration,
    /// Memory of a server that has only said that it is well, in bytes.
    pub idle: Option<u64>,
    /// The most memory while scenarios ran, in bytes.
    pub peak: Option<u64>,
    /// The same of the bare handler.
    pub baseline_peak: Option<u64>,
    /// What the browser downloads, compressed, in bytes.
    pub download: Download,
}

/// What the browser fetches beside the page, as sent to one that takes Brotli, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Download {
    /// The module that every page starts with; a binary built without `xtask` carries none.
    pub wasm: Option<usize>,
    /// The module's other parts, fetched when they are needed.
    pub later: usize,
    /// The script that loads the module.
    pub script: Option<usize>,
    /// The style sheet.
    pub style: Option<usize>,
}

impl Facts {
    /// Starts and stops the server some times, and leaves one alone.
    pub async fn of_starting(&mut self, pms: &Pms) -> Result<()> {
        for _ in 0..STARTS {
            let (server, took) = pms.serve().await?;
            self.start = self.start.max(took);
            self.stop = self.stop.max(server.stop().await?);
        }
        let (server, _) = pms.serve().await?;
        tokio::time::sleep(REST).await;
        self.idle = server.usage().map(|usage| usage.memory.resident);
        self.download = download(server.address).await?;
        server.stop().await?;
        Ok(())
    }

    /// What a server held at the most.
    pub fn note_peak(&mut self, server: &Process) {
        self.peak = self.peak.max(server.usage().map(|usage| usage.peak));
    }
}

async fn download(address: SocketAddr) -> Result<Download> {
    let mut connection = Connection::to(address);
    let page = connection.expect(StatusCode::OK, &Ask::get("/sign-in")).await?.text();
    let wasm = file_in(&page, ".wasm");
    let mut found = Download::default();
    for (file, size) in [
        (wasm, &mut found.wasm),
        (file_in(&page, ".js"), &mut found.script),
        (file_in(&page, ".css"), &mut found.style),
    ] {
        if let Some(file) = file {
            *size = Some(weigh(&mut connection, file).await?);
        }
    }
    let Some((folder, _)) = wasm.and_then(|wasm| wasm.rsplit_once('/')) else { return Ok(found) };
    let loader = connection.send(&Ask::get(format!("{folder}/{LOADER}"))).await?;
    if loader.status == StatusCode::OK {
        for part in parts_in(&loader.text()) {
            found.later += weigh(&mut connection, &format!("{folder}/{part}")).await?;
        }
    }
    Ok(found)
}

async fn weigh(connection: &mut Connection, file: &str) -> Result<usize> {
    let ask = Ask::get(file).with(header::ACCEPT_ENCODING, "br");
    Ok(connection.expect(StatusCode::OK, &ask).await?.length())
}

/// The parts of the module that the script names which loads them, each once.
fn parts_in(loader: &str) -> BTreeSet<&str> {
    let words = loader.split('"').filter_map(|word| word.strip_prefix("./"));
    words.filter(|word| word.strip_suffix(".wasm").is_some()).collect()
}

/// The first file of the build with this ending that a page names.
fn file_in<'p>(page: &'p str, ending: &str) -> Option<&'p str> {
    page.split(['"', '\'', '(', ')', ' ', '>'])
        .find(|word| word.starts_with("/pkg/") && word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::{file_in, parts_in};

    #[test]
    fn files_are_found_where_the_page_names_them() {
        let page = r#"<link rel="stylesheet" href="/pkg/pms.1f.css"><link rel=modulepreload href=/pkg/pms.2a.js>
            <script>import('/pkg/pms.2a.js').then(m => m.default({ module_or_path: '/pkg/pms.3c.wasm' }))</script>"#;
        assert_eq!(file_in(page, ".css"), Some("/pkg/pms.1f.css"));
        assert_eq!(file_in(page, ".js"), Some("/pkg/pms.2a.js"));
        assert_eq!(file_in(page, ".wasm"), Some("/pkg/pms.3c.wasm"));
        assert_eq!(file_in("<p>/pkg/</p>", ".css"), None);
    }

    #[test]
    fn further_parts_of_the_module_are_found_once() {
        let loader = r#"import { initSync } from "./pms.js"; fetch(new URL("./chunk_3.wasm", import.meta.url));
            fetch(new URL("./split_work.wasm", import.meta.url)); fetch(new URL("./chunk_3.wasm", import.meta.url));"#;
        assert_eq!(parts_in(loader).into_iter().collect::<Vec<_>>(), ["chunk_3.wasm", "split_work.wasm"]);
    }
}
