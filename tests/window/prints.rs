//! A report, printed by the browser engine that is here, is clean pages.

use std::{
    collections::HashSet,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use hallmonitor_tests::{Desktop, Filled, program, school};

/// A4 in points of 1/72 inch.
const A4: (f64, f64) = (595.0, 842.0);
/// What printers can't print on: some 3 mm. This engine leaves margins of its own, whatever a page asks for.
const EDGE: f64 = 8.5;

/// What one of poppler's tools says of a file.
fn poppler(tool: &str, words: &[&str], file: &Path) -> String {
    let ran = Command::new(tool).args(words).arg(file).arg("-").output();
    let ran = ran.unwrap_or_else(|error| panic!("{tool} is in the package poppler-utils: {error}"));
    assert!(ran.status.success(), "{tool}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// A number of an element's attribute.
fn number(line: &str, name: &str) -> f64 {
    let value = line.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {line}"))
}

#[tokio::test]
async fn a_report_prints_to_clean_pages_with_every_login_and_nothing_cut_off() {
    let school = school(Filled::With { contacts: 3, sessions: 300 }).await;
    let desktop = Desktop::start().await;
    desktop.connect(&school).await;
    desktop.cli(&school, &["sync"]).await;
    let (report, printed) = (desktop.home().join("report.html"), desktop.home().join("report.pdf"));
    let out = report.to_str().expect("a plain path");
    desktop.cli(&school, &["evidence", "1", "--out", out]).await;

    let mut printer = desktop.command(program("examples/printer"));
    printer.arg(format!("file://{}", report.display())).arg(format!("file://{}", printed.display()));
    let ran = printer.stdin(Stdio::null()).output().expect("it is built");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));

    let words = poppler("pdftotext", &["-bbox"], &printed);
    let mut pages = 0;
    let (mut width, mut height) = A4;
    for line in words.lines().map(str::trim) {
        if line.starts_with("<page ") {
            (width, height) = (number(line, "width"), number(line, "height"));
            let upright = if width < height { (width, height) } else { (height, width) };
            assert!((upright.0 - A4.0).abs() < 2.0 && (upright.1 - A4.1).abs() < 2.0, "a page of {width} to {height}");
            pages += 1;
        } else if line.starts_with("<word ") {
            let inside = number(line, "xMin") >= EDGE
                && number(line, "yMin") >= EDGE
                && number(line, "xMax") <= width - EDGE
                && number(line, "yMax") <= height - EDGE;
            assert!(inside, "on page {pages} of {width} to {height}: {line}");
        }
    }
    assert!(pages > 1, "one page only");

    let text = poppler("pdftotext", &["-layout"], &printed);
    let table = fs::read_to_string(report.with_extension("csv")).expect("the table beside it");
    let logins: HashSet<&str> = table.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert!(logins.len() > 20, "{}", table);
    let said: HashSet<&str> = text.split_whitespace().collect();
    let missing: Vec<_> = logins.iter().filter(|id| !said.contains(**id)).collect();
    assert!(missing.is_empty(), "not printed: {missing:?}\n{text}");
}
