//! London wall-clock time: days of 23, 24 and 25 hours, and the windows a frequency is counted over.
