//! The program on a person's desktop, mostly without its window: tray, notifications, a second start. A real panel, a real
//! notification daemon, a real keyring, a real school.

mod background;
mod follow_ups;
mod item;
mod locked;
mod notifications;
mod schools;
mod settings;
mod steps;
mod tray;
