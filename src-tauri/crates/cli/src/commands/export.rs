//! `export`: all rows that match, to a file or to standard output.

use hallmonitor_core::{export, listing};
use serde::Serialize;

use super::{Setting, look::look_through};
use crate::{
    arguments::{Export, Format, Kind},
    failure::Failure,
    output::Output,
    progress::Progress,
    table::grouped,
};

#[derive(Serialize)]
struct Answer<'a> {
    rows: u64,
    file: &'a str,
}

pub(super) async fn export(setting: &Setting, wanted: Export) -> Result<(), Failure> {
    if wanted.to_standard_output() {
        if setting.json {
            return Err(Failure::TwoDocuments);
        }
        if wanted.format == Format::Xlsx {
            return Err(Failure::WorkbookToOutput);
        }
    }
    let mut selection = listing::Selection::all(match wanted.kind {
        Kind::Contacts => listing::Kind::Contacts,
        Kind::Sessions => listing::Kind::Sessions,
        Kind::Devices => listing::Kind::Devices,
        Kind::Restrictions => listing::Kind::Restrictions,
        Kind::Insights => listing::Kind::Insights,
    });
    selection.contact_id = wanted.of.contact;
    selection.search.clone_from(&wanted.search.search);
    let format = match wanted.format {
        Format::Csv => export::Format::Csv,
        Format::Json => export::Format::Json,
        Format::Xlsx => export::Format::Xlsx,
    };
    if wanted.to_standard_output() {
        let (_, output) = setting
            .ask(async |school| {
                if selection.kind == listing::Kind::Insights {
                    look_through(school).await?;
                }
                Ok(school.export_to(selection, format, export::Heads::Fields, Output::default(), &|_| ()).await?)
            })
            .await?;
        return output.show();
    }
    let progress = Progress::new();
    let tell = |rows: u64| progress.step(&format!("Written {} …", grouped(rows)));
    let written = setting
        .ask(async |school| {
            if selection.kind == listing::Kind::Insights {
                look_through(school).await?;
            }
            tokio::select! {
                // Listens before the first byte is written.
                biased;
                // What has been written so far holds students' data in the clear: it must not stay behind.
                () = interruption() => Err(Failure::Interrupted),
                written = school.export(selection, format, export::Heads::Fields, &wanted.out, &tell) => Ok(written?),
            }
        })
        .await;
    progress.clear();
    let rows = written?;
    let file = wanted.out.to_string_lossy();
    if setting.json {
        return Output::document(&Answer { rows, file: &file })?.show();
    }
    let noun = if rows == 1 { "row" } else { "rows" };
    Output::lines(format!("{} {noun} written to {}.", grouped(rows), crate::legible::line(&file))).show()
}

/// Comes back when the person or the system wants the program to end.
pub(super) async fn interruption() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hang_up)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                // The terminal was closed.
                _ = hang_up.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
