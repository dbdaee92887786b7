//! The folder that the server embeds. A file is touched only when its content changes, because cargo
//! builds the server again whenever a file in here is newer than the last build.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::compression;
use crate::fingerprint;
use crate::workspace::Quality;

pub struct SiteFolder {
    path: PathBuf,
    quality: Quality,
    kept: BTreeSet<PathBuf>,
    /// Name and fingerprint of each file.
    contents: BTreeMap<String, String>,
}

/// Bytes of a file and of its Brotli copy, where there is one.
pub struct Sizes {
    pub raw: usize,
    pub brotli: Option<usize>,
}

impl SiteFolder {
    pub fn open(path: PathBuf, quality: Quality) -> Result<Self> {
        fs::create_dir_all(&path).with_context(|| format!("{} could not be made", path.display()))?;
        Ok(Self { path, quality, kept: BTreeSet::new(), contents: BTreeMap::new() })
    }

    /// Writes a file, and in a release build its compressed copies.
    pub fn put(&mut self, name: &str, content: &[u8]) -> Result<Sizes> {
        let file = self.path.join(name);
        let changed = self.put_plain(name, content)?;
        let compress = self.quality == Quality::Release && compression::is_worthwhile(name);
        let brotli = if compress { self.put_copies(&file, content, changed)? } else { None };
        Ok(Sizes { raw: content.len(), brotli })
    }

    /// Writes a file that no browser asks for, and answers whether it changed.
    pub fn put_plain(&mut self, name: &str, content: &[u8]) -> Result<bool> {
        let file = self.path.join(name);
        let changed = fs::read(&file).ok().as_deref() != Some(content);
        if changed {
            write(&file, content)?;
        }
        self.kept.insert(file);
        self.contents.insert(name.to_owned(), fingerprint::of(&[content]));
        Ok(changed)
    }

    /// Over the names and contents of every file so far.
    pub fn fingerprint(&self) -> String {
        let parts = self.contents.iter().flat_map(|(name, hash)| [name.as_bytes(), hash.as_bytes()]);
        fingerprint::of(&parts.collect::<Vec<_>>())
    }

    /// Deletes what an earlier build left behind.
    pub fn finish(self) -> Result<PathBuf> {
        for file in files_below(&self.path)? {
            if !self.kept.contains(&file) {
                fs::remove_file(&file).with_context(|| format!("{} could not be deleted", file.display()))?;
            }
        }
        Ok(self.path)
    }

    fn put_copies(&mut self, file: &Path, content: &[u8], changed: bool) -> Result<Option<usize>> {
        let brotli = self.put_copy(file, "br", changed, || compression::brotli(content))?;
        self.put_copy(file, "gz", changed, || compression::gzip(content))?;
        Ok(brotli.filter(|size| *size < content.len()))
    }

    /// A copy that is not smaller is kept out of the folder: the server would gain nothing from it.
    fn put_copy(
        &mut self,
        file: &Path,
        extension: &str,
        changed: bool,
        compress: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<Option<usize>> {
        let copy = PathBuf::from(format!("{}.{extension}", file.display()));
        if !changed && let Ok(known) = fs::metadata(&copy) {
            self.kept.insert(copy);
            return Ok(Some(usize::try_from(known.len())?));
        }
        let compressed = compress()?;
        if compressed.len() as u64 >= fs::metadata(file)?.len() {
            return Ok(None);
        }
        write(&copy, &compressed)?;
        self.kept.insert(copy);
        Ok(Some(compressed.len()))
    }
}

/// Every file below a folder, in a steady order.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("{} could not be read", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Compressed copies go first: should the build be stopped here, none of an older content remains.
fn write(file: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    for extension in ["br", "gz"] {
        let copy = PathBuf::from(format!("{}.{extension}", file.display()));
        if copy.exists() {
            fs::remove_file(copy)?;
        }
    }
    fs::write(file, content).with_context(|| format!("{} could not be written", file.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::{SiteFolder, files_below};
    use crate::workspace::Quality;

    fn empty_folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("pms-site-{name}-{}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        folder
    }

    fn names(folder: &std::path::Path) -> Vec<String> {
        let files = files_below(folder).expect("readable");
        files.iter().map(|file| file.strip_prefix(folder).expect("below").display().to_string()).collect()
    }

    #[test]
    fn a_second_build_touches_nothing_and_removes_what_is_gone() {
        let path = empty_folder("second-build");
        let script = "let a = 1;\n".repeat(100).into_bytes();
        let mut first = SiteFolder::open(path.clone(), Quality::Release).expect("opens");
        first.put("pkg/old.js", &script).expect("writes");
        first.put("pkg/kept.js", &script).expect("writes");
        first.finish().expect("finishes");
        let written =
            fs::metadata(path.join("pkg/kept.js.br")).expect("is there").modified().expect("has a time");

        let mut second = SiteFolder::open(path.clone(), Quality::Release).expect("opens");
        let sizes = second.put("pkg/kept.js", &script).expect("writes");
        second.finish().expect("finishes");
        assert_eq!(names(&path), ["pkg/kept.js", "pkg/kept.js.br", "pkg/kept.js.gz"]);
        assert!(sizes.brotli.is_some_and(|size| size < sizes.raw));
        assert_eq!(
            fs::metadata(path.join("pkg/kept.js.br")).expect("is there").modified().expect("has a time"),
            written
        );
        fs::remove_dir_all(path).expect("can be deleted");
    }

    #[test]
    fn the_fingerprint_changes_with_any_content_or_name() {
        let path = empty_folder("fingerprint");
        let of = |name: &str, content: &[u8]| {
            let mut folder = SiteFolder::open(path.clone(), Quality::Dev).expect("opens");
            folder.put("icon.svg", b"<svg/>").expect("writes");
            folder.put(name, content).expect("writes");
            folder.fingerprint()
        };
        assert_eq!(of("sw.js", b"one"), of("sw.js", b"one"));
        assert_ne!(of("sw.js", b"one"), of("sw.js", b"two"));
        assert_ne!(of("sw.js", b"one"), of("sw2.js", b"one"));
        fs::remove_dir_all(path).expect("can be deleted");
    }

    #[test]
    fn copies_follow_a_changed_file_and_a_dev_build_has_none() {
        let path = empty_folder("changed-file");
        let mut release = SiteFolder::open(path.clone(), Quality::Release).expect("opens");
        release.put("sw.js", "one ".repeat(99).as_bytes()).expect("writes");
        let before = fs::read(path.join("sw.js.br")).expect("is there");
        release.put("sw.js", "two ".repeat(99).as_bytes()).expect("writes");
        assert_ne!(fs::read(path.join("sw.js.br")).expect("is there"), before);

        let mut dev = SiteFolder::open(path.clone(), Quality::Dev).expect("opens");
        dev.put("sw.js", "two ".repeat(99).as_bytes()).expect("writes");
        dev.finish().expect("finishes");
        assert_eq!(names(&path), ["sw.js"]);
        fs::remove_dir_all(path).expect("can be deleted");
    }
}
