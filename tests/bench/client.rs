//! The client, in a process of its own, so that its processor time and memory are its alone.

use std::{
    env,
    sync::{Arc, Mutex},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use hallmonitor_core::{
    App, Connection, School, Urgency,
    model::SyncPhase,
    vault::{CabinetHash, Token},
};
use serde::{Deserialize, Serialize};

use crate::{measure, school::Bench};

/// The word that makes this program the client.
pub(crate) const WORD: &str = "client";

/// What one sync took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Took {
    pub(crate) cpu_seconds: f64,
    /// Of that, until all rows were written and the making of indexes began; 0 where none were made.
    pub(crate) load_cpu_seconds: f64,
    pub(crate) wall_seconds: f64,
    pub(crate) peak_mib: f64,
    pub(crate) rows: u64,
    pub(crate) requests: u64,
}

/// Connects and syncs, measured.
pub(crate) async fn run(words: &[String]) -> Result<()> {
    let [data_dir, server, cabinet] = words else { bail!("client DATA_DIR SERVER CABINET") };
    let app = App::new(data_dir);
    let token = Token::new(&env::var("HALLMONITOR_TOKEN").context("HALLMONITOR_TOKEN is not set")?)?;
    app.connect(Connection {
        server: server.clone(),
        cabinet: CabinetHash::new(cabinet)?,
        token,
        name: None,
        // The keyring is the one of the desktop that all of this runs on.
        passphrase: None,
    })
    .await?;
    let school = app.open(None, None).await?;
    let took = sync(&school).await?;
    println!("{}", serde_json::to_string(&took)?);
    Ok(())
}

/// One sync of this process, measured.
pub(crate) async fn sync(school: &School) -> Result<Took> {
    let (cpu, since) = (measure::cpu_seconds()?, Instant::now());
    let loaded = Arc::new(Mutex::new(0.0));
    let noted = Arc::clone(&loaded);
    let done = school
        .sync(Urgency::Now, move |phase| {
            if let (SyncPhase::Indexing, Ok(so_far), Ok(mut noted)) = (phase, measure::cpu_seconds(), noted.lock()) {
                *noted = so_far - cpu;
            }
        })
        .await?;
    let load_cpu_seconds = loaded.lock().map_or(0.0, |noted| *noted);
    let pulled = done.pulled;
    Ok(Took {
        wall_seconds: since.elapsed().as_secs_f64(),
        cpu_seconds: measure::cpu_seconds()? - cpu,
        load_cpu_seconds,
        peak_mib: measure::peak_mib()?,
        rows: pulled.contacts + pulled.devices + pulled.sessions + pulled.restrictions,
        requests: done.requests,
    })
}

/// The client's data, opened here.
pub(crate) async fn open(bench: &Bench) -> Result<School> {
    Ok(App::new(bench.data_dir()).open(None, None).await?)
}
