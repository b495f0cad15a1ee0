//! The policy itself: its registers, what everything bears on top, what is kept to, and which paragraph works where.

mod adjustments;
mod decisions;
mod marking;
mod paragraphs;
mod registers;
mod traceability;
