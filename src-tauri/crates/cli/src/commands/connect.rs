//! `connect`: checks server and token, makes the profile.

use hallmonitor_core::{Connection, Error, school::ServerUrl, vault::CabinetHash};

use super::Setting;
use crate::{arguments::Connect, failure::Failure, output::Output, secrets, table::pairs};

pub(super) async fn connect(setting: &Setting, wanted: Connect) -> Result<(), Failure> {
    // A person is asked for the token only where the rest makes sense.
    ServerUrl::parse(&wanted.server).map_err(Error::Address)?;
    let cabinet = CabinetHash::new(&wanted.cabinet).map_err(Error::Secret)?;
    let passphrase = secrets::passphrase()?;
    let token = secrets::token()?;
    let connected = setting
        .app
        .connect(Connection {
            server: wanted.server,
            cabinet,
            token,
            name: wanted.name.or_else(|| setting.profile.clone()),
            passphrase,
        })
        .await?;
    if setting.json {
        return Output::document(&connected)?.show();
    }
    let log = if connected.login_log { "yes" } else { "no: contacts only" };
    let mut text = pairs(&[
        ("Connected", connected.profile),
        ("School", connected.cabinet_name),
        ("Server", connected.server),
        ("Login log", log.to_owned()),
    ]);
    text.push_str("\n\nRun hallmonitor-cli sync to read it.");
    Output::lines(text).show()
}
