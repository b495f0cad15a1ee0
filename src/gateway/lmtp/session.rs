//! One LMTP session (RFC 2033) as a machine without a network: bytes in, steps out.
//!
//! It understands LHLO, MAIL (SIZE, BODY, SMTPUTF8), RCPT, DATA, RSET, NOOP, VRFY and QUIT, one after the other or many
//! at once (RFC 2920). After the message there is one answer for each recipient that was taken.

use super::reply;
use smtp_proto::request::receiver::{DataReceiver, DummyDataReceiver, RequestReceiver};
use smtp_proto::{Error, Request};
use std::slice::Iter;

/// How far a session goes along.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of one message.
    pub message: usize,
    /// Recipients of one message.
    pub recipients: usize,
    /// Commands that were not understood, before the door hangs up.
    pub mistakes: usize,
}

/// A message as it was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The sender's address; empty: the null sender.
    pub from: String,
    /// In the order they were named; at least one.
    pub recipients: Vec<String>,
    /// The content, with the `Return-Path` that RFC 5321 §4.4 asks for at its top.
    pub raw: Vec<u8>,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Say(String),
    /// A message of at most so many bytes is about to come: room is made, then [`Session::go_on`] or
    /// [`Session::no_room`] says so.
    MakeRoom(usize),
    /// A whole message; [`Session::answered`] turns its outcome into the answers.
    Deliver(Envelope),
    HangUp(String),
}

/// Bytes that a message may be longer than its SIZE said: an estimate (RFC 1870 §6.2).
const LEEWAY: usize = 64 * 1024;

enum State {
    /// Before LHLO.
    Met,
    /// Between messages.
    Idle,
    Transaction(Transaction),
    /// Room is being made for what was asked.
    Waiting(Transaction),
    Data(Transaction, Box<DataReceiver>),
    /// Content that is read and not kept, and what is said after it.
    Passing(Box<DummyDataReceiver>, Vec<&'static str>),
    /// A message is being delivered.
    Delivering(usize),
    Over,
}

struct Transaction {
    from: String,
    recipients: Vec<String>,
    /// What SIZE said.
    declared: Option<usize>,
    raw: Vec<u8>,
    /// Bytes of `raw` that the door put there itself.
    head: usize,
}

pub struct Session {
    host: String,
    bounds: Bounds,
    receiver: RequestReceiver,
    state: State,
    mistakes: usize,
}

impl Session {
    pub fn new(host: &str, bounds: Bounds) -> Self {
        let receiver = RequestReceiver::default();
        Self { host: host.to_owned(), bounds, receiver, state: State::Met, mistakes: 0 }
    }

    /// What is said before anything is read.
    pub fn greeting(&self) -> String {
        reply::greeting(&self.host)
    }

    /// Whether a message, or a part of one, is in hand.
    pub fn is_busy(&self) -> bool {
        !matches!(self.state, State::Met | State::Idle | State::Over)
    }

    /// The next step that these bytes ask for; what is left of them asks for the following ones. `None`: more bytes are
    /// needed.
    pub fn next(&mut self, bytes: &mut Iter<'_, u8>) -> Option<Step> {
        loop {
            let went = match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return None,
                State::Data(transaction, receiver) => self.data(transaction, receiver, bytes),
                State::Passing(receiver, answers) => Went::On(self.pass_by(receiver, answers, bytes)),
                held @ (State::Waiting(_) | State::Delivering(_)) => {
                    self.state = held;
                    return None;
                }
                between @ (State::Met | State::Idle | State::Transaction(_)) => {
                    self.state = between;
                    return self.command(bytes);
                }
            };
            if let Went::On(step) = went {
                return step;
            }
        }
    }

    /// There is room for what [`Step::MakeRoom`] asked.
    pub fn go_on(&mut self) -> Option<Step> {
        let transaction = self.waiting()?;
        self.state = State::Data(transaction, Box::new(at_the_start_of_a_line()));
        Some(Step::Say(reply::SEND.to_owned()))
    }

