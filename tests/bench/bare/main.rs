//! The yardstick for the window: as little as a Tauri program can be, with the app's size and one page without a
//! framework. It says on its output when that page is painted, at the same moment of a frame as the app does.

use std::io::{self, Write as _};

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("Bare")
                .inner_size(1280.0, 800.0)
                // The page may call nothing; its title is what it can say.
                .on_document_title_changed(|_, title| {
                    let mut out = io::stdout();
                    // Nobody may be listening any more.
                    let _ = writeln!(out, "{title}").and_then(|()| out.flush());
                })
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("tests/bench/bare/tauri.conf.json"))
}
