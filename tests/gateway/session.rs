//! An LMTP session byte by byte, without a network.

use evenhand::gateway::{Bounds, Envelope, Session, Step};
use proptest::prelude::*;

const SMALL: Bounds = Bounds { message: 1_000, recipients: 3, mistakes: 4 };

/// What a session says to these bytes, handed over in pieces of `piece` bytes, and the messages it took.
fn talk(bytes: &[u8], piece: usize, has_room: bool) -> (String, Vec<Envelope>) {
    let mut session = Session::new("mx.example", SMALL);
    let (mut said, mut taken) = (session.greeting(), Vec::new());
    'pieces: for piece in bytes.chunks(piece.max(1)) {
        let mut left = piece.iter();
        let mut next = session.next(&mut left);
        while let Some(step) = next {
            let then = match step {
                Step::Say(answer) => {
                    said.push_str(&answer);
                    None
                }
                Step::MakeRoom(most) => {
                    assert!(most <= SMALL.message, "{most}");
                    if has_room { session.go_on() } else { session.no_room() }
                }
                Step::Deliver(envelope) => {
                    taken.push(envelope);
                    said.push_str(&session.answered(true));
                    None
                }
                Step::HangUp(answer) => {
                    said.push_str(&answer);
                    break 'pieces;
                }
            };
            next = then.or_else(|| session.next(&mut left));
        }
    }
    (said, taken)
}

/// The codes of the answers, one for each last line.
fn codes(said: &str) -> Vec<&str> {
    let last = said.lines().filter(|line| line.as_bytes().get(3) != Some(&b'-'));
    last.map(|line| line.get(..3).unwrap_or(line)).collect()
}

fn content(envelope: &Envelope) -> String {
    let raw = String::from_utf8(envelope.raw.clone()).unwrap();
    let (first, rest) = raw.split_once("\r\n").unwrap();
    assert_eq!(first, format!("Return-Path: <{}>", envelope.from));
    rest.to_owned()
}

#[test]
fn each_recipient_has_an_answer_of_its_own() {
    let said = b"LHLO mta\r\nMAIL FROM:<a@b.example> SIZE=60\r\nRCPT TO:<x@force.example>\r\n\
                 RCPT TO:<y@force.example>\r\nDATA\r\nSubject: s\r\n\r\nwords\r\n.\r\nQUIT\r\n";
    for piece in [1, 7, 4_096] {
        let (answers, taken) = talk(said, piece, true);
        assert_eq!(codes(&answers), ["220", "250", "250", "250", "250", "354", "250", "250", "221"], "{answers}");
        assert_eq!(taken[0].recipients, ["x@force.example", "y@force.example"]);
        assert_eq!(content(&taken[0]), "Subject: s\r\n\r\nwords\r\n");
    }
}

#[test]
fn dots_are_unstuffed_from_the_first_line_on_and_an_empty_message_ends() {
    let begin = "LHLO mta\r\nMAIL FROM:<>\r\nRCPT TO:<x@force.example>\r\nDATA\r\n";
    for (sent, meant) in [
        ("..one\r\n..\r\n.two\r\nthree.\r\n.\r\n", ".one\r\n.\r\ntwo\r\nthree.\r\n"),
        (".\r\n", ""),
        ("a\n.\nb\r\n.\r\n", "a\n.\nb\r\n"),
    ] {
        for piece in [1, 2, 3, 4_096] {
            let (answers, taken) = talk(format!("{begin}{sent}").as_bytes(), piece, true);
            assert_eq!(taken.len(), 1, "{sent:?} in pieces of {piece}: {answers}");
            assert_eq!((taken[0].from.as_str(), content(&taken[0]).as_str()), ("", meant), "{sent:?}");
        }
    }
}

#[test]
fn nothing_is_taken_out_of_order() {
    for (said, answers) in [
        ("EHLO mta\r\n", "500"),
        ("MAIL FROM:<a@b.example>\r\n", "503"),
        ("LHLO m\r\nRCPT TO:<x@force.example>\r\n", "503"),
        ("LHLO m\r\nMAIL FROM:<a@b.example>\r\nMAIL FROM:<a@b.example>\r\n", "503"),
        ("LHLO m\r\nMAIL FROM:<a@b.example>\r\nDATA\r\n", "503"),
        ("LHLO m\r\nBDAT 4 LAST\r\n", "500"),
        ("LHLO m\r\nMAIL FROM:<a@b.example> SIZE=1001\r\n", "552"),
        ("LHLO m\r\nMAIL FROM:<a b@@>\r\n", "501"),
        ("LHLO m\r\nFROBNICATE\r\n", "500"),
    ] {
        let (told, taken) = talk(said.as_bytes(), 4_096, true);
        assert_eq!(codes(&told).last(), Some(&answers), "{said:?}: {told}");
        assert_eq!(taken, []);
    }
}

#[test]
fn more_than_the_bounds_is_read_past_and_said_for_each_recipient() {
    let begin = "LHLO m\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@f.example>\r\nRCPT TO:<y@f.example>\r\n";
    let long = "x".repeat(2_000);
    let (told, taken) = talk(format!("{begin}DATA\r\n{long}\r\n.\r\nNOOP\r\n").as_bytes(), 100, true);
    assert_eq!(codes(&told).split_off(5), ["354", "552", "552", "250"], "{told}");
    assert_eq!(taken, []);
    let four = "LHLO m\r\nMAIL FROM:<a@b.example>\r\n".to_owned() + &"RCPT TO:<x@f.example>\r\n".repeat(4);
    assert_eq!(codes(&talk(four.as_bytes(), 4_096, true).0).last(), Some(&"452"));
    let mistakes = "FROBNICATE\r\n".repeat(5);
    assert_eq!(codes(&talk(mistakes.as_bytes(), 4_096, true).0).last(), Some(&"421"));
}

#[test]
fn without_room_the_message_stays_with_its_sender() {
    let begin = "LHLO m\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@f.example>\r\n";
    let (told, taken) = talk(format!("{begin}DATA\r\n").as_bytes(), 4_096, false);
    assert_eq!(codes(&told).last(), Some(&"452"), "{told}");
    assert_eq!(taken, []);
}

proptest! {
    /// Whatever the pieces, the same bytes come out as went in.
    #[test]
    fn a_message_comes_out_as_it_went_in(lines in prop::collection::vec("[.a\r]{0,6}", 0..20), piece in 1usize..40) {
        let text: String = lines.iter().map(|line| format!("{}\r\n", line.replace('\r', "b"))).collect();
        let stuffed: String =
            text.split_inclusive("\r\n").map(|line| if line.starts_with('.') { format!(".{line}") } else { line.to_owned() }).collect();
        let said = format!("LHLO m\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@f.example>\r\nDATA\r\n{stuffed}.\r\n");
        let (told, taken) = talk(said.as_bytes(), piece, true);
        prop_assert_eq!(taken.len(), 1, "{}", told);
        prop_assert_eq!(content(&taken[0]), text);
    }

    /// No bytes make it fail, and it never holds more than its bounds.
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..3_000), piece in 1usize..500) {
        let begin = b"LHLO m\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@f.example>\r\nDATA\r\n";
        let (_, taken) = talk(&[begin, bytes.as_slice()].concat(), piece, true);
        prop_assert!(taken.iter().all(|envelope| envelope.raw.len() <= SMALL.message + 100));
    }
}
