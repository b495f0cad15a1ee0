//! Any bytes as a file of calls, to each shipped profile: one clear fault, or rows whose numbers only grow, in the memory
//! of one row.
#![no_main]

use chrono::DateTime;
use evenhand_whole::calls_file::CallFile;
use evenhand_whole::catalog::Catalog;
use evenhand_whole::domain::calls::{ReadRow, caller_key};
use libfuzzer_sys::fuzz_target;
use std::io::Read;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("sound profiles"));

fuzz_target!(|bytes: &[u8]| {
    let now = DateTime::from_timestamp(1_830_000_000, 0).expect("a time");
    for profile in CATALOG.import_profiles().iter() {
        let headings = profile.needed().join(",") + "\n";
        // As a whole file, and as what follows the headings.
        for file in [&b""[..], headings.as_bytes()] {
            let Ok(mut file) = CallFile::open(file.chain(bytes), profile, now) else { continue };
            let mut last = 0;
            while let Some(Ok((number, row))) = file.next() {
                assert!(number > last, "row {number} after {last}");
                last = number;
                match row {
                    ReadRow::Call(row) => drop(caller_key(&row)),
                    ReadRow::Skipped(_) => {}
                    ReadRow::Faulty(faults) => assert!(faults.iter().all(|fault| !fault.says.is_empty())),
                }
                let _cells = file.cells();
            }
            assert!(file.held_bytes() < 16 << 20);
        }
    }
});
