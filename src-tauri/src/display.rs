//! What must hold of the display before GTK is touched: it ends the process where it finds nothing.

use std::process::ExitCode;

/// A sentence where there is no display to open a window on.
pub(crate) fn missing() -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    if !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return Some(
            "There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set): start it in a \
             desktop session, or use hallmonitor-cli here.",
        );
    }
    None
}

/// Runs the program again without WebKitGTK's DMA-BUF renderer where NVIDIA's driver is loaded, on which that renderer
/// shows an empty window; the person's own setting stands. `None` where nothing has to be done.
pub(crate) fn again_without_dmabuf() -> Option<ExitCode> {
    #[cfg(target_os = "linux")]
    {
        use std::{env, os::unix::process::CommandExt as _, path::Path, process::Command};

        const SETTING: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
        if env::var_os(SETTING).is_some() || !Path::new("/proc/driver/nvidia/version").exists() {
            return None;
        }
        let program = env::current_exe().ok()?;
        // Returns only where it failed, and then the window may still come up as it is.
        let error = Command::new(program).args(env::args_os().skip(1)).env(SETTING, "1").exec();
        tracing::warn!("could not start again with {SETTING}: {error}");
    }
    None
}

#[cfg(target_os = "linux")]
fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
