//! Which marks of a line begin and end emphasis.

use super::inline::Shown;

/// A part of a line.
pub(super) enum Piece {
    Char(Shown),
    /// Marks that may begin or end emphasis; those that do are counted off.
    Run {
        mark: char,
        /// Where they stand in the source.
        at: usize,
        count: usize,
        opens: bool,
        closes: bool,
    },
    /// `[` or `![`, emptied when it turns out to begin a link.
    Bracket {
        mark: &'static str,
        /// Where it stands in the source.
        at: usize,
    },
}

/// Counts off the marks that begin and end emphasis.
pub(super) fn pair(pieces: &mut [Piece], wanted: char) {
    let mut open: Vec<(usize, usize)> = Vec::new();
    for at in 0..pieces.len() {
        let Piece::Run { mark, count, opens, closes, .. } = pieces[at] else {
            continue;
        };
        if mark != wanted {
            continue;
        }
        let mut left = count;
        while closes && left > 0 {
            let Some((opener, available)) = open.pop() else {
                break;
            };
            let used = if available >= 2 && left >= 2 { 2 } else { 1 };
            if wanted == '~' && used != 2 {
                break;
            }
            left -= used;
            take(&mut pieces[opener], used);
            if available > used {
                open.push((opener, available - used));
            }
        }
        take(&mut pieces[at], count - left);
        if opens && left > 0 {
            open.push((at, left));
        }
    }
}

fn take(piece: &mut Piece, used: usize) {
    if let Piece::Run { count, .. } = piece {
        *count -= used;
    }
}
