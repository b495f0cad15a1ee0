//! Mail at the door: what is understood, believed and refused to be believed.

mod corpus;