    /// There is no room for it: the message stays with whoever sends it.
    pub fn no_room(&mut self) -> Option<Step> {
        self.waiting()?;
        Some(Step::Say(reply::NO_ROOM.to_owned()))
    }

    /// The message that room was asked for, and nothing is in hand any more.
    fn waiting(&mut self) -> Option<Transaction> {
        if !matches!(self.state, State::Waiting(_)) {
            return None;
        }
        let State::Waiting(transaction) = std::mem::replace(&mut self.state, State::Idle) else { return None };
        Some(transaction)
    }

    /// One answer for each recipient: the message is kept for all of them or for none.
    pub fn answered(&mut self, is_kept: bool) -> String {
        let State::Delivering(recipients) = self.state else { return String::new() };
        self.state = State::Idle;
        if is_kept { reply::KEPT } else { reply::TRY_AGAIN }.repeat(recipients)
    }

    fn command(&mut self, bytes: &mut Iter<'_, u8>) -> Option<Step> {
        let asked = match self.receiver.ingest(bytes) {
            Ok(request) => Ok(request.into_owned()),
            Err(Error::NeedsMoreData { .. }) => return None,
            Err(error) => Err(error),
        };
        match asked {
            Ok(request) => self.obey(request),
            Err(Error::ResponseTooLong) => {
                self.state = State::Over;
                Some(Step::HangUp(reply::LINE_TOO_LONG.to_owned()))
            }
            Err(error) => Some(self.mistake(complaint(&error))),
        }
    }

    /// Says so; after too many, hangs up.
    fn mistake(&mut self, complaint: &'static str) -> Step {
        self.mistakes += 1;
        if self.mistakes <= self.bounds.mistakes {
            return Step::Say(complaint.to_owned());
        }
        self.state = State::Over;
        Step::HangUp(reply::TOO_MANY_MISTAKES.to_owned())
    }

    fn obey(&mut self, request: Request<String>) -> Option<Step> {
        Some(match request {
            Request::Lhlo { .. } => {
                self.state = State::Idle;
                Step::Say(reply::capabilities(&self.host, self.bounds.message))
            }
            Request::Ehlo { .. } | Request::Helo { .. } => self.mistake(reply::NOT_LMTP),
            Request::Noop { .. } => Step::Say(reply::OK.to_owned()),
            Request::Vrfy { .. } => Step::Say(reply::CANNOT_VERIFY.to_owned()),
            Request::Quit => {
                self.state = State::Over;
                Step::HangUp(reply::BYE.to_owned())
            }
            Request::Rset => {
                if matches!(self.state, State::Transaction(_)) {
                    self.state = State::Idle;
                }
                Step::Say(reply::OK.to_owned())
            }
            Request::Mail { from } => self.mail(from.address, from.size),
            Request::Rcpt { to } => self.recipient(to.address),
            Request::Data => self.content(),
            Request::Bdat { .. }
            | Request::Auth { .. }
            | Request::Expn { .. }
            | Request::Help { .. }
            | Request::Etrn { .. }
            | Request::Atrn { .. }
            | Request::Burl { .. }
            | Request::StartTls => self.mistake(reply::UNKNOWN),
        })
    }

    fn mail(&mut self, from: String, size: usize) -> Step {
        if matches!(self.state, State::Met) {
            return self.mistake(reply::LHLO_FIRST);
        }
        if matches!(self.state, State::Transaction(_)) {
            return self.mistake(reply::NESTED);
        }
        if size > self.bounds.message {
            return Step::Say(reply::TOO_LARGE.to_owned());
        }
        let declared = Some(size).filter(|size| *size > 0);
        let raw = format!("Return-Path: <{from}>\r\n").into_bytes();
        let (recipients, head) = (Vec::new(), raw.len());
        self.state = State::Transaction(Transaction { from, recipients, declared, raw, head });
        Step::Say(reply::FROM_OK.to_owned())
    }

    fn recipient(&mut self, to: String) -> Step {
        let State::Transaction(transaction) = &mut self.state else { return self.mistake(reply::MAIL_FIRST) };
        if transaction.recipients.len() >= self.bounds.recipients {
            return Step::Say(reply::TOO_MANY_RECIPIENTS.to_owned());
        }
        transaction.recipients.push(to);
        Step::Say(reply::TO_OK.to_owned())
    }

