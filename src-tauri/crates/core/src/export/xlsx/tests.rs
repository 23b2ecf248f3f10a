use std::{
    io::{self, Cursor, Read as _, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use hallmonitor_language::Language;
use tokio::sync::Notify;

use super::*;
use crate::export::{example, fields::names};

/// The files of a workbook.
struct Read(zip::ZipArchive<Cursor<Vec<u8>>>);

impl Read {
    fn text(&mut self, name: &str) -> String {
        let mut text = String::new();
        self.0.by_name(name).expect(name).read_to_string(&mut text).expect("text");
        text
    }

    fn sheet(&mut self, number: usize) -> String {
        self.text(&format!("xl/worksheets/sheet{number}.xml"))
    }

    /// How a cell shows its number: the code of its format.
    fn format(&mut self, cell: &str) -> String {
        let style: usize = attribute(cell, "s").parse().expect("a style");
        let styles = self.text("xl/styles.xml");
        let cells = between(&styles, "<cellXfs", "</cellXfs>");
        let number = attribute(cells.split("<xf ").nth(style + 1).expect("a format"), "numFmtId");
        let formats = between(&styles, "<numFmts", "</numFmts>");
        let format = formats.split("<numFmt ").find(|format| format.contains(&format!("numFmtId=\"{number}\"")));
        attribute(format.expect("a format of our own"), "formatCode").to_owned()
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to} behind {from}")).0
}

fn attribute<'a>(element: &'a str, name: &str) -> &'a str {
    between(element, &format!("{name}=\""), "\"")
}

/// From a cell's attributes to its end.
fn cell<'a>(sheet: &'a str, place: &str) -> &'a str {
    let at = sheet.find(&format!("<c r=\"{place}\"")).unwrap_or_else(|| panic!("no {place}"));
    sheet[at..].split_once("</c>").expect("a cell").0
}

fn columns(kind: Kind, heads: Heads) -> Columns {
    Columns { heads, own: names(kind), extra: Vec::new() }
}

async fn read(xlsx: Xlsx) -> Read {
    let out = save(xlsx.finish().expect("finished"), Vec::new()).await.expect("saved");
    Read(zip::ZipArchive::new(Cursor::new(out)).expect("a ZIP archive"))
}

#[tokio::test]
async fn a_workbook_has_values_of_their_kinds_widths_a_fixed_head_and_filters() {
    for (heads, format, head) in [
        (Heads::Fields, "yyyy\\-mm\\-dd\\Thh:mm:ss.000\\Z", "started_at"),
        (Heads::Words(Language::English), "yyyy\\-mm\\-dd hh:mm:ss.000", "Started (UTC)"),
    ] {
        let mut xlsx = Xlsx::new(Kind::Sessions, columns(Kind::Sessions, heads)).expect("begun");
        let fields: Vec<String> = xlsx.columns.names().map(str::to_owned).collect();
        for _ in 0..3 {
            xlsx.put(&example::session(), None).expect("put");
        }
        let mut book = read(xlsx).await;
        let sheet = book.sheet(1);
        let of = |field: &str| {
            let at = fields.iter().position(|name| name == field).expect("a column");
            char::from(b'A' + u8::try_from(at).expect("few"))
        };
        let last = of("own_name");
        assert!(sheet.contains(&format!("<autoFilter ref=\"A1:{last}4\"/>")), "{sheet}");
        let defined = format!("$A$1:${last}$4");
        assert!(book.text("xl/workbook.xml").contains(&defined), "a filter that Excel finds");
        assert!(between(&sheet, "<pane ", "/>").contains("ySplit=\"1\""), "the head is fixed");

        let started = of("started_at");
        assert!(cell(&sheet, &format!("{started}1")).contains(head));
        let time = cell(&sheet, &format!("{started}2"));
        let days: f64 = between(&format!("{time}</c>"), "<v>", "</v>").parse().expect("a number");
        let at = example::session().started_at;
        assert_eq!(((days - 25_569.0) * 86_400_000.0).round(), at.ms() as f64, "to the millisecond: {time}");
        assert!(!time.contains("t=\""), "a number, not a text: {time}");
        assert_eq!(book.format(time), format);

        let only_here = cell(&sheet, &format!("{}2", of("only_here")));
        assert!(only_here.contains("t=\"b\"") && only_here.contains("<v>0</v>"), "{only_here}");
        assert!(cell(&sheet, "A2").ends_with("<v>700</v>"), "{}", cell(&sheet, "A2"));

        let widths: Vec<f64> = between(&sheet, "<cols>", "</cols>")
            .split("<col ")
            .skip(1)
            .flat_map(|col| {
                let number = |name: &str| attribute(col, name).parse::<usize>().expect("a number");
                let width: f64 = attribute(col, "width").parse().expect("a width");
                std::iter::repeat_n(width, number("max") - number("min") + 1)
            })
            .collect();
        let width = |field: &str| widths[usize::from(of(field) as u8 - b'A')];
        assert_eq!(widths.len(), fields.len());
        assert!(width("user_agent") > width("started_at"), "{widths:?}");
        assert!(width("started_at") > width("device_type") && width("device_type") > width("rev"), "{widths:?}");
    }
}

