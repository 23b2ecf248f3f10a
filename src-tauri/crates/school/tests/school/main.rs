//! The server's promises, each tried over real HTTP against a real database. One file a theme; one program, so that
//! it links once.

#![allow(clippy::unwrap_used)]

mod actions;
mod changes;
mod command_line;
mod connections;
mod contacts;
mod edges;
mod events;
mod logins;
mod schema;
mod started;
mod time_alone;
mod tokens;
