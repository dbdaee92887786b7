//! A storage of objects for a test: an S3 of other people's making that checks signatures and keeps objects as files.

use crate::ports;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
    thread::{self, JoinHandle},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime, sync::oneshot};

/// Who may ask it.
pub const KEY_ID: &str = "PMSTESTKEY";
/// The other half of the key.
pub const SECRET: &str = "harbour/at+dawn0123456789";

/// A storage that runs; ends with the test.
pub struct S3 {
    folder: TempDir,
    port: u16,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl S3 {
    /// Starts one with an empty bucket of that name.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(bucket: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(bucket)).expect("a bucket");
        let mut it = Self { folder, port: ports::free(&[0]), running: None };
        it.start_again();
        it
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the object of that bucket and name is kept.
    pub fn object(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names of a bucket's objects, with their folders.
    ///
    /// # Panics
    /// If the bucket is gone.
    pub fn objects(&self, bucket: &str) -> Vec<String> {
        let root = self.folder.path().join(bucket);
        let mut names = Vec::new();
        walk(&root, &mut |path: &Path| {
            let name = path.strip_prefix(&root).expect("it is in there");
            names.push(name.to_str().expect("UTF-8").to_owned());
        });
        names.sort();
        names
    }

    /// Stops it; nobody answers there.
    ///
    /// # Panics
    /// If it does not end.
    pub fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            let _ = stop.send(());
            thread.join().expect("it ends");
        }
    }

    /// Starts it again at the same place, with what it had.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&mut self) {
        let (root, port) = (self.folder.path().to_owned(), self.port);
        let ((stop, stopped), (ready, started)) = (oneshot::channel(), mpsc::channel());
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
                ready.send(()).expect("somebody waits");
                tokio::select! {
                    () = serve(listener, &root) => {}
                    _ = stopped => {}
                }
            });
        });
        started.recv().expect("it starts");
        self.running = Some((stop, thread));
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn serve(listener: TcpListener, root: &Path) {
    let files = FileSystem::new(root).expect("a folder");
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
    let service = service.build();
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let service = service.clone();
        tokio::spawn(async move {
            let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// What the storage itself keeps beside objects begins with a dot.
fn walk(folder: &Path, found: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("read").path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        match path.is_dir() {
            _ if hidden => {}
            true => walk(&path, found),
            false => found(&path),
        }
    }
}
