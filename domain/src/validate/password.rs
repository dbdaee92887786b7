//! Passwords: length is what counts, so a sentence is welcome and no character class is asked for.

use super::Problem;
use std::collections::BTreeSet;

const SHORTEST: usize = 10;
/// Long enough for phrases, and short enough that hashing stays cheap.
const LONGEST: usize = 256;
/// Shorter context words occur in ordinary words: "al" in "always".
const SHORTEST_WORD: usize = 4;
const FEWEST_DIFFERENT: usize = 4;

/// A new password, kept exactly as typed. `context` holds what others know about its owner: user
/// name, e-mail address (only the part before `@` counts), display name.
pub fn password(text: &str, context: &[&str]) -> Result<String, Problem> {
    let length = text.chars().count();
    if text.is_empty() {
        return Err(Problem::new("blank", format!("Enter a password of at least {SHORTEST} characters.")));
    }
    if length < SHORTEST {
        return Err(Problem::new(
            "too_short",
            format!("Use at least {SHORTEST} characters; this has {length}. Several words work well."),
        ));
    }
    if length > LONGEST {
        return Err(Problem::new(
            "too_long",
            format!("Use at most {LONGEST} characters; this has {length}."),
        ));
    }
    if text.contains(char::is_control) {
        return Err(Problem::new(
            "control",
            "The password contains a line break or another control character. Type it instead of pasting it.",
        ));
    }
    refuse_guessable(&text.to_lowercase(), context)?;
    Ok(text.to_owned())
}

fn refuse_guessable(lowered: &str, context: &[&str]) -> Result<(), Problem> {
    if lowered.chars().collect::<BTreeSet<_>>().len() < FEWEST_DIFFERENT {
        return Err(Problem::new(
            "too_simple",
            format!("Use at least {FEWEST_DIFFERENT} different characters, or several words."),
        ));
    }
    let known = context
        .iter()
        .map(|word| word.split('@').next().unwrap_or_default().trim())
        .filter(|word| word.chars().count() >= SHORTEST_WORD)
        .find(|word| lowered.contains(&word.to_lowercase()));
    if let Some(word) = known {
        return Err(Problem::new(
            "personal",
            format!("Leave “{word}” out of the password: others know it and try it first."),
        ));
    }
    if COMMON.split_whitespace().any(|common| common == lowered.trim()) {
        return Err(Problem::new(
            "common",
            "This password is among the first that are tried. Choose another, such as several words that do not belong together.",
        ));
    }
    Ok(())
}

/// Passwords of ten characters or more that stand high in published lists of leaked ones, in lower case.
const COMMON: &str = "
    0123456789 0987654321 1029384756 1122334455 112233445566 1234512345 1234567890 1234567891
    12345678910 123456789a 123456789q 123456789abc 1234qwerasdf 123qweasdzxc 1472583690 147258369a
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc 9876543210 a123456789 a1b2c3d4e5 aa123456789
    aa12345678 abc1234567 abc123456789 abcd123456 abcd12345678 abcdef1234 abcdefghij abcdefghijk
    admin12345 admin123456 adminadmin administrator alexander1 asd123asd123 asdf123456
    asdfasdfasdf asdfghjkl1 asdfghjkl; asdfghjkl123 barcelona1 baseball123 basketball basketball1
    blackberry butterfly1 california changeme12 changeme123 changeme1234 charlotte1 cheerleader
    chocolate1 christopher computer12 computer123 correcthorsebatterystaple dragon1234 elizabeth1
    facebook12 facebook123 football12 football123 google1234 hello12345 hello123456 helloworld
    helloworld1 iloveyou12 iloveyou123 iloveyou1234 iloveyou4ever internet123 jennifer12
    letmein123 letmein1234 letmeinnow liverpool1 liverpool123 manchester manchester1 master1234
    michael123 minecraft1 minecraft123 monkey1234 mypassword mypassword1 p@ssw0rd123 p@ssword123
    passw0rd123 password01 password1! password10 password11 password12 password123 password1234
    password12345 password123456 password2024 password2025 passwordpassword pokemon123 princess12
    princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx1234 qazwsxedc1 qazwsxedc123 qazwsxedcrfv
    qwe123qwe123 qweasdzxc1 qweasdzxc123 qwer123456 qwert12345 qwerty1234 qwerty12345 qwerty123456
    qwerty123456789 qwertyuiop qwertyuiop1 qwertyuiop123 qwertyuiop[] samsung123 secret1234
    secretsecret shadow1234 skateboard spiderman1 spiderman123 starwars12 starwars123 strawberry
    sunshine12 sunshine123 superadmin superman12 superman123 test123456 test1234567 testing123
    testing1234 testtest12 thisisapassword trustno1trustno1 volleyball watermelon welcome123
    welcome1234 welcome2024 welcome2025 whatever12 whatever123 zaq12wsxcde3 zaq1xsw2cde3
    zxcvbnm123 zxcvbnm1234 zxcvbnmasdfghjkl
";

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        password(text, &["Grace", "g.hopper@example.org"]).expect_err("has to be refused").code
    }

    #[test]
    fn a_phrase_is_a_good_password_and_kept_as_typed() {
        for right in [" four ships left Harbour ", "zażółć gęślą jaźń", &"long phrase ".repeat(21)] {
            assert_eq!(password(right, &["grace", "al"]).as_deref(), Ok(right));
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(code(""), "blank");
        assert_eq!(code("ąęółćśźżń"), "too_short");
        assert_eq!(code(&"abcdé".repeat(52)), "too_long");
        assert_eq!(password("ąęółćśźżńĄ", &[]).as_deref(), Ok("ąęółćśźżńĄ"));
    }

    #[test]
    fn what_others_know_or_try_first_is_refused() {
        assert_eq!(code("my name is gRACE"), "personal");
        assert_eq!(code("Admiral G.Hopper"), "personal");
        assert_eq!(code("PassWord123"), "common");
        assert_eq!(code("abababababab"), "too_simple");
        assert_eq!(code("two\nlines of it"), "control");
    }

    #[test]
    fn the_domain_of_the_address_may_occur() {
        assert!(password("an example of many", &["g.hopper@example.org"]).is_ok());
    }

    #[test]
    fn the_list_holds_only_what_the_other_rules_let_through() {
        for common in COMMON.split_whitespace() {
            assert!(common.chars().count() >= SHORTEST, "{common}");
            assert_eq!(common, common.to_lowercase());
            assert_eq!(code(common), "common", "{common}");
        }
    }
}
