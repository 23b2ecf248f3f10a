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
        let driver = NVIDIA.iter().any(|sign| Path::new(sign).exists());
        if !needs_another_renderer(env::var_os(SETTING).as_deref(), driver) {
            return None;
        }
        let program = env::current_exe().ok()?;
        // Returns only where it failed, and then the window may still come up as it is.
        let error = Command::new(program).args(env::args_os().skip(1)).env(SETTING, "1").exec();
        tracing::warn!("could not start again with {SETTING}: {error}");
    }
    None
}

/// What is there while NVIDIA's own driver is loaded; the free one (nouveau) leaves neither.
#[cfg(target_os = "linux")]
const NVIDIA: [&str; 2] = ["/proc/driver/nvidia/version", "/sys/module/nvidia"];

/// Whatever the person has set stands, an empty text too.
#[cfg(target_os = "linux")]
fn needs_another_renderer(set: Option<&std::ffi::OsStr>, driver: bool) -> bool {
    driver && set.is_none()
}

#[cfg(target_os = "linux")]
fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn another_renderer_is_for_nvidias_driver_and_never_against_the_persons_word() {
        for (set, driver, needed) in [
            (None, false, false),
            (None, true, true),
            (Some("0"), true, false),
            (Some("1"), true, false),
            (Some(""), true, false),
            (Some("0"), false, false),
        ] {
            assert_eq!(needs_another_renderer(set.map(OsStr::new), driver), needed, "{set:?} {driver}");
        }
    }
}