#[tokio::test]
async fn rows_beyond_a_sheet_go_on_in_the_next_with_a_filter_of_its_own() {
    let columns = columns(Kind::Contacts, Heads::Fields);
    let mut xlsx = Xlsx::with_sheets_of(3, Kind::Contacts, columns).expect("begun");
    for _ in 0..5 {
        xlsx.put(&example::contact(), None).expect("put");
    }
    assert_eq!((xlsx.sheet, xlsx.row), (3, 2));
    let mut book = read(xlsx).await;
    for (number, rows) in [(1, 3), (2, 3), (3, 2)] {
        let sheet = book.sheet(number);
        assert_eq!(sheet.matches("<row ").count(), rows);
        assert!(sheet.contains(&format!("<autoFilter ref=\"A1:V{rows}\"/>")), "{sheet}");
    }
}

#[tokio::test]
async fn a_list_without_rows_is_a_head_with_a_filter() {
    let xlsx = Xlsx::new(Kind::Devices, columns(Kind::Devices, Heads::Fields)).expect("begun");
    assert!(read(xlsx).await.sheet(1).contains("<autoFilter ref=\"A1:"));
}

#[test]
fn times_that_no_spreadsheet_knows_stay_texts() {
    let at = |text: &str| text.parse::<Time>().expect("a time");
    assert_eq!(day(at("1900-03-01T00:00:00Z")), Some(61.0));
    assert_eq!(day(at("1970-01-01T12:00:00Z")), Some(25_569.5));
    assert_eq!(day(Time(FIRST_DATE_MS - 1)), None);
    assert!(day(at("9999-12-31T23:59:59.999Z")).is_some_and(|day| day < 2_958_466.0));
    assert_eq!(day(Time(AFTER_LAST_DATE_MS)), None);
}

#[test]
fn a_text_longer_than_a_cell_is_cut_between_letters_and_says_so() {
    let long = "🙂".repeat(LONGEST_TEXT);
    assert_eq!(bounded(&long).encode_utf16().count(), LONGEST_TEXT - 1);
    assert!(bounded(&long).ends_with("🙂 […]"));
    let short = "я".repeat(LONGEST_TEXT);
    assert_eq!(bounded(&short), short);
}

/// Long enough for any machine; nobody waits for it where the promise is kept.
const PATIENCE: Duration = Duration::from_secs(60);

/// Says when something is written, and then waits to be let on.
struct Held {
    begun: Arc<Notify>,
    go_on: mpsc::Receiver<()>,
    writes: Arc<AtomicUsize>,
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.notify_one();
        self.writes.fetch_add(1, Ordering::SeqCst);
        self.go_on.recv_timeout(PATIENCE).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_workbook_that_is_being_saved_blocks_nobody_and_ends_where_it_is_given_up() {
    let mut xlsx = Xlsx::new(Kind::Contacts, columns(Kind::Contacts, Heads::Fields)).expect("begun");
    xlsx.put(&example::contact(), None).expect("put");
    let (begun, writes) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let (let_on, go_on) = mpsc::channel();
    let out = Held { begun: Arc::clone(&begun), go_on, writes: Arc::clone(&writes) };
    tokio::select! {
        biased;
        // The only thread of this runtime is free to hear of it.
        () = begun.notified() => {}
        _ = save(xlsx.finish().expect("finished"), out) => panic!("nobody let it on"),
    }
    let_on.send(()).expect("it waits");
    // The output is gone once it has heard: then there is nobody to be let on.
    let since = std::time::Instant::now();
    while let_on.send(()).is_ok() {
        assert!(since.elapsed() < PATIENCE, "it goes on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(writes.load(Ordering::SeqCst), 1, "nothing more is written");
}

#[tokio::test]
async fn a_full_disk_is_told_once() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let xlsx = Xlsx::new(Kind::Contacts, columns(Kind::Contacts, Heads::Fields)).expect("begun");
    let saved = save(xlsx.finish().expect("finished"), Full).await;
    let Err(ExportError::Write(error)) = saved else { panic!("it is written") };
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}