    /// A message follows, once there is room for it.
    fn content(&mut self) -> Step {
        let State::Transaction(begun) = &self.state else { return self.mistake(reply::NO_RECIPIENTS) };
        if begun.recipients.is_empty() {
            return self.mistake(reply::NO_RECIPIENTS);
        }
        let most = begun.most(&self.bounds);
        if let State::Transaction(begun) = std::mem::replace(&mut self.state, State::Over) {
            self.state = State::Waiting(begun);
        }
        Step::MakeRoom(most)
    }

    fn data(
        &mut self,
        mut transaction: Transaction,
        mut receiver: Box<DataReceiver>,
        bytes: &mut Iter<'_, u8>,
    ) -> Went {
        // In pieces, so that one that never ends is not kept first and measured afterwards.
        while !bytes.as_slice().is_empty() {
            let (piece, rest) = bytes.as_slice().split_at(bytes.len().min(LEEWAY));
            let mut piece = piece.iter();
            let is_whole = receiver.ingest(&mut piece, &mut transaction.raw);
            let left = piece.len() + rest.len();
            *bytes = bytes.as_slice().split_at(bytes.len() - left).1.iter();
            if is_whole {
                return Went::On(Some(self.whole(transaction)));
            }
            if transaction.length() > transaction.most(&self.bounds) {
                let answers = vec![transaction.too_long(&self.bounds); transaction.recipients.len()];
                self.state = State::Passing(Box::new(DummyDataReceiver::new_data(&receiver)), answers);
                return Went::Round;
            }
        }
        self.state = State::Data(transaction, receiver);
        Went::On(None)
    }

    fn whole(&mut self, transaction: Transaction) -> Step {
        let Transaction { from, recipients, raw, .. } = transaction;
        self.state = State::Delivering(recipients.len());
        Step::Deliver(Envelope { from, recipients, raw })
    }

    fn pass_by(
        &mut self,
        mut receiver: Box<DummyDataReceiver>,
        answers: Vec<&'static str>,
        bytes: &mut Iter<'_, u8>,
    ) -> Option<Step> {
        if !receiver.ingest(bytes) {
            self.state = State::Passing(receiver, answers);
            return None;
        }
        self.state = State::Idle;
        Some(Step::Say(answers.concat()))
    }
}

/// Whether a step came of some content, or the machine goes round once more.
enum Went {
    On(Option<Step>),
    Round,
}

impl Transaction {
    /// The bytes that room is made for.
    fn most(&self, bounds: &Bounds) -> usize {
        self.declared.map_or(bounds.message, |size| bounds.message.min(size.saturating_add(LEEWAY)))
    }

    /// What has come of the message.
    fn length(&self) -> usize {
        self.raw.len() - self.head
    }

    /// Longer than its own SIZE it may come again with another one; longer than ours never.
    fn too_long(&self, bounds: &Bounds) -> &'static str {
        if self.most(bounds) < bounds.message { reply::LONGER_THAN_SAID } else { reply::TOO_LARGE }
    }
}

/// The receiver takes a dot for the end, or for stuffing, only after a line's end; the first line has none before it.
fn at_the_start_of_a_line() -> DataReceiver {
    let mut receiver = DataReceiver::new();
    receiver.ingest(&mut b"\r\n".iter(), &mut Vec::new());
    receiver
}

fn complaint(error: &Error) -> &'static str {
    match error {
        Error::InvalidSenderAddress => reply::FROM_WRONG,
        Error::InvalidRecipientAddress => reply::TO_WRONG,
        Error::SyntaxError { .. } | Error::InvalidParameter { .. } | Error::UnsupportedParameter { .. } => {
            reply::PARAMETERS
        }
        Error::UnknownCommand
        | Error::NeedsMoreData { .. }
        | Error::ResponseTooLong
        | Error::InvalidResponse { .. } => reply::UNKNOWN,
    }
}
