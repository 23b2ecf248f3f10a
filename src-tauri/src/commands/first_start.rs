//! First start, and the way to another school.

use hallmonitor_core::{
    Connection, Error,
    model::{Contact, ContactQuery, Page, Status, SyncState},
    school::ServerUrl,
    vault::{CabinetHash, Passphrase, Token},
};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};

use crate::{
    place::Place,
    problem::{Problem, told},
    shell::{DEMO, Line, Shell},
};

/// What the window needs to know before it shows anything.
#[derive(Serialize)]
pub(crate) struct Overview {
    schools: Vec<Line>,
    /// The school that is shown, open or not.
    shown: Option<String>,
    current: Option<Status>,
    sync: SyncState,
    demo: bool,
    problem: Option<Problem>,
    version: &'static str,
    screenshot: bool,
    /// Whether the program hears of the screen's lock on this system.
    hears_screen: bool,
    place: Option<Place>,
    /// The contacts that were asked for with it.
    contacts: Option<Page<Contact>>,
}

/// *Connect a school*, as filled in.
#[derive(Deserialize)]
pub(crate) struct ConnectRequest {
    server: String,
    cabinet: String,
    token: String,
    name: Option<String>,
    passphrase: Option<String>,
}

/// An address that a school's server may have.
#[derive(Serialize)]
pub(crate) struct CheckedServer {
    ok: bool,
    server: String,
    /// The school that is here already, of the same cabinet.
    known: Option<Known>,
}

/// A school that is connected already.
#[derive(Serialize)]
pub(crate) struct Known {
    title: String,
    server: String,
    /// Whether at the same address, too: connected again, it gets another token. At another one it would be here twice.
    same: bool,
}

/// Waits until the school that the window begins with is open, or is known not to open. A new window asks for its `first`
/// rows at once, if nothing leads it elsewhere; where they fail, it asks again and is told why.
#[tauri::command]
pub(crate) async fn overview(
    first: Option<ContactQuery>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<Overview, Problem> {
    shell.begin(&app).await;
    // One look: the tray may show another one while this is answered.
    let shown = shell.shown();
    let (open, problem) = match &shown {
        Some(id) => (shell.open_of(id).await.ok(), shell.problem(id).await),
        None => (None, None),
    };
    let current = match &open {
        Some(open) => Some(open.status().await?),
        None => None,
    };
    // Without a school there is nowhere to lead; it is kept until there is one.
    let place = open.as_ref().and_then(|_| shell.place_wanted());
    let contacts = match (&open, first) {
        (Some(open), Some(query)) if place.is_none() => open.school.contacts(&query).await.ok(),
        _ => None,
    };
    Ok(Overview {
        schools: shell.lines().await?,
        shown,
        current,
        sync: open.as_ref().map(|open| open.sync_state()).unwrap_or_default(),
        demo: open.as_ref().is_some_and(|open| open.is_demo()),
        problem,
        version: env!("CARGO_PKG_VERSION"),
        screenshot: shell.screenshot(),
        hears_screen: cfg!(target_os = "linux"),
        place,
        contacts,
    })
}

/// Reads an address while it is typed, and looks whether its cabinet is here already; asks no server.
#[tauri::command]
pub(crate) async fn check_server(
    server: String,
    cabinet: String,
    shell: State<'_, Shell>,
) -> Result<CheckedServer, Problem> {
    let server = ServerUrl::parse(&server).map_err(|error| told(Error::from(error)))?.to_string();
    let known = match CabinetHash::new(&cabinet) {
        Ok(cabinet) => shell.of_cabinet(&cabinet, &server).await?,
        // It is not typed yet, or not to its end.
        Err(_) => None,
    };
    let known = known.map(|(title, at)| Known { title, same: at == server, server: at });
    Ok(CheckedServer { ok: true, server, known })
}

#[tauri::command]
pub(crate) async fn connect_school(
    request: ConnectRequest,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let wanted = connection(request).map_err(told)?;
    shell.connect(&app, wanted).await
}

fn connection(request: ConnectRequest) -> Result<Connection, Error> {
    Ok(Connection {
        server: request.server,
        cabinet: CabinetHash::new(&request.cabinet)?,
        token: Token::new(&request.token)?,
        name: request.name,
        passphrase: request.passphrase.map(Passphrase::new).transpose()?,
    })
}

#[tauri::command]
pub(crate) async fn open_demo(app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.open_demo(&app).await
}

/// Opens a school, where it is not open yet, and shows it.
#[tauri::command]
pub(crate) async fn open_school(
    id: String,
    passphrase: Option<String>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    if id == DEMO {
        return shell.open_demo(&app).await;
    }
    let passphrase = passphrase.map(Passphrase::new).transpose().map_err(|error| told(error.into()))?;
    shell.open_school(&app, &id, passphrase).await
}
