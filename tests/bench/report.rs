//! What was measured: lines for a person, JSON for a machine.

use std::path::Path;

use anyhow::Result;
use serde_json::{Map, Value};

/// All figures of one run, by name.
#[derive(Debug, Default)]
pub(crate) struct Report {
    figures: Map<String, Value>,
}

impl Report {
    /// Says what comes now.
    pub(crate) fn title(&self, text: &str) {
        println!("\n{text}");
    }

    /// Keeps a figure, and prints it with its unit and, where it has one, its aim.
    pub(crate) fn figure(&mut self, name: &str, value: f64, unit: &str, aim: Option<f64>) {
        let judged = match aim {
            Some(aim) if value <= aim => format!("  (aim {aim}: kept)"),
            Some(aim) => format!("  (aim {aim}: MISSED)"),
            None => String::new(),
        };
        println!("  {name:<58} {value:>12.3} {unit}{judged}");
        self.figures.insert(name.to_owned(), Value::from(value));
    }

    /// Writes all figures.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        std::fs::write(path, serde_json::to_string_pretty(&self.figures)?)?;
        println!("\n{} is written.", path.display());
        Ok(())
    }
}
