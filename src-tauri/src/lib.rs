//! The desktop shell: wires the window's pages to core and holds the demo school.
//!
//! Nothing is decided here. A command parses, calls core's door once and maps the failure to what the window shows.

mod alone;
mod autostart;
mod commands;
mod demo;
mod display;
#[cfg(target_os = "linux")]
mod environment;
mod files;
#[cfg(target_os = "linux")]
mod keyring;
mod notify;
mod open;
mod place;
mod problem;
#[cfg(target_os = "linux")]
mod rest;
#[cfg(target_os = "linux")]
mod screen;
mod shell;
mod texts;
mod tray;
mod update;
#[cfg(target_os = "linux")]
mod wake;
mod window;
mod words;

use std::process::ExitCode;

use clap::Parser as _;
use tauri::{Manager as _, RunEvent};

use crate::{shell::Shell, words::Words};

/// Reads the command line and runs until the person quits.
pub fn main() -> ExitCode {
    let words = Words::parse();
    hallmonitor_core::vault::keep_out_of_dumps();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("HALLMONITOR_LOG").unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    if let Some(sentence) = display::missing() {
        eprintln!("{sentence}");
        return ExitCode::FAILURE;
    }
    #[cfg(target_os = "linux")]
    environment::settle();
    match run(words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The window cannot be opened: {error}.");
            ExitCode::FAILURE
        }
    }
}

fn run(words: Words) -> Result<(), Box<dyn std::error::Error>> {
    let instance = alone::Instance::of(&words);
    // Found out while GTK begins, which takes longer.
    #[cfg(target_os = "linux")]
    let started = tauri::async_runtime::spawn(alone::start(instance.clone(), words.hidden));
    let shell = Shell::new(words)?;
    let builder = tauri::Builder::default();
    #[cfg(not(target_os = "linux"))]
    let builder = match instance.plugin() {
        Some(plugin) => builder.plugin(plugin),
        None => builder,
    };
    #[cfg(not(any(target_os = "linux", windows)))]
    let builder = builder.plugin(tauri_plugin_notification::init());
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(autostart::plugin());
    let app = builder
        .plugin(window::remembered())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .manage(shell)
        .manage(instance)
        .manage(tray::Shown::default())
        .manage(notify::Desk::default())
        .manage(commands::Export::default())
        .invoke_handler(commands::all())
        .setup(|app| {
            #[cfg(target_os = "linux")]
            {
                app.manage(window::Folder::default());
                window::follow(app.handle());
            }
            let updated = update::start(app.handle());
            // The school opens beside the window, whose making takes the main thread a while.
            shell::start(app.handle());
            if updated || !app.state::<Shell>().hidden() {
                window::open(app.handle())?;
            }
            Ok(())
        })
        .build(tauri::generate_context!())?;
    // A second start ends before it opens anything; the setup comes when the program runs.
    #[cfg(target_os = "linux")]
    match tauri::async_runtime::block_on(started)?? {
        alone::Start::First(first) => app.manage(first),
        alone::Start::Second => alone::end(),
    };
    app.run(|app, event| match event {
        // The last window was closed; ending is asked for with a code.
        RunEvent::ExitRequested { code: None, api, .. } if alone::goes_on(app) => {
            api.prevent_exit();
            shell::went_on(app);
        }
        RunEvent::Exit => tauri::async_runtime::block_on(async {
            app.state::<Shell>().close(app).await;
            #[cfg(target_os = "linux")]
            {
                app.state::<window::Folder>().remove();
                app.state::<alone::First>().let_go().await;
            }
        }),
        _ => {}
    });
    Ok(())
}
