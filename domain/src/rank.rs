//! The order of cards: a key per card such that there is always room for one more between two.
//!
//! The scheme is the well-known fractional indexing. A rank is an integer part, whose first letter
//! says how many digits follow (`a` one, `b` two … for growing, `Z` one, `Y` two … for falling), and a
//! fraction, whose last digit is never `0`. Putting a card at either end counts the integer up or down,
//! so ten thousand cards put at the end need four characters; only cards put between two others add to
//! the fraction, about one character for six cards in the same gap.
//!
//! Ranks are compared byte by byte; a database column that holds them needs a binary collation.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Digits in the order of their bytes.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ZERO: u8 = b'0';
const LAST: u8 = b'z';

/// Longest rank, in bytes. A gap of two neighbours takes some 340 cards before it is reached.
pub const MAX_LEN: usize = 60;

/// A card's place among others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rank(String);

/// Why there is no such rank.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RankError {
    /// The text is not a rank.
    Malformed,
    /// The card to stand above does not stand below the other one.
    Disordered,
    /// The gap is used up; give the cards of the column new ranks with [`Rank::spread`].
    Full,
}

impl Rank {
    /// The rank of the first card of all.
    pub fn first() -> Self {
        Self("a0".into())
    }

    /// The rank that a text spells.
    pub fn parse(text: &str) -> Result<Self, RankError> {
        let bytes = text.as_bytes();
        let integer = integer_len(*bytes.first().ok_or(RankError::Malformed)?)?;
        let well_formed = bytes.len() >= integer
            && bytes.len() <= MAX_LEN
            && bytes.iter().all(u8::is_ascii_alphanumeric)
            && if bytes.len() == integer { !is_lowest(bytes) } else { !bytes.ends_with(&[ZERO]) };
        well_formed.then(|| Self(text.to_owned())).ok_or(RankError::Malformed)
    }

    /// The rank as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A rank after `before` and before `after`; `None` is the end of the list on that side.
    ///
    /// # Errors
    /// [`RankError::Disordered`] if `before` does not come before `after`; [`RankError::Full`] if the
    /// rank would be longer than [`MAX_LEN`].
    pub fn between(before: Option<&Self>, after: Option<&Self>) -> Result<Self, RankError> {
        let key = match (before, after) {
            (None, None) => return Ok(Self::first()),
            (Some(before), None) => above(before),
            (None, Some(after)) => below(after),
            (Some(before), Some(after)) if before < after => inside(before, after),
            (Some(_), Some(_)) => return Err(RankError::Disordered),
        };
        if key.len() > MAX_LEN {
            return Err(RankError::Full);
        }
        Ok(Self(key.into_iter().map(char::from).collect()))
    }

    /// As [`Rank::between`] for `count` cards, in order: for several cards that are moved at once.
    pub fn many_between(
        before: Option<&Self>,
        after: Option<&Self>,
        count: usize,
    ) -> Result<Vec<Self>, RankError> {
        if let (Some(before), Some(after)) = (before, after) {
            if before >= after {
                return Err(RankError::Disordered);
            }
            let mut ranks = vec![None; count];
            fill(&mut ranks, before, after)?;
            return Ok(ranks.into_iter().flatten().collect());
        }
        let mut ranks: Vec<Self> = Vec::with_capacity(count);
        for _ in 0..count {
            let rank = match after {
                None => Self::between(ranks.last().or(before), None)?,
                Some(after) => Self::between(None, Some(ranks.last().unwrap_or(after)))?,
            };
            ranks.push(rank);
        }
        if after.is_some() {
            ranks.reverse();
        }
        Ok(ranks)
    }

