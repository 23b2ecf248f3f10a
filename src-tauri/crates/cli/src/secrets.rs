//! Where token and passphrase come from: the environment, or a person who types them unseen. Never an argument, which
//! every other user of the machine can read. And what else is asked of whoever is there.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
};

use hallmonitor_core::{
    App, Error,
    vault::{Passphrase, Token},
};

use crate::failure::Failure;

const TOKEN: &str = "HALLMONITOR_TOKEN";
const PASSPHRASE: &str = "HALLMONITOR_PASSPHRASE";

/// Whether somebody can be asked.
pub(crate) fn someone_is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn variable(name: &'static str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(text) => Ok(Some(text)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Failure::NoText(name)),
    }
}

/// The token that `connect` wants.
pub(crate) fn token() -> Result<Token, Failure> {
    let text = match variable(TOKEN)?.filter(|text| !text.trim().is_empty()) {
        Some(text) => text,
        None if someone_is_there() => rpassword::prompt_password("Token: ").map_err(Failure::Terminal)?,
        None => return Err(Failure::NoToken),
    };
    Ok(Token::new(&text).map_err(Error::Secret)?)
}

/// The passphrase, where one is set. Nothing is not the same as none: a script whose passphrase went missing must not
/// make a profile without one.
pub(crate) fn passphrase() -> Result<Option<Passphrase>, Failure> {
    match variable(PASSPHRASE)? {
        Some(text) if text.is_empty() => Err(Failure::Empty(PASSPHRASE)),
        Some(text) => Ok(Some(Passphrase::new(text).map_err(Error::Secret)?)),
        None => Ok(None),
    }
}

/// The passphrase that a profile needs: where none is set, whoever is there is asked.
pub(crate) fn passphrase_of(app: &App, profile: Option<&str>) -> Result<Option<Passphrase>, Failure> {
    if let Some(passphrase) = passphrase()? {
        return Ok(Some(passphrase));
    }
    // Where there is no such profile, or its file can't be read, opening it says so.
    let wanted = app.profile(profile).is_ok_and(|profile| profile.passphrase);
    if !wanted || !someone_is_there() {
        return Ok(None);
    }
    let text = rpassword::prompt_password("Passphrase: ").map_err(Failure::Terminal)?;
    Ok(Some(Passphrase::new(text).map_err(Error::Secret)?))
}

/// Asks whether something shall be done that can't be undone. Where nobody is there it goes on.
pub(crate) fn agree(question: &str) -> Result<(), Failure> {
    if !someone_is_there() {
        return Ok(());
    }
    let mut stderr = io::stderr();
    stderr
        .write_all(format!("{question} [y/N] ").as_bytes())
        .and_then(|()| stderr.flush())
        .map_err(Failure::Terminal)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(Failure::Terminal)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::NotConfirmed),
    }
}
