//! The schools of this machine, their passphrases, and locking.

use hallmonitor_core::vault::{Passphrase, Token};
use tauri::{AppHandle, State};

use crate::{
    problem::{Problem, told},
    shell::{Line, Shell},
};

/// Every school, in the switcher's order.
#[tauri::command]
pub(crate) async fn schools(shell: State<'_, Shell>) -> Result<Vec<Line>, Problem> {
    shell.lines().await
}

/// Unlocks a school and shows it.
#[tauri::command]
pub(crate) async fn unlock(
    id: String,
    passphrase: Option<String>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    shell.unlock(&app, &id, taken(passphrase)?).await
}

/// Returns when the keys are gone.
#[tauri::command]
pub(crate) async fn lock(app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.lock(&app).await;
    Ok(())
}

/// The person does something in the window.
#[tauri::command]
pub(crate) async fn in_use(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.stays_in_use();
    Ok(())
}

/// Chooses the recovery passphrase of a school in keyring mode (`wanted` null takes it away), or the passphrase of one in
/// passphrase mode.
#[tauri::command]
pub(crate) async fn set_passphrase(
    id: String,
    until_now: Option<String>,
    wanted: Option<String>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let (until_now, wanted) = (taken(until_now)?, taken(wanted)?);
    let open = shell.open_of(&id).await?;
    open.while_open(open.school.set_passphrase(until_now, wanted)).await?;
    crate::window::tell_schools(&app);
    Ok(())
}

/// Takes a new token for a school; everything else stays as it is.
#[tauri::command]
pub(crate) async fn renew_token(
    id: String,
    token: String,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let open = shell.open_of(&id).await?;
    let token = Token::new(&token).map_err(|error| told(error.into()))?;
    open.while_open(open.school.renew_token(&token)).await?;
    open.sync_now();
    open.tell(&app).await;
    Ok(())
}

/// Forgets the token of a school; everything stays readable.
#[tauri::command]
pub(crate) async fn sign_out(id: String, app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    let open = shell.open_of(&id).await?;
    open.while_open(open.school.sign_out()).await?;
    // The next turn finds out, and says so everywhere.
    open.sync_now();
    open.tell(&app).await;
    Ok(())
}

/// Removes a school from this computer; says what the keyring has kept of it, if anything.
#[tauri::command]
pub(crate) async fn erase_school(
    id: String,
    agreed: i64,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<Option<Problem>, Problem> {
    shell.erase(&app, &id, agreed).await
}

fn taken(passphrase: Option<String>) -> Result<Option<Passphrase>, Problem> {
    passphrase.map(Passphrase::new).transpose().map_err(|error| told(error.into()))
}