    /// `count` ranks in order, as short and as far apart as can be: for many new cards, and for a
    /// column whose ranks have grown long.
    pub fn spread(count: usize) -> Vec<Self> {
        // Counting up never fills up: there are more integers than memory.
        std::iter::successors(Some(Self::first()), |last| Self::between(Some(last), None).ok())
            .take(count)
            .collect()
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Rank {
    type Err = RankError;

    fn from_str(text: &str) -> Result<Self, RankError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Rank {
    type Error = RankError;

    fn try_from(text: String) -> Result<Self, RankError> {
        Self::parse(&text)
    }
}

impl From<Rank> for String {
    fn from(rank: Rank) -> Self {
        rank.0
    }
}

impl fmt::Display for RankError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "This is not a rank. Read the column again and repeat the move.",
            Self::Disordered => {
                "The two neighbours are not in this order. Read the column again and repeat the move."
            }
            Self::Full => {
                "There is no room left between these two. Rebalance the column and repeat the move."
            }
        })
    }
}

impl std::error::Error for RankError {}

/// Splits in the middle, so that the ranks stay as short as their number allows.
fn fill(ranks: &mut [Option<Rank>], before: &Rank, after: &Rank) -> Result<(), RankError> {
    if ranks.is_empty() {
        return Ok(());
    }
    let (left, rest) = ranks.split_at_mut(ranks.len() / 2);
    let middle = Rank::between(Some(before), Some(after))?;
    fill(left, before, &middle)?;
    if let Some((slot, right)) = rest.split_first_mut() {
        fill(right, &middle, after)?;
        *slot = Some(middle);
    }
    Ok(())
}

fn above(rank: &Rank) -> Vec<u8> {
    let (integer, fraction) = split(rank);
    increment(integer).unwrap_or_else(|| join(integer, &midpoint(fraction, None)))
}

fn below(rank: &Rank) -> Vec<u8> {
    let (integer, fraction) = split(rank);
    if is_lowest(integer) {
        return join(integer, &midpoint(&[], Some(fraction)));
    }
    if !fraction.is_empty() {
        return integer.to_vec();
    }
    match decrement(integer) {
        Some(lower) if is_lowest(&lower) => join(&lower, &midpoint(&[], None)),
        Some(lower) => lower,
        None => unreachable!("only the lowest integer can't be counted down"),
    }
}

fn inside(before: &Rank, after: &Rank) -> Vec<u8> {
    let (low, low_fraction) = split(before);
    let (high, high_fraction) = split(after);
    if low == high {
        return join(low, &midpoint(low_fraction, Some(high_fraction)));
    }
    match increment(low) {
        Some(next) if next.as_slice() < after.0.as_bytes() => next,
        _ => join(low, &midpoint(low_fraction, None)),
    }
}

fn split(rank: &Rank) -> (&[u8], &[u8]) {
    let bytes = rank.0.as_bytes();
    let at = integer_len(bytes[0]).expect("a rank begins with a length letter");
    bytes.split_at(at)
}

fn join(integer: &[u8], fraction: &[u8]) -> Vec<u8> {
    [integer, fraction].concat()
}

/// Length of the integer part, with the letter that says it.
fn integer_len(head: u8) -> Result<usize, RankError> {
    match head {
        b'a'..=b'z' => Ok(usize::from(head - b'a') + 2),
        b'A'..=b'Z' => Ok(usize::from(b'Z' - head) + 2),
        _ => Err(RankError::Malformed),
    }
}

/// Nothing comes below it, so it stands only with a fraction; see [`Rank::parse`].
fn is_lowest(integer: &[u8]) -> bool {
    integer[0] == b'A' && integer[1..].iter().all(|digit| *digit == ZERO)
}

fn increment(integer: &[u8]) -> Option<Vec<u8>> {
    let mut next = integer.to_vec();
    for digit in next[1..].iter_mut().rev() {
        if *digit != LAST {
            *digit = DIGITS[position(*digit) + 1];
            return Some(next);
        }
        *digit = ZERO;
    }
    longer(next[0], ZERO)
}

fn decrement(integer: &[u8]) -> Option<Vec<u8>> {
    let mut next = integer.to_vec();
    for digit in next[1..].iter_mut().rev() {
        if *digit != ZERO {
            *digit = DIGITS[position(*digit) - 1];
            return Some(next);
        }
        *digit = LAST;
    }
    shorter(next[0], LAST)
}

