//! Reading a text file that somebody chose, in their browser: nothing is sent until they say so.

use leptos::{ev::Event, prelude::*};

/// What was read, or a sentence that says why not.
pub type Read = Result<TextFile, String>;

/// A file as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextFile {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Reads the file of an `<input type="file">`, of at most `limit` bytes, and gives it to `then`.
#[cfg(feature = "hydrate")]
pub fn read_chosen(event: &Event, limit: usize, then: Callback<Read>) {
    use leptos::{task::spawn_local, wasm_bindgen::JsCast};
    use wasm_bindgen_futures::JsFuture;
    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(input) = input else { return };
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    let name = file.name();
    #[expect(clippy::cast_precision_loss, reason = "a limit is far below 2^53")]
    let too_large = file.size() > limit as f64;
    if too_large {
        then.run(Err(format!("{name} is larger than {} kB. Split it into smaller documents.", limit / 1024)));
        return;
    }
    spawn_local(async move {
        let read = match JsFuture::from(file.text()).await {
            Ok(text) => Ok(TextFile { name, text: text.as_string().unwrap_or_default() }),
            Err(_) => Err(format!("{name} could not be read. Choose it again, or paste its text.")),
        };
        // The page may have gone meanwhile.
        then.try_run(read);
        // The same file, changed in the meantime, can be chosen once more.
        input.set_value("");
    });
}

/// The server has no files of the reader's.
#[cfg(not(feature = "hydrate"))]
pub fn read_chosen(_event: &Event, _limit: usize, _then: Callback<Read>) {}
