//! What libraries read of their settings before `main` begins, or as soon as they are touched: where one is missing, the
//! program runs itself again with it. Whatever the person has set stands.

use std::{env, fs, os::unix::process::CommandExt as _, path::Path, process::Command};

/// WebKitGTK's DMA-BUF renderer shows an empty window on NVIDIA's driver.
const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// WebKitGTK composes pages with OpenGL. Where no graphics processor does that, a library does it on the processor: a third
/// of the page's memory is that library and its pictures, and the first one is later there. Painted at once, without
/// layers, a page of text needs neither.
const LAYERS: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Where Linux shows its graphics processors, and how those begin that can draw.
const GRAPHICS: (&str, &str) = ("/dev/dri", "renderD");

/// WebKitGTK looks every five seconds how much memory the system has left, for as long as the program runs; a school's
/// pages have little that they could give back.
const PRESSURE: &str = "WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR";

/// How many heaps the C library makes for threads that allocate at once: by itself eight a processor, and each keeps what
/// was freed in it. What quick answers need comes from each thread's own cache, which is asked before.
const HEAPS: &str = "MALLOC_ARENA_MAX";
/// How much free memory at a heap's end is kept, bytes; where it is set, large blocks never come out of a heap.
const KEPT: &str = "MALLOC_TRIM_THRESHOLD_";
/// The other name of these two (`man 3 mallopt`, `man 8 ld.so`).
const TUNABLES: &str = "GLIBC_TUNABLES";

/// What is there while NVIDIA's own driver is loaded; the free one (nouveau) leaves neither.
const NVIDIA: [&str; 2] = ["/proc/driver/nvidia/version", "/sys/module/nvidia"];

/// Runs the program again where it needs other settings than it has; returns where it does not, or can't.
pub(crate) fn with_settings() {
    let nvidia = NVIDIA.iter().any(|sign| Path::new(sign).exists());
    let graphics = if nvidia { Graphics::Nvidia } else { graphics() };
    let missing = missing(&|name| env::var_os(name).is_some(), graphics);
    if missing.is_empty() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    // Returns only where it failed, and then it may still do as it is.
    let error = Command::new(program).args(env::args_os().skip(1)).envs(missing).exec();
    tracing::warn!("could not start again with other settings: {error}");
}

/// What draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Graphics {
    /// A graphics processor with NVIDIA's own driver.
    Nvidia,
    /// Another graphics processor.
    Other,
    /// The processor itself.
    None,
}

fn graphics() -> Graphics {
    let (folder, prefix) = GRAPHICS;
    let found = fs::read_dir(folder).into_iter().flatten().flatten();
    let draws = found.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().starts_with(prefix));
    if draws { Graphics::Other } else { Graphics::None }
}

/// The settings that have to be added; `set` is whether one is there, be it an empty text.
fn missing(set: &dyn Fn(&str) -> bool, graphics: Graphics) -> Vec<(&'static str, &'static str)> {
    let heaps = cfg!(target_env = "gnu") && !set(TUNABLES);
    let (nvidia, none) = (graphics == Graphics::Nvidia, graphics == Graphics::None);
    [(nvidia, RENDERER, "1"), (none, LAYERS, "1"), (true, PRESSURE, "1"), (heaps, HEAPS, "1"), (heaps, KEPT, "131072")]
        .into_iter()
        .filter(|(wanted, name, _)| *wanted && !set(name))
        .map(|(_, name, value)| (name, value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_again_once_and_never_against_the_persons_word() {
        let all = [RENDERER, LAYERS, PRESSURE, HEAPS, KEPT];
        for (set, graphics, expected) in [
            (&[][..], Graphics::Other, &[PRESSURE, HEAPS, KEPT][..]),
            (&[], Graphics::Nvidia, &[RENDERER, PRESSURE, HEAPS, KEPT]),
            (&[], Graphics::None, &[LAYERS, PRESSURE, HEAPS, KEPT]),
            (&[RENDERER], Graphics::Nvidia, &[PRESSURE, HEAPS, KEPT]),
            (&[LAYERS], Graphics::None, &[PRESSURE, HEAPS, KEPT]),
            (&[TUNABLES], Graphics::Other, &[PRESSURE]),
            (&[PRESSURE, HEAPS], Graphics::Other, &[KEPT]),
            (&all, Graphics::Nvidia, &[]),
            (&all, Graphics::None, &[]),
        ] {
            let found: Vec<_> =
                missing(&|name| set.contains(&name), graphics).into_iter().map(|(name, _)| name).collect();
            assert_eq!(found, expected, "{set:?} {graphics:?}");
        }
    }
}
