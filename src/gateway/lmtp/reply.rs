//! What the door says: a code (RFC 5321 §4.2), an enhanced status code (RFC 3463), and words.

pub(super) const NOT_LMTP: &str = "500 5.5.1 This is LMTP; say LHLO\r\n";
pub(super) const LHLO_FIRST: &str = "503 5.5.1 Say LHLO first\r\n";
pub(super) const MAIL_FIRST: &str = "503 5.5.1 Say MAIL FROM first\r\n";
pub(super) const NESTED: &str = "503 5.5.1 One message at a time\r\n";
pub(super) const NO_RECIPIENTS: &str = "503 5.5.1 No valid recipients\r\n";
pub(super) const UNKNOWN: &str = "500 5.5.2 No such command here\r\n";
pub(super) const LINE_TOO_LONG: &str = "500 5.5.2 That line is too long\r\n";
pub(super) const PARAMETERS: &str = "501 5.5.4 These parameters are not understood\r\n";
pub(super) const FROM_WRONG: &str = "501 5.1.7 That is no sender's address\r\n";
pub(super) const TO_WRONG: &str = "501 5.1.3 That is no recipient's address\r\n";
pub(super) const OK: &str = "250 2.0.0 OK\r\n";
pub(super) const FROM_OK: &str = "250 2.1.0 OK\r\n";
pub(super) const TO_OK: &str = "250 2.1.5 OK\r\n";
pub(super) const TOO_MANY_RECIPIENTS: &str = "452 4.5.3 Too many recipients; send the rest in another transaction\r\n";
pub(super) const TOO_LARGE: &str = "552 5.3.4 The message is larger than SIZE\r\n";
pub(super) const LONGER_THAN_SAID: &str = "451 4.3.1 The message is longer than its SIZE; say so, and try again\r\n";
pub(super) const SEND: &str = "354 End with a dot on a line of its own\r\n";
pub(super) const CANNOT_VERIFY: &str = "252 2.5.0 Mail will be taken\r\n";
pub(super) const BYE: &str = "221 2.0.0 Goodbye\r\n";
pub(super) const KEPT: &str = "250 2.0.0 Kept\r\n";
pub(super) const TRY_AGAIN: &str = "451 4.3.0 Not kept; try again later\r\n";
pub(super) const NO_ROOM: &str = "452 4.3.1 Too much mail at once; try again later\r\n";
pub(super) const BUSY: &str = "421 4.3.2 Too many connections; try again later\r\n";
pub(super) const CLOSING: &str = "421 4.3.2 Closing; try again later\r\n";
pub(super) const SILENT: &str = "421 4.4.2 Nothing was said for too long\r\n";
pub(super) const TOO_MANY_MISTAKES: &str = "421 4.7.0 Too many mistakes\r\n";

/// The first line of a connection.
pub(super) fn greeting(host: &str) -> String {
    format!("220 {host} LMTP Evenhand\r\n")
}

/// What the door can do.
pub(super) fn capabilities(host: &str, most_bytes: usize) -> String {
    format!(
        "250-{host}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {most_bytes}\r\n"
    )
}
