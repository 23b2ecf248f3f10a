//! CSV as RFC 4180 says, with a byte order mark, without which Excel reads UTF-8 as something else.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};
use serde::Serialize;

use super::{
    Columns, ExportError, Heads, Sink,
    cell::{Cell, harmless},
    fields::Fields,
};
use crate::cache::Person;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes one line a row.
pub(super) struct Csv<W: Write> {
    lines: Writer<W>,
    columns: Columns,
}

impl<W: Write> Csv<W> {
    /// Begins with the header row.
    pub(super) fn new(mut out: W, columns: Columns) -> Result<Self, ExportError> {
        out.write_all(BYTE_ORDER_MARK).map_err(ExportError::Write)?;
        let mut lines = WriterBuilder::new().terminator(Terminator::CRLF).buffer_capacity(1 << 16).from_writer(out);
        lines.write_record(columns.names().map(|name| harmless(&columns.heads.head(name)).into_owned()))?;
        Ok(Self { lines, columns })
    }
}

fn write<W: Write>(lines: &mut Writer<W>, heads: Heads, cell: &Cell<'_>) -> Result<(), csv::Error> {
    match cell {
        Cell::Nothing => lines.write_field(""),
        Cell::Text(text) => lines.write_field(harmless(text).as_bytes()),
        Cell::Number(number) => lines.write_field(number.to_string()),
        Cell::Flag(flag) => lines.write_field(heads.flag(*flag).as_bytes()),
        Cell::Time(time) => lines.write_field(harmless(&heads.time(*time)).as_bytes()),
    }
}

impl<W: Write> Sink for Csv<W> {
    type Out = W;

    fn put<R: Fields + Serialize>(&mut self, row: &R, whose: Option<&Person>) -> Result<(), ExportError> {
        for cell in self.columns.cells(row, whose) {
            write(&mut self.lines, self.columns.heads, &cell)?;
        }
        self.lines.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn finish(mut self) -> Result<W, ExportError> {
        self.lines.flush().map_err(ExportError::Write)?;
        self.lines.into_inner().map_err(|error| ExportError::Write(error.into_error()))
    }
}

#[cfg(test)]
mod tests {
    use hallmonitor_language::Language;
    use serde_json::json;

    use super::*;
    use crate::{
        export::{example, fields::names},
        listing::Kind,
    };

    #[test]
    fn lines_are_as_rfc_4180_says() {
        let mut contact = example::contact();
        contact.name = "Anna \"Ann\"\r\nO'Hara, jr.".into();
        contact.email = "=cmd|'/C calc'!A0".into();
        contact.first_name = None;
        contact.extra.insert("level".into(), json!(-3));
        contact.extra.insert("+note".into(), json!("-3"));
        let mut out = Vec::new();
        let columns =
            Columns { heads: Heads::Fields, own: names(Kind::Contacts), extra: vec!["+note".into(), "level".into()] };
        let mut csv = Csv::new(&mut out, columns).expect("begun");
        csv.put(&contact, None).expect("put");
        csv.finish().expect("finished");
        assert_eq!(
            String::from_utf8(out).expect("UTF-8"),
            "\u{feff}id,name,email,first_name,last_name,phone,created_at,tags,last_activity_at,checks_enabled,\
             checks_changed_at,checks_changed_by,rev,unviewed,devices,blocked_devices,pending,conflict,rejected,\
             own_verdict,own_note,own_follow_up_at,'+note,level\r\n\
             7,\"Anna \"\"Ann\"\"\r\nO'Hara, jr.\",'=cmd|'/C calc'!A0,,Петренко,'+380501112233,\
             2026-01-02T03:04:05.006Z,vip,2026-01-02T03:04:05.006Z,false,2026-01-02T03:04:05.006Z,Olena,3,2,4,1,true,false,false,\
             watch,'=brother,2026-01-02T03:04:05.006Z,'-3,-3\r\n"
        );
    }

    #[test]
    fn a_table_for_people_is_in_their_words() {
        let mut out = Vec::new();
        let heads = Heads::Words(Language::Russian);
        let columns = Columns { heads, own: names(Kind::Sessions), extra: vec!["level".into()] };
        let mut csv = Csv::new(&mut out, columns).expect("begun");
        let whose = Person { name: "Марія".into(), email: "=1+1".into() };
        csv.put(&example::session(), Some(&whose)).expect("put");
        csv.put(&example::session(), None).expect("put");
        csv.finish().expect("finished");
        let table = String::from_utf8(out).expect("UTF-8");
        let head = table.lines().next().expect("a header row");
        assert!(head.starts_with("\u{feff}ID,ID контакта,Имя и фамилия,E-mail,ID устройства,IP,"), "{head}");
        assert!(
            head.ends_with(",Страна,Город,Сеть,Владелец сети,Только здесь,Своё название устройства,level"),
            "{head}"
        );
        assert!(table.contains(",Украина,"), "{table}");
        let contact = example::session().contact_id;
        assert!(table.contains(&format!(",{contact},Марія,'=1+1,")), "{table}");
        assert!(table.contains(&format!(",{contact},,,")), "somebody who is not here has no name: {table}");
    }
}
