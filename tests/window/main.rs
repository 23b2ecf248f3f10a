//! The real window on a real desktop: display, bus, keyring, school server.

mod card;
mod connect;
mod demo;
mod fence;
mod hostile;
mod offline;
mod opens;
mod steps;
