//! What the tests of the whole stand on: a real school server, the real command line, and a real desktop that the
//! real window opens on. Everything is private to one test and ends with it.

mod binaries;
mod cli;
mod desktop;
mod faults;
mod port;
mod processes;
mod school;
mod wait;
mod window;

pub use binaries::{program, project};
pub use cli::{Cli, Ran};
pub use desktop::{Desktop, System};
pub use faults::{Answer, Fault, Faults, Place, Seen, Spoilt};
pub use processes::{Running, tell_to_end};
pub use school::{Backup, Filled, TestSchool, school, school_in};
pub use wait::{DEADLINE, until, until_later, until_right};
pub use window::Window;
