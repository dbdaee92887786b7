//! Brotli and gzip copies beside each file that shrinks, so that the server never compresses a file twice.

use std::io::Write;

use anyhow::Result;

const EXTENSIONS: [&str; 11] =
    ["css", "html", "ico", "js", "json", "map", "svg", "txt", "wasm", "webmanifest", "xml"];

pub fn is_worthwhile(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension))
}

/// Quality 11 and the largest standard window: slow once, small for every download.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}

pub fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{brotli, gzip, is_worthwhile};

    #[test]
    fn both_copies_unpack_to_the_original() {
        let original = "a board with many cards ".repeat(500).into_bytes();
        let mut from_brotli = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli(&original).expect("compresses"), &mut from_brotli)
            .expect("unpacks");
        assert_eq!(from_brotli, original);
        let packed = gzip(&original).expect("compresses");
        let mut from_gzip = Vec::new();
        flate2::read::GzDecoder::new(&*packed).read_to_end(&mut from_gzip).expect("unpacks");
        assert_eq!(from_gzip, original);
        assert!(packed.len() < original.len() / 10);
    }

    #[test]
    fn pictures_are_left_as_they_are() {
        assert!(is_worthwhile("pkg/pms.js"));
        assert!(is_worthwhile("manifest.webmanifest"));
        assert!(!is_worthwhile("icons/192.png"));
        assert!(!is_worthwhile("LICENSE"));
    }
}