/// The integer of the next head upwards, filled with one digit.
fn longer(head: u8, digit: u8) -> Option<Vec<u8>> {
    match head {
        b'Z' => Some(filled(b'a', digit)),
        b'z' => None,
        _ => Some(filled(head + 1, digit)),
    }
}

/// The integer of the next head downwards, filled with one digit.
fn shorter(head: u8, digit: u8) -> Option<Vec<u8>> {
    match head {
        b'a' => Some(filled(b'Z', digit)),
        b'A' => None,
        _ => Some(filled(head - 1, digit)),
    }
}

fn filled(head: u8, digit: u8) -> Vec<u8> {
    let len = integer_len(head).expect("neighbouring letters are length letters");
    let mut integer = vec![digit; len];
    integer[0] = head;
    integer
}

fn position(digit: u8) -> usize {
    DIGITS.binary_search(&digit).expect("a rank holds digits only")
}

/// A fraction after `low` and before `high` (`None`: before one), neither of which ends in `0`.
fn midpoint(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
    let mut result = Vec::with_capacity(low.len() + 1);
    let mut high = high;
    for at in 0.. {
        let low_digit = low.get(at).map_or(0, |digit| position(*digit));
        let high_digit = high.map_or(DIGITS.len(), |high| high.get(at).map_or(0, |digit| position(*digit)));
        if high_digit > low_digit + 1 {
            result.push(DIGITS[usize::midpoint(low_digit, high_digit)]);
            break;
        }
        result.push(DIGITS[low_digit]);
        if high_digit > low_digit {
            // From here on the result is below `high`, whatever follows.
            high = None;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rank(text: &str) -> Rank {
        Rank::parse(text).expect("a rank")
    }

    fn assert_ordered(ranks: &[Rank]) {
        for pair in ranks.windows(2) {
            assert!(pair[0] < pair[1], "{} then {}", pair[0], pair[1]);
        }
        for each in ranks {
            assert_eq!(Rank::parse(each.as_str()).as_ref(), Ok(each));
        }
    }

    #[test]
    fn ten_thousand_cards_put_at_the_end_keep_short_ranks() {
        let mut ranks = vec![Rank::first()];
        for _ in 0..10_000 {
            ranks.push(Rank::between(ranks.last(), None).expect("room"));
        }
        assert_ordered(&ranks);
        assert!(ranks.iter().all(|rank| rank.as_str().len() <= 4));
    }

    #[test]
    fn ten_thousand_cards_put_on_top_keep_short_ranks() {
        let mut ranks = vec![Rank::first()];
        for _ in 0..10_000 {
            ranks.push(Rank::between(None, ranks.last()).expect("room"));
        }
        ranks.reverse();
        assert_ordered(&ranks);
        assert!(ranks.iter().all(|rank| rank.as_str().len() <= 4));
    }

    #[test]
    fn a_gap_that_is_used_up_asks_for_rebalancing() {
        let (low, mut high) = (rank("a0"), rank("a1"));
        let mut cards = 0;
        let error = loop {
            match Rank::between(Some(&low), Some(&high)) {
                Ok(middle) => high = middle,
                Err(error) => break error,
            }
            cards += 1;
        };
        assert_eq!(error, RankError::Full);
        assert!(cards > 250, "{cards}");
        assert!(error.to_string().contains("Rebalance"));
    }

    #[test]
    fn neighbours_in_the_wrong_order_are_refused() {
        let (low, high) = (rank("a1"), rank("a2"));
        assert_eq!(Rank::between(Some(&high), Some(&low)), Err(RankError::Disordered));
        assert_eq!(Rank::between(Some(&low), Some(&low)), Err(RankError::Disordered));
        assert_eq!(Rank::many_between(Some(&high), Some(&low), 2), Err(RankError::Disordered));
    }

    #[test]
    fn a_spread_is_short_and_ordered() {
        assert_eq!(Rank::spread(0), []);
        assert_eq!(Rank::spread(3), [rank("a0"), rank("a1"), rank("a2")]);
        let ranks = Rank::spread(5_000);
        assert_eq!(ranks.len(), 5_000);
        assert_ordered(&ranks);
        assert!(ranks.iter().all(|rank| rank.as_str().len() <= 4));
    }

    #[test]
    fn many_cards_fit_between_two_neighbours_with_short_ranks() {
        let (low, high) = (rank("a0"), rank("a1"));
        let mut ranks = Rank::many_between(Some(&low), Some(&high), 1_000).expect("room");
        assert_eq!(ranks.len(), 1_000);
        assert!(ranks.iter().all(|rank| rank.as_str().len() <= 5));
        ranks.insert(0, low);
        ranks.push(high);
        assert_ordered(&ranks);
    }

    #[test]
    fn only_ranks_are_parsed() {
        for wrong in [
            "",
            "0",
            "a",
            "b0",
            "a0é",
            "a0-",
            "a00",
            "a010",
            " a0",
            "A00000000000000000000000000",
            &format!("a0{}", "1".repeat(MAX_LEN)),
        ] {
            assert_eq!(Rank::parse(wrong), Err(RankError::Malformed), "{wrong}");
        }
        for right in ["a0", "Zz", "b00", "a01", "zzzzzzzzzzzzzzzzzzzzzzzzzzz"] {
            assert_eq!(rank(right).as_str(), right);
        }
    }

    #[test]
    fn the_ends_of_the_integers_still_have_room() {
        let top = rank(&"z".repeat(27));
        assert!(Rank::between(Some(&top), None).expect("room") > top);
        let bottom = rank(&format!("A{}1", "0".repeat(25)));
        let lower = Rank::between(None, Some(&bottom)).expect("room");
        assert!(lower < bottom);
        assert_eq!(Rank::parse(lower.as_str()), Ok(lower.clone()));
        let lowest = Rank::between(None, Some(&lower)).expect("room");
        assert!(lowest < lower);
    }

    #[test]
    fn a_rank_is_checked_when_it_is_read_from_json() {
        let read: Result<Rank, _> = serde_json::from_str("\"a1V\"");
        assert_eq!(read.expect("a rank"), rank("a1V"));
        assert!(serde_json::from_str::<Rank>("\"a10\"").is_err());
        assert_eq!(serde_json::to_string(&rank("a1V")).expect("text"), "\"a1V\"");
    }

    fn any_rank() -> impl Strategy<Value = Rank> {
        "[A-Za-z][0-9A-Za-z]{1,40}".prop_filter_map("a rank", |text| Rank::parse(&text).ok())
    }

    proptest! {
        #[test]
        fn there_is_a_rank_between_any_two(one in any_rank(), other in any_rank()) {
            prop_assume!(one != other);
            let (low, high) = if one < other { (one, other) } else { (other, one) };
            let middle = Rank::between(Some(&low), Some(&high)).expect("short enough");
            prop_assert!(low < middle && middle < high, "{} {} {}", low, middle, high);
            prop_assert_eq!(Rank::parse(middle.as_str()), Ok(middle.clone()));
        }

        #[test]
        fn there_is_a_rank_beyond_any(one in any_rank()) {
            let over = Rank::between(Some(&one), None).expect("short enough");
            let under = Rank::between(None, Some(&one)).expect("short enough");
            prop_assert!(under < one && one < over, "{} {} {}", under, one, over);
            prop_assert_eq!(Rank::parse(under.as_str()), Ok(under.clone()));
            prop_assert_eq!(Rank::parse(over.as_str()), Ok(over.clone()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn cards_put_anywhere_stay_in_order(places in prop::collection::vec(any::<prop::sample::Index>(), 2_000)) {
            let mut ranks: Vec<Rank> = Vec::new();
            for place in places {
                let at = place.index(ranks.len() + 1);
                let before = at.checked_sub(1).map(|before| &ranks[before]);
                let new = Rank::between(before, ranks.get(at)).expect("room");
                ranks.insert(at, new);
            }
            assert_ordered(&ranks);
            prop_assert!(ranks.iter().all(|rank| rank.as_str().len() <= 16));
        }
    }
}
