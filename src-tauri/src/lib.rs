//! The desktop shell: wires the window's pages to core and holds the demo school.
//!
//! Nothing is decided here. A command parses, calls core's door once and maps the failure to what the window shows.

mod commands;
mod demo;
mod display;
mod open;
mod problem;
mod shell;
mod window;
mod words;

use std::process::ExitCode;

use clap::Parser as _;
use tauri::{Manager as _, RunEvent};

use crate::{shell::Shell, words::Words};

/// Reads the command line and runs until the window is closed.
pub fn main() -> ExitCode {
    let words = Words::parse();
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
    if let Some(ended) = display::again_without_dmabuf() {
        return ended;
    }
    match run(words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The window cannot be opened: {error}.");
            ExitCode::FAILURE
        }
    }
}

fn run(words: Words) -> Result<(), Box<dyn std::error::Error>> {
    let alone = words.data_dir.is_none() && !words.demo;
    let shell = Shell::new(words)?;
    let mut builder = tauri::Builder::default();
    if alone {
        // First of all plugins: a second start ends before it does anything else.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _words, _folder| window::to_front(app)));
    }
    let app = builder
        .plugin(window::remembered())
        .manage(shell)
        .invoke_handler(commands::all())
        .setup(|app| {
            window::open(app.handle())?;
            shell::start(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(app.state::<Shell>().close());
        }
    });
    Ok(())
}
