//! When two domains are of one organisation (RFC 7489 §3.1 and §3.2), by the Public Suffix List that is built in.

/// The domain that its owner registered: the public suffix and one label more. `None` for a public suffix itself and for
/// what is no domain.
fn organisation(domain: &str) -> Option<&str> {
    psl::domain_str(domain)
}

fn plain(domain: &str) -> String {
    domain.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// Relaxed alignment: both belong to one organisation. A public suffix is aligned with itself alone.
pub(super) fn is_aligned(domain: &str, author: &str) -> bool {
    let (domain, author) = (plain(domain), plain(author));
    if domain.is_empty() {
        return false;
    }
    domain == author || organisation(&domain).is_some_and(|ours| organisation(&author) == Some(ours))
}

/// Whether `domain` is the author's, or the organisation the author's domain belongs to.
pub(super) fn same_or_organisation(domain: &str, author: &str) -> bool {
    let (domain, author) = (domain.to_ascii_lowercase(), plain(author));
    domain == author || organisation(&author) == Some(domain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_organisation_is_what_stands_under_one_public_suffix() {
        for (a, b) in [
            ("example.com", "mail.example.com"),
            ("bounce.mail.example.co.uk", "example.co.uk"),
            ("a.example.police.uk", "b.example.police.uk"),
            ("EXAMPLE.org.", "example.org"),
        ] {
            assert!(is_aligned(a, b) && is_aligned(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("one.co.uk", "other.co.uk"),
            ("co.uk", "example.co.uk"),
            ("example.com", "example.org"),
            ("badexample.com", "example.com"),
            ("alice.github.io", "bob.github.io"),
            ("", ""),
            ("", "example.com"),
            ("com", "example.com"),
        ] {
            assert!(!is_aligned(a, b) && !is_aligned(b, a), "{a} {b}");
        }
    }

    #[test]
    fn a_policy_may_be_of_the_organisation_and_not_of_a_part_of_it() {
        assert!(same_or_organisation("example.co.uk", "news.example.co.uk"));
        assert!(!same_or_organisation("news.example.co.uk", "example.co.uk"));
        assert!(!same_or_organisation("a.example.com", "b.example.com"));
        assert!(!same_or_organisation("co.uk", "example.co.uk"));
    }

    proptest! {
        #[test]
        fn alignment_goes_both_ways_and_a_label_before_changes_nothing(
            (a, b) in ("[a-z]{1,8}", "[a-z]{1,8}"),
            suffix in prop::sample::select(vec!["com", "co.uk", "police.uk", "example", "github.io"]),
        ) {
            // What looks like a name may be a public suffix itself, as `co.uk`.
            let registered = |label: &str| {
                let domain = format!("{label}.{suffix}");
                Some(domain.clone()).filter(|domain| psl::domain_str(domain) == Some(domain.as_str()))
            };
            let (Some(first), Some(second)) = (registered(&a), registered(&b)) else { return Ok(()) };
            let below = format!("mail.{first}");
            prop_assert_eq!(is_aligned(&first, &second), a == b);
            prop_assert_eq!(is_aligned(&below, &second), a == b);
            prop_assert_eq!(is_aligned(&second, &below), a == b);
        }

        #[test]
        fn no_text_makes_it_fail(a in ".{0,40}", b in ".{0,40}") {
            let _whatever = (is_aligned(&a, &b), same_or_organisation(&a, &b));
        }
    }
}
