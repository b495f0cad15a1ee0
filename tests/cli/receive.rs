//! `mail receive`: never a code on which an MTA sends the mail back to the public.

use super::{code, evenhand, fed, stderr};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

const MAIL: &[u8] = b"From: a@example.com\r\nSubject: Hello\r\n\r\nWords\r\n";

#[test]
fn a_message_is_taken_whatever_the_environment_holds_and_however_the_recipient_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = evenhand(folder.path());
    command.env("LESSOPEN", OsStr::from_bytes(b"\xff\xfe")).args(["mail", "receive", "--recipient"]);
    command.arg(OsStr::from_bytes(b"psd\xff@example.org"));
    let output = fed(&mut command, MAIL);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn a_wrong_command_line_or_setting_is_no_reason_to_send_a_mail_back() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = "mysql://root@localhost/psd";
    for arguments in [
        vec!["mail", "receive"],
        vec!["mail", "receive", "--recipient"],
        vec!["mail", "receive", "--recipiant", "psd@example.org"],
        vec!["--no-such-flag", "mail", "receive", "--recipient", "psd@example.org"],
        vec!["--database", nowhere, "mail", "receive", "--recipient", "psd@example.org"],
        vec!["--config", "no.toml", "mail", "receive", "--recipient", "psd@example.org"],
    ] {
        let output = fed(evenhand(folder.path()).args(&arguments), MAIL);
        assert_eq!(code(&output), 75, "{arguments:?}: {}", stderr(&output));
    }
    let output = fed(evenhand(folder.path()).args(["--database", nowhere, "mail", "import", "."]), MAIL);
    assert_eq!(code(&output), 78, "{}", stderr(&output));
}

#[test]
fn a_message_too_large_to_be_kept_stays_with_the_mail_server() {
    let folder = tempfile::tempdir().unwrap();
    let large = [MAIL, &vec![b'x'; 100 * 1024 * 1024]].concat();
    let output = fed(evenhand(folder.path()).args(["mail", "receive", "--recipient", "psd@example.org"]), &large);
    assert_eq!(code(&output), 75, "{}", stderr(&output));
    assert!(stderr(&output).contains("larger than"), "{}", stderr(&output));
}
