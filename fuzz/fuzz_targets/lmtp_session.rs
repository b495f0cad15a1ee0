//! Any bytes from a mail server, in pieces of any size: no panic, no message beyond the bounds, and one answer for each
//! recipient of a message that is taken.
#![no_main]

use evenhand::gateway::{Bounds, Session, Step};
use libfuzzer_sys::fuzz_target;

const BOUNDS: Bounds = Bounds { message: 4_096, recipients: 8, mistakes: 20 };

fuzz_target!(|given: &[u8]| {
    let Some((&piece, bytes)) = given.split_first() else { return };
    let mut session = Session::new("mx.example", BOUNDS);
    for piece in bytes.chunks(usize::from(piece).max(1)) {
        let mut left = piece.iter();
        let mut next = session.next(&mut left);
        while let Some(step) = next {
            let then = match step {
                Step::Say(answer) => {
                    assert!(answer.ends_with("\r\n"));
                    None
                }
                Step::MakeRoom(most) => if most % 7 == 0 { session.no_room() } else { session.go_on() },
                Step::Deliver(envelope) => {
                    assert!((1..=BOUNDS.recipients).contains(&envelope.recipients.len()));
                    assert!(envelope.raw.len() <= BOUNDS.message + 5_000);
                    let answers = session.answered(true);
                    assert_eq!(answers.matches("\r\n").count(), envelope.recipients.len());
                    None
                }
                Step::HangUp(_) => return,
            };
            next = then.or_else(|| session.next(&mut left));
        }
    }
});
