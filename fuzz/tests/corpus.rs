//! Every text of the corpus, without a search.

use fuzz::TARGETS;
use std::{fs, path::Path};

#[test]
fn every_text_of_the_corpus_is_read() {
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let mut read = 0;
        for entry in fs::read_dir(&folder).expect("a folder for each target") {
            let path = entry.expect("an entry").path();
            println!("{}", path.display());
            // As targets get it: a found one may end in half a letter.
            let bytes = fs::read(&path).expect("a file");
            let whole = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), |_| bytes.len());
            target(std::str::from_utf8(&bytes[..whole]).expect("text"));
            read += 1;
        }
        assert!(read > 0, "{name} has no corpus");
    }
}
