//! What libraries read of their settings as soon as they are touched, and how the C library keeps memory: set before
//! anything else happens. Whatever the person has set stands.

use std::{env, fs, path::Path, process::Command, sync::OnceLock};

/// WebKitGTK hands what it has drawn over through DMA-BUF. On NVIDIA's driver the window stays empty then; where no graphics
/// processor draws, it serves nothing.
const RENDERER: (&str, &str) = ("WEBKIT_DISABLE_DMABUF_RENDERER", "1");

/// WebKitGTK composes pages with OpenGL. Where no graphics processor does that, a library does it on the processor: a third
/// of the page's memory is that library and its pictures, and the first one is later there. Painted at once, without
/// layers, a page of text needs neither.
const LAYERS: (&str, &str) = ("WEBKIT_DISABLE_COMPOSITING_MODE", "1");

/// Both toolkits begin by asking OpenGL what it can do, which loads the same library into this process, 30 MiB, even if
/// nothing will be drawn by it: GTK for its own widgets, WebKitGTK to learn which graphics processor its pages shall use.
const WIDGETS: (&str, &str) = ("GDK_GL", "disable");
const DEVICE: (&str, &str) = ("WEBKIT_WEB_RENDER_DEVICE_FILE", "/dev/null");

/// Where Linux shows its graphics processors, and how those begin that can draw.
const GRAPHICS: (&str, &str) = ("/dev/dri", "renderD");

/// WebKitGTK looks every five seconds how much memory the system has left, for as long as the program runs; a school's
/// pages have little that they could give back.
const PRESSURE: (&str, &str) = ("WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR", "1");

/// How many heaps the C library makes for threads that allocate at once: by itself up to eight a processor, and each keeps
/// what was freed in it. What quick answers need comes from each thread's own cache, which is asked before.
const HEAPS: (&str, &str) = ("MALLOC_ARENA_MAX", "1");
/// How much free memory at a heap's end is kept, bytes; where it is set, large blocks never come out of a heap.
const KEPT: (&str, &str) = ("MALLOC_TRIM_THRESHOLD_", "131072");
/// The other name of these two (`man 8 ld.so`).
const TUNABLES: &str = "GLIBC_TUNABLES";

/// What is there while NVIDIA's own driver is loaded; the free one (nouveau) leaves neither.
const NVIDIA: [&str; 2] = ["/proc/driver/nvidia/version", "/sys/module/nvidia"];

/// What was set here, and is not for programs of others.
static SET: OnceLock<Vec<&str>> = OnceLock::new();

/// Sets what is missing. To be called first in `main`.
pub(crate) fn settle() {
    let nvidia = NVIDIA.iter().any(|sign| Path::new(sign).exists());
    let graphics = if nvidia { Graphics::Nvidia } else { graphics() };
    let missing = missing(&|name| env::var_os(name).is_some(), graphics);
    #[cfg(target_env = "gnu")]
    for (name, option, value) in [(HEAPS.0, libc::M_ARENA_MAX, 1), (KEPT.0, libc::M_TRIM_THRESHOLD, 128 << 10)] {
        if missing.iter().any(|(set, _)| *set == name) {
            tell_heap(option, value);
        }
    }
    for (name, value) in &missing {
        #[expect(unsafe_code, reason = "the environment is how these libraries are told")]
        // SAFETY: nothing here has started a thread yet. The one that JavaScriptCore's allocator starts while the program is
        // loaded waits, and knows nothing of the environment.
        unsafe {
            env::set_var(name, value);
        }
    }
    let _ = SET.set(missing.into_iter().map(|(name, _)| name).collect());
}

/// Tells this process what the C library reads from the environment of those that begin (`man 3 mallopt`).
#[cfg(target_env = "gnu")]
fn tell_heap(option: libc::c_int, value: libc::c_int) {
    #[expect(unsafe_code, reason = "the C library has no other way")]
    // SAFETY: it only chooses among ways of keeping memory that are all right for those who ask for some.
    let told = unsafe { libc::mallopt(option, value) };
    if told == 0 {
        tracing::info!("the C library keeps its memory as it did (option {option})");
    }
}

/// Takes away from a program that is not ours what was set for this one.
pub(crate) fn leave_out(command: &mut Command) {
    for name in SET.get().into_iter().flatten() {
        command.env_remove(name);
    }
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
    let drawing: &[_] = match graphics {
        Graphics::Nvidia => &[RENDERER],
        Graphics::Other => &[],
        Graphics::None => &[LAYERS, RENDERER, WIDGETS, DEVICE],
    };
    let heaps: &[_] = if cfg!(target_env = "gnu") && !set(TUNABLES) { &[HEAPS, KEPT] } else { &[] };
    [drawing, &[PRESSURE], heaps].concat().into_iter().filter(|(name, _)| !set(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_set_and_never_against_the_persons_word() {
        for (set, graphics, expected) in [
            (&[][..], Graphics::Other, &[PRESSURE, HEAPS, KEPT][..]),
            (&[], Graphics::Nvidia, &[RENDERER, PRESSURE, HEAPS, KEPT]),
            (&[], Graphics::None, &[LAYERS, RENDERER, WIDGETS, DEVICE, PRESSURE, HEAPS, KEPT]),
            (&["WEBKIT_DISABLE_DMABUF_RENDERER"], Graphics::Nvidia, &[PRESSURE, HEAPS, KEPT]),
            (
                &["WEBKIT_DISABLE_COMPOSITING_MODE", "GDK_GL"],
                Graphics::None,
                &[RENDERER, DEVICE, PRESSURE, HEAPS, KEPT],
            ),
            (&[TUNABLES], Graphics::Other, &[PRESSURE]),
            (&["WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR", "MALLOC_ARENA_MAX"], Graphics::Other, &[KEPT]),
        ] {
            assert_eq!(missing(&|name| set.contains(&name), graphics), expected, "{set:?} {graphics:?}");
        }
    }
}
