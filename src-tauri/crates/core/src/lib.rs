//! Everything that is the product and has no window.

pub mod model;
