//! `connect`: checks server and token, makes the profile.

use hallmonitor_core::{Connection, Error, school::ServerUrl, vault::CabinetHash};

use super::Setting;
use crate::{arguments::Connect, failure::Failure, output::Output, progress::Progress, secrets, table::pairs};

pub(super) async fn connect(setting: &Setting, wanted: Connect) -> Result<(), Failure> {
    // A person is asked for the token only where the rest makes sense.
    let server = ServerUrl::parse(&wanted.server).map_err(Error::Address)?.to_string();
    let cabinet = CabinetHash::new(&wanted.cabinet).map_err(Error::Secret)?;
    let passphrase = secrets::passphrase()?;
    let token = secrets::token()?;
    let elsewhere = setting.app.of_cabinet(&cabinet)?.into_iter().find(|known| known.server != server);
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
    if let Some(known) = elsewhere {
        // A server that moved looks the same: that is the person's to know.
        Progress::new().say(&format!(
            "The same cabinet is connected as {} already, at {}. It is here twice now, and each violation is told twice; \
             wipe the one that you do not need.",
            known.name, known.server
        ));
    }
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
