//! The client, in a process of its own, so that its processor time and memory are its alone.

use std::{env, time::Instant};

use anyhow::{Context as _, Result, bail};
use hallmonitor_core::{
    App, Connection, School,
    vault::{CabinetHash, Passphrase, Token},
};
use serde::{Deserialize, Serialize};

use crate::{measure, school::Bench};

/// The word that makes this program the client.
pub(crate) const WORD: &str = "client";

/// What one sync took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Took {
    pub(crate) cpu_seconds: f64,
    pub(crate) wall_seconds: f64,
    pub(crate) peak_mib: f64,
    pub(crate) rows: u64,
    pub(crate) requests: u64,
}

const PASSPHRASE: &str = "a passphrase for measuring";

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
        passphrase: Some(Passphrase::new(PASSPHRASE.to_owned())?),
    })
    .await?;
    let school = app.open(None, Some(Passphrase::new(PASSPHRASE.to_owned())?)).await?;
    let took = sync(&school).await?;
    println!("{}", serde_json::to_string(&took)?);
    Ok(())
}

/// One sync of this process, measured.
pub(crate) async fn sync(school: &School) -> Result<Took> {
    let (cpu, since) = (measure::cpu_seconds()?, Instant::now());
    let done = school.sync(|_| ()).await?;
    let pulled = done.pulled;
    Ok(Took {
        wall_seconds: since.elapsed().as_secs_f64(),
        cpu_seconds: measure::cpu_seconds()? - cpu,
        peak_mib: measure::peak_mib()?,
        rows: pulled.contacts + pulled.devices + pulled.sessions + pulled.restrictions,
        requests: done.requests,
    })
}

/// The client's data, opened here.
pub(crate) async fn open(bench: &Bench) -> Result<School> {
    Ok(App::new(bench.data_dir()).open(None, Some(Passphrase::new(PASSPHRASE.to_owned())?)).await?)
}
