//! What follows the question mark in addresses: written into links of lists, with another filter or their next page, and
//! read by pages.

/// The values of an address by their names, in the order in which they stand there.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what follows the question mark, as browsers and their forms write it.
    pub fn read(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    /// The last value of that name.
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.0.iter().rfind(|pair| pair.0 == name).map(|(_, value)| value.as_str())
    }

    /// As [`Self::get_str`].
    pub fn get(&self, name: &str) -> Option<String> {
        self.get_str(name).map(str::to_owned)
    }
}

/// `path?name=value&…` without the empty values.
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(name);
        address.push('=');
        address.push_str(&encoded(value));
    }
    address
}

fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte));
            }
            byte => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                text.push('%');
                text.push(char::from(HEX[usize::from(byte >> 4)]));
                text.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    text
}

/// What is no text is read as if it were, as the standard for addresses has it.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let (byte, after) = match (first, more) {
            (b'+', _) => (b' ', more),
            (b'%', [high, low, after @ ..]) => {
                byte_of(*high, *low).map_or((b'%', more), |byte| (byte, after))
            }
            (byte, _) => (*byte, more),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn byte_of(high: u8, low: u8) -> Option<u8> {
    let digit = |letter: u8| char::from(letter).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_carries_what_is_set_and_escapes_it() {
        assert_eq!(address("/people", &[]), "/people");
        assert_eq!(address("/people", &[("q", ""), ("status", "active")]), "/people?status=active");
        assert_eq!(address("/search", &[("q", "a&b ü"), ("p", "2")]), "/search?q=a%26b%20%C3%BC&p=2");
    }

    #[test]
    fn what_an_address_says_is_read_once() {
        let query = Query::read("q=50%2541+%C3%BC&q=%41&bare&x=1=2&%3D=%zz%F");
        assert_eq!(query.get_str("q"), Some("A"), "the last counts");
        assert_eq!(Query::read("q=50%2541+%C3%BC").get("q").as_deref(), Some("50%41 ü"));
        assert_eq!((query.get_str("bare"), query.get_str("x")), (Some(""), Some("1=2")));
        assert_eq!((query.get_str("="), query.get_str("y")), (Some("%zz%F"), None));
    }
}
