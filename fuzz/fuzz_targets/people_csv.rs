//! Any bytes as a spreadsheet of people: rows, or one clear fault; and every cell as each kind of identifier.
#![no_main]

use evenhand_whole::cli::people_rows;
use evenhand_whole::domain::person::{IdentifierKind, normalise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(rows) = people_rows(bytes) else { return };
    for row in rows {
        let _email = normalise(IdentifierKind::Email, &row.email);
        let _telephone = normalise(IdentifierKind::Telephone, &row.telephone);
        let _postcode = normalise(IdentifierKind::Postcode, &row.postcode);
    }
});
