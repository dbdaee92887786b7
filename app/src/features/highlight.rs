//! Marking the words that were searched for.

use leptos::prelude::*;

/// `text` with each of the words marked, wherever one begins a word.
pub fn highlighted(text: &str, words: &str) -> impl IntoView + use<> {
    pieces(text, words)
        .into_iter()
        .map(
            |(piece, found)| {
                if found { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() }
            },
        )
        .collect_view()
}

fn pieces(text: &str, words: &str) -> Vec<(String, bool)> {
    let words: Vec<Vec<char>> =
        words.split_whitespace().map(|word| word.chars().flat_map(char::to_lowercase).collect()).collect();
    let letters: Vec<char> = text.chars().collect();
    let (mut pieces, mut plain, mut here) = (Vec::new(), String::new(), 0);
    while here < letters.len() {
        let at_start = here == 0 || !letters[here - 1].is_alphanumeric();
        let length =
            words.iter().filter(|word| at_start && begins(&letters[here..], word)).map(Vec::len).max();
        let Some(length) = length else {
            plain.push(letters[here]);
            here += 1;
            continue;
        };
        if !plain.is_empty() {
            pieces.push((std::mem::take(&mut plain), false));
        }
        pieces.push((letters[here..here + length].iter().collect(), true));
        here += length;
    }
    if !plain.is_empty() {
        pieces.push((plain, false));
    }
    pieces
}

fn begins(text: &[char], word: &[char]) -> bool {
    !word.is_empty()
        && text.len() >= word.len()
        && text.iter().zip(word).all(|(a, b)| a.to_lowercase().eq(std::iter::once(*b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, words: &str) -> String {
        pieces(text, words)
            .into_iter()
            .map(|(piece, found)| if found { format!("[{piece}]") } else { piece })
            .collect()
    }

    #[test]
    fn words_are_marked_where_they_begin() {
        assert_eq!(marked("Certificate renewal", "cert"), "[Cert]ificate renewal");
        assert_eq!(marked("Renew the certificate", "cert renew"), "[Renew] the [cert]ificate");
        assert_eq!(marked("concert", "cert"), "concert");
        assert_eq!(marked("Ünder", "ü"), "[Ü]nder");
        assert_eq!(marked("", "x"), "");
        assert_eq!(marked("plain", ""), "plain");
    }
}
