//! Everything that is the product and has no window.

pub mod agent;
pub mod model;
pub mod place;
pub mod school;
pub mod vault;
