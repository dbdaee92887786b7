//! Licence expressions as crates write them: `MIT OR Apache-2.0`, `(MIT OR Apache-2.0) AND Unicode-3.0`.

/// Whether the allowed licences satisfy the expression. `allowed` is asked for each licence in it,
/// exceptions included (`Apache-2.0 WITH LLVM-exception`).
pub fn is_satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let satisfied = reader.any();
    satisfied && reader.words.is_empty()
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> bool {
        let mut satisfied = self.all();
        while self.take("OR") {
            satisfied |= self.all();
        }
        satisfied
    }

    fn all(&mut self) -> bool {
        let mut satisfied = self.one();
        while self.take("AND") {
            satisfied &= self.one();
        }
        satisfied
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let satisfied = self.any();
            return self.take(")") && satisfied;
        }
        let Some(name) = self.next() else {
            return false;
        };
        if self.take("WITH") {
            let exception = self.next().unwrap_or_default();
            return (self.allowed)(&format!("{name} WITH {exception}"));
        }
        (self.allowed)(name)
    }

    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::is_satisfied;

    fn allows(expression: &str) -> bool {
        is_satisfied(expression, &|name| {
            ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].contains(&name)
        })
    }

    #[test]
    fn one_allowed_choice_is_enough() {
        assert!(allows("MIT"));
        assert!(allows("GPL-3.0 OR MIT"));
        assert!(allows("Apache-2.0/MIT"));
        assert!(allows("GPL-3.0 OR Apache-2.0 WITH LLVM-exception"));
        assert!(!allows("GPL-3.0"));
    }

    #[test]
    fn all_demanded_licences_must_be_allowed() {
        assert!(allows("(GPL-3.0 OR MIT) AND Unicode-3.0"));
        assert!(!allows("MIT AND OpenSSL"));
        assert!(!allows("Apache-2.0 WITH Bison-exception"));
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        assert!(!allows(""));
        assert!(!allows("MIT MIT"));
        assert!(!allows("(MIT"));
    }
}
