//! What must hold of the display before GTK is touched: it ends the process where it finds nothing.

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

#[cfg(target_os = "linux")]
fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
