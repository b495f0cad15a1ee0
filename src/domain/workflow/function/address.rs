//! Where a notice may be sent.

use super::{Answer, Arguments, Datum};
use crate::domain::person::{IdentifierKind, normalise};
use crate::domain::workflow::scope::Scope;

/// Whether what is sent by this method to this address reaches the person: an e-mail address confirmed as their own; a
/// postal address confirmed as their own, or one with their confirmed postcode. Who hands something over sees whom.
pub(super) fn address_confirmed(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let (method, address) = (arguments.text(0)?, arguments.text(1)?);
    let person = &scope.person;
    Ok(Datum::Bool(match method {
        "email" => {
            normalise(IdentifierKind::Email, address).is_ok_and(|address| person.confirmed_addresses.contains(&address))
        }
        "letter" => person.confirmed_postal.iter().any(|confirmed| reaches(confirmed, address)),
        "in_person" => true,
        _ => false,
    }))
}

fn reaches(confirmed: &str, address: &str) -> bool {
    let whole = !squeezed(address).is_empty() && squeezed(address) == squeezed(confirmed);
    whole || (is_postcode(confirmed) && ends_with_postcode(address, confirmed))
}

/// Letters and figures alone: an address is the same in one line and in several.
fn squeezed(address: &str) -> String {
    address.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_postcode(text: &str) -> bool {
    normalise(IdentifierKind::Postcode, text).is_ok_and(|postcode| postcode == text)
}

/// Whether the last two words of the address are the postcode, or its last word where it is written without a space.
fn ends_with_postcode(address: &str, postcode: &str) -> bool {
    let words: Vec<&str> = address.split_whitespace().map(|word| word.trim_matches([',', '.', ';'])).collect();
    let last = |n: usize| words.len().checked_sub(n).and_then(|from| words.get(from..)).map(<[&str]>::concat);
    let same = |text: String| normalise(IdentifierKind::Postcode, &text).is_ok_and(|found| found == postcode);
    [1, 2].into_iter().filter_map(last).any(same)
}

#[cfg(test)]
mod tests {
    use crate::domain::workflow::function::Datum;
    use crate::domain::workflow::function::fixture::Fixture;
    use serde_json::json;

    #[test]
    fn an_address_is_confirmed_for_the_way_it_is_used() {
        let mut fixture = Fixture::with(json!({}));
        fixture.person.confirmed_addresses = vec!["one@mail.example".to_owned()];
        fixture.person.confirmed_postal = vec!["1 example street example town".to_owned(), "EX1 1EX".to_owned()];
        let confirmed = |method: &str, address: &str| {
            let arguments = vec![Datum::Text(method.to_owned()), Datum::Text(address.to_owned())];
            fixture.truth("address_confirmed", arguments)
        };
        let cases = [
            ("email", "One@Mail.example", true),
            ("email", "two@mail.example", false),
            ("email", "1 Example Street, Example Town", false),
            ("letter", "1 Example Street,\nExample Town", true),
            ("letter", "The Annexe, 2 Example Road, Example Town, EX1 1EX", true),
            ("letter", "2 Example Road, Example Town ex11ex", true),
            ("letter", "2 Example Road, Example Town, EX2 2EX", false),
            ("letter", "one@mail.example", false),
            ("letter", " , ", false),
            ("in_person", "At the front counter.", true),
            ("pigeon", "1 Example Street, Example Town", false),
        ];
        for (method, address, is) in cases {
            assert_eq!(confirmed(method, address), Ok(is), "{method} {address}");
        }
    }
}
