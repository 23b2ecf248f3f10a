//! The command line of the window.

use std::path::PathBuf;

/// Hallmonitor: the login log of an online school, on this computer.
#[derive(Debug, clap::Parser)]
#[command(name = "hallmonitor", version)]
pub(crate) struct Words {
    /// Opens the demo school: a real server with living traffic inside this program, gone when it ends
    #[arg(long)]
    pub(crate) demo: bool,

    /// Keeps everything in this folder instead of the usual one
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Starts in the tray, without the window
    #[arg(long)]
    pub(crate) hidden: bool,

    /// Writes this file once the contact list shows its first rows, and keeps the window still
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) screenshot_ready: Option<PathBuf>,
}
