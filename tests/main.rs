#[test]
fn a() {}

mod mail;
