//! Results on standard output: lines for people, one JSON document with `--json`.

use std::io::{self, Write as _};

use hallmonitor_wire::{AccessControl, ConcurrentPolicy, IpMode};
use serde::Serialize;
use serde_json::json;

use crate::{Cabinet, ListedToken, NewToken};

/// How results are printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printer {
    pub(super) json: bool,
}

impl Printer {
    /// One document, or the lines.
    pub(super) fn print(self, document: &impl Serialize, lines: &[String]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(document)?)?;
        } else {
            for line in lines {
                writeln!(out, "{line}")?;
            }
        }
        out.flush()
    }

    pub(super) fn new_token(self, token: &NewToken) -> io::Result<()> {
        self.print(
            token,
            &[
                format!("id:           {}", token.id),
                format!("name:         {}", token.name),
                format!("scope:        {}", token.scope),
                format!("cabinet hash: {}", token.cabinet_hash),
                format!("token:        {}", token.token.reveal()),
                "The token is not shown again.".to_owned(),
            ],
        )
    }

    pub(super) fn tokens(self, tokens: &[ListedToken]) -> io::Result<()> {
        let lines: Vec<String> = tokens
            .iter()
            .map(|token| {
                let revoked = token.revoked_at.map_or_else(String::new, |at| format!("  revoked {at}"));
                format!("{}  {}  {}  made {}{revoked}", token.id, token.scope, token.name, token.created_at)
            })
            .collect();
        self.print(&tokens, &lines)
    }

    pub(super) fn revoked(self, id: i64) -> io::Result<()> {
        self.print(&json!({ "revoked": id }), &[format!("Token {id} is revoked.")])
    }

    pub(super) fn cabinet(self, cabinet: &Cabinet) -> io::Result<()> {
        self.print(
            cabinet,
            &[
                format!("name:         {}", cabinet.name),
                format!("cabinet hash: {}", cabinet.cabinet_hash),
                format!("epoch:        {}", cabinet.epoch),
            ],
        )
    }

    pub(super) fn settings(self, settings: &AccessControl) -> io::Result<()> {
        let any = |limit: Option<i64>| limit.map_or_else(|| "any number".to_owned(), |limit| limit.to_string());
        let word = |word: Option<&str>| word.unwrap_or("-").to_owned();
        self.print(
            settings,
            &[
                format!("IP rules:             {}", word(settings.ip_mode.as_ref().map(IpMode::as_str))),
                format!("IP ranges:            {}", settings.ip_ranges.join(", ")),
                format!("sessions at once:     {}", any(settings.max_concurrent_sessions)),
                format!(
                    "at one too many:      {}",
                    word(settings.concurrent_policy.as_ref().map(ConcurrentPolicy::as_str))
                ),
                format!("devices:              {}", any(settings.max_devices)),
                format!("session timeout:      {} min", settings.session_timeout_minutes.unwrap_or_default()),
            ],
        )
    }
}
