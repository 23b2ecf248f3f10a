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

    /// Says what stands in the columns of the rows that come now.
    pub(crate) fn columns(&self, names: &[&str]) {
        let names: String = names.iter().map(|name| format!("{name:>10}")).collect();
        println!("  {:<48}{names}", "");
    }

    /// Keeps several figures of one thing, and prints them in one row; one that misses its aim wears an exclamation mark.
    pub(crate) fn row(&mut self, name: &str, cells: &[Cell]) {
        let mut line = format!("  {name:<48}");
        for cell in cells {
            let missed = if cell.aim.is_some_and(|aim| cell.value > aim) { "!" } else { "" };
            let digits = if cell.value.fract() == 0.0 { 0 } else { 3 };
            line.push_str(&format!("{:>10}", format!("{missed}{:.digits$}", cell.value)));
            self.figures.insert(format!("{name}: {}", cell.name), Value::from(cell.value));
        }
        println!("{line}");
    }

    /// Writes all figures.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        std::fs::write(path, serde_json::to_string_pretty(&self.figures)?)?;
        println!("\n{} is written.", path.display());
        Ok(())
    }
}

/// One figure of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    name: &'static str,
    value: f64,
    aim: Option<f64>,
}

impl Cell {
    /// A figure without an aim.
    pub(crate) fn of(name: &'static str, value: f64) -> Self {
        Self { name, value, aim: None }
    }

    /// The same with what it should not exceed, where there is such a thing.
    pub(crate) fn aim(self, aim: Option<f64>) -> Self {
        Self { aim, ..self }
    }
}
