//! Requests with an Idempotency-Key, and the answers they got.
