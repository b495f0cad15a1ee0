//! Whether two addresses or numbers are the same, however each was written.

use crate::domain::contact::Channel;
use crate::domain::person::{IdentifierKind, normalise};

/// An address that a strategy names, read once for all contacts.
pub(super) struct Address<'a> {
    text: &'a str,
    kind: Option<IdentifierKind>,
    form: Option<String>,
}

impl<'a> Address<'a> {
    pub(super) fn read(channel: Channel, text: &'a str) -> Self {
        let text = text.trim();
        let kind = channel.address_kind();
        Self { text, kind, form: kind.and_then(|kind| form(kind, text)) }
    }

    /// Whether a contact's address is this one; `None` where it cannot be compared.
    pub(super) fn is(&self, used: &str) -> Option<bool> {
        let used = used.trim();
        let plainly = used.eq_ignore_ascii_case(self.text);
        match (plainly, self.kind, &self.form) {
            (true, _, _) => Some(true),
            (false, None, _) => Some(false),
            (false, Some(_), Some(this)) if this == used => Some(true),
            (false, Some(kind), Some(this)) => form(kind, used).map(|used| *this == used),
            (false, Some(_), None) => None,
        }
    }
}

/// Whether an address can be compared with what contacts by this channel carry.
pub fn is_comparable(channel: Channel, address: &str) -> bool {
    channel.address_kind().is_none_or(|kind| form(kind, address.trim()).is_some())
}

fn form(kind: IdentifierKind, text: &str) -> Option<String> {
    let bare = match (kind, text.strip_suffix('>').and_then(|text| text.rsplit_once('<'))) {
        // As mail programs write it: `Name <address>`.
        (IdentifierKind::Email, Some((_, address))) => address,
        (_, _) => text,
    };
    normalise(kind, bare).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let blocked = Address::read(Channel::Telephone, "01632 960123");
        assert_eq!(blocked.is("+441632960123"), Some(true));
        assert_eq!(blocked.is("0044 1632 960 123"), Some(true));
        assert_eq!(blocked.is("01632 960124"), Some(false));
        assert_eq!(blocked.is("withheld"), None);
    }

    #[test]
    fn an_address_is_the_same_with_and_without_its_owners_name() {
        let single = Address::read(Channel::Email, "Single Point <Single.Point@example.police.uk>");
        assert_eq!(single.is("single.point@example.police.uk"), Some(true));
        assert_eq!(single.is("\"Single, Point\" <single.point@EXAMPLE.police.uk>"), Some(true));
        assert_eq!(single.is("chief@example.police.uk"), Some(false));
    }

    #[test]
    fn only_numbers_and_mail_addresses_have_a_form_of_their_own() {
        assert!(!is_comparable(Channel::Telephone, "the front desk"));
        assert!(!is_comparable(Channel::Email, "the complaints team"));
        assert!(is_comparable(Channel::Letter, "the front desk"));
        assert_eq!(Address::read(Channel::Letter, "The front desk ").is("the front desk"), Some(true));
    }
}
