//! The real window on a real desktop: display, bus, keyring, school server.

mod access;
mod card;
mod cases;
mod connect;
mod decides;
mod demo;
mod fence;
mod fits;
mod hostile;
mod insights;
mod keeps;
mod keyring;
mod locations;
mod locks;
mod logins;
mod obeys;
mod offline;
mod opens;
mod palette;
mod prints;
mod schools;
mod server;
mod steps;
mod updates;
mod violations;
